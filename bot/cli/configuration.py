"""``gukebot config``: check the configuration, and show where each value comes from."""

from dataclasses import asdict
from typing import Any

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import FAILED


@click.group("config")
def configuration() -> None:
    """Check and show the configuration."""


@configuration.command(epilog="Example: gukebot --config /etc/gukebot.toml config check")
@as_json
@pass_caller
def check(caller: Caller, *, as_json: bool) -> None:
    """Check the file and the environment, and name every fault at once."""
    from bot.config_errors import ConfigError

    problems: tuple[Any, ...] = ()
    try:
        caller.complete_settings()
    except ConfigError as error:
        problems = error.problems
    if as_json:
        listed = [asdict(problem) for problem in problems]
        print_json({"ok": not problems, "file": str(caller.file or ""), "problems": listed})
    for problem in () if as_json else problems:
        click.echo(str(problem))
    if problems:
        talk(f"{len(problems)} to mend; nothing was started.")
        raise click.exceptions.Exit(FAILED)
    talk(f"The configuration is good ({caller.file or 'no file: defaults and environment'}).")


@configuration.command(epilog="Example: gukebot config show --json")
@as_json
@pass_caller
def show(caller: Caller, *, as_json: bool) -> None:
    """Show every key, its value and where it comes from; secrets are not shown."""
    from bot.config import origin

    settings = caller.settings()
    origins = origin(settings, caller.file)
    shown = {
        f"{name}.{key}": value
        for name, section in settings.model_dump(mode="json").items()
        for key, value in section.items()
    }
    if as_json:
        print_json({key: {"value": value, "origin": origins[key]} for key, value in shown.items()})
        return
    for key, value in shown.items():
        click.echo(f"{key} = {value}    ({origins[key]})")
