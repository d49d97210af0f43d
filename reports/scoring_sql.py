"""A survey counted by its database: whole numbers are added up in SQL, the same on SQLite and PostgreSQL.

Two questions, whatever the number of answers; what comes back is as short as the questionnaire.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from sqlalchemy import BigInteger, ColumnElement, FromClause, case, cast, func, select
from sqlalchemy.orm import Session

from conversations.questionnaire import Questionnaire
from reports.scoring import WHOLE, Means, Tally

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is counted: the columns of the answers, which of them belong to the campaign, and the questionnaire."""

    questionnaire: Questionnaire
    respondent: ColumnElement[object]
    customer: ColumnElement[str | None]
    item: ColumnElement[str]
    points: ColumnElement[int | None]
    of_campaign: ColumnElement[bool]

    @property
    def groups(self) -> list[str]:
        """The groups that have items."""
        return [group.key for group in self.questionnaire.groups if self.questionnaire.of_group(group.key)]

    def score_of(self, total: Fraction, count: int) -> Fraction:
        """The sum of scores from the sum of answers: a scale is a straight line."""
        return self.questionnaire.score(total / count) * count


def tally_of(  # type: ignore[explicit-any]  # SQLAlchemy's own FromClause has columns of Any
    session: Session, questionnaire: Questionnaire, answers: FromClause, campaign_id: int
) -> Tally:
    """Let the database count the answers of a campaign, as ``scoring.tally`` counts rows.

    ``answers`` has the columns campaign_id, respondent, customer, item and points: the score of the grade (for a
    scale, the number on it) in whole hundredths. Where they are NULL the item was not answered, but the respondent
    is one. A customer that is NULL is no customer.
    """
    column = answers.c
    asked = _Asked(
        questionnaire, column.respondent, column.customer, column.item, column.points, column.campaign_id == campaign_id
    )
    means: dict[tuple[str, str], Means] = {}
    respondents: defaultdict[str, int] = defaultdict(int)
    for customer, count, totals, weights in _alike(session, asked):
        respondents[customer] += count
        whole = (WHOLE, sum(totals), sum(weights))
        for group, total, weight in (whole, *zip(asked.groups, totals, weights, strict=True)):
            if weight:
                # all of them answered the same weights, so their means have one denominator
                scores = asked.score_of(Fraction(total, weight * HUNDREDTHS), count)
                means[customer, group] = means.get((customer, group), Means()) + Means(scores, count)
    return Tally(_counts(session, asked), means, respondents)


def _counts(session: Session, asked: _Asked) -> Mapping[tuple[str, str, Decimal], int]:
    rows = session.execute(
        select(asked.customer, asked.item, asked.points, func.count())
        .where(asked.of_campaign, asked.points.is_not(None), asked.item.in_(asked.questionnaire.by_key))
        .group_by(asked.customer, asked.item, asked.points)
    )
    found: defaultdict[tuple[str, str, Decimal], int] = defaultdict(int)
    for customer, item, points, count in rows:
        found[customer or "", item, Decimal(points or 0) / HUNDREDTHS] += count
    return found


def _alike(session: Session, asked: _Asked) -> Iterator[tuple[str, int, list[int], list[int]]]:
    """The respondents of one customer who answered the same weights of every group: how many, their sums, the weights.

    A weight is so many of the smallest common part, and a sum is of weighted hundredths: all are whole numbers.
    """
    places = range(len(asked.groups))
    each = (
        select(asked.customer.label("customer"), *_sums(asked))
        .where(asked.of_campaign)
        .group_by(asked.respondent, asked.customer)
        .subquery()
    )
    totals = [func.coalesce(func.sum(each.c[f"total_{at}"]), 0) for at in places]
    weights = [each.c[f"weight_{at}"] for at in places]
    rows = session.execute(
        select(each.c.customer, func.count(), *totals, *weights).group_by(each.c.customer, *weights)
    )  # fmt: skip
    for customer, count, *both in rows:
        # PostgreSQL adds up whole numbers to decimals
        whole = [int(one) for one in both]
        yield customer or "", count, whole[: len(places)], whole[len(places) :]


def _sums(asked: _Asked) -> Iterator[ColumnElement[int]]:
    """For each group of one respondent: the weighted hundredths, and the weights that were answered."""
    parts = lcm(*(Fraction(item.weight).denominator for item in asked.questionnaire.items))
    for at, group in enumerate(asked.groups):
        weights = {item.key: int(Fraction(item.weight) * parts) for item in asked.questionnaire.of_group(group)}
        answered = case((asked.points.is_(None), 0), else_=case(weights, value=asked.item, else_=0))
        yield func.sum(answered * cast(asked.points, BigInteger)).label(f"total_{at}")
        yield func.sum(answered).label(f"weight_{at}")
