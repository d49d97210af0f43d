"""What a look finds: how it is, what is wrong, and the next step; a look that fails is a finding itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Condition = Literal["ok", "warning", "fault"]

ORGANISATION = "in the organisation file, then run: gukebot import organisation FILE --yes"
"""Where what the company is made of is entered."""

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    name: str
    state: Condition
    found: str
    fix: str = ""


def guarded(name: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Look; a look that fails is a finding itself, and hides no other."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 - one look that fails must not hide the others; it is itself a finding
        yield Finding(name, "fault", *explained(error))


def named(names: list[str]) -> str:
    """The first few names, and that there are more."""
    return ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")


def explained(error: Exception) -> tuple[str, str]:
    """What an error means, and what to do. Ours speak in sentences without secrets; a driver's words are not told."""
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "the driver for PostgreSQL is not installed", "run: pip install 'gukebot[postgres]'"
    driver = getattr(error, "orig", None) or getattr(error, "__cause__", None) or error
    driver = getattr(driver, "orig", None) or driver
    kind = type(driver).__module__.partition(".")[0]
    if kind == "sqlite3":
        return _sqlite(driver)
    if kind == "psycopg":
        return _postgresql(driver)
    if type(error).__module__.startswith("sqlalchemy"):
        return f"the database refused ({type(error).__name__})", "mend [database] url, then run the doctor again"
    return str(error) or type(error).__name__, "mend what is named here, then run the doctor again"


RESTORE = "put the newest backup in its place: gukebot restore FILE --yes"

SQLITE = {
    5: ("the database is locked by another program", "end whatever else has the file open, then run the doctor again"),
    6: ("the database is locked by another program", "end whatever else has the file open, then run the doctor again"),
    8: ("the database cannot be written to", "give its file and folder to the service: chown USER"),
    10: ("the disk under the database fails", f"look at the disk (dmesg); then {RESTORE}"),
    11: ("the database is damaged", RESTORE),
    13: ("the disk is full", "make room on the disk of the data directory"),
    14: ("the database cannot be opened", "give its file and folder to the service: chown USER"),
    26: ("the file is no database", RESTORE),
}
"""What SQLite's primary error codes mean here."""


def _sqlite(error: BaseException) -> tuple[str, str]:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    refused = f"the database refused ({type(error).__name__})"
    return SQLITE.get(code, (refused, f"look at the disk; if it is sound, {RESTORE}"))


WRONG_PASSWORD = ("PostgreSQL does not let us in", "mend USER and PASSWORD in [database] url (or its url_file)")
NO_SUCH_DATABASE = ("there is no such database on the server", "run: createdb NAME; then: gukebot init")

POSTGRESQL = {
    "28": WRONG_PASSWORD,
    "3D": NO_SUCH_DATABASE,
    "42": ("the database's user lacks a right", "in psql: GRANT ALL ON SCHEMA public TO USER"),
    "53": ("PostgreSQL has no room (connections or disk)", "raise max_connections, or make room on its disk"),
    "57": ("PostgreSQL is starting or stopping", "wait a minute, then run the doctor again"),
    "25": ("PostgreSQL takes no changes", "name the primary in [database] url, not a standby"),
}
"""What the classes of PostgreSQL's error codes mean here."""


def _postgresql(error: BaseException) -> tuple[str, str]:
    state, text = str(getattr(error, "sqlstate", None) or ""), str(error)
    if state[:2] in POSTGRESQL:
        return POSTGRESQL[state[:2]]
    # before a connection stands there is no code: libpq's own words tell
    if "authentication failed" in text or "no password supplied" in text:
        return WRONG_PASSWORD
    if 'database "' in text and "does not exist" in text:
        return NO_SUCH_DATABASE
    return "PostgreSQL cannot be reached", "start it, or mend HOST and PORT in [database] url"
