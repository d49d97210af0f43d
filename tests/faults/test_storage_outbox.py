"""The outbox: each message goes to one worker, and one that was away too long decides nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from storage.errors import StorageError
from storage.mailbox import NewLetter
from storage.outbox_rows import Claimed
from tests.support.storage import House, a_case, a_message


def claim(house: House, owner: str = "a", limit: int = 10) -> list[Claimed]:
    """Take what is due, in a transaction of its own."""
    return house.database.do(lambda uow: uow.outbox.claim(owner, "console", limit))


def test_a_key_is_queued_once(house: House) -> None:
    """
    The same key is told once, however often it is queued, one by one or in bulk.
    """
    with house.database.begin() as uow:
        assert uow.outbox.add(a_message("k1"))
        assert not uow.outbox.add(a_message("k1"))
        assert uow.outbox.add_all([a_message("k1"), a_message("k2"), a_message("k3")]) == 2
        assert uow.outbox.add_all([]) == 0
        assert uow.outbox.counts() == {"pending": 3}


def test_several_workers_yield_each_message_once(house: House) -> None:
    """
    Six workers claim 300 messages in batches of seven: every message is claimed once, no batch is larger.
    """
    house.do(lambda uow: uow.outbox.add_all([a_message(f"k{count}") for count in range(300)]))

    def work(worker: int) -> list[str]:
        mine: list[str] = []
        while batch := claim(house, f"worker-{worker}", 7):
            assert len(batch) <= 7
            mine += [message.key for message in batch]
        return mine

    with ThreadPoolExecutor(6) as threads:
        claimed = [key for keys in threads.map(work, range(6)) for key in keys]

    assert sorted(claimed) == sorted(f"k{count}" for count in range(300))


def test_many_reports_at_once_obey_the_fence(house: House) -> None:
    """
    Of a batch reported in one statement only the claims still ours count.
    """
    house.do(lambda uow: uow.outbox.add_all([a_message("k1"), a_message("k2")]))
    one, other = claim(house)
    with house.database.begin() as uow:
        assert uow.outbox.sent_all([(one.id, one.fence, "r1"), (other.id, other.fence - 1, "r2")]) == 1
        assert uow.outbox.sent_all([]) == 0
        assert uow.outbox.counts() == {"sent": 1, "sending": 1}


def test_claiming_reads_no_backlog(sqlite_house: House) -> None:
    """
    SQLite claims along the partial index that is in the right order: nothing is scanned or sorted.
    """
    plans: list[str] = []

    def explain(connection: Connection, cursor: object, sql: str, values: tuple[object, ...], *_: object) -> None:
        if sql.startswith("WITH picked"):
            plan = connection.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            plans.extend(row[3] for row in plan.fetchall())

    event.listen(sqlite_house.database._engine, "before_cursor_execute", explain)
    claim(sqlite_house)

    assert any("INDEX ix_outbox_claim (platform=?)" in step for step in plans)
    assert any("INDEX ix_outbox_order (case_id=? AND address=? AND id<?)" in step for step in plans)
    assert not any("TEMP B-TREE" in step or "SCAN outbox" in step for step in plans)


def test_the_urgent_go_first(house: House) -> None:
    """
    By priority, then by time, then in the order they were queued; nothing before its hour.
    """
    with house.database.begin() as uow:
        uow.outbox.add(a_message("digest", priority=9))
        uow.outbox.add(a_message("later", priority=0, not_before=uow.now + timedelta(hours=1)))
        uow.outbox.add(a_message("level", priority=0))
        uow.outbox.add(a_message("receipt"))

    assert [message.key for message in claim(house)] == ["level", "receipt", "digest"]
    house.clock.later(hours=1)
    assert [message.key for message in claim(house)] == ["later"]


def test_order_is_kept_per_case_and_address(house: House) -> None:
    """
    A later message about a case waits for the earlier one to the same address, also while that is tried again.
    """
    with house.database.begin() as uow:
        case = a_case(uow)
        uow.outbox.add(a_message("first", case_id=case.id, priority=9))
        uow.outbox.add(a_message("second", case_id=case.id, priority=0))
        uow.outbox.add(a_message("elsewhere", case_id=case.id, address="person:2"))

    first, _ = sorted(claim(house), key=lambda message: message.priority, reverse=True)
    assert first.key == "first"
    assert claim(house) == []
    with house.database.begin() as uow:
        uow.outbox.failed(first.id, first.fence, "503", uow.now + timedelta(minutes=5))
    assert claim(house) == []
    house.clock.later(minutes=5)
    (again,) = claim(house)
    assert (again.key, again.attempts) == ("first", 2)
    house.do(lambda uow: uow.outbox.sent(again.id, again.fence))

    assert [message.key for message in claim(house)] == ["second"]


def test_a_message_that_waits_for_its_hour_holds_nothing_up(house: House) -> None:
    """
    A notice kept for Monday morning does not delay an urgent one to the same group on Sunday.
    """
    with house.database.begin() as uow:
        case = a_case(uow)
        uow.outbox.add(a_message("monday", case_id=case.id, not_before=uow.now + timedelta(days=1)))
        uow.outbox.add(a_message("sunday", case_id=case.id))

    assert [message.key for message in claim(house)] == ["sunday"]


def test_a_zombie_decides_nothing(house: House) -> None:
    """
    A worker whose claim ran out cannot report any more, neither success nor failure.
    """
    house.do(lambda uow: uow.outbox.add(a_message("k1")))
    (late,) = claim(house, "zombie")
    house.clock.later(minutes=2)
    with house.database.begin() as uow:
        assert uow.outbox.recover() == 1
    with house.database.begin() as uow:
        (asked,) = uow.outbox.claim_unknown("b", "console", 10)

    with house.database.begin() as uow:
        assert not uow.outbox.sent(late.id, late.fence, "late")
        assert not uow.outbox.failed(late.id, late.fence, "late", None)
        assert not uow.outbox.release(late.id, late.fence)
        assert uow.outbox.sent(asked.id, asked.fence, "found")
        assert not uow.outbox.sent(asked.id, asked.fence, "twice")
        assert uow.outbox.counts() == {"sent": 1}


def test_a_lost_answer_is_asked_about_before_it_is_sent_again(house: House) -> None:
    """
    An unknown message is never claimed for sending; the one who asks may send it again or close it.
    """
    house.do(lambda uow: uow.outbox.add(a_message("k1")))
    (sent,) = claim(house)
    house.do(lambda uow: uow.outbox.unknown(sent.id, sent.fence, "cut off", uow.now + timedelta(seconds=5)))
    assert claim(house) == []
    with house.database.begin() as uow:
        assert uow.outbox.claim_unknown("b", "console", 10) == []

    house.clock.later(seconds=5)
    with house.database.begin() as uow:
        (asked,) = uow.outbox.claim_unknown("b", "console", 10)
        assert uow.outbox.claim_unknown("c", "console", 10) == []
        assert uow.outbox.failed(asked.id, asked.fence, "absent", uow.now)
    (again,) = claim(house)
    assert (again.short, again.attempts) == (sent.short, 2)


@pytest.mark.parametrize("crash", ["before", "after"])
def test_a_worker_that_dies_leaves_an_unknown(house: House, crash: str) -> None:
    """
    A claim that runs out becomes unknown, because the message may have gone out; not before.
    """
    house.do(lambda uow: uow.outbox.add(a_message("k1")))
    claim(house)
    house.clock.later(seconds=59 if crash == "before" else 61)
    with house.database.begin() as uow:
        assert uow.outbox.recover() == (0 if crash == "before" else 1)


def test_dead_letters_keep_their_reason_and_can_be_replayed(house: House) -> None:
    """
    After the last attempt a message waits for a person, who may try it again from the start.
    """
    house.do(lambda uow: uow.outbox.add(a_message("k1")))
    (tried,) = claim(house)
    with house.database.begin() as uow:
        uow.outbox.failed(tried.id, tried.fence, "invalid user", None)
        assert [(letter.key, letter.reason) for letter in uow.outbox.dead()] == [("k1", "invalid user")]
    with house.database.begin() as uow:
        assert uow.outbox.replay(tried.id)
        assert not uow.outbox.replay(tried.id)
    (again,) = claim(house)
    assert again.attempts == 1


def test_only_what_is_pending_can_be_taken_back(house: House) -> None:
    """
    Cancelling by key or subject spares what was sent, and what only looks alike.
    """
    with house.database.begin() as uow:
        uow.outbox.add(a_message("level/TS-1/1/L1/a", subject="TS-1", topic="level"))
    claim(house)
    with house.database.begin() as uow:
        uow.outbox.add(a_message("level/TS-1/1/L2/a", subject="TS-1", topic="level"))
        uow.outbox.add(a_message("step/TS-1/b", subject="TS-1", topic="step"))
        uow.outbox.add(a_message("level/TS-10/1/L1/a", subject="TS-10"))
        uow.outbox.add(a_message("level/TS_1/1/L1/a", subject="TS_1"))

        assert uow.outbox.cancel("level/TS-1/") == 1
        assert uow.outbox.cancel("level/TS_1/") == 1
        assert uow.outbox.cancel_subject("TS-1", "level") == 0
        assert uow.outbox.cancel_subject("TS-1") == 1
        assert uow.outbox.counts() == {"sending": 1, "cancelled": 3, "pending": 1}


def test_a_release_counts_as_no_attempt(house: House) -> None:
    """
    A message put back because a limit was reached is as if never tried.
    """
    house.do(lambda uow: uow.outbox.add(a_message("k1")))
    (held,) = claim(house)
    house.do(lambda uow: uow.outbox.release(held.id, held.fence, uow.now + timedelta(seconds=3)))
    assert claim(house) == []
    house.clock.later(seconds=3)
    assert [message.attempts for message in claim(house)] == [1]


def test_a_letter_lies_in_the_mailbox_once(house: House) -> None:
    """
    The console's post takes a key once, and finds it again.
    """
    with house.database.begin() as uow:
        assert uow.mailbox.put(NewLetter(key="k1", address="person:1", text="到期"))
        assert not uow.mailbox.put(NewLetter(key="k1", address="person:1", text="到期"))
        found = uow.mailbox.find("k1")
        assert found is not None
        assert [letter.text for letter in uow.mailbox.of("person:1")] == ["到期"]
        assert list(uow.mailbox.of("person:1", after=found.id)) == []


def test_the_rate_of_an_address_is_kept(house: House) -> None:
    """
    At one per 2.4 s with four at once, no minute sees more than 29 messages, however hard one tries.
    """
    granted = []
    for _ in range(600):
        with house.database.begin() as uow:
            if uow.rates.take("person:1", every=timedelta(seconds=2.4), burst=4) is None:
                granted.append(uow.now)
        house.clock.later(seconds=0.5)

    minute = timedelta(minutes=1)
    busiest = max(sum(start <= instant < start + minute for instant in granted) for start in granted)
    assert 25 <= busiest <= 29


def test_two_who_measure_do_not_wait_in_a_circle(house: House) -> None:
    """
    Two replicas that measure the same addresses, each in its own order, take turns: neither is thrown out.
    """
    meet, faults = threading.Barrier(2, timeout=10), list[Exception]()

    def measure(*keys: str) -> None:
        meet.wait()
        try:
            with house.database.begin() as uow:
                uow.rates.queue("slack")
                for key in keys:
                    uow.rates.take(key, every=timedelta(seconds=1))
                    time.sleep(0.1)
        except StorageError as error:
            faults.append(error)

    threads = [threading.Thread(target=measure, args=keys) for keys in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
