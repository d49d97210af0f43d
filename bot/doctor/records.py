"""The database from inside: its tables, its durability and its clock, then the company and the work in it."""

from collections.abc import Iterator
from datetime import timedelta

from bot import databases
from bot.clock import Clock
from bot.doctor import company, running
from bot.doctor.findings import RESTORE, Finding, guarded
from bot.doctor.network import apart
from bot.settings import Settings
from storage import checks
from storage.database import Database
from storage.errors import SchemaError

QUICKLY_READ = 256 * 2**20
"""A database of this size is read through in a second or two; a larger one is checked with its backup."""


def inside(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look into the database: whether it is ours and sound, then everything that is kept in it."""
    yield Finding("lock", "ok", databases.held(settings) or "no server is running")
    file = settings.database_file
    if file is not None and not file.exists():
        yield Finding("database", "fault", f"there is no database at {file} yet", "run: gukebot init")
        return
    try:
        with databases.opened(settings, clock) as database:
            yield Finding("database", "ok", f"{database.dialect}, schema {databases.schema_found(database)}")
            yield from guarded("durability", lambda: durability(settings, database))
            yield from guarded("clock", lambda: clocks(database))
            yield from company.looked_at(settings, database)
            yield from running.looked_at(settings, database)
    except SchemaError as error:
        found, _, fix = str(error).partition(" Run ")
        ours = f"run: {fix.rstrip('.')}" if fix else f"install the gukebot that made it, or {RESTORE}"
        yield Finding("schema", "fault", found, ours)


def durability(settings: Settings, database: Database) -> Iterator[Finding]:
    """What is confirmed is on the disk, and what is on the disk is whole."""
    file = settings.database_file
    with database.reading() as session:
        lax = checks.lax(session)
        damage = checks.damage(session) if file and file.stat().st_size < QUICKLY_READ else ""
    if lax:
        fix = f"in postgresql.conf: {', '.join(f'{name} = on' for name in lax)}; then: SELECT pg_reload_conf()"
        yield Finding("durability", "fault", f"PostgreSQL does not keep what it confirms: {', '.join(lax)} is off", fix)
    if damage:
        yield Finding("durability", "fault", f"the database is damaged: {damage}", RESTORE)
    if not lax and not damage:
        # every connection asserts it, and is refused otherwise
        yield Finding("durability", "ok", "every commit is on the disk before it is answered")


def clocks(database: Database) -> Iterator[Finding]:
    """Our clock agrees with the database server's, and has not gone back behind what was written."""
    now = database.clock()
    with database.reading() as session:
        theirs, newest = checks.clock_of(session), checks.last_written(session)
    if theirs is not None:
        yield apart("clock", now - theirs, "the database server")
    if newest is not None and newest - now > timedelta(minutes=5):
        fix = "set the machine's clock: timedatectl set-ntp true"
        yield Finding("clock", "fault", f"the clock has gone back: the newest record is of {newest.isoformat()}", fix)
