"""``gukebot db``: the tables."""

import click

from bot.cli.caller import Caller, pass_caller, talk


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(epilog="Example: gukebot db upgrade")
@pass_caller
def upgrade(caller: Caller) -> None:
    """Bring the tables to this version; it can be stopped anywhere and run again."""
    from bot import databases, setup

    settings = caller.settings()
    with databases.locked(settings):
        version = setup.make_database(settings)
    talk(f"The database is at schema {version}.")
