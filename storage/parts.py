"""The parts a message was sent in, to the letter: to send one again as it was, and to know what a tap on it means."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Index, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Row
from storage.outbox_rows import OutboxRow
from storage.upsert import insert_missing

PLAIN = {"synchronize_session": False}


class MessagePart(Row):
    """One part of a message: what exactly is sent, since when that is tried, and what the platform said."""

    __tablename__ = "message_parts"
    __table_args__ = (Index(None, "mark", "tried_at"), Index(None, "address", "done_at"), Index(None, "task"))

    message: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    body: Mapped[dict[str, object]]
    mark: Mapped[str]
    task: Mapped[str] = mapped_column(default="")
    taps: Mapped[dict[str, object]] = mapped_column(default_factory=dict)
    made_at: Mapped[datetime] = mapped_column(index=True)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    receipt: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part as it is to be sent. ``task`` names the card in it, ``taps`` says what its buttons mean.

    ``mark`` is the same for parts that say the same to the same address. ``receipt`` is the platform's id of what it
    took and, of a card that can still be changed, behind a space the code for that.
    """

    number: int
    body: Mapping[str, object]
    mark: str = ""
    task: str = ""
    taps: Mapping[str, object] = field(default_factory=dict)
    tried_at: datetime | None = None
    done: bool = False
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card that was sent: to whom, in a message about what, and the code that may change it once.

    ``taps`` are its buttons, each an action and its subject.
    """

    task: str
    address: str
    code: str
    subject: str = ""
    taps: tuple[tuple[str, str], ...] = ()


class Parts:
    """Keep parts before they are sent, write down what became of them, and find one by its card."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def of(self, message: str) -> list[Part]:
        """The parts of a message, in order; none when it was never tried."""
        theirs = select(MessagePart).where(MessagePart.message == message).order_by(MessagePart.number)
        return [_part(row) for row in self._session.scalars(theirs)]

    def keep(self, message: str, address: str, parts: Sequence[Part]) -> None:
        """Keep the parts of a message before the first is sent; those that are there stay."""
        same = {"message": message, "address": address, "made_at": self._now}
        nothing = {"tried_at": None, "done_at": None, "receipt": ""}
        given = ("number", "body", "mark", "task", "taps")
        rows = [{**same, **nothing, **{name: getattr(part, name) for name in given}} for part in parts]
        insert_missing(self._session, MessagePart, rows)

    def trying(self, message: str, number: int) -> None:
        """A part is about to be sent; an earlier try counts from when it was."""
        self._change(message, MessagePart.number == number, MessagePart.tried_at.is_(None), tried_at=self._now)

    def done(self, message: str, number: int, receipt: str) -> None:
        """A part was taken."""
        self._change(message, MessagePart.number == number, done_at=self._now, receipt=receipt)

    def refused(self, message: str) -> None:
        """It surely was not taken. What nobody has seen is forgotten; else what is left is as if untried."""
        if not any(part.done for part in self.of(message)):
            self._session.execute(delete(MessagePart).where(MessagePart.message == message), execution_options=PLAIN)
        self._change(message, MessagePart.done_at.is_(None), tried_at=None)

    def replace(self, message: str, number: int, body: Mapping[str, object]) -> None:
        """What surely was not taken is sent in another shape."""
        self._change(message, MessagePart.number == number, body=dict(body))

    def alike(self, mark: str, message: str, within: timedelta) -> int:
        """How many other messages said the same lately."""
        lately = (MessagePart.mark == mark, MessagePart.tried_at > self._now - within, MessagePart.message != message)
        return self._session.scalar(select(func.count()).select_from(MessagePart).where(*lately)) or 0

    def by_task(self, task: str) -> Part | None:
        """The part with this card."""
        row = self._session.scalar(select(MessagePart).where(MessagePart.task == task)) if task else None
        return _part(row) if row is not None else None

    def cards_about(self, subjects: Collection[str], within: timedelta) -> list[Card]:
        """The cards in messages about these subjects that were sent lately and not changed yet."""
        lately = (MessagePart.done_at > self._now - within, MessagePart.task != "", MessagePart.receipt.contains(" "))
        theirs = select(MessagePart, OutboxRow.subject).join(OutboxRow, OutboxRow.key == MessagePart.message)
        found = self._session.execute(theirs.where(OutboxRow.subject.in_(subjects), *lately))
        return [card_of(_part(row), row.address, subject=subject) for row, subject in found]

    def closed(self, task: str) -> None:
        """A card is changed: its code is used up."""
        for row in self._session.scalars(select(MessagePart).where(MessagePart.task == task)):
            row.receipt = row.receipt.partition(" ")[0]

    def newest_asking(self, address: str) -> Part | None:
        """The newest part an address got whose options can be answered by their numbers."""
        theirs = (MessagePart.address == address, MessagePart.done_at.is_not(None))
        newest = select(MessagePart).where(*theirs).order_by(MessagePart.done_at.desc(), MessagePart.number.desc())
        return next((_part(row) for row in self._session.scalars(newest.limit(8)) if row.taps.get("question")), None)

    def forget(self, before: datetime, limit: int = 1000) -> int:
        """Drop parts from before then, at most ``limit`` in one go; say how many. Until then a tap is understood."""
        old = select(MessagePart).where(MessagePart.made_at < before).limit(limit)
        rows = self._session.scalars(old).all()
        for row in rows:
            self._session.delete(row)
        return len(rows)

    def _change(self, message: str, *which: object, **values: object) -> None:
        of = update(MessagePart).where(MessagePart.message == message, *which).values(**values)  # type: ignore[arg-type]
        self._session.execute(of, execution_options=PLAIN)


def card_of(part: Part, address: str, *, subject: str = "", code: str = "") -> Card:
    """The card in a part that was sent; with another code, where somebody's tap brought one."""
    kept = part.taps.get("buttons")
    taps = tuple((str(each[0]), str(each[1])) for each in kept) if isinstance(kept, list) else ()
    return Card(
        task=part.task, address=address, code=code or part.receipt.partition(" ")[2], subject=subject, taps=taps
    )  # fmt: skip


def _part(row: MessagePart) -> Part:
    return Part(
        number=row.number, body=row.body, mark=row.mark, task=row.task, taps=row.taps, tried_at=row.tried_at,
        done=row.done_at is not None, receipt=row.receipt,
    )  # fmt: skip
