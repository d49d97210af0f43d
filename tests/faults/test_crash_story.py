"""The crash story: whatever dies, what was acknowledged is there once, and what must be told is told once."""

import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SettableClock
from notifications.delivery import Post, deliver_due
from storage.audit import verify
from storage.database import Database
from storage.files import load
from tests.support import LONG
from tests.support.desk import FRIDAY, Desk
from tests.support.faults.chat import Chat
from tests.support.faults.driver import Ledger, Plan, play
from tests.support.faults.worker import COMPANY, Job, Worker, warm_up

NUMBERED_BEFORE = 81


@dataclass
class Told:
    """A crash story at its end: everything drained."""

    job: Job
    ledger: Ledger
    database: Database
    chat: Chat
    kills: int


@contextmanager
def told(url: str, folder: Path, plan: Plan, *, workers: int = 1, can_find: bool = True) -> Iterator[Told]:
    """Play the story and drain what is left, on a clock that is turned."""
    Desk.furnished(url, folder).database.dispose()
    job = Job(url, folder, FRIDAY, time.monotonic(), can_find=can_find)
    crew = [Worker(job, f"worker-{index}", plan.seed * 1000 + index * 100) for index in range(workers)]
    print(f"seed {plan.seed}: {plan.intakes} intakes, {plan.kills} kills")  # noqa: T201 - a run that fails says how it was played
    warm_up()
    ledger = play(job, crew, plan)
    assert ledger.faults == []
    clock = SettableClock(job.clock())
    database = Database(url, clock, attachments=folder / "files")
    story = Told(job, ledger, database, job.chat(plan.seed), kills=sum(worker.kills for worker in crew))
    try:
        drain(story, clock)
        yield story
    finally:
        database.dispose()


def drain(story: Told, clock: SettableClock) -> None:
    """Let time pass until nothing waits; a person tries dead letters again."""
    post = Post(story.database, story.chat, COMPANY.words)
    while set(story.database.do(lambda uow: uow.outbox.counts())) - {"sent", "cancelled", "merged"}:
        while deliver_due(post):
            pass
        story.database.do(lambda uow: [uow.outbox.replay(letter.id) for letter in uow.outbox.dead()])
        clock.forward(timedelta(minutes=2))
    while story.database.do(lambda uow: uow.audit.seal()):
        pass


def rows(story: Told, sql: str) -> list[tuple[object, ...]]:
    """Look into the database."""
    with story.database.reading() as session:
        return [tuple(row) for row in session.connection().exec_driver_sql(sql)]


def nothing_acknowledged_is_lost(story: Told, plan: Plan) -> None:
    """Every complaint is there once, under the number that was answered; numbers have no gap; photos are whole."""
    found = {str(title): str(number) for title, number in rows(story, "select title, number from cases")}
    assert len(rows(story, "select id from cases")) == plan.intakes
    assert found == story.ledger.numbers
    last = NUMBERED_BEFORE + plan.intakes
    assert sorted(found.values()) == [f"TS-2026-{count:04d}" for count in range(NUMBERED_BEFORE + 1, last + 1)]
    photos = rows(story, "select sha256, case_id from attachments")
    assert len(photos) == story.ledger.photos
    for digest, case_id in photos:
        assert case_id is not None
        load(story.job.folder / "files", str(digest))
    with story.database.reading() as session:
        assert verify(session).faults == ()


def nothing_to_tell_is_lost(story: Told) -> None:
    """Every message that was queued arrived, a receipt for every complaint among them, and nothing else arrived."""
    queued = {str(key) for (key,) in rows(story, "select key from outbox where state = 'sent'")}
    taken = story.chat.taken()
    assert queued == set(taken)
    receipts = {key.split("/")[1] for key in taken if key.startswith("receipt/")}
    assert receipts == set(story.ledger.numbers.values())


def doubled(story: Told) -> Counter[str]:
    """Messages that arrived more than once, and how often too many."""
    return Counter({key: count - 1 for key, count in story.chat.taken().items() if count > 1})


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_hundreds_of_intakes_and_kills_along_them(sqlite_url: str, tmp_path: Path) -> None:
    """
    Kills at random instants, 28 % of the platform's calls failing: nothing lost, nothing doubled.

    12 kills along 200 intakes; at full length 50 along 2,000.
    """
    plan = Plan(intakes=2000 if LONG else 200, kills=50 if LONG else 12, seed=secrets.randbelow(10**6))

    with told(sqlite_url, tmp_path, plan) as story:
        nothing_acknowledged_is_lost(story, plan)
        nothing_to_tell_is_lost(story)
        assert doubled(story) == {}
        assert story.kills >= plan.kills
        assert story.ledger.redelivered > 0
        assert story.chat.cut() > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_replicas_are_killed_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    """
    The same with two replicas on PostgreSQL that share the outbox.
    """
    plan = Plan(intakes=300 if LONG else 80, kills=15 if LONG else 6, seed=secrets.randbelow(10**6))

    with told(postgresql_url, tmp_path, plan, workers=2) as story:
        nothing_acknowledged_is_lost(story, plan)
        nothing_to_tell_is_lost(story)
        assert doubled(story) == {}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_platform_that_cannot_be_asked(sqlite_url: str, tmp_path: Path) -> None:
    """
    Where nobody can look a message up, no more come twice than answers were lost, and both bear one short number.
    """
    plan = Plan(intakes=300 if LONG else 80, kills=15 if LONG else 6, seed=secrets.randbelow(10**6))

    with told(sqlite_url, tmp_path, plan, can_find=False) as story:
        nothing_acknowledged_is_lost(story, plan)
        nothing_to_tell_is_lost(story)
        # a worker killed between sending and writing it down has lost the answer too, to one message at most
        assert doubled(story).total() <= story.chat.cut() + story.kills
        assert all(len(shorts) == 1 for shorts in story.chat.shorts().values())
