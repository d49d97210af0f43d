"""The statements of the outbox's hot path, made once: claiming in order, and settling under a fencing token."""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import ReturningUpdate, Update

from storage.base import UtcDateTime
from storage.outbox_rows import Claimed, MessageState, OutboxRow
from storage.upsert import table_of

OUTBOX = table_of(OutboxRow)
NOW = bindparam("moment", type_=UtcDateTime())
CLAIMED = tuple(OUTBOX.c[name] for name in Claimed.__dataclass_fields__)
IN_HAND = (MessageState.SENDING, MessageState.UNKNOWN)


def standing(  # type: ignore[explicit-any]  # SQLAlchemy's own FromClause has columns of Any
    outbox: FromClause, *states: MessageState
) -> ColumnElement[bool]:
    """Rows in one of these states, written out: a partial index serves no query whose state is a parameter."""
    written: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return outbox.c.state == written[0] if len(written) == 1 else outbox.c.state.in_(written)


def _earlier_unsettled() -> ColumnElement[bool]:
    """An older message of the same case to the same address is under way, or is being tried again.

    One that only waits for its hour does not hold the others up; one whose turn was put off does.
    """
    older = OUTBOX.alias()
    pending = standing(older, MessageState.PENDING)
    waits_for_its_hour = and_(pending, older.c.fence == 0, older.c.next_at > NOW)
    unsettled = standing(older, MessageState.PENDING, *IN_HAND)
    same = (older.c.case_id == OUTBOX.c.case_id, older.c.address == OUTBOX.c.address, older.c.id < OUTBOX.c.id)
    return select(older.c.id).where(*same, unsettled, ~waits_for_its_hour).correlate(OUTBOX).exists()


def _due() -> Select[int]:
    """Pending and due, most urgent first. ``NOT >`` leaves SQLite the index that is already in this order."""
    due = (
        standing(OUTBOX, MessageState.PENDING),
        OUTBOX.c.platform == bindparam("on_platform"),
        not_(OUTBOX.c.next_at.op(">", is_comparison=True)(NOW)),
        ~_earlier_unsettled(),
    )
    return select(OUTBOX.c.id).where(*due).order_by(OUTBOX.c.priority, OUTBOX.c.next_at, OUTBOX.c.id)


def _lost() -> Select[int]:
    """Answers that were lost and that nobody asks about, longest first."""
    lost = (
        standing(OUTBOX, MessageState.UNKNOWN),
        OUTBOX.c.platform == bindparam("on_platform"),
        OUTBOX.c.next_at <= NOW,
        or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until < NOW),
    )
    return select(OUTBOX.c.id).where(*lost).order_by(OUTBOX.c.next_at, OUTBOX.c.id)


def _take(which: Select[int]) -> ReturningUpdate[object]:
    # The common table is evaluated once, so the limit holds; a locked row belongs to another worker.
    picked = which.limit(bindparam("most")).with_for_update(skip_locked=True, of=OUTBOX).cte("picked")
    was_pending = OUTBOX.c.state == MessageState.PENDING
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(select(picked.c.id)))
        .values(
            state=case((was_pending, MessageState.SENDING), else_=OUTBOX.c.state),
            attempts=OUTBOX.c.attempts + case((was_pending, 1), else_=0),
            leased_by=bindparam("who"),
            leased_until=bindparam("until"),
            fence=OUTBOX.c.fence + 1,
        )
        .returning(*CLAIMED)
    )


def _recover() -> Update:
    lost = (standing(OUTBOX, MessageState.SENDING), OUTBOX.c.leased_until < NOW)
    # a worker that hangs while it reports holds its rows: they must not keep the others from delivering
    free = select(OUTBOX.c.id).where(*lost).with_for_update(skip_locked=True)
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(free))
        .values(
            state=MessageState.UNKNOWN,
            leased_until=None,
            leased_by=None,
            next_at=NOW,
            fence=OUTBOX.c.fence + 1,
            reason="the worker did not come back",
        )
    )


SETTLED = {"state": MessageState.SENT, "reason": "", "leased_until": None, "leased_by": None, "sent_at": NOW}


def _sent() -> Update:
    """One message went out; run for many at once on SQLite, where that is quickest."""
    mine = (OUTBOX.c.id == bindparam("message"), OUTBOX.c.fence == bindparam("token"), standing(OUTBOX, *IN_HAND))
    return update(OUTBOX).where(*mine).values(receipt=bindparam("proof"), **SETTLED)


def _sent_all() -> Update:
    """Many went out, as three lists of one length: one statement on PostgreSQL."""
    lists = (("messages", BigInteger()), ("tokens", BigInteger()), ("proofs", Text()))
    arrays = [cast(bindparam(name, type_=ARRAY(of)), ARRAY(of)) for name, of in lists]
    gone = func.unnest(*arrays).table_valued("message", "token", "proof").render_derived("gone")
    mine = (OUTBOX.c.id == gone.c.message, OUTBOX.c.fence == gone.c.token, standing(OUTBOX, *IN_HAND))
    return update(OUTBOX).where(*mine).values(receipt=gone.c.proof, **SETTLED)


CLAIM_DUE = _take(_due())
CLAIM_LOST = _take(_lost())
RECOVER = _recover()
MARK_SENT = _sent()
MARK_ALL_SENT = _sent_all()
