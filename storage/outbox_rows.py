"""The outbox's rows, and the values that go in and come out."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Identifier, Key, Row

PENDING = text("state = 'pending'")
UNSETTLED = text("state IN ('pending', 'sending', 'unknown')")
OF_A_CARD = text("card <> ''")


class MessageState(StrEnum):
    """Where a message stands. ``unknown``: it was sent, and the answer was lost. ``merged``: another one says it.

    ``dropped``: a person decided that it need not be delivered any more.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    CANCELLED = "cancelled"
    MERGED = "merged"
    DROPPED = "dropped"


class OutboxRow(Row):
    """A message to one address. ``fence`` grows with each claim; a report under an older one is refused."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_next_at", "state", "next_at"),
        Index(
            "ix_outbox_claim",
            *("platform", "priority", "next_at", "id"),
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
        Index("ix_outbox_order", *("case_id", "address", "id"), sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
        Index("ix_outbox_card", *("card", "address", "id"), sqlite_where=OF_A_CARD, postgresql_where=OF_A_CARD),
        Index(None, "subject"),
        Index(None, "case_id", "id"),
        Index(None, "short"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    key: Mapped[str] = mapped_column(unique=True)
    short: Mapped[str]
    platform: Mapped[str]
    address: Mapped[str]
    topic: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("cases.id"), default=None)
    subject: Mapped[str] = mapped_column(default="")
    level: Mapped[str | None] = mapped_column(default=None)
    card: Mapped[str] = mapped_column(default="", server_default="")
    priority: Mapped[int] = mapped_column(default=5)
    payload: Mapped[dict[str, object]]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    leased_by: Mapped[str | None] = mapped_column(default=None)
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    fence: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    receipt: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to queue. Its ``key`` is notice / subject / round / level / address: the same key is told once.

    ``card`` names the living notice it belongs to: ``case:12``.
    """

    key: str
    platform: str
    address: str
    topic: str
    payload: Mapping[str, object] = field(default_factory=dict)
    case_id: int | None = None
    subject: str = ""
    level: str | None = None
    card: str = ""
    priority: int = 5
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that is ours to send until ``leased_until``, under a fencing token."""

    id: int
    key: str
    short: str
    platform: str
    address: str
    topic: str
    case_id: int | None
    subject: str
    level: str | None
    card: str
    priority: int
    payload: Mapping[str, object]
    attempts: int
    next_at: datetime
    leased_until: datetime
    fence: int
    created_at: datetime


def short_number(key: str) -> str:
    """Six characters a person can compare, the same whenever this message is sent again."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest())[:6].decode()
