"""Connections that keep what they confirm: the settings of SQLite and PostgreSQL, asserted on every one."""

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from storage.errors import UnsafeDatabaseError

FULL = 2
"""What ``PRAGMA synchronous`` answers when every commit is synced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait: for a lock, for one statement, and for a transaction that does nothing."""

    lock: timedelta = timedelta(seconds=5)
    statement: timedelta = timedelta(seconds=30)
    idle: timedelta = timedelta(seconds=60)


class DriverConnection(Protocol):
    """The little that both drivers' connections share."""

    def execute(self, sql: str, /) -> object:
        """Run one statement."""


def connect(url: str, patience: Patience, *, foreign_keys: bool = True) -> Engine:
    """Make an engine whose writers take turns and whose commits are on the disk."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, patience, foreign_keys=foreign_keys)
    if address.get_backend_name() == "postgresql":
        return _postgresql(address.set(drivername="postgresql+psycopg"), patience)
    raise UnsafeDatabaseError(f"{address.drivername} is not supported: sqlite or postgresql+psycopg")


def is_reading(connection: Connection) -> bool:
    """Whether this transaction was opened by ``Database.reading``."""
    return connection.get_execution_options().get("reading") is True


def _sqlite(address: URL, patience: Patience, *, foreign_keys: bool) -> Engine:
    if address.database in (None, "", ":memory:"):
        raise UnsafeDatabaseError("the database must be a file: sqlite:///path/gukebot.db")
    Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        pool_size=10,
        max_overflow=30,
        pool_timeout=patience.lock.total_seconds(),
        hide_parameters=True,  # errors are logged, and what people wrote is not
    )

    def settle(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # the driver's own transactions lose updates: we begin them ourselves
        connection.execute(f"PRAGMA busy_timeout = {_milliseconds(patience.lock)}")
        mode = connection.execute("PRAGMA journal_mode = wal").fetchone()[0]
        connection.execute("PRAGMA synchronous = full")
        connection.execute("PRAGMA secure_delete = on")  # what is deleted is not to be found in the file
        connection.execute(f"PRAGMA foreign_keys = {'on' if foreign_keys else 'off'}")
        synced = connection.execute("PRAGMA synchronous").fetchone()[0]
        if mode != "wal" or synced != FULL:
            raise UnsafeDatabaseError(f"SQLite refuses WAL with synchronous=FULL here: {mode}, {synced}")

    def begin(connection: Connection) -> None:
        reading = is_reading(connection)
        if connection.info.get("reading", False) is not reading:
            connection.exec_driver_sql(f"PRAGMA query_only = {'on' if reading else 'off'}")
            connection.info["reading"] = reading
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", settle)
    event.listen(engine, "begin", begin)
    return engine


def _postgresql(address: URL, patience: Patience) -> Engine:
    engine = create_engine(
        address,
        pool_size=10,
        max_overflow=30,
        pool_timeout=patience.lock.total_seconds(),
        pool_pre_ping=True,
        hide_parameters=True,  # as above
        isolation_level="READ COMMITTED",
    )

    def settle(connection: DriverConnection, record: object) -> None:
        connection.execute("SET timezone = 'UTC'")
        connection.execute(f"SET lock_timeout = {_milliseconds(patience.lock)}")
        connection.execute(f"SET statement_timeout = {_milliseconds(patience.statement)}")
        connection.execute(f"SET idle_in_transaction_session_timeout = {_milliseconds(patience.idle)}")
        connection.execute("SET synchronous_commit = on")
        connection.execute("COMMIT")

    def begin(connection: Connection) -> None:
        if is_reading(connection):
            # one snapshot, as on SQLite: what is read first and what is read last agree
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    event.listen(engine, "connect", settle)
    event.listen(engine, "begin", begin)
    return engine


def _milliseconds(span: timedelta) -> int:
    return max(1, int(span.total_seconds() * 1000))
