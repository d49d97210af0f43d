"""Scoring a survey of a million answers where they are kept, against the bare SQL that yields the same numbers."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import text

from conversations.questionnaires.plain import to_plain
from conversations.questionnaires.shelf import SHELF
from storage.cases import Case
from storage.surveys import Campaign, QuestionnaireRow
from storage.unit_of_work import UnitOfWork
from tests.benchmarks import bench_survey_http
from tests.benchmarks.pairing import Goal, Row, Side, Work, compare, duration, limit, seconds
from tests.benchmarks.peers.survey_sql import QUERIES
from tests.benchmarks.rig import Rig, file_of
from tests.support.bulk import SERIES
from tests.support.desk import Desk
from tests.support.surveys import PLAIN

ASKED = SHELF["customer"]
MOST_SECONDS = 10
AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


def rows(rig: Rig) -> Iterator[Row]:
    """A hundred thousand answers, and in a whole run a million, on each database; then answering over HTTP."""
    for name, url in rig.urls().items():
        for count in (100_000,) if rig.quick else (100_000, 1_000_000):
            desk = rig.desk(url(), partial(_answered, respondents=count // len(ASKED.items)))
            ours, peer = Side("figures", partial(_figures, desk)), Side("bare SQL", _bare(desk))
            work = Work(rounds=5 if count <= 100_000 else 3)
            yield compare(Goal(f"scoring {count:,} answers on {name}", 2), ours, peer, work)
            if count == 1_000_000:
                took = _figures(desk)
                yield limit(f"a million answers on {name}, whole", duration(took), took, MOST_SECONDS, "s")
            desk.database.dispose()
    yield from bench_survey_http.rows(rig)


def _figures(desk: Desk) -> float:
    from reports.scoring import figures
    from reports.survey_counts import counted

    def score() -> None:
        with desk.database.reading() as session:
            campaign = session.get_one(Campaign, 1)
            figures(ASKED, counted(session, campaign, ASKED), PLAIN)

    return seconds(score)


def _bare(desk: Desk) -> Callable[[], float]:
    """The same from a connection without anything of ours."""
    url = desk.database._engine.url.render_as_string(hide_password=False)

    def run() -> float:
        if url.startswith("sqlite"):
            connection = sqlite3.connect(file_of(url))
            return seconds(lambda: _asked(connection.execute))
        import psycopg

        with psycopg.connect(url.replace("+psycopg", "")) as connection_:
            return seconds(lambda: _asked(connection_.execute))

    return run


def _asked(execute: Callable[[str], object]) -> None:
    for query in QUERIES.values():
        execute(query.format(campaign=1)).fetchall()  # type: ignore[attr-defined]  # both databases' cursors have it


def _answered(uow: UnitOfWork, case: Case, respondents: int) -> None:
    """One campaign, so many respondents of five hundred customers, every seventh answer missing."""
    asked = QuestionnaireRow(key="customer", version=1, kind="customer", body=to_plain(ASKED), created_at=AT)
    if uow.surveys.questionnaire("customer", 1) is None:
        uow.surveys.keep_questionnaire(asked)
    campaign = Campaign(
        case_id=case.id, kind="customer", questionnaire="customer", version=1, opened_at=AT, closes_at=AT
    )
    uow.surveys.launch(campaign, ())
    connection = uow.session.connection()
    given = {"count": respondents, "campaign": campaign.id}
    connection.execute(
        text(
            "INSERT INTO survey_invitations (id, campaign_id, subject, customer, language, state, reminded) "
            f"{SERIES} SELECT 'i' || n, :campaign, 's' || n, 'K' || (n % 500), 'zh', 'answered', 0 FROM series"
        ),
        given,
    )
    connection.execute(
        text(
            "INSERT INTO survey_responses (id, campaign_id, invitation_id, customer, mode, begun_at, submitted_at) "
            "SELECT 'r' || id, campaign_id, id, customer, 'link', :at, :at FROM survey_invitations"
        ),
        {"at": AT.replace(tzinfo=None) if connection.dialect.name == "sqlite" else AT},
    )
    for at, item in enumerate(ASKED.items):
        points = f"CASE (length(customer) * 7 + CAST(substr(subject, 2) AS integer) * {at + 3}) % 7 "
        points += "WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN 5000 WHEN 3 THEN 10000 ELSE 8000 END"
        connection.execute(
            text(
                "INSERT INTO survey_answers (response_id, item, grade, points, text) "
                f"SELECT 'r' || id, :item, '', {points}, '' FROM survey_invitations"
            ),
            {"item": item.key},
        )
