"""What is asked of the database itself: whether it keeps what it confirms, is whole, and what time it has."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from storage.audit_rows import AuditRow
from storage.files import Attachment
from storage.links import AccessLink
from storage.outbox_rows import MessageState, OutboxRow

MUST_BE_ON = ("fsync", "full_page_writes")
"""Settings of a PostgreSQL server that no connection can assert for itself."""


def lax(session: Session) -> list[str]:
    """The settings of the server under which a power cut loses what was confirmed; none on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    return [name for name in MUST_BE_ON if session.scalar(text(f"SHOW {name}")) != "on"]


def damage(session: Session) -> str:
    """The first thing that is wrong with the pages of a SQLite database; empty when it is whole."""
    found = session.execute(text("PRAGMA quick_check(1)")).scalar()
    return "" if found == "ok" else str(found)


def clock_of(session: Session) -> datetime | None:
    """The time at the database server; None where the database is a file of ours."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    found: datetime | None = session.scalar(select(func.clock_timestamp()))
    return found


def last_written(session: Session) -> datetime | None:
    """When the newest row of the audit trail was written."""
    return session.scalar(select(AuditRow.at).order_by(AuditRow.id.desc()).limit(1))


def first_written(session: Session) -> datetime | None:
    """When the oldest row of the audit trail was written."""
    return session.scalar(select(AuditRow.at).order_by(AuditRow.id).limit(1))


def left_behind(session: Session, now: datetime, since: timedelta) -> int:
    """How many messages are being sent by a worker that should have come back so long ago."""
    sending = (OutboxRow.state == MessageState.SENDING, OutboxRow.leased_until < now - since)
    return session.scalar(select(func.count()).select_from(OutboxRow).where(*sending)) or 0


def not_sent(session: Session, now: datetime, since: timedelta) -> int:
    """How many messages should have been sent so long ago."""
    waiting = (OutboxRow.state == MessageState.PENDING, OutboxRow.next_at < now - since)
    return session.scalar(select(func.count()).select_from(OutboxRow).where(*waiting)) or 0


def live_links(session: Session, now: datetime) -> int:
    """How many links that were given out still open."""
    live = (AccessLink.revoked_at.is_(None), AccessLink.expires_at > now)
    return session.scalar(select(func.count()).select_from(AccessLink).where(*live)) or 0


def files_kept(session: Session) -> int:
    """How many files the records say are kept."""
    return session.scalar(select(func.count()).select_from(Attachment).where(Attachment.sha256 != "")) or 0
