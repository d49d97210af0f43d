"""Databases as this installation configures them: locked, opened and checked before use."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from bot import clock as clocks
from bot.clock import Clock
from bot.settings import Settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from storage.database import Database


class NoDatabaseError(Exception):
    """There is no database yet; the sentence says how to make one."""


@contextmanager
def opened(settings: Settings, clock: Clock = clocks.now) -> Iterator["Database"]:
    """Open the database as configured, refuse tables of another version, close it at the end."""
    from storage import migrate
    from storage.database import Database

    file = settings.database_file
    if file is not None and not file.exists():
        raise NoDatabaseError(f"There is no database at {file} yet. Run `gukebot init` to make it.")
    migrate.check(settings.database_url)
    database = Database(settings.database_url, clock, attachments=settings.attachments)
    try:
        yield database
    finally:
        database.dispose()


def locked(settings: Settings) -> "AbstractContextManager[object]":
    """Be the one process that ticks and delivers on a SQLite file; PostgreSQL needs no such lock."""
    from storage.process_lock import ProcessLock

    file = settings.database_file
    return ProcessLock(file) if file is not None else nullcontext()


def schema_found(database: "Database") -> str:
    """Ask the database for its schema version; raise whatever keeps it from answering."""
    from storage import migrate

    return migrate.current(database)
