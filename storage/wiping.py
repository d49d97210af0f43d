"""Wiping: after rows were deleted for good, nothing of them stays in the database's files, nor of their order."""

from contextlib import closing

from sqlalchemy import Engine, text

from storage.ballots import PendingBallot


def wipe(engine: Engine) -> None:
    """Write the place where ballots wait anew: on SQLite the whole file, and its log is emptied.

    No transaction may be open here. A reader elsewhere can keep SQLite from emptying the log: then the next time does.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.detach()
            for line in ("PRAGMA query_only = off", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(line)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (FULL) {PendingBallot.__tablename__}"))
