"""P5 and P6: a sweep that finds nothing, one that finds a thousand, and the first one after a restart."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from handlers import deadlines
from storage.database import Database
from storage.unit_of_work import UnitOfWork
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


@dataclass
class Due:
    """A database in which L1 of a thousand deadlines is due, copied anew for every measurement."""

    desk: Desk
    ready: Path
    copy: Path

    @classmethod
    def made(cls, rig: Rig) -> "Due":
        """A thousand cases whose K1 is just over."""
        desk = rig.desk(rig.sqlite(), partial(copy_case, count=DUE - 1))
        due = desk.do(lambda uow: uow.deadlines.running(1))[-1].due_at
        for change in (
            "update deadlines set next_level = 'L1', next_level_at = due_at where key = 'K1'",
            "update deadlines set next_level = null, next_level_at = null where key <> 'K1'",
        ):
            desk.do(partial(_changed, sql=change))
        desk.clock.set(due + timedelta(minutes=1))
        desk.database.dispose()
        ready = rigs.file_of(desk.database._engine.url.render_as_string())
        rigs.fold(ready)
        return cls(desk, ready, rig.folder / "again" / "gukebot.db")

    def swept(self) -> float:
        """Seconds for one sweep."""
        rigs.copied(self.ready, self.copy)
        database = Database(f"sqlite:///{self.copy}", self.desk.clock, attachments=self.copy.parent / "files")
        took = seconds(lambda: _expect(deadlines.sweep(database, self.desk.company)))
        database.dispose()
        return took

    def told(self) -> tuple[list[str], str]:
        """The addresses that one case's level went to, and the text, as the last sweep wrote them."""
        connection = sqlite3.connect(self.copy)
        found = connection.execute("select address, payload from outbox where topic = 'level' and case_id = 1")
        addresses, payloads = zip(*found, strict=True)
        connection.close()
        return list(addresses), payloads[0]


def _changed(uow: UnitOfWork, sql: str) -> None:
    uow.session.connection().exec_driver_sql(sql)


def _escalating(rig: Rig) -> Iterator[Row]:
    """Each from the same state."""
    due = Due.made(rig)
    due.swept()
    told, payload = due.told()
    clock = due.desk.clock
    now, later = (f"{instant:%Y-%m-%d %H:%M:%S.%f}" for instant in (clock(), clock() + timedelta(hours=4)))

    def bare() -> float:
        rigs.copied(due.ready, due.copy)
        return seconds(lambda: _expect(bare_escalation.escalate(due.copy, now, later, told, payload)))

    goal = Goal(f"P5 {DUE:,} levels due, each told to {len(told)}", 2)
    yield compare(goal, Side("sweep", due.swept), Side("bare SQL", bare), Work(rounds=5))
    goal = Goal(f"P5 {DUE:,} due", 20, at_least=True)
    if not installed("apscheduler"):
        yield without(goal, "APScheduler")
        return
    from tests.benchmarks.peers import apscheduler_store

    def store() -> float:
        file = rig.folder / "jobs.db"
        file.unlink(missing_ok=True)
        return apscheduler_store.fire(file, DUE)

    peer = Side("APScheduler's job store firing no-ops", store)
    yield compare(goal, Side("sweep", due.swept), peer, Work(rounds=3))


def _expect(reached: int) -> None:
    assert reached == DUE, reached
