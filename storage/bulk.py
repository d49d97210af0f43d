"""Many rows at once: whole tables read, written or cleared, for imports and exports."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from storage.base import Row

__all__ = ["Session", "all_of", "clear", "put_all"]

R = TypeVar("R", bound=Row)


def all_of(session: Session, row: type[R]) -> Sequence[R]:
    """Every row of a table, in the order of its primary key."""
    return session.scalars(select(row).order_by(*inspect(row).primary_key)).all()


def put_all(session: Session, rows: Iterable[Row]) -> None:
    """Write new rows, many in one statement; identifiers that the database gives are known afterwards."""
    session.add_all(rows)
    session.flush()


def clear(session: Session, row: type[Row], **equal: object) -> None:
    """Remove the rows whose columns have these values, all rows when none are named."""
    session.flush()
    session.execute(delete(row).filter_by(**equal))
