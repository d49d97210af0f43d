"""Gauges: the few figures by which a watcher sees that something is stuck."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.audit_rows import AuditRow
from storage.deadlines import Deadline
from storage.inbox import InboxRow
from storage.outbox_rows import MessageState, OutboxRow
from storage.state import State

AUDITOR = "auditor"
"""Under this key it is remembered what the independent auditor found, and when it looked."""

Gauges: TypeAlias = Mapping[str, "float | Mapping[str, float]"]


def gauges(session: Session, now: datetime) -> Gauges:
    """Count events, messages by state, unsealed audit rows; measure in seconds what is late."""
    by_state = select(OutboxRow.state, func.count()).group_by(OutboxRow.state)
    counts = dict.fromkeys(map(str, MessageState), 0.0)
    counts.update({state: float(count) for state, count in session.execute(by_state)})
    waiting = (OutboxRow.state == MessageState.PENDING, OutboxRow.next_at <= now)
    return {
        "gukebot_inbox_events": float(session.scalar(select(func.count()).select_from(InboxRow)) or 0),
        "gukebot_outbox_messages": counts,
        "gukebot_outbox_oldest_seconds": late(session.scalar(select(func.min(OutboxRow.next_at)).where(*waiting)), now),
        "gukebot_deadlines_late_seconds": late(session.scalar(select(func.min(Deadline.next_level_at))), now),
        "gukebot_audit_unsealed_rows": float(unsealed(session)),
        **_audited(session, now),
    }


def _audited(session: Session, now: datetime) -> Mapping[str, float]:
    """What stands as of the auditor's last look, and how long ago that was; nothing before its first."""
    kept = State(session).get(AUDITOR)
    if not isinstance(kept, dict):
        return {}
    looked = datetime.fromisoformat(str(kept["at"]))
    return {"gukebot_auditor_findings": float(len(kept["known"])), "gukebot_auditor_age_seconds": late(looked, now)}


def unsealed(session: Session) -> int:
    """Count the audit rows that wait for their seal."""
    return session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.seq.is_(None))) or 0


def late(instant: datetime | None, now: datetime) -> float:
    """Give the seconds since an instant that should be over; 0 where there is none or it is still to come."""
    return max(0.0, (now - instant).total_seconds()) if instant else 0.0
