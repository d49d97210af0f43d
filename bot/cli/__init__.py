"""
The command line: every command by name, imported only when it is asked for.

Data goes to standard output, talk to standard error. Exit codes: 0 done, 1 failed, 2 wrong use,
75 another process holds the database.
"""

import importlib
from contextlib import suppress
from pathlib import Path

import click

from bot import __version__
from bot.cli.caller import Caller
from bot.cli.failures import Unexpected, explained

_COMMANDS = {
    "audit": "bot.cli.audit:audit",
    "backup": "bot.cli.backups:backup",
    "config": "bot.cli.configuration:configuration",
    "console": "bot.cli.running:console",
    "db": "bot.cli.database:db",
    "demo": "bot.cli.running:demo",
    "docs": "bot.cli.docs:docs",
    "doctor": "bot.cli.doctor:doctor",
    "export": "bot.cli.exports:export",
    "import": "bot.cli.imports:import_group",
    "init": "bot.cli.init:init",
    "outbox": "bot.cli.outbox:outbox",
    "procedures": "bot.cli.procedures:procedures",
    "report": "bot.cli.report:report",
    "restore": "bot.cli.backups:restore",
    "rules": "bot.cli.rules:rules",
    "serve": "bot.cli.running:serve",
    "slack": "bot.cli.slack:slack",
    "subject": "bot.cli.subject:subject",
    "survey": "bot.cli.survey:survey",
    "trace": "bot.cli.trace:trace",
    "watch": "bot.cli.watch:watch",
    "wecom": "bot.cli.wecom:wecom",
    "why": "bot.cli.rules:why",
}


class Commands(click.Group):
    """The root command: it finds the others by name and turns every error into a sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command, in the order of the alphabet."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; a name that is not known is None."""
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above names commands only
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what goes wrong is told in one sentence, with its trace only under --debug."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            failure = explained(error)
            if failure is None or ctx.params["debug"]:
                raise
            if isinstance(failure, Unexpected) and isinstance(ctx.obj, Caller):
                _keep(ctx.obj, failure)
            raise failure from error


def _keep(caller: Caller, failure: Unexpected) -> None:
    """Best effort: where there is no database, the person has the sentence alone."""
    from bot.troubles import remember

    with suppress(Exception), caller.database() as database:
        remember(database, failure.code, failure.error, "command line")


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: gukebot demo --play",
)
@click.version_option(__version__, prog_name="gukebot", message="%(prog)s %(version)s")
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The configuration file. Without it: $GUKEBOT_CONFIG, else gukebot.toml in this folder.",
)
@click.option("--debug", is_flag=True, help="Show the trace of an error.")
@click.pass_context
def root(ctx: click.Context, config_file: Path | None, debug: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Customer procedures in chat: complaints with numbers, deadlines, escalation and monthly charts."""
    ctx.obj = Caller(config_file, debug=debug)
