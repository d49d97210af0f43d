"""What must be told: queued with its cause, claimed by one worker, sent, and written down.

A message is never lost. It is doubled only where the answer was lost and the platform cannot be asked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from storage.outbox_rows import Claimed, Message, MessageState, OutboxRow, short_number
from storage.upsert import insert_missing

LEASE = timedelta(seconds=60)
"""How long a worker may take over one batch before others ask what became of it."""

PLAIN = {"synchronize_session": False}
IN_HAND = (MessageState.SENDING, MessageState.UNKNOWN)
CLAIMED = tuple(getattr(OutboxRow, name) for name in Claimed.__dataclass_fields__)


class Outbox:
    """Queue, claim, report."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def add(self, message: Message) -> bool:
        """Queue a message. False when its key was queued before: it is not told twice."""
        return self.add_all([message]) == 1

    def add_all(self, messages: Iterable[Message]) -> int:
        """Queue many at once; say how many were new."""
        return insert_missing(self._session, OutboxRow, [self._row(message) for message in messages])

    def claim(self, owner: str, platform: str, limit: int, lease: timedelta = LEASE) -> list[Claimed]:
        """Take what is due on a platform: by priority, then time; of one case and address the oldest alone."""
        self._session.flush()
        due = (
            OutboxRow.state == MessageState.PENDING,
            OutboxRow.platform == platform,
            OutboxRow.next_at <= self._now,
            ~self._earlier_unsettled(),
        )
        order = (OutboxRow.priority, OutboxRow.next_at, OutboxRow.id)
        return self._take(select(OutboxRow.id).where(*due).order_by(*order).limit(limit), owner, lease)

    def claim_unknown(self, owner: str, platform: str, limit: int, lease: timedelta = LEASE) -> list[Claimed]:
        """Take messages whose answer was lost, to ask the platform about them; they stay ``unknown`` meanwhile."""
        lost = (
            OutboxRow.state == MessageState.UNKNOWN,
            OutboxRow.platform == platform,
            OutboxRow.next_at <= self._now,
            or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < self._now),
        )
        picked = select(OutboxRow.id).where(*lost).order_by(OutboxRow.next_at, OutboxRow.id).limit(limit)
        return self._take(picked, owner, lease)

    def sent(self, message_id: int, fence: int, receipt: str = "") -> bool:
        """It went out. False when the claim was lost meanwhile: another worker decides."""
        return self._settle(message_id, fence, state="sent", sent_at=self._now, receipt=receipt, reason="")

    def failed(self, message_id: int, fence: int, reason: str, next_at: datetime | None) -> bool:
        """It surely did not go out: try again at ``next_at``, or with None a person must look."""
        if next_at is None:
            return self._settle(message_id, fence, state="dead", reason=reason)
        return self._settle(message_id, fence, state="pending", reason=reason, next_at=next_at)

    def unknown(self, message_id: int, fence: int, reason: str, ask_at: datetime | None = None) -> bool:
        """The answer was lost: ask the platform (at once, or at ``ask_at``) before it is sent again."""
        return self._settle(message_id, fence, state="unknown", reason=reason, next_at=ask_at or self._now)

    def release(self, message_id: int, fence: int, next_at: datetime | None = None) -> bool:
        """Give back a message that was not tried (a limit was reached, we are stopping); it counts as no attempt."""
        untried = {"state": "pending", "attempts": OutboxRow.attempts - 1, "next_at": next_at or OutboxRow.next_at}
        return self._settle(message_id, fence, **untried)

    def cancel(self, key_prefix: str) -> int:
        """Take back what is still pending under keys that begin so; what was sent stays sent."""
        return self._cancel(func.substr(OutboxRow.key, 1, len(key_prefix)) == key_prefix)

    def cancel_subject(self, subject: str, topic: str | None = None) -> int:
        """Take back what is still pending about a subject, of one topic when it is given."""
        about = OutboxRow.subject == subject
        return self._cancel(about if topic is None else and_(about, OutboxRow.topic == topic))

    def recover(self) -> int:
        """Claims whose worker did not come back: the messages may have gone out, so they become ``unknown``."""
        lost = (OutboxRow.state == MessageState.SENDING, OutboxRow.leased_until < self._now)
        back = update(OutboxRow).where(*lost)
        return self._count(
            back.values(
                state="unknown",
                leased_until=None,
                leased_by=None,
                next_at=self._now,
                fence=OutboxRow.fence + 1,
                reason="the worker did not come back",
            ).returning(OutboxRow.id)
        )

    def counts(self) -> dict[str, int]:
        """How many messages stand where."""
        found = self._session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
        return dict(found.all())

    def dead(self, limit: int = 100) -> Sequence[OutboxRow]:
        """Dead letters with their reason, the newest first."""
        gone = select(OutboxRow).where(OutboxRow.state == MessageState.DEAD)
        return self._session.scalars(gone.order_by(OutboxRow.id.desc()).limit(limit)).all()

    def replay(self, message_id: int) -> bool:
        """Try a dead letter again, from the first attempt."""
        gone = update(OutboxRow).where(OutboxRow.id == message_id, OutboxRow.state == MessageState.DEAD)
        again = gone.values(state="pending", attempts=0, next_at=self._now)
        return self._count(again.returning(OutboxRow.id)) == 1

    def of_case(self, case_id: int) -> Sequence[OutboxRow]:
        """Every message about a case, in order."""
        theirs = select(OutboxRow).where(OutboxRow.case_id == case_id)
        return self._session.scalars(theirs.order_by(OutboxRow.id)).all()

    def next_at(self, platform: str) -> datetime | None:
        """When the next pending message of a platform is due."""
        waiting = (OutboxRow.state == MessageState.PENDING, OutboxRow.platform == platform)
        return self._session.scalar(select(OutboxRow.next_at).where(*waiting).order_by(OutboxRow.next_at).limit(1))

    def _row(self, message: Message) -> dict[str, object]:
        return {
            "key": message.key,
            "short": short_number(message.key),
            "platform": message.platform,
            "address": message.address,
            "topic": message.topic,
            "case_id": message.case_id,
            "subject": message.subject,
            "level": message.level,
            "priority": message.priority,
            "payload": dict(message.payload),
            "next_at": message.not_before or self._now,
            "created_at": self._now,
        }

    def _earlier_unsettled(self) -> ColumnElement[bool]:
        """An older message of the same case to the same address is under way, or is being tried again.

        One that only waits for its hour does not hold the others up.
        """
        older = aliased(OutboxRow)
        waits_for_its_hour = and_(
            older.state == MessageState.PENDING, older.attempts == 0, older.next_at > self._now
        )  # fmt: skip
        unsettled = older.state.in_(("pending", "sending", "unknown"))
        same = and_(older.case_id == OutboxRow.case_id, older.address == OutboxRow.address, older.id < OutboxRow.id)
        return select(older.id).where(same, unsettled, ~waits_for_its_hour).exists()

    def _take(self, due: Select[int], owner: str, lease: timedelta) -> list[Claimed]:
        # The common table is evaluated once, so the limit holds; a locked row belongs to another worker.
        picked = due.with_for_update(skip_locked=True, of=OutboxRow).cte("picked")
        was_pending = OutboxRow.state == MessageState.PENDING
        claim = (
            update(OutboxRow)
            .where(OutboxRow.id.in_(select(picked.c.id)))
            .values(
                state=case((was_pending, MessageState.SENDING), else_=OutboxRow.state),
                attempts=OutboxRow.attempts + case((was_pending, 1), else_=0),
                leased_by=owner,
                leased_until=self._now + lease,
                fence=OutboxRow.fence + 1,
            )
            .returning(*CLAIMED)
        )
        taken = self._session.execute(claim, execution_options=PLAIN)
        claimed = [Claimed(**row) for row in taken.mappings()]
        return sorted(claimed, key=lambda one: (one.priority, one.next_at, one.id))

    def _settle(self, message_id: int, fence: int, **values: object) -> bool:
        mine = (OutboxRow.id == message_id, OutboxRow.fence == fence, OutboxRow.state.in_(IN_HAND))
        settled = update(OutboxRow).where(*mine).values(leased_until=None, leased_by=None, **values)
        return self._count(settled.returning(OutboxRow.id)) == 1

    def _cancel(self, which: ColumnElement[bool]) -> int:
        pending = update(OutboxRow).where(which, OutboxRow.state == MessageState.PENDING)
        return self._count(pending.values(state="cancelled").returning(OutboxRow.id))

    def _count(self, change: ReturningUpdate[int]) -> int:
        return len(self._session.execute(change, execution_options=PLAIN).all())
