"""What came in: each event once, with the answer it got, in the transaction of its effect."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import JsonText, Row
from storage.upsert import table_of


class InboxRow(Row):
    """An event that was dealt with, and what was answered."""

    __tablename__ = "inbox"

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    ack: Mapped[object] = mapped_column(JsonText())


SEEN = select(table_of(InboxRow).c.ack).where(table_of(InboxRow).c.key == bindparam("event"))
RECORD = insert(table_of(InboxRow))
"""Made once: every event asks and writes."""


class Inbox:
    """Tell a duplicate from a new event, and keep the answer for the duplicate."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def seen(self, key: str) -> object | None:
        """The answer this event got before; None when it is new."""
        return self._session.connection().execute(SEEN, {"event": key}).scalar_one_or_none()

    def record(self, key: str, ack: object) -> None:
        """Keep the answer (plain JSON, not None). Whoever took the same event meanwhile wins: ours is a conflict."""
        if ack is None:
            raise ValueError("an answer to keep cannot be None: it would look like a new event")
        self._session.flush()
        self._session.connection().execute(RECORD, {"key": key, "at": self._now, "ack": ack})

    def forget(self, before: datetime, limit: int = 1000) -> int:
        """Drop answers from before then, at most ``limit`` in one go; say how many.

        Platforms deliver an event again within hours; a person who taps an old card twice does so within days.
        """
        old = select(InboxRow.key).where(InboxRow.at < before).limit(limit)
        keys = self._session.execute(old).scalars().all()
        self._session.execute(delete(InboxRow).where(InboxRow.key.in_(keys)))
        return len(keys)
