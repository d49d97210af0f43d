"""The session of one unit of work: what was read once in it is not read again, and is let go when it ends."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class WorkSession(Session):
    """A session that holds on to every row it has read: asked for by its key again, it is there.

    SQLAlchemy's own forgets what nobody refers to at the moment, and a handler asks for the same few people
    again and again.
    """


@event.listens_for(WorkSession, "loaded_as_persistent")
def _hold(session: Session, row: object) -> None:
    session.info.setdefault("held", []).append(row)


def grouped(keys: Iterable[K], rows: Iterable[V], key_of: Callable[[V], K]) -> dict[K, list[V]]:
    """The rows of each key, in their order; a key without rows has an empty list."""
    groups: dict[K, list[V]] = {key: [] for key in keys}
    for row in rows:
        groups[key_of(row)].append(row)
    return groups
