"""A campaign counted by its database: of customers what was submitted, of employees the ballots that went on."""

from collections.abc import Mapping, Sequence

from sqlalchemy import FromClause, func, select
from sqlalchemy.orm import Session

from conversations.questionnaire import Questionnaire
from reports.ballots import answers
from reports.scoring import Tally
from reports.scoring_sql import tally_of
from storage.cases import Case
from storage.surveys import AnswerRow, Campaign, Response

EMPLOYEE = "employee"


def counted(session: Session, campaign: Campaign, questionnaire: Questionnaire) -> Tally:
    """What a campaign came to; customers by their codes, employees by nobody."""
    given = answers() if campaign.kind == EMPLOYEE else _submitted()
    return tally_of(session, questionnaire, given, campaign.id)


def modes(session: Session, campaign: Campaign) -> Mapping[str, int]:
    """How many answered by which mode; nothing of employees, who answer by their links alone."""
    mine = select(Response.mode, func.count()).where(
        Response.campaign_id == campaign.id, Response.submitted_at.is_not(None)
    )
    return dict(session.execute(mine.group_by(Response.mode).order_by(Response.mode)).all())


def followed_up(session: Session, first: str, last: str) -> int:
    """How often customers were called back in some months (质量回访)."""
    made = (Case.procedure == "follow_up", Case.step == "made", Case.received_month.between(first, last))
    return session.scalar(select(func.count()).select_from(Case).where(*made)) or 0


def written(session: Session, campaign: Campaign) -> Sequence[tuple[str, str, str]]:
    """What customers wrote: the question, the text, and the customer's code, in the order of the customers."""
    mine = (
        select(AnswerRow.item, AnswerRow.text, Response.customer)
        .join(Response, Response.id == AnswerRow.response_id)
        .where(Response.campaign_id == campaign.id, Response.submitted_at.is_not(None), AnswerRow.text != "")
    )
    rows = session.execute(mine.order_by(Response.customer, Response.id, AnswerRow.item))
    return [(item, text, customer) for item, text, customer in rows]


def _submitted() -> FromClause:  # type: ignore[explicit-any]  # SQLAlchemy's own FromClause has columns of Any
    """Whoever submitted and left everything out is a respondent too."""
    return (
        select(
            Response.campaign_id, Response.id.label("respondent"), Response.customer, AnswerRow.item, AnswerRow.points
        )
        .outerjoin(AnswerRow, AnswerRow.response_id == Response.id)
        .where(Response.submitted_at.is_not(None))
        .subquery()
    )
