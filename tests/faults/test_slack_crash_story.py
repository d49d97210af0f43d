"""The crash story over Slack's HTTP: whatever dies, what Slack was told 200 for is there once, and is told once."""

import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import SettableClock
from bot.slack import calls
from bot.slack.outbound import gateways
from notifications.delivery import Post
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.slack_servers import free_port
from tests.support import LONG
from tests.support.desk import FRIDAY, Desk
from tests.support.faults.driver import SALES, Ledger, Plan
from tests.support.faults.server import ServerJob, work
from tests.support.faults.slack import Slack
from tests.support.faults.slack_people import FILED, NUMBER, play
from tests.support.faults.story import database_of, drain, each_complaint_is_there_once, rows
from tests.support.faults.worker import Worker, warm_up
from tests.support.slack.stand import SIGNING_SECRET

TOKEN = "xoxb-story"
QUIET = frozenset({"card", "home"})
"""Topics of what is edited where it stands: nothing new is posted."""


@dataclass
class Told:
    """A story at its end: everything is drained."""

    job: ServerJob
    ledger: Ledger
    database: Database
    slack: Slack
    kills: int


@contextmanager
def told(url: str, folder: Path, plan: Plan, *, workers: int = 1) -> Iterator[Told]:
    """Play the story and drain what is left, on a clock that is turned."""
    desk = Desk.furnished(url, folder)
    users = desk.do(known_at_slack)
    desk.leave()
    slack = Slack(lambda: FRIDAY, plan.seed)
    ports = {f"server-{index}": free_port() for index in range(workers)}
    words = {"bot_token": TOKEN, "signing_secret": SIGNING_SECRET, "api_base_url": slack.api}
    job = ServerJob(url, folder, FRIDAY, time.monotonic(), configuration={"slack": words}, ports=ports)
    slack.clock = job.clock
    crew = [Worker(job, name, plan.seed, life=work) for name in ports]
    print(f"seed {plan.seed}: {plan.intakes} intakes, {plan.kills} kills")  # noqa: T201 - a run that fails says how it was played
    warm_up()
    with closing(slack):
        ledger = play(job, crew, plan, slack, users)
        assert ledger.faults == []
        slack.clock = clock = SettableClock(job.clock())
        with database_of(job, clock) as database:
            story = Told(job, ledger, database, slack, sum(worker.kills for worker in crew))
            app = job.app()
            ways = gateways(calls.client(app.settings.slack), database, app.company)
            drain(database, [Post(database, way, app.company.words) for way in ways], clock)
            app.database.dispose()
            yield story


def known_at_slack(uow: UnitOfWork) -> list[str]:
    """Everybody has an account and every department a channel; the accounts of those who report."""
    for number, department in enumerate(uow.organisation.departments()):
        department.channels = {**department.channels, "slack": f"C{number:09}"}
    for person in uow.organisation.people():
        person.slack_id = f"U{person.id:09}"
    return [f"U{person.id:09}" for person in uow.organisation.people() if person.name in SALES]


def nothing_is_lost_or_doubled(story: Told, plan: Plan) -> None:
    """Every complaint is there once, under the number that was shown; every message stands once, and no other."""
    numbers = each_complaint_is_there_once(story.database, story.ledger, plan.intakes)
    sent = rows(story.database, "select key, topic from outbox where state = 'sent'")
    standing = story.slack.shown()
    assert {key: count for key, count in standing.items() if count > 1} == {}
    assert {str(key) for key, topic in sent if topic not in QUIET} == set(standing)
    receipts = [said.text for said in story.slack.said if said.key.startswith("reply/") and FILED in said.text]
    assert numbers == sorted(number for text in receipts for number in NUMBER.findall(text)[:1])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_slack_intakes_outlive_kills(sqlite_url: str, tmp_path: Path) -> None:
    """
    Windows, lines, buttons and commands, 28 % of what is sent failing, the server killed: nothing lost, nothing twice.
    """
    plan = Plan(intakes=40 if LONG else 24, kills=10 if LONG else 5, seed=secrets.randbelow(10**6))

    with told(sqlite_url, tmp_path, plan) as story:
        nothing_is_lost_or_doubled(story, plan)
        assert story.kills >= plan.kills
        assert story.ledger.redelivered > 0
        assert story.slack.cut > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_slack_replicas_are_killed_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    """
    The same with two replicas on PostgreSQL: what one has not taken, the other takes.
    """
    plan = Plan(intakes=40 if LONG else 24, kills=10 if LONG else 5, seed=secrets.randbelow(10**6))

    with told(postgresql_url, tmp_path, plan, workers=2) as story:
        nothing_is_lost_or_doubled(story, plan)
