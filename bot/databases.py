"""Databases as this installation configures them: locked, opened and checked before use."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
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
def opened(settings: Settings, clock: Clock | None = None) -> Iterator["Database"]:
    """Open the database as configured, refuse tables of another version, close it at the end."""
    from storage import migrate
    from storage.database import Database

    file = settings.database_file
    if file is not None and not file.exists():
        raise NoDatabaseError(f"There is no database at {file} yet. Run `gukebot init` to make it.")
    database = Database(settings.database_url, clock or clocks.now, attachments=settings.attachments)
    try:
        migrate.check(database)
        yield database
    finally:
        database.dispose()


def locked(settings: Settings) -> "AbstractContextManager[object]":
    """Be the one process that ticks and delivers on a SQLite file; PostgreSQL needs no such lock."""
    from storage.process_lock import ProcessLock

    file = settings.database_file
    return ProcessLock(file) if file is not None else nullcontext()


def held(settings: Settings) -> str:
    """Say which process holds the database; nothing when none does."""
    from storage.errors import AlreadyRunningError

    file = settings.database_file
    if file is None or not file.with_name(f"{file.name}.lock").exists():
        return ""
    try:
        with locked(settings):
            return ""
    except AlreadyRunningError as error:
        return str(error)


def schema_found(database: "Database") -> str:
    """Ask the database for its schema; raise whatever keeps it from answering as it should."""
    from storage import migrate

    migrate.check(database)
    return migrate.current(database)


def calendar_found(database: "Database") -> str:
    """Say which years' holidays are known; one that is not stops nothing, but is seen (U-05)."""
    from handlers import calendars
    from storage.calendar import CalendarDays

    now = database.clock()
    with database.reading() as session:
        known = CalendarDays(session, now).known_years()
    missing = ", ".join(map(str, calendars.unknown(known, now.date())))
    return f"{missing} 放假安排未导入" if missing else f"{min(known)} to {max(known)}"


def figures(database: "Database") -> Mapping[str, float | Mapping[str, float]]:
    """Count what /metrics tells of the records."""
    from reports.gauges import gauges

    with database.reading() as session:
        return gauges(session, database.clock())


def restore(settings: Settings, copy: Path) -> Path | None:
    """Put a checked copy in the place of the SQLite database; give back where the former one is kept."""
    from storage import backup
    from storage.errors import DamagedFileError

    target = settings.database_file
    if target is None:
        raise NoDatabaseError(f"{copy} is a copy of SQLite, and the records are on PostgreSQL.")
    backup.verify(copy)
    kept = None
    if target.exists():
        kept = settings.backups / f"{target.stem}-before-restore-{clocks.now():%Y%m%dT%H%M%S-%f}.db"
        try:
            backup.backup(settings.database_url, kept)
        except DamagedFileError:
            kept = backup.keep_damaged(target, kept.with_name(f"{kept.stem}-damaged.db"))
        # the log of the former database must never be read into the restored one
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
    backup.backup(f"sqlite:///{copy}", target)
    return kept
