"""P5 and P6: a sweep that finds nothing, one that finds a thousand, and the first one after a restart."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from handlers import deadlines
from storage.database import Database
from tests.benchmarks import rig as rigs
from tests.benchmarks.pairing import Goal, Row, Side, Work, compare, installed, seconds, without
from tests.benchmarks.peers import bare_escalation
from tests.benchmarks.rig import Rig
from tests.support.bulk import copy_case, open_deadlines
from tests.support.desk import Desk

DUE = 1000
SWEEPS = 100


def rows(rig: Rig) -> Iterator[Row]:
    """Idle, restart, escalating."""
    for name, url in rig.urls().items():
        yield from _idle(rig, name, url)
    yield from _escalating(rig)


def _idle(rig: Rig, name: str, url: Callable[[], str]) -> Iterator[Row]:
    many = 100_000 if rig.quick else 1_000_000
    few = rig.desk(url(), partial(open_deadlines, count=10_000))
    full = rig.desk(url(), partial(open_deadlines, count=many))
    work = Work(rounds=7, units=SWEEPS)
    yield compare(
        Goal(f"P5 idle sweep, {name}, {many:,} open", 1.2),
        Side("sweep", lambda: _sweeps(full)), Side("at 10,000", lambda: _sweeps(few)), work,
    )  # fmt: skip
    yield compare(
        Goal(f"P6 first sweep after a restart, {name}, {many:,} open", 2),
        Side("sweep", lambda: _restart(full)), Side("at 10,000", lambda: _restart(few)), Work(rounds=7),
    )  # fmt: skip
    few.database.dispose()
    full.database.dispose()


def _sweeps(desk: Desk) -> float:
    return seconds(lambda: [deadlines.sweep(desk.database, desk.company) for _ in range(SWEEPS)])


def _restart(desk: Desk) -> float:
    def first() -> None:
        database = Database(desk.database._engine.url.render_as_string(hide_password=False), desk.clock,
                            attachments=desk.database._attachments)  # fmt: skip
        deadlines.sweep(database, desk.company)
        database.dispose()

    return seconds(first)


def _escalating(rig: Rig) -> Iterator[Row]:
    """L1 of a thousand deadlines, each from the same state."""
    desk = rig.desk(rig.sqlite(), partial(copy_case, count=DUE - 1))
    due = desk.do(lambda uow: uow.deadlines.running(1))[-1].due_at
    desk.do(lambda uow: uow.session.connection().exec_driver_sql(
        "update deadlines set next_level = 'L1', next_level_at = due_at where key = 'K1'"))  # fmt: skip
    desk.do(lambda uow: uow.session.connection().exec_driver_sql(
        "update deadlines set next_level = null, next_level_at = null where key <> 'K1'"))  # fmt: skip
    desk.clock.set(due + timedelta(minutes=1))
    desk.database.dispose()
    ready = rigs.file_of(desk.database._engine.url.render_as_string())
    rigs.fold(ready)
    again = rig.folder / "again" / "gukebot.db"

    def ours() -> float:
        rigs.copied(ready, again)
        database = Database(f"sqlite:///{again}", desk.clock, attachments=again.parent / "files")
        took = seconds(lambda: _expect(deadlines.sweep(database, desk.company)))
        database.dispose()
        return took

    ours()
    now, later = (f"{instant:%Y-%m-%d %H:%M:%S.%f}" for instant in (desk.clock(), desk.clock() + timedelta(hours=4)))
    connection = sqlite3.connect(again)
    told = [address for (address,) in connection.execute(
        "select address from outbox where topic = 'level' and case_id = 1")]  # fmt: skip
    payload = connection.execute("select payload from outbox where topic = 'level'").fetchone()[0]
    connection.close()

    def bare() -> float:
        rigs.copied(ready, again)
        return seconds(lambda: _expect(bare_escalation.escalate(again, now, later, told, payload)))

    name = f"P5 {DUE:,} levels due, each told to {len(told)}"
    work = Work(rounds=5)
    yield compare(Goal(name, 2), Side("sweep", ours), Side("bare SQL", bare), work)
    goal = Goal(f"P5 {DUE:,} due", 20, at_least=True)
    if not installed("apscheduler"):
        yield without(goal, "APScheduler")
        return
    from tests.benchmarks.peers import apscheduler_store

    def store() -> float:
        file = rig.folder / "jobs.db"
        file.unlink(missing_ok=True)
        return apscheduler_store.fire(file, DUE)

    yield compare(goal, Side("sweep", ours), Side("APScheduler's job store firing no-ops", store), Work(rounds=3))


def _expect(reached: int) -> None:
    assert reached == DUE, reached
