"""The doctor: everything an installation needs, looked at one by one, each fault with its next step."""

import importlib.util
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from bot import databases
from bot.clock import Clock
from bot.settings import Settings
from handlers import calendars
from reports.gauges import unsealed
from storage.calendar import CalendarDays
from storage.database import Database
from storage.organisation import Organisation
from storage.outbox import Outbox
from storage.state import State

Condition = Literal["ok", "warning", "fault"]
LITTLE_SPACE = 200 * 2**20
SOME_SPACE = 2**30
SHARED_FILESYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph")
LAST_TICK = "tick.last"
LATE_TICK = timedelta(minutes=5)
MANY_UNSEALED = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    name: str
    state: Condition
    found: str
    fix: str = ""


def examine(settings: Settings, file: Path | None, clock: Clock) -> Iterator[Finding]:
    """Look at everything outside the database first, then inside it."""
    yield from guarded("secrets", lambda: secrets(settings, file))
    yield from guarded("data directory", lambda: data_directory(settings))
    yield from guarded("disk space", lambda: disk_space(settings))
    yield from guarded("chart font", chart_font)
    yield from guarded("address", lambda: address(settings))
    if settings.slack.used:
        yield Finding("slack", "ok", f'configured, mode "{settings.slack.mode}"; looked at by: gukebot doctor slack')
    if settings.wecom.used:
        yield Finding("wecom", "ok", "configured; looked at by: gukebot doctor wecom")
    yield from guarded("database", lambda: inside(settings, clock))


def guarded(name: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Look; a look that fails is a finding itself, and hides no other."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 - one look that fails must not hide the others; it is itself a finding
        yield Finding(name, "fault", _cause(error), "mend what is named here, then run the doctor again")


def _cause(error: Exception) -> str:
    """Our own errors speak in sentences without secrets; of a driver's only the kind is told."""
    foreign = type(error).__module__.startswith(("sqlalchemy", "psycopg", "sqlite3"))
    return f"the database refused ({type(error).__name__})" if foreign else str(error) or type(error).__name__


def secrets(settings: Settings, file: Path | None) -> Iterator[Finding]:
    """Files that hold secrets are for the service alone."""
    holds = [file] if file and settings.database.url.get_secret_value() and not settings.database.url_file else []
    holds += [Path(settings.database.url_file)] if settings.database.url_file else []
    for path in holds:
        if path.exists() and path.stat().st_mode & 0o077:
            yield Finding("secrets", "warning", f"{path} can be read by others", f"run: chmod 600 {path}")
            return
    yield Finding("secrets", "ok", "no secret is open to others")


def data_directory(settings: Settings) -> Iterator[Finding]:
    """The data directory is there, can be written to, and is on a disk of this machine."""
    folder = settings.data.directory
    if not folder.is_dir():
        yield Finding("data directory", "fault", f"{folder} is not there", "run: gukebot init")
    elif not os.access(folder, os.W_OK | os.X_OK):
        fix = f"run as its owner, or give it to the service: chown USER {folder}"
        yield Finding("data directory", "fault", f"{folder} cannot be written to", fix)
    elif settings.database_file and (kind := _filesystem(folder)) in SHARED_FILESYSTEMS:
        fix = "move [data] directory to a local disk, or use PostgreSQL"
        yield Finding("data directory", "fault", f"{folder} is on {kind}, where SQLite loses records", fix)
    else:
        yield Finding("data directory", "ok", str(folder))


def _filesystem(folder: Path) -> str:
    """Name the kind of file system a folder is on; empty where the system does not tell."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    rows = [line.split() for line in mounts.read_text().splitlines()]
    above = [row for row in rows if folder.resolve().is_relative_to(row[1].replace("\\040", " "))]
    return max(above, key=lambda row: len(row[1]))[2] if above else ""


def disk_space(settings: Settings) -> Iterator[Finding]:
    """There is room for the records of the coming weeks."""
    folder = settings.data.directory
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    found = f"{free // 2**20:,} MiB free"
    fix = "make room on the disk of the data directory"
    if free < LITTLE_SPACE:
        yield Finding("disk space", "fault", found, fix)
    else:
        yield Finding("disk space", "warning" if free < SOME_SPACE else "ok", found, fix if free < SOME_SPACE else "")


def chart_font() -> Iterator[Finding]:
    """Charts have a font with Chinese letters."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder and any(folder.rglob("NotoSansSC*.otf")):
        yield Finding("chart font", "ok", "Noto Sans SC")
    else:
        yield Finding("chart font", "fault", "the Chinese font is missing", "run: pip install pylopdf-fonts-zh-cn")


def address(settings: Settings) -> Iterator[Finding]:
    """Nobody but our own server listens where we want to."""
    host, port = settings.server.host, settings.server.port
    if port == 0 or databases.held(settings):
        yield Finding("address", "ok", "our server listens there" if port else "any free port")
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        fix = "choose another [server] host or port"
        yield Finding("address", "warning", f"{host}:{port} cannot be listened on: {error.strerror}", fix)
    else:
        yield Finding("address", "ok", f"{host}:{port} is free")


def inside(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look into the database: its durability, calendar, leads, tick, messages and audit trail."""
    yield Finding("lock", "ok", databases.held(settings) or "no server is running")
    with databases.opened(settings, clock) as database:
        # every connection asserts it, and is refused otherwise
        yield Finding("database", "ok", f"{database.dialect}, schema {databases.schema_found(database)}")
        yield Finding("durability", "ok", "every commit is on the disk before it is answered")
        for look in (calendar, leads, last_tick, messages, trail):
            yield from guarded(look.__name__, lambda look=look: look(database))  # type: ignore[misc]  # the loop's own value is bound


def calendar(database: Database) -> Iterator[Finding]:
    """The days of this year are known, and from November on those of the next."""
    now = database.clock()
    with database.reading() as session:
        known = CalendarDays(session, now).known_years()
    missing = calendars.unknown(known, now.date())
    if not missing:
        yield Finding("calendar", "ok", f"days known: {min(known)} to {max(known)}")
        return
    years = ", ".join(map(str, missing))
    state: Condition = "fault" if now.year in missing else "warning"
    fix = "once they are published: gukebot import calendar FILE.csv; until then the weekly pattern decides"
    yield Finding("calendar", state, f"{years} 放假安排未导入 (the holidays of {years} are not imported)", fix)


def leads(database: Database) -> Iterator[Finding]:
    """Every department has someone who is told when something is late."""
    with database.reading() as session:
        organisation = Organisation(session)
        departments = organisation.departments()
        people = {person.id for person in organisation.people()}
        without = [department.code for department in departments if department.lead_id not in people]
    fix = "name a lead in the organisation file and run: gukebot import organisation FILE"
    if not departments:
        yield Finding("leads", "fault", "there is no department yet", fix)
    elif without:
        yield Finding("leads", "fault", f"no lead configured: {', '.join(without)}", fix)
    else:
        yield Finding("leads", "ok", f"{len(departments)} departments, each with its lead")


def last_tick(database: Database) -> Iterator[Finding]:
    """A server that ran has ticked lately, and the clock has not gone back since."""
    with database.reading() as session:
        said = State(session).get(LAST_TICK)
    if not isinstance(said, dict):
        yield Finding("tick", "ok", "no server has run yet")
        return
    at, failed = str(said["at"]), ", ".join(said.get("failed", ()))
    age = database.clock() - datetime.fromisoformat(at)
    if age < -LATE_TICK:
        fix = "set the machine's clock (NTP)"
        yield Finding("tick", "fault", f"the clock stands before the last tick ({at})", fix)
    elif age > LATE_TICK:
        yield Finding("tick", "warning", f"the last tick was at {at}", "start the server: gukebot serve")
    elif failed:
        yield Finding("tick", "fault", f"failed in the last tick: {failed}", "the server's log says why")
    else:
        yield Finding("tick", "ok", f"last tick {age.total_seconds():.0f} s ago")


def messages(database: Database) -> Iterator[Finding]:
    """No message waits for a person to look at it."""
    with database.reading() as session:
        dead = Outbox(session, database.clock()).counts().get("dead", 0)
    if dead:
        yield Finding("messages", "warning", f"{dead} could not be delivered", "see them with: gukebot outbox dead")
    else:
        yield Finding("messages", "ok", "none is stuck")


def trail(database: Database) -> Iterator[Finding]:
    """The audit trail is sealed as fast as it grows."""
    with database.reading() as session:
        waiting = unsealed(session)
    found = f"{waiting} rows wait for their seal"
    if waiting > MANY_UNSEALED:
        yield Finding("audit", "warning", found, "start the server: gukebot serve")
    else:
        yield Finding("audit", "ok", found)
