"""Ballots counted by their database, and who took part: nothing of fewer than five, nothing to be worked out either."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import FromClause, case, func, literal, select
from sqlalchemy.orm import Session

from conversations.questionnaire import Questionnaire
from reports.scoring import Tally
from reports.scoring_sql import tally_of
from storage.ballots import Ballot, BallotAnswer
from storage.organisation import Person
from storage.surveys import ANSWERED, WITHDRAWN, Invitation

FEWEST = 5
"""Of fewer than these nothing is shown."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many answered, of how many who were invited, in one department; in all that are not shown: none named."""

    department: str
    answered: int
    invited: int


def answers() -> FromClause:  # type: ignore[explicit-any]  # SQLAlchemy's own FromClause has columns of Any
    """The ballots as ``scoring_sql.tally_of`` counts answers: a ballot is a respondent, and of no customer."""
    columns = (
        Ballot.campaign_id,
        Ballot.id.label("respondent"),
        literal("").label("customer"),
        func.coalesce(BallotAnswer.item, "").label("item"),
        BallotAnswer.points,
    )
    return select(*columns).join(BallotAnswer, BallotAnswer.ballot_id == Ballot.id, isouter=True).subquery()


def tally(session: Session, asked: Questionnaire, campaign_id: int) -> Tally | None:
    """Count the ballots of a campaign; None while there are fewer than five."""
    many = session.scalar(select(func.count()).select_from(Ballot).where(Ballot.campaign_id == campaign_id)) or 0
    return tally_of(session, asked, answers(), campaign_id) if many >= FEWEST else None


def rates(session: Session, campaign_id: int) -> Sequence[Rate]:
    """Who took part by department, never what was answered; small departments are put together, at the end.

    A department alone among the small ones could be worked out from the whole, so the next smallest joins it.
    """
    answered = func.sum(case((Invitation.state == ANSWERED, 1), else_=0))
    rows = session.execute(
        select(Person.department, answered, func.count())
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.campaign_id == campaign_id, Invitation.state != WITHDRAWN)
        .group_by(Person.department)
    )
    return together([Rate(department, int(yes), count) for department, yes, count in rows])


def together(each: Sequence[Rate]) -> Sequence[Rate]:
    """The departments with five and more, and all others as one without a name: two at least, and five people."""
    by_size = sorted(each, key=lambda rate: (rate.invited, rate.department))
    hidden = [rate for rate in by_size if rate.invited < FEWEST]
    shown = by_size[len(hidden) :]
    while hidden and shown and (len(hidden) == 1 or sum(rate.invited for rate in hidden) < FEWEST):
        hidden.append(shown.pop(0))
    if not hidden:
        return tuple(sorted(shown, key=lambda rate: rate.department))
    rest = Rate("", sum(rate.answered for rate in hidden), sum(rate.invited for rate in hidden))
    named = sorted(shown, key=lambda rate: rate.department)
    return (*named, rest) if rest.invited >= FEWEST else ()
