"""``gukebot db``, ``backup`` and ``restore``: the tables and their safety."""

from pathlib import Path

import click

from bot.cli.caller import Caller, pass_caller, talk, yes
from bot.cli.failures import Failure

File = click.Path(path_type=Path, dir_okay=False)


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


@click.command(epilog="Example: gukebot backup /var/backups/gukebot.db")
@click.argument("file", metavar="[FILE]", type=File, required=False)
@pass_caller
def backup(caller: Caller, *, file: Path | None) -> None:
    """Copy the SQLite database while the server runs. Without FILE: into backups/ of the data directory."""
    from bot import clock
    from storage import backup as copies

    settings = caller.settings()
    target = file or settings.backups / f"gukebot-{clock.now():%Y%m%dT%H%M%SZ}.db"
    if target.exists():
        raise Failure(f"{target} is there already; name another file.")
    click.echo(str(copies.backup(settings.database_url, target)))
    talk(f"Photos and files are in {settings.attachments}; copy that folder as well.")


@click.command(epilog="Example: gukebot restore /var/backups/gukebot.db --yes")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@yes
@pass_caller
def restore(caller: Caller, *, file: Path, yes: bool) -> None:
    """Put a backup in the place of the database; the one that is there is kept beside it."""
    from bot import databases

    settings = caller.settings()
    if not yes:
        talk(f"{file} would take the place of the database. Nothing was done; say --yes to do it.")
        return
    with databases.locked(settings):
        kept = databases.restore(settings, file)
    talk(f"{file} is the database now." + (f" What was there is kept as {kept}." if kept else ""))
    talk("If it is of an older version, run `gukebot db upgrade`.")
