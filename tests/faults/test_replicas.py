"""Replicas on PostgreSQL: any of them may die or hang at any time, and every level is reached and told once."""

import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from bot.clock import SettableClock
from handlers import deadlines, switchboard
from handlers.events import Answered, Pressed, Sender
from notifications.delivery import Post, deliver_due
from storage.cases import Case
from storage.database import Database
from storage.deadlines import Deadline
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.bulk import copy_case
from tests.support.desk import FRIDAY, Desk
from tests.support.faults.chat import PLATFORM, Chat
from tests.support.faults.driver import ANSWERS, FOR_QUALITY, SALES
from tests.support.faults.worker import COMPANY, Job, Worker, warm_up

CASES = 60 if LONG else 30
LEVELS = ("R1", "R2", "L1", "L2", "L3")
WINDOW = timedelta(minutes=5 if LONG else 2.5)
SPEED = 20
"""Five minutes of the story, in which every level falls due, are 15 seconds; a claim lasts 3."""

HANGS_SECONDS = (0.5, 5.0)
PATIENCE_SECONDS = 120

SETTLED_LOG = (
    "create table settled (message bigint, fence bigint, before text)",
    """create function settle() returns trigger language plpgsql as $$ begin
        insert into settled values (new.id, new.fence, old.state); return new; end $$""",
    """create trigger settle after update on outbox for each row
        when (new.state = 'sent' or old.state = 'sent') execute function settle()""",
)
"""The database itself writes down every report of a message as sent, and every change after one."""


@dataclass
class Told:
    """A story of replicas at its end: everything drained. ``by_replicas``: levels that were fired before that."""

    database: Database
    chat: Chat
    kills: int
    stops: int
    by_replicas: int


def seed_cases(job: Job, chance: random.Random) -> int:
    """Many open cases, whose levels all fall due within the window, each at its own moment.

    They are urgent: of a reminder that is not, a person hears a dozen a day at most. Says how many levels there are.
    """
    desk = Desk.furnished(job.url, job.folder)
    sender = Sender(PLATFORM, SALES[0])
    form = switchboard.receive(desk.database, COMPANY, Pressed("start", sender, "start:complaint"))
    switchboard.receive(
        desk.database,
        COMPANY,
        Answered("form", sender, form.draft, {**ANSWERS, **FOR_QUALITY, "impact": "已停线", "description": "少送两箱"}),
    )
    switchboard.receive(desk.database, COMPANY, Pressed("file", sender, "skip"))
    count = desk.do(lambda uow: _copies(uow, chance))
    desk.database.dispose()
    return count * len(LEVELS)


def _copies(uow: UnitOfWork, chance: random.Random) -> int:
    case = uow.session.scalars(select(Case)).one()
    copy_case(uow, case, CASES - 1)
    for statement in SETTLED_LOG:
        uow.session.connection().exec_driver_sql(statement)
    rows = uow.session.scalars(select(Deadline)).all()
    for deadline in rows:
        moments = sorted(uow.now + WINDOW * chance.random() for _ in LEVELS)
        deadline.levels = [
            {"name": name, "at": at.isoformat(), "fate": "due", "group_at": None}
            for name, at in zip(LEVELS, moments, strict=True)
        ]
        deadline.due_at, deadline.next_level, deadline.next_level_at = moments[2], LEVELS[0], moments[0]
    return len(rows)


@contextmanager
def told(url: str, folder: Path, replicas: int, seed: int) -> Iterator[Told]:
    """Let replicas sweep and deliver while they are killed and held, then drain what is left."""
    print(f"seed {seed}, {replicas} replicas")  # noqa: T201 - a run that fails says how it was played
    chance = random.Random(seed)
    job = Job(url, folder, FRIDAY, 0, SPEED, takes_events=False, sweeps=True, checks_duplicates=True)
    wanted = seed_cases(job, chance)
    warm_up()
    job = replace(job, began=time.monotonic())
    crew = [Worker(job, f"replica-{index}", seed * 1000 + index * 100) for index in range(replicas)]
    for worker in crew:
        worker.start()
    _disturb(job, crew, chance, wanted)
    clock = SettableClock(job.clock())
    database = Database(url, clock, attachments=folder / "files")
    chat = job.chat(seed)
    by_replicas = _reached(job)
    try:
        _drain(database, chat, clock)
        yield Told(database, chat, sum(w.kills for w in crew) - replicas, sum(w.stops for w in crew), by_replicas)
    finally:
        database.dispose()


def _disturb(job: Job, crew: list[Worker], chance: random.Random, wanted: int) -> None:
    """Kill one, or hold one for a while and let it go on as if nothing had been: after every few levels they reach.

    Counted in levels, not in seconds, so that a busy machine is disturbed as a quiet one is.
    """
    held: dict[str, tuple[Worker, float]] = {}
    reached, after, patience = 0, 1, _until(PATIENCE_SECONDS)
    while (reached < wanted and not patience()) or held:
        time.sleep(0.05)
        for worker, over in list(held.values()):
            if time.monotonic() > over:
                worker.go_on()
                del held[worker.name]
        reached = _reached(job)
        free = [worker for worker in crew if worker.name not in held]
        if not free or reached < after or reached >= wanted:
            continue
        after = reached + chance.randint(1, wanted // 10)
        worker = chance.choice(free)
        if chance.random() < 0.5:
            worker.kill()
            worker.start()
        else:
            worker.stop()
            held[worker.name] = (worker, time.monotonic() + chance.uniform(*HANGS_SECONDS))
    time.sleep(1)  # those that hung report what they think they have done
    for worker in crew:
        worker.kill()


def _until(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _reached(job: Job) -> int:
    with psycopg.connect(job.url.replace("+psycopg", "")) as connection:
        found = connection.execute("select count(*) from escalations").fetchone()
    return int(found[0]) if found else 0


def _drain(database: Database, chat: Chat, clock: SettableClock) -> None:
    post = Post(database, chat, COMPANY.words)
    while deadlines.sweep(database, COMPANY):
        pass
    while set(database.do(lambda uow: uow.outbox.counts())) - {"sent", "cancelled", "merged"}:
        while deliver_due(post):
            pass
        database.do(lambda uow: [uow.outbox.replay(letter.id) for letter in uow.outbox.dead()])
        clock.forward(timedelta(minutes=2))


def rows(story: Told, sql: str) -> list[tuple[object, ...]]:
    """Look into the database."""
    with story.database.reading() as session:
        return [tuple(row) for row in session.connection().exec_driver_sql(sql)]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("replicas", [2, 4] if LONG else [4])
def test_replicas_die_and_hang_while_deadlines_fall_due(postgresql_url: str, tmp_path: Path, replicas: int) -> None:
    """
    Every level of every deadline once, every message seen once, and no report of one that hung is believed.
    """
    with told(postgresql_url, tmp_path, replicas, secrets.randbelow(10**6)) as story:
        wanted = {(row, level) for (row,) in rows(story, "select id from deadlines") for level in LEVELS}
        reached = rows(story, "select deadline_id, level from escalations")
        assert len(reached) == len(wanted)
        assert set(reached) == wanted

        fired = {(row, level) for row, level in rows(
            story, "select deadline_id, level from escalations where state = 'fired'")}  # fmt: skip
        keys = [str(key) for (key,) in rows(story, "select key from outbox where topic = 'level' and state = 'sent'")]
        assert {tuple(key.split("/")[1:4:2]) for key in keys} == {(str(row), level) for row, level in fired}

        shown = story.chat.shown()
        assert set(shown) == {str(key) for (key,) in rows(story, "select key from outbox where state = 'sent'")}
        assert set(shown.values()) == {1}
        # one that hung may have had one message on its lips; the platform's check let nobody see it twice
        late = Counter({key: count - 1 for key, count in story.chat.taken().items() if count > 1})
        assert late.total() <= story.stops

        settled = Counter(message for (message,) in rows(story, "select message from settled"))
        assert set(settled.values()) == {1}
        assert story.kills > 0
        assert story.stops > 0
        assert story.by_replicas > len(wanted) // 2
