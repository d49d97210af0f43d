"""Copies of a PostgreSQL database by PostgreSQL's own programs, each of one snapshot, and databases to try them in."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, column, func, inspect, literal_column, make_url, select, table, text
from sqlalchemy.exc import ProgrammingError

from storage.archive import Facts
from storage.engine import Patience, connect
from storage.errors import DamagedFileError, UnsafeDatabaseError

PATIENCE = Patience(lock=timedelta(minutes=1), statement=timedelta(hours=1), idle=timedelta(hours=1))
BUSY = timedelta(seconds=5)

BY_QUERY = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS", "connect_timeout": "PGCONNECT_TIMEOUT", "service": "PGSERVICE", "passfile": "PGPASSFILE",
}  # fmt: skip
"""What an address may say after its question mark, and the name under which PostgreSQL's programs look for it."""


def facts(url: str) -> Facts:
    """What a database holds now: its schema, and how many rows each table has, of one snapshot."""
    engine = connect(url, PATIENCE)
    try:
        with engine.connect().execution_options(reading=True) as connection:
            return _facts(connection)
    finally:
        engine.dispose()


def is_empty(url: str) -> bool:
    """Whether a database has no tables of ours yet."""
    engine = connect(url, PATIENCE)
    try:
        with engine.connect().execution_options(reading=True) as connection:
            return not inspect(connection).has_table("alembic_version")
    finally:
        engine.dispose()


def dump(url: str, target: Path) -> Facts:
    """Write a PostgreSQL database to a file with ``pg_dump``, and give what the very same snapshot holds."""
    engine = connect(url, PATIENCE)
    try:
        with engine.connect().execution_options(reading=True) as connection:
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            found = _facts(connection)
            how = ("--format=custom", "--compress=1", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            _run("pg_dump", url, *how, f"--file={target}")
    finally:
        engine.dispose()
    return found


def undump(url: str, source: Path, wanted: Facts) -> None:
    """Put the tables of a dump in the place of those of a database, all of them or none.

    Tables that the dump does not know (those of a newer version) are removed first.
    """
    engine = connect(url, PATIENCE)
    try:
        with engine.begin() as connection:
            for name in set(inspect(connection).get_table_names()) - {*wanted.rows, "alembic_version"}:
                quoted = connection.dialect.identifier_preparer.quote(name)
                connection.exec_driver_sql(f"DROP TABLE {quoted} CASCADE")
    finally:
        engine.dispose()
    how = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", url, *how, f"--dbname={make_url(url).database}", str(source))


@contextmanager
def trial(url: str) -> Iterator[str]:
    """Make an empty database on the same server, and remove it at the end."""
    name = f"gukebot_rehearsal_{secrets.token_hex(4)}"
    try:
        _outside(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    except ProgrammingError as error:
        who = make_url(url).username or "our user"
        raise UnsafeDatabaseError(
            f"{who} may not make a database to rehearse in; as administrator: ALTER ROLE {who} CREATEDB"
        ) from error
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _outside(url, f'DROP DATABASE IF EXISTS "{name}"')


def served_by(url: str) -> str:
    """Who ticks on a database just now, however many processes there are; '' when nobody does, or it has no tables."""
    engine = connect(url, Patience(lock=BUSY, statement=BUSY))
    try:
        with engine.connect().execution_options(reading=True) as connection:
            if not inspect(connection).has_table("leases"):
                return ""
            lease = table("leases", column("owner"), column("until"), column("name"))
            alive = select(lease.c.owner).where(lease.c.name == "tick", lease.c.until > func.now())
            return connection.execute(alive).scalar() or ""
    finally:
        engine.dispose()


def _facts(connection: Connection) -> Facts:
    rows = {
        name: connection.execute(select(func.count(literal_column("*"))).select_from(table(name))).scalar_one()
        for name in sorted(inspect(connection).get_table_names())
    }
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return Facts(schema=str(version or ""), rows=rows)


def _outside(url: str, statement: str) -> None:
    engine = connect(url, PATIENCE)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _run(program: str, url: str, *words: str) -> None:
    """Run one of PostgreSQL's programs; where the database is and its password go by the environment alone."""
    found = shutil.which(program)
    if found is None:
        raise UnsafeDatabaseError(
            f"{program} is not on this machine; install PostgreSQL's client programs (on Debian: postgresql-client)"
        )
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's by its full path, and our own words
        [found, "--no-password", *words], env={**os.environ, **_environment(url)}, check=False, text=True,
        capture_output=True,
    )  # fmt: skip
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error:" in line), "it does not say why")
        if program == "pg_restore" and "valid archive" in said:
            raise DamagedFileError(said)
        raise UnsafeDatabaseError(f"{program} failed: {said.partition('error: ')[2] or said}")


def _environment(url: str) -> Mapping[str, str]:
    address = make_url(url)
    plain = {
        "PGHOST": address.host, "PGPORT": str(address.port or ""), "PGUSER": address.username,
        "PGPASSWORD": address.password, "PGDATABASE": address.database,
    }  # fmt: skip
    asked = {BY_QUERY[key]: value for key, value in address.query.items() if key in BY_QUERY}
    merged = {**plain, **{key: value if isinstance(value, str) else ",".join(value) for key, value in asked.items()}}
    return {key: value for key, value in merged.items() if value}
