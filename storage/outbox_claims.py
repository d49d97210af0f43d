"""The statements of the outbox's hot path, made once: claiming in order, and settling under a fencing token."""

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, not_, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate, Update

from storage.base import UtcDateTime
from storage.outbox_rows import Claimed, MessageState, OutboxRow, standing
from storage.upsert import table_of

NOW = bindparam("moment", type_=UtcDateTime())
CLAIMED = tuple(getattr(OutboxRow, name) for name in Claimed.__dataclass_fields__)
IN_HAND = (MessageState.SENDING, MessageState.UNKNOWN)


def _earlier_unsettled() -> ColumnElement[bool]:
    """An older message of the same case to the same address is under way, or is being tried again.

    One that only waits for its hour does not hold the others up.
    """
    older = aliased(OutboxRow)
    pending = standing(older, MessageState.PENDING)
    waits_for_its_hour = and_(pending, older.attempts == 0, older.next_at > NOW)
    unsettled = standing(older, MessageState.PENDING, *IN_HAND)
    same = and_(older.case_id == OutboxRow.case_id, older.address == OutboxRow.address, older.id < OutboxRow.id)
    return select(older.id).where(same, unsettled, ~waits_for_its_hour).exists()


def _due() -> Select[int]:
    """Pending and due, most urgent first. ``NOT >`` leaves SQLite the index that is already in this order."""
    due = (
        standing(OutboxRow, MessageState.PENDING),
        OutboxRow.platform == bindparam("on_platform"),
        not_(OutboxRow.next_at.op(">", is_comparison=True)(NOW)),
        ~_earlier_unsettled(),
    )
    return select(OutboxRow.id).where(*due).order_by(OutboxRow.priority, OutboxRow.next_at, OutboxRow.id)


def _lost() -> Select[int]:
    """Answers that were lost and that nobody asks about, longest first."""
    lost = (
        standing(OutboxRow, MessageState.UNKNOWN),
        OutboxRow.platform == bindparam("on_platform"),
        OutboxRow.next_at <= NOW,
        or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < NOW),
    )
    return select(OutboxRow.id).where(*lost).order_by(OutboxRow.next_at, OutboxRow.id)


def _take(which: Select[int]) -> ReturningUpdate[object]:
    # The common table is evaluated once, so the limit holds; a locked row belongs to another worker.
    picked = which.limit(bindparam("most")).with_for_update(skip_locked=True, of=OutboxRow).cte("picked")
    was_pending = OutboxRow.state == MessageState.PENDING
    return (
        update(OutboxRow)
        .where(OutboxRow.id.in_(select(picked.c.id)))
        .values(
            state=case((was_pending, MessageState.SENDING), else_=OutboxRow.state),
            attempts=OutboxRow.attempts + case((was_pending, 1), else_=0),
            leased_by=bindparam("who"),
            leased_until=bindparam("until"),
            fence=OutboxRow.fence + 1,
        )
        .returning(*CLAIMED)
    )


def _sent() -> Update:
    outbox = table_of(OutboxRow)
    mine = (outbox.c.id == bindparam("message"), outbox.c.fence == bindparam("token"), standing(OutboxRow, *IN_HAND))
    settled = {"state": MessageState.SENT, "reason": "", "leased_until": None, "leased_by": None}
    return update(outbox).where(*mine).values(sent_at=NOW, receipt=bindparam("proof"), **settled)


CLAIM_DUE = _take(_due())
CLAIM_LOST = _take(_lost())
MARK_SENT = _sent()
