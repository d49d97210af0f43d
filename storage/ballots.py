"""Ballots of employees: what was answered, and nothing that could say by whom, when or in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import TypeVar

from sqlalchemy import CursorResult, ForeignKey, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Row
from storage.errors import ConflictError
from storage.surveys import new_id

T = TypeVar("T")

WITHOUT_ORDER = {"sqlite_with_rowid": False}
LEAST = 10
"""So many ballots at least leave the place where they wait together, and so many stay there until the end."""


class PendingBallot(Row):
    """A ballot that waits for others, sealed; no person is named and no time."""

    __tablename__ = "survey_ballots_pending"
    __table_args__ = WITHOUT_ORDER

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
    campaign_id: Mapped[int] = mapped_column(Identifier)
    sealed: Mapped[str]


class Ballot(Row):
    """A ballot that was counted."""

    __tablename__ = "survey_ballots"
    __table_args__ = WITHOUT_ORDER

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
    campaign_id: Mapped[int] = mapped_column(Identifier)


class BallotAnswer(Row):
    """One grade on a ballot: one to each item, held by the key."""

    __tablename__ = "survey_ballot_answers"
    __table_args__ = WITHOUT_ORDER

    ballot_id: Mapped[str] = mapped_column(ForeignKey("survey_ballots.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str]
    points: Mapped[int]


class BallotComment(Row):
    """What somebody wrote, apart from every ballot."""

    __tablename__ = "survey_ballot_comments"
    __table_args__ = WITHOUT_ORDER

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
    campaign_id: Mapped[int] = mapped_column(Identifier)
    question: Mapped[str]
    text: Mapped[str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A ballot without its seal: item -> (grade, score in hundredths), and question -> text."""

    grades: dict[str, tuple[str, int]]
    comments: dict[str, str]


class Ballots:
    """Take ballots in, and move them on together in an order that means nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def drop_in(self, campaign_id: int, sealed: str) -> None:
        """Keep a ballot, sealed, until enough others are there."""
        self._session.add(PendingBallot(campaign_id=campaign_id, sealed=sealed))
        self._session.flush()

    def waiting(self) -> Sequence[int]:
        """The campaigns that have ballots waiting."""
        return self._session.scalars(select(PendingBallot.campaign_id).distinct()).all()

    def pending(self, campaign_id: int) -> Sequence[PendingBallot]:
        """The ballots that wait, in an order that means nothing."""
        mine = select(PendingBallot).where(PendingBallot.campaign_id == campaign_id)
        return _shuffled(self._session.scalars(mine).all())

    def move(
        self, campaign_id: int, taken: Sequence[PendingBallot], opened: Sequence[Opened], back: Sequence[str]
    ) -> None:
        """Take these out of where they wait; let some go on and put the others back, under new names.

        All are taken out before the first goes on, and go on in an order of their own: not even the database's log
        says which became which. Those that stay are written anew for the same reason.
        """
        self._take_out(taken)
        for closed in _shuffled(back):
            self.drop_in(campaign_id, closed)
        ballots = [(new_id(), each) for each in _shuffled(opened)]
        answers = [
            {"ballot_id": name, "item": item, "grade": grade, "points": points}
            for name, each in ballots
            for item, (grade, points) in each.grades.items()
        ]
        written = _shuffled([(q, t) for each in opened for q, t in each.comments.items() if t])
        said = [{"id": new_id(), "campaign_id": campaign_id, "question": q, "text": t} for q, t in written]
        self._enter(Ballot, [{"id": name, "campaign_id": campaign_id} for name, _ in ballots])
        self._enter(BallotAnswer, answers)
        self._enter(BallotComment, said)

    def discard(self, campaign_id: int) -> None:
        """Throw away what waits: nobody will count it."""
        self._take_out(self.pending(campaign_id))

    def _take_out(self, taken: Sequence[PendingBallot]) -> None:
        names = [each.id for each in taken]
        for each in taken:
            self._session.expunge(each)
        gone = self._session.execute(delete(PendingBallot).where(PendingBallot.id.in_(names)))
        if not isinstance(gone, CursorResult) or gone.rowcount != len(names):
            raise ConflictError("ballots were moved by another")

    def _enter(self, table: type[Row], rows: list[dict[str, object]]) -> None:
        if rows:
            self._session.execute(insert(table), rows)

    def counted(self, campaign_id: int) -> int:
        """How many ballots have gone on."""
        mine = select(func.count()).select_from(Ballot).where(Ballot.campaign_id == campaign_id)
        return self._session.scalar(mine) or 0

    def comments(self, campaign_id: int) -> Sequence[BallotComment]:
        """What was written, in the order of random identifiers."""
        mine = select(BallotComment).where(BallotComment.campaign_id == campaign_id)
        return self._session.scalars(mine.order_by(BallotComment.id)).all()


def _shuffled(each: Sequence[T]) -> list[T]:
    mixed = list(each)
    SystemRandom().shuffle(mixed)
    return mixed
