"""What goes wrong that should not: six characters for whoever sees it, its kind and place for the log and the trail.

`gukebot trace CODE` finds it again. What was said when it went wrong is written down nowhere.
"""

import base64
import secrets
import traceback
from contextlib import suppress

import structlog

from conversations.words import N_, Said, said
from storage.database import Database
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

DATABASES = ("sqlalchemy", "sqlite3", "psycopg")

log = structlog.stdlib.get_logger("bot.troubles")


def new_code() -> str:
    """Six characters that can be read out on the telephone: letters and the digits 2 to 7."""
    return base64.b32encode(secrets.token_bytes(4)).decode()[:6]


def place_of(error: BaseException) -> str:
    """The file and line where it was raised; a library's own text may quote what people wrote, a place does not."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "nowhere"


def sentence(code: str) -> Said:
    """What somebody is told."""
    return said(N_("Something went wrong here ({ref}). Please try again in a minute."), ref=code)


def of_the_database(error: BaseException) -> bool:
    """Whether the database is itself the trouble."""
    return isinstance(error, StorageError) or type(error).__module__.startswith(DATABASES)


def noted(code: str, error: BaseException, doing: str) -> None:
    """Write it into the log."""
    log.error("a request failed", reference=code, kind=type(error).__name__, place=place_of(error), doing=doing)


def remember(database: Database, code: str, error: BaseException, doing: str, event: str = "") -> None:
    """Write it into the audit trail, best effort: of a database that is itself the trouble only the log tells."""
    if of_the_database(error):
        return
    data = {"kind": type(error).__name__, "place": place_of(error), "event": event}

    def write(uow: UnitOfWork) -> None:
        uow.audit.write(f"error:{code}", doing, "gukebot", data=data)

    with suppress(Exception):  # what went wrong was told; that it could not be kept must not go wrong as well
        database.do(write)
