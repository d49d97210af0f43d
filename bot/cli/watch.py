"""``gukebot watch``: look at the bot from outside, and tell by another way when it is stuck."""

import time
from pathlib import Path

import click

from bot.cli.caller import talk
from bot.cli.failures import FAILED


@click.command(epilog="Example: gukebot watch --url http://127.0.0.1:8080 --hook-file /etc/gukebot/hook")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where the bot's web server is.")
@click.option("--every", type=click.FloatRange(1, 300), default=30, show_default=True, help="Seconds between looks.")
@click.option("--hook", "hooks", metavar="URL", multiple=True, envvar="GUKEBOT_WATCH_HOOK", help="Tell this webhook.")
@click.option(
    "--hook-file",
    type=click.Path(path_type=Path, exists=True),
    help="Read webhooks from a file, one a line: an address is a secret.",
)
@click.option("--once", is_flag=True, help="Look once, and leave with 1 when something is wrong.")
@click.option("--leave", is_flag=True, help="Leave with 1 at the first alarm, for systemd's OnFailure=.")
def watch(*, url: str, every: float, hooks: tuple[str, ...], hook_file: Path | None, **how: bool) -> None:
    """Ask /readyz again and again from a process of its own; needs no configuration and no database.

    A bot that is stuck is noticed within 90 seconds: stopped, blocked, without a tick, without deliveries, its
    database locked, gone or full, its clock standing still. It is told once, and once when it is well again.
    """
    from bot import watching

    given = hook_file.read_text().split() if hook_file else []
    watching_it = watching.Watch(url, watching.hooks([*hooks, *given], talk), again=watching.AGAIN_SECONDS)
    while True:
        seen = watching_it.look()
        if (how["once"] or how["leave"]) and not seen.well:
            raise click.exceptions.Exit(FAILED)
        if how["once"]:
            talk("It is well.")
            return
        time.sleep(every)
