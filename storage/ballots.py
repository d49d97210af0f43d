"""Ballots of employees: what was answered, and nothing that could say by whom, when or in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Row
from storage.surveys import new_id

WITHOUT_ORDER = {"sqlite_with_rowid": False}
LEAST = 10
"""So many ballots at least leave the place where they wait together."""


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

    def pending(self, campaign_id: int) -> Sequence[PendingBallot]:
        """The ballots that wait, in an order that means nothing."""
        mine = select(PendingBallot).where(PendingBallot.campaign_id == campaign_id)
        found = list(self._session.scalars(mine).all())
        SystemRandom().shuffle(found)
        return found

    def move(self, campaign_id: int, moved: Sequence[tuple[PendingBallot, Opened]]) -> None:
        """Let ballots go on, in an order that means nothing, under new names."""
        shuffled = list(moved)
        SystemRandom().shuffle(shuffled)
        for pending, opened in shuffled:
            self._session.delete(pending)
            ballot = Ballot(campaign_id=campaign_id)
            self._session.add(ballot)
            self._session.flush()
            for item, (grade, points) in opened.grades.items():
                self._session.add(BallotAnswer(ballot_id=ballot.id, item=item, grade=grade, points=points))
        written = [(q, t) for _, opened in moved for q, t in opened.comments.items() if t]
        SystemRandom().shuffle(written)
        for question, said in written:
            self._session.add(BallotComment(campaign_id=campaign_id, question=question, text=said))
        self._session.flush()

    def counted(self, campaign_id: int) -> int:
        """How many ballots have gone on."""
        mine = select(func.count()).select_from(Ballot).where(Ballot.campaign_id == campaign_id)
        return self._session.scalar(mine) or 0

    def comments(self, campaign_id: int) -> Sequence[BallotComment]:
        """What was written, in the order of random identifiers."""
        mine = select(BallotComment).where(BallotComment.campaign_id == campaign_id)
        return self._session.scalars(mine.order_by(BallotComment.id)).all()
