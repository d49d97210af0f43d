"""Insert what is not there yet, in one statement on either database."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias, TypeVar, cast

from sqlalchemy import CursorResult, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.base import Row

T = TypeVar("T")
Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def table_of(row: type[Row]) -> Table:  # type: ignore[explicit-any]  # SQLAlchemy's own Table has columns of Any
    """The table of a row class, for Core statements."""
    return cast("Table", inspect(row).local_table)  # type: ignore[explicit-any]  # as above


@cache
def _insert(row: type[Row], dialect: str) -> Insert:
    """The statement that skips rows whose keys are there; made once, for making one costs as much as running it."""
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(table_of(row)).on_conflict_do_nothing()


def insert_missing(session: Session, row: type[Row], values: Sequence[Mapping[str, object]]) -> int:
    """Insert the rows whose keys are new, skip the others, and say how many were new."""
    if not values:
        return 0
    # inline: asks for no key, which would hide the count
    insert = _insert(row, session.get_bind().dialect.name).inline()
    done = session.connection().execute(insert, list(values), execution_options={"preserve_rowcount": True})
    return cast("CursorResult[tuple[object]]", done).rowcount


def insert_missing_told(
    session: Session, row: type[Row], values: Sequence[Mapping[str, object]], told: InstrumentedAttribute[T]
) -> list[T]:
    """The same, and one column of each row that was new."""
    if not values:
        return []
    insert = _insert(row, session.get_bind().dialect.name).returning(told)
    return list(session.connection().execute(insert, list(values)).scalars())
