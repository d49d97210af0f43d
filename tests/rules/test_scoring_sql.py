"""A database counts a survey as a file is counted: the same figures, to the last digit, on SQLite and PostgreSQL."""

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert
from sqlalchemy.orm import Session

from conversations.questionnaire import Questionnaire, Scale
from conversations.questionnaires.shelf import SHELF
from reports.scoring import Answer, tally
from reports.scoring_sql import tally_of
from tests.support.surveys import asked

ANSWERS = Table(
    "proof_of_answers",
    MetaData(),
    Column("campaign_id", Integer),
    Column("respondent", String),
    Column("customer", String),
    Column("item", String),
    Column("points", Integer),
)
ON_A_SCALE = asked({"a": "3", "b": "1.5", "c": "0"}, {"a": "x", "b": "x", "c": "y"}, Scale(Decimal(1), Decimal(5)))


@pytest.fixture
def session(blank_database_url: str) -> Iterator[Session]:
    """A database with a table of answers, as a campaign's answers look once they are joined."""
    engine = create_engine(blank_database_url)
    ANSWERS.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def keep(session: Session, campaign: int, answers: Sequence[Answer]) -> None:
    """Keep answers in the table, scores in hundredths, no customer as NULL."""
    rows = [
        {
            "campaign_id": campaign, "respondent": str(each.respondent), "customer": each.customer or None,
            "item": each.item, "points": None if each.answer is None else int(each.answer * 100),
        }
        for each in answers
    ]  # fmt: skip
    session.execute(insert(ANSWERS), rows)


def some(questionnaire: Questionnaire, seed: int) -> list[Answer]:
    """Answers of a hundred respondents of some customers, a third of them missing, and things that nobody asked."""
    chance = random.Random(seed)
    possible = [grade.score for grade in questionnaire.grades] or [Decimal(each) for each in (1, 2, 4, 5)]
    items = [*(item.key for item in questionnaire.items), "opinion"]
    of = {who: chance.choice(("K001", "K002", "K003", "")) for who in range(100)}
    return [
        Answer(str(who), item, None if item == "opinion" else chance.choice((*possible, None)), of[who])
        for who in of
        for item in items
    ]


@pytest.mark.parametrize("questionnaire", [*SHELF.values(), ON_A_SCALE], ids=lambda each: f"{each.key}")
def test_both_ways_of_counting_agree(session: Session, questionnaire: Questionnaire) -> None:
    """
    Counts, means by customer and group, and respondents are equal as fractions, not merely near.
    """
    mine, others = some(questionnaire, 1), some(questionnaire, 2)
    keep(session, 7, mine)
    keep(session, 8, others)

    assert tally_of(session, questionnaire, ANSWERS, 7) == tally(questionnaire, mine)
    assert tally_of(session, questionnaire, ANSWERS.alias(), 8) == tally(questionnaire, others)


def test_a_campaign_without_answers_counts_nothing(session: Session) -> None:
    """
    Nobody yet is an empty tally.
    """
    counted = tally_of(session, SHELF["customer"], ANSWERS, 1)

    assert (dict(counted.counts), dict(counted.means), dict(counted.respondents)) == ({}, {}, {})


def test_grades_with_cents_and_thirds_of_weights_stay_exact(session: Session) -> None:
    """
    66.67 and weights with many digits are added up as whole numbers: nothing is rounded on the way.
    """
    questionnaire = asked({"a": "0.333333", "b": "0.333333", "c": "0.333334"})
    answers = [
        Answer("1", "a", Decimal("66.67")), Answer("1", "c", Decimal("33.33")), Answer("2", "b", Decimal("0.01")),
    ]  # fmt: skip
    keep(session, 1, answers)

    assert tally_of(session, questionnaire, ANSWERS, 1) == tally(questionnaire, answers)
