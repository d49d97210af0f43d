"""Wiping: after rows were deleted for good, nothing of them stays in the database's files, nor of their order."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from sqlalchemy import Engine, text

from storage.ballots import PendingBallot
from storage.errors import BusyError

WAITING = (PendingBallot.__tablename__,)


def wipe(engine: Engine, tables: Iterable[str] = WAITING) -> None:
    """Write the place where ballots wait, or these tables, anew: on SQLite the whole file, and its log is emptied.

    No transaction may be open here. Raises BusyError while others keep it from being done.
    """
    if engine.dialect.name == "sqlite":
        _rewrite(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f'VACUUM (FULL) "{table}"'))


def _rewrite(engine: Engine) -> None:
    with closing(engine.raw_connection()) as connection:
        connection.detach()
        try:
            for line in ("PRAGMA query_only = off", "VACUUM"):
                connection.cursor().execute(line)
            [waited, *_] = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            raise BusyError(f"the file could not be written anew: {error}") from error
        if waited:
            raise BusyError("somebody reads an older state of the file; its log is not empty yet")
