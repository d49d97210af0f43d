"""The end of a platform's crash story: what is left is drained on a clock that is turned, then all is counted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from bot.clock import SettableClock
from notifications.delivery import Post, deliver_due
from storage.audit import verify
from storage.database import Database
from tests.support.faults.driver import Ledger
from tests.support.faults.server import ServerJob

NUMBERED_BEFORE = 81


@contextmanager
def database_of(job: ServerJob, clock: SettableClock) -> Iterator[Database]:
    """The story's database, on a clock that is turned."""
    database = Database(job.url, clock, attachments=job.folder / "files")
    try:
        yield database
    finally:
        database.dispose()


def drain(database: Database, posts: Sequence[Post], clock: SettableClock) -> None:
    """Let time pass until nothing waits; a person tries dead letters again."""
    while set(database.do(lambda uow: uow.outbox.counts())) - {"sent", "cancelled", "merged"}:
        while sum(deliver_due(post) for post in posts):
            clock.forward(timedelta(seconds=1))
        database.do(lambda uow: [uow.outbox.replay(letter.id) for letter in uow.outbox.dead()])
        clock.forward(timedelta(seconds=20))
    while database.do(lambda uow: uow.audit.seal()):
        pass


def rows(database: Database, sql: str) -> list[tuple[object, ...]]:
    """Look into the database."""
    with database.reading() as session:
        return [tuple(row) for row in session.connection().exec_driver_sql(sql)]


def each_complaint_is_there_once(database: Database, ledger: Ledger, intakes: int) -> list[str]:
    """Every complaint is there once, under the number that was shown, without a gap; all numbers in order."""
    found = {str(title): str(number) for title, number in rows(database, "select title, number from cases")}
    assert len(rows(database, "select id from cases")) == intakes
    assert set(found) == set(ledger.numbers)
    shown = {title: number for title, number in ledger.numbers.items() if number}
    assert shown == {title: found[title] for title in shown}
    last = NUMBERED_BEFORE + intakes
    numbers = sorted(found.values())
    assert numbers == [f"TS-2026-{count:04d}" for count in range(NUMBERED_BEFORE + 1, last + 1)]
    with database.reading() as session:
        assert verify(session).faults == ()
    return numbers
