"""Insert what is not there yet, in one statement on either database."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import CursorResult, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.base import Row


def table_of(row: type[Row]) -> Table:  # type: ignore[explicit-any]  # SQLAlchemy's own Table has columns of Any
    """The table of a row class, for Core statements."""
    return cast("Table", inspect(row).local_table)  # type: ignore[explicit-any]  # as above


def insert_missing(session: Session, row: type[Row], values: Sequence[Mapping[str, object]]) -> int:
    """Insert the rows whose keys are new, skip the others, and say how many were new."""
    if not values:
        return 0
    table = table_of(row)
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    insert = make(table).on_conflict_do_nothing().inline()  # inline: asks for no key, which would hide the count
    done = session.connection().execute(insert, list(values), execution_options={"preserve_rowcount": True})
    return cast("CursorResult[tuple[object]]", done).rowcount
