"""``gukebot wecom``: what WeCom has to be told about the app."""

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import Failure


@click.group(epilog="Example: gukebot wecom menu")
def wecom() -> None:
    """Set WeCom up. `gukebot doctor wecom` says what is still to be done."""


@wecom.command(epilog="Example: gukebot wecom menu --show")
@click.option("--show", is_flag=True, help="Print the menu; nothing is sent.")
@as_json
@pass_caller
def menu(caller: Caller, *, show: bool, as_json: bool) -> None:
    """Put up the app's menu: report, my cases, more. Exit code 1 when WeCom does not take it."""
    from bot import clock, databases
    from bot.wecom.doctor import said_of
    from bot.wecom.menu import menu as made
    from bot.wecom.menu import push
    from bot.wecom.transport import RefusedError, Transport
    from notifications.gateway import DeliveryError

    settings = caller.complete_settings()
    if show:
        print_json(made())
        return
    if not settings.wecom.used:
        raise click.UsageError("Set [wecom] corp_id, agent_id, secret, token and aes_key first: gukebot doctor wecom")
    try:
        with databases.opened(settings, clock.now) as database:
            push(Transport(settings.wecom, database))
    except RefusedError as refused:
        raise Failure(" ".join(said_of(refused))) from refused
    except DeliveryError as error:
        raise Failure(f"企业微信没有应答。 WeCom did not answer: {error}") from error
    if as_json:
        print_json({"ok": True, "menu": made()})
    else:
        talk("菜单已发布，五分钟内生效。 The menu is up; phones show it within five minutes.")
