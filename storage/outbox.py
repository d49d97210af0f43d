"""What must be told: queued with its cause, claimed by one worker, sent, and written down.

A message is never lost. It is doubled only where the answer was lost and the platform cannot be asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from storage.outbox_claims import CLAIM_DUE, CLAIM_LOST, IN_HAND, MARK_ALL_SENT, MARK_SENT, RECOVER, standing
from storage.outbox_rows import Claimed, Message, MessageState, OutboxRow, short_number
from storage.upsert import insert_missing, table_of

LEASE = timedelta(seconds=60)
"""How long a worker may take over one batch before others ask what became of it."""

SILENT = ("reply", "card", "root", "home")
"""Topics of messages that were asked for, or that change what is there: nobody's attention is used up by them."""

LATELY = timedelta(days=7)
"""So far back it is looked whether an address could be reached."""

PLAIN = {"synchronize_session": False}


class Outbox:
    """Queue, claim, report."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._waiting: list[Message] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Messages queued meanwhile are written at the end, in one go; whether they were new is not told then."""
        self._waiting = []
        yield
        waiting, self._waiting = self._waiting, None
        self.add_all(waiting)

    def add(self, message: Message) -> bool:
        """Queue a message. False when its key was queued before: it is not told twice."""
        if self._waiting is not None:
            self._waiting.append(message)
            return True
        return self.add_all([message]) == 1

    def add_all(self, messages: Iterable[Message]) -> int:
        """Queue many at once; say how many were new."""
        return insert_missing(self._session, OutboxRow, [self._row(message) for message in messages])

    def claim(self, owner: str, platform: str, limit: int, lease: timedelta = LEASE) -> list[Claimed]:
        """Take what is due on a platform: by priority, then time; of one case and address the oldest alone."""
        return self._take(CLAIM_DUE, {"on_platform": platform, "most": limit, "who": owner}, lease)

    def claim_unknown(self, owner: str, platform: str, limit: int, lease: timedelta = LEASE) -> list[Claimed]:
        """Take messages whose answer was lost, to ask the platform about them; they stay ``unknown`` meanwhile."""
        return self._take(CLAIM_LOST, {"on_platform": platform, "most": limit, "who": owner}, lease)

    def sent(self, message_id: int, fence: int, receipt: str = "") -> bool:
        """It went out. False when the claim was lost meanwhile: another worker decides."""
        return self.sent_all([(message_id, fence, receipt)]) == 1

    def sent_all(self, gone: Sequence[tuple[int, int, str]]) -> int:
        """Many went out, as (id, fence, receipt); say how many of the claims were still ours."""
        if not gone:
            return 0
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            messages, tokens, proofs = (list(column) for column in zip(*gone, strict=True))
            lists = {"messages": messages, "tokens": tokens, "proofs": proofs, "moment": self._now}
            return connection.execute(MARK_ALL_SENT, lists).rowcount
        rows = [{"message": row, "token": fence, "proof": proof, "moment": self._now} for row, fence, proof in gone]
        return connection.execute(MARK_SENT, rows).rowcount

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

    def put_off(self, mine: Sequence[int], address: str, platform: str, until: datetime) -> None:
        """Give these untried messages back until then, with everything that an address waits for by that time."""
        kept = {"state": "pending", "next_at": until, "leased_until": None, "leased_by": None}
        back = update(OutboxRow).where(OutboxRow.id.in_(mine), OutboxRow.state == MessageState.SENDING)
        self._session.execute(back.values(attempts=OutboxRow.attempts - 1, **kept), execution_options=PLAIN)
        theirs = (standing(table_of(OutboxRow), MessageState.PENDING), OutboxRow.platform == platform,
                  OutboxRow.address == address, OutboxRow.next_at < until)  # fmt: skip
        # as if each had been claimed and given back: those behind it keep their place
        waiting = update(OutboxRow).where(*theirs).values(next_at=until, fence=OutboxRow.fence + 1)
        self._session.execute(waiting, execution_options=PLAIN)

    def cancel(self, key_prefix: str) -> int:
        """Take back what is still pending under keys that begin so; what was sent stays sent."""
        return self._cancel(func.substr(OutboxRow.key, 1, len(key_prefix)) == key_prefix)

    def cancel_subject(self, subject: str, topic: str | None = None) -> int:
        """Take back what is still pending about a subject, of one topic when it is given."""
        about = OutboxRow.subject == subject
        return self._cancel(about if topic is None else and_(about, OutboxRow.topic == topic))

    def wait_again(self, subject: str) -> int:
        """What was taken back about a subject is pending again: the reason for taking it back is gone."""
        gone = update(OutboxRow).where(OutboxRow.subject == subject, OutboxRow.state == MessageState.CANCELLED)
        return self._count(gone.values(state="pending").returning(OutboxRow.id))

    def recover(self) -> int:
        """Claims whose worker did not come back: the messages may have gone out, so they become ``unknown``."""
        return self._session.connection().execute(RECOVER, {"moment": self._now}).rowcount

    def count_of(self, address: str, since: datetime) -> int:
        """How many messages that disturb were queued for an address since an instant: answers and edits do not."""
        theirs = (OutboxRow.address == address, OutboxRow.created_at >= since,
                  OutboxRow.state.not_in(("cancelled", "merged")), OutboxRow.topic.not_in(SILENT))  # fmt: skip
        waiting = {each.key for each in self._waiting or () if each.address == address and each.topic not in SILENT}
        return len(waiting) + (self._session.scalar(select(func.count()).select_from(OutboxRow).where(*theirs)) or 0)

    def waiting(self, address: str, platform: str, until: datetime) -> Sequence[OutboxRow]:
        """What an address waits for up to an instant, under way or not, in order; what is pending is ours to change."""
        theirs = select(OutboxRow).where(OutboxRow.address == address, OutboxRow.platform == platform)
        in_hand = standing(table_of(OutboxRow), *IN_HAND)
        pending = and_(standing(table_of(OutboxRow), MessageState.PENDING), OutboxRow.next_at <= until)
        waiting = theirs.where(or_(pending, in_hand)).order_by(OutboxRow.id)
        return self._session.scalars(waiting, execution_options={"populate_existing": True}).all()

    def merge(self, ids: Sequence[int], into: Message) -> int:
        """Queue one message in the place of several that are still pending; 0 when one of them went meanwhile."""
        theirs = (OutboxRow.id.in_(ids), standing(table_of(OutboxRow), MessageState.PENDING))
        free = select(OutboxRow.id).where(*theirs).with_for_update(skip_locked=True)
        if len(self._session.scalars(free).all()) < len(ids) or not self.add(into):
            return 0
        merged = update(OutboxRow).where(*theirs).values(state="merged", reason=into.key)
        return self._count(merged.returning(OutboxRow.id))

    def counts(self) -> dict[str, int]:
        """How many messages stand where."""
        found = self._session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
        return dict(found.all())

    def dead(self, limit: int = 100) -> Sequence[OutboxRow]:
        """Dead letters with their reason, the newest first."""
        return self.newest(MessageState.DEAD, limit)

    def newest(self, state: str, limit: int = 100) -> Sequence[OutboxRow]:
        """The messages that stand so, the newest first."""
        standing_so = select(OutboxRow).where(OutboxRow.state == state)
        return self._session.scalars(standing_so.order_by(OutboxRow.id.desc()).limit(limit)).all()

    def replay(self, message_id: int) -> bool:
        """Try a dead letter again, from the first attempt."""
        gone = update(OutboxRow).where(OutboxRow.id == message_id, OutboxRow.state == MessageState.DEAD)
        again = gone.values(state="pending", attempts=0, next_at=self._now)
        return self._count(again.returning(OutboxRow.id)) == 1

    def drop(self, message_id: int, reason: str) -> bool:
        """Give a dead letter up for good, for a person's reason; why it died stays beside it."""
        gone = update(OutboxRow).where(OutboxRow.id == message_id, OutboxRow.state == MessageState.DEAD)
        dropped = gone.values(
            state=MessageState.DROPPED, reason=f"dropped: {reason} (before: " + OutboxRow.reason + ")"
        )
        return self._count(dropped.returning(OutboxRow.id)) == 1

    def of_case(self, case_id: int) -> Sequence[OutboxRow]:
        """Every message about a case, in order."""
        theirs = select(OutboxRow).where(OutboxRow.case_id == case_id)
        return self._session.scalars(theirs.order_by(OutboxRow.id)).all()

    def of_keys(self, keys: Iterable[str]) -> Sequence[OutboxRow]:
        """The messages queued under these keys, in order."""
        named = select(OutboxRow).where(OutboxRow.key.in_(tuple(keys)))
        return self._session.scalars(named.order_by(OutboxRow.id)).all()

    def standing(self, card: str, address: str, platform: str) -> str:
        """The receipt of the newest message of a card that an address got; empty when it got none."""
        sent = (OutboxRow.card == card, OutboxRow.address == address, OutboxRow.platform == platform)
        newest = select(OutboxRow.receipt).where(*sent, OutboxRow.state == MessageState.SENT, OutboxRow.receipt != "")
        return self._session.scalar(newest.order_by(OutboxRow.id.desc()).limit(1)) or ""

    def told_of(self, card: str, address: str, platform: str) -> Mapping[str, object]:
        """The newest notice of a card that an address got; empty when it got none."""
        same = (OutboxRow.card == card, OutboxRow.address == address, OutboxRow.platform == platform)
        told = (OutboxRow.state == MessageState.SENT, OutboxRow.topic == "step")
        newest = select(OutboxRow.payload).where(*same, *told).order_by(OutboxRow.id.desc()).limit(1)
        return self._session.scalar(newest) or {}

    def places_of(self, card: str) -> list[tuple[str, str]]:
        """Where a card stands, as (platform, address)."""
        sent = (OutboxRow.card == card, OutboxRow.state == MessageState.SENT, OutboxRow.receipt != "")
        found = select(OutboxRow.platform, OutboxRow.address).where(*sent).distinct()
        return [(platform, address) for platform, address in self._session.execute(found)]

    def unreachable(self, platform: str, addresses: Iterable[str]) -> frozenset[str]:
        """The addresses to which the last thing that could be tried lately did not go."""
        theirs = (OutboxRow.platform == platform, OutboxRow.address.in_(list(addresses)))
        since = OutboxRow.next_at >= self._now - LATELY
        dead = select(OutboxRow.address, func.max(OutboxRow.id)).where(*theirs, since)
        dead = dead.where(OutboxRow.state == MessageState.DEAD).group_by(OutboxRow.address)
        last = dict(self._session.execute(dead).all())
        if not last:
            return frozenset()
        later = (OutboxRow.address.in_(last), OutboxRow.id > min(last.values()), since)
        sent = select(OutboxRow.address, func.max(OutboxRow.id)).where(*later, OutboxRow.state == MessageState.SENT)
        mended = dict(self._session.execute(sent.group_by(OutboxRow.address)).all())
        return frozenset(address for address, row in last.items() if mended.get(address, 0) < row)

    def refresh(self, message: Message) -> bool:
        """Queue the bringing up to date of a card, unless one waits already: it will show what is true then.

        A notice of the same card that is about to go does the same; one that waits for its hour does not.
        """
        soon = or_(OutboxRow.topic == message.topic, OutboxRow.next_at <= self._now)
        waiting = (OutboxRow.card == message.card, OutboxRow.address == message.address,
                   OutboxRow.platform == message.platform, soon)  # fmt: skip
        pending = select(OutboxRow.id).where(*waiting, standing(table_of(OutboxRow), MessageState.PENDING))
        # held until our commit: whoever claims it later shows what we did; one that is claimed already is not counted
        found = self._session.scalar(pending.limit(1).with_for_update())
        return found is None and self.add(message)

    def due(self, platform: str) -> bool:
        """Whether anything of a platform can be sent now; nothing is locked to say so."""
        waiting = (standing(table_of(OutboxRow), MessageState.PENDING), OutboxRow.platform == platform)
        ready = select(OutboxRow.id).where(*waiting, OutboxRow.next_at <= self._now)
        return self._session.scalar(ready.limit(1)) is not None

    def next_at(self, platform: str, after: datetime | None = None) -> datetime | None:
        """When the next pending message of a platform is due; of those due later than an instant when it is given."""
        waiting = [standing(table_of(OutboxRow), MessageState.PENDING), OutboxRow.platform == platform]
        if after is not None:
            waiting.append(OutboxRow.next_at > after)
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
            "card": message.card,
            "priority": message.priority,
            "payload": dict(message.payload),
            "next_at": message.not_before or self._now,
            "created_at": self._now,
        }

    def _take(self, claim: ReturningUpdate[object], which: Mapping[str, object], lease: timedelta) -> list[Claimed]:
        self._session.flush()
        values = {**which, "moment": self._now, "until": self._now + lease}
        taken = self._session.connection().execute(claim, values)
        claimed = [Claimed(**row) for row in taken.mappings()]
        return sorted(claimed, key=lambda one: (one.priority, one.next_at, one.id))

    def _settle(self, message_id: int, fence: int, **values: object) -> bool:
        mine = (OutboxRow.id == message_id, OutboxRow.fence == fence, OutboxRow.state.in_(IN_HAND))
        settled = update(OutboxRow).where(*mine).values(leased_until=None, leased_by=None, **values)
        return self._count(settled.returning(OutboxRow.id)) == 1

    def _cancel(self, which: ColumnElement[bool]) -> int:
        pending = update(OutboxRow).where(which, standing(table_of(OutboxRow), MessageState.PENDING))
        return self._count(pending.values(state="cancelled").returning(OutboxRow.id))

    def _count(self, change: ReturningUpdate[int]) -> int:
        return len(self._session.execute(change, execution_options=PLAIN).all())
