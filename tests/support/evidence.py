"""What somebody finds who has the whole database: every row as it lies, and every byte of its files."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import make_url

from storage.backup import backup

PENDING, BALLOTS, ANSWERS, COMMENTS = (
    "survey_ballots_pending", "survey_ballots", "survey_ballot_answers", "survey_ballot_comments"
)  # fmt: skip
OURS = (PENDING, BALLOTS, ANSWERS, COMMENTS)

FoundRow = dict[str, object]


@dataclass(frozen=True)
class Copy:
    """The database at one instant: tables in the order in which their rows lie, and the bytes."""

    tables: dict[str, list[FoundRow]]
    files: bytes = field(repr=False)

    def of(self, table: str, campaign: int) -> list[FoundRow]:
        """The rows of a campaign, as they lie."""
        return [row for row in self.tables[table] if row["campaign_id"] == campaign]

    def texts(self) -> str:
        """Everything in the tables that are not the ballots' own, as one text."""
        others = {name: rows for name, rows in self.tables.items() if name not in OURS}
        return json.dumps(others, ensure_ascii=False, default=str)

    def place(self, name: object) -> int:
        """Where in the files something was written first."""
        return self.files.find(str(name).encode())


def taken(url: str, to: Path) -> Copy:
    """Take a copy as an administrator would, with all that the database knows of its rows."""
    return _sqlite(url, to) if url.startswith("sqlite") else _postgresql(url)


def _sqlite(url: str, to: Path) -> Copy:
    """The nightly backup, and the database's own files beside it with their log."""
    file = Path(str(make_url(url).database))
    live = [file, *file.parent.glob(f"{file.name}-wal")]
    raw = b"".join(each.read_bytes() for each in live)
    with closing(sqlite3.connect(backup(url, to))) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        tables = {name: [dict(row) for row in connection.execute(f'select * from "{name}"')] for name in names}
    return Copy(tables, raw + to.read_bytes())


def _postgresql(url: str) -> Copy:
    """Every row with the transaction that wrote it and its place, and the files in which ballots wait and lie."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(address, autocommit=True, row_factory=dict_row)) as connection:
        found = connection.execute("select tablename as name from pg_tables where schemaname = 'public'").fetchall()
        tables = {str(row["name"]): _rows(connection, str(row["name"])) for row in found}
        connection.execute("checkpoint")
        places = [name for name in OURS if name in tables]
        toast = (
            "select reltoastrelid::regclass::text as name from pg_class where reltoastrelid > 0 and relname = any(%s)"
        )
        places += [str(row["name"]) for row in connection.execute(toast, [places]).fetchall()]
        raw = "select pg_read_binary_file(pg_relation_filepath(%s::regclass)) as raw"
        files = [connection.execute(raw, [name]).fetchone() for name in places]
    return Copy(tables, b"".join(bytes(each["raw"]) for each in files if each))


def _rows(connection: psycopg.Connection[FoundRow], name: str) -> list[FoundRow]:
    hidden = "xmin::text::bigint as xmin, cmin::text::bigint as cmin, ctid::text as ctid"
    asked = psycopg.sql.SQL(f"select {hidden}, * from {{}} order by {{}}.ctid").format(
        psycopg.sql.Identifier(name), psycopg.sql.Identifier(name)
    )
    return connection.execute(asked).fetchall()


def written(row: FoundRow) -> tuple[int, ...]:
    """Which transaction wrote a row, where a database tells."""
    return tuple(int(str(row[name])) for name in ("xmin", "cmin") if name in row)


def named(rows: Sequence[FoundRow], key: str = "id") -> list[str]:
    """The names in a column, each once, in the order in which they lie."""
    return list(dict.fromkeys(str(row[key]) for row in rows))
