"""Transactions: nothing is lost when two change the same row, and nothing naive or half-done is kept."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from storage.cases import Action, Case
from storage.database import Database
from storage.engine import Patience
from storage.errors import BusyError, ConflictError, NaiveTimeError, UnsafeDatabaseError
from storage.state import State
from storage.unit_of_work import UnitOfWork
from tests.support.storage import START, House, a_case


def test_no_update_is_lost_between_threads(house: House) -> None:
    """
    Eight threads read a case, add one and write it back, ten times each: all eighty are there.
    """
    house.do(lambda uow: a_case(uow, "TS-2026-0001", quantity=0))

    def add_one(uow: UnitOfWork) -> None:
        case = uow.cases.find("TS-2026-0001")
        assert case is not None
        assert case.quantity is not None
        case.quantity += 1

    def ten_times(_: int) -> None:
        for _ in range(10):
            while True:
                try:
                    house.database.do(add_one)
                except ConflictError:
                    continue
                break

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ten_times, range(8)))

    with house.database.reading() as session:
        assert session.scalar(select(Case.quantity)) == 80


def test_sqlite_syncs_every_commit(sqlite_house: House) -> None:
    """
    Every SQLite connection has synchronous=FULL, WAL and foreign keys, readers and writers alike.
    """
    with sqlite_house.database.begin() as one, sqlite_house.database.reading() as two:
        for session in (one.session, two):
            answers = [session.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode")]
            assert answers == [2, "wal"]
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_postgresql_waits_for_the_disk(postgresql_house: House) -> None:
    """
    On PostgreSQL a commit is confirmed when it is on the disk, whatever the server's default.
    """
    with postgresql_house.database.begin() as uow:
        assert uow.session.execute(text("SHOW synchronous_commit")).scalar() == "on"
        assert uow.session.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
        assert uow.session.execute(text("SHOW timezone")).scalar() == "UTC"


def test_a_memory_database_is_refused(tmp_path: Path) -> None:
    """
    A database that is gone with the process is no database.
    """
    with pytest.raises(UnsafeDatabaseError):
        Database("sqlite://", lambda: START, attachments=tmp_path)


def test_an_instant_without_a_zone_is_refused(house: House) -> None:
    """
    A naive datetime never reaches the database.
    """
    with pytest.raises(StatementError) as refused, house.database.begin() as uow:
        a_case(uow, received_at=datetime(2026, 11, 20, 16, 5))  # noqa: DTZ001 - the fault under test

    assert isinstance(refused.value.orig, NaiveTimeError)


def test_a_naive_clock_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """
    A clock that tells no zone is refused at once.
    """
    naive = Database(sqlite_url, lambda: START.replace(tzinfo=None), attachments=tmp_path)
    with pytest.raises(NaiveTimeError), naive.begin():
        pass
    naive.dispose()


def test_instants_come_back_equal_and_in_utc(house: House) -> None:
    """
    What is stored to the microsecond comes back so, in UTC, on both databases.
    """
    instant = START + timedelta(microseconds=123457)
    house.do(lambda uow: a_case(uow, due_at=instant))

    with house.database.reading() as session:
        found = session.scalar(select(Case.due_at))
    assert found == instant
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def file_and_fail(uow: UnitOfWork) -> None:
    """Draw a number, keep a case, and break."""
    a_case(uow, uow.numbers.issue("TS-2026"))
    raise ZeroDivisionError


def test_a_failing_block_leaves_no_trace(house: House) -> None:
    """
    An error rolls everything back, the number of the series as well.
    """
    with pytest.raises(ZeroDivisionError):
        house.do(file_and_fail)

    with house.database.begin() as uow:
        assert uow.numbers.issue("TS-2026") == "TS-2026-0001"
        assert uow.cases.tail("1") == []


def test_numbers_have_no_gaps_between_threads(house: House) -> None:
    """
    Six threads draw numbers, some of their transactions fail: the numbers kept are 1 to n.
    """

    def draw(attempt: int) -> None:
        with suppress(ZeroDivisionError):
            house.do(file_and_fail if attempt % 3 == 0 else lambda uow: a_case(uow, uow.numbers.issue("TS-2026")))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(draw, range(60)))

    with house.database.reading() as session:
        numbers = sorted(str(number) for number in session.scalars(select(Case.number)))
    assert numbers == [f"TS-2026-{count:04d}" for count in range(1, 41)]


def test_the_same_moment_holds_for_a_whole_unit_of_work(house: House) -> None:
    """
    The clock is read once, when the unit of work begins.
    """
    with house.database.begin() as uow:
        house.clock.later(hours=1)
        assert uow.now == START


def test_errors_do_not_tell_what_people_wrote(house: House) -> None:
    """
    An error of the database names the fault, never the values: it may be logged.
    """
    house.do(lambda uow: a_case(uow, draft_id="d1", title="机密"))
    with pytest.raises(ConflictError) as refused, house.database.begin() as uow:
        a_case(uow, draft_id="d1", title="机密")

    assert "机密" not in f"{refused.value} {refused.value.__cause__}"


def test_a_unique_key_taken_by_another_is_a_conflict(house: House) -> None:
    """
    The second case from the same draft is refused with a named error.
    """
    house.do(lambda uow: a_case(uow, draft_id="d1"))
    with pytest.raises(ConflictError), house.database.begin() as uow:
        a_case(uow, draft_id="d1")


def test_a_visit_is_answered_once(house: House) -> None:
    """
    A second answer to the same visit of a step is a conflict: the second tap changes nothing.
    """

    def answer(uow: UnitOfWork) -> None:
        case = uow.cases.find("TS-2026-0001") or a_case(uow, "TS-2026-0001")
        case.actions.append(Action(step=case.step, visit=1, key="submit", answers={}, at=uow.now))

    house.do(answer)
    with pytest.raises(ConflictError), house.database.begin() as uow:
        answer(uow)


def test_do_runs_the_job_again_when_a_race_is_lost(house: House) -> None:
    """
    A job that meets a key taken meanwhile runs from the start, and sees what the other did.
    """
    runs: list[object] = []

    def job(uow: UnitOfWork) -> object:
        runs.append(uow.inbox.seen("e1"))
        if len(runs) == 1:
            raise ConflictError("another was first")
        if runs[-1] is None:
            uow.inbox.record("e1", {"text": "TS-2026-0001"})
        return uow.inbox.seen("e1")

    assert house.database.do(job) == {"text": "TS-2026-0001"}
    assert len(runs) == 2


def test_a_duplicate_event_gets_the_first_answer(house: House) -> None:
    """
    Twenty deliveries of one event by eight threads do their work once; all get the same answer.
    """
    done: list[int] = []

    def receive(delivery: int) -> object:
        def job(uow: UnitOfWork) -> object:
            answer = uow.inbox.seen("event-1")
            if answer is not None:
                return answer
            number = uow.numbers.issue("TS-2026")
            a_case(uow, number)
            uow.inbox.record("event-1", {"number": number})
            return {"number": number}

        done.append(delivery)
        return house.database.do(job)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(receive, range(20)))

    assert answers == [{"number": "TS-2026-0001"}] * 20
    with house.database.reading() as session:
        assert len(session.scalars(select(Case.id)).all()) == 1


def test_old_answers_are_forgotten_in_small_bites(house: House) -> None:
    """
    An answer is kept for two weeks, longer than any platform delivers again; older ones go, a few at a time.
    """

    def keep(*keys: str) -> None:
        with house.database.begin() as uow:
            for key in keys:
                uow.inbox.record(key, {"text": key})

    keep("a", "b", "c")
    house.clock.later(days=13)
    early = house.database.do(lambda uow: uow.inbox.forget(uow.now - timedelta(days=14)))
    keep("young")
    house.clock.later(days=2)
    bites = [house.database.do(lambda uow: uow.inbox.forget(uow.now - timedelta(days=14), 2)) for _ in range(3)]

    assert early == 0
    assert bites == [2, 1, 0]
    assert house.database.do(lambda uow: uow.inbox.seen("young")) == {"text": "young"}
    assert house.database.do(lambda uow: uow.inbox.seen("a")) is None


def test_a_reader_cannot_write(house: House) -> None:
    """
    The database itself refuses a change in a reading session, and lets writers write afterwards.
    """
    with pytest.raises(DBAPIError), house.database.reading() as session:
        State(session).put("x", 1)

    house.do(lambda uow: uow.state.put("x", 2))
    with house.database.reading() as session:
        assert State(session).get("x") == 2


def test_a_reader_keeps_no_writer_waiting(house: House) -> None:
    """
    While someone reads, others write; the reader of SQLite goes on seeing what it saw.
    """
    with house.database.reading() as session:
        session.scalars(select(Case.id)).all()
        house.do(lambda uow: a_case(uow, "TS-2026-0001"))


def test_patience_ends_with_a_named_error(database_url: str, tmp_path: Path) -> None:
    """
    A writer that waits longer than our patience gets BusyError, whoever holds the row: a thread of ours or not.
    """
    house = House(database_url, tmp_path, patience=Patience(lock=timedelta(milliseconds=200)))
    stranger = Database(database_url, house.clock, attachments=tmp_path)
    house.do(lambda uow: uow.numbers.next("TS-2026"))
    with stranger.begin() as other:
        other.numbers.next("TS-2026")
        with pytest.raises(BusyError), house.database.begin() as uow:
            uow.numbers.next("TS-2026")

    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with house.database.begin() as uow:
            uow.numbers.next("TS-2026")
            holding.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(10)
    with pytest.raises(BusyError), house.database.begin() as uow:
        uow.numbers.next("TS-2026")
    done.set()
    thread.join()
    stranger.dispose()
    house.close()


def test_other_programs_may_open_the_sqlite_file(sqlite_house: House) -> None:
    """
    A plain sqlite3 connection reads what we committed, and our instants in readable text.
    """
    sqlite_house.do(lambda uow: a_case(uow, "TS-2026-0001", title="少送两箱", answers={"话": "少送"}))
    with closing(sqlite3.connect(sqlite_house.url.removeprefix("sqlite:///"))) as plain:
        row = plain.execute("SELECT received_at, title, answers FROM cases").fetchone()

    assert row == ("2026-11-20 08:05:00.000000", "少送两箱", '{"话":"少送"}')
