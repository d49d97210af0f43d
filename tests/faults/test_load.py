"""Fifty requests a second while all is well, while commits are slow, and while the database is locked (R4)."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.support import LONG
from tests.support.faults.company import Company, working
from tests.support.faults.traffic import Answer, slowest

RATE = 50
NORMAL, SLOW, LOCKED = (90, 10, 10) if LONG else (1, 0.2, 0.4)
LOCK_SECONDS = 10 if LONG else 2.6
SLOW_COMMIT_SECONDS = 0.2
DATABASES = ["sqlite", "postgresql"] if LONG else ["sqlite"]


@contextmanager
def locked(url: str, seconds: float) -> Iterator[None]:
    """Another program holds the database so long; the block may go on meanwhile."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("pragma busy_timeout = 5000")
            other.execute("begin immediate")
            yield from _held(seconds)
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as other:
            other.execute("lock table inbox in share row exclusive mode")
            yield from _held(seconds)
            other.rollback()


def _held(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    yield
    time.sleep(max(0.0, end - time.monotonic()))


def sent(company: Company, seconds: float, name: str) -> list[Answer]:
    """Fifty a second, so long; what came of each."""
    traffic = company.traffic()
    traffic.start(int(RATE * seconds), RATE)
    answers = traffic.end()
    statuses = dict(Counter(each.status for each in answers))
    taken = [each for each in answers if each.status == 200]
    words = ", ".join(f"{share:.1%} {slowest(taken, share) * 1000:.0f} ms" for share in (0.5, 0.99, 0.999))
    print(f"{name}: {statuses}; taken: {words}; last answer after {slowest(answers):.2f} s")  # noqa: T201 - the figures of docs/reliability.md
    company.sent += len(answers)
    assert company.lost(each.number for each in taken) == []
    return answers


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", DATABASES)
def test_fifty_a_second_in_good_times_and_bad(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """
    No answer later than the platforms wait, none but 200 and 503, and a row for each 200; what was told to come again
    is taken when it does. With nothing in the way nobody is told so.
    """
    url = str(request.getfixturevalue(f"{kind}_url"))
    with working(url, tmp_path, wecom_share=5) as company:
        company.bots[0].start()
        sent(company, 0.1, "warm")
        normal = sent(company, NORMAL, "normal")
        company.place.slow.write_text(str(SLOW_COMMIT_SECONDS))
        slow = sent(company, SLOW, "commits take 200 ms more")
        company.place.slow.unlink()
        with locked(url, LOCK_SECONDS):
            held = sent(company, LOCKED, "locked")
        answers = [*normal, *slow, *held]
        refused = [each.number for each in answers if each.status != 200]

        assert {each.status for each in normal} == {200}
        assert {each.status for each in answers} <= {200, 503}
        assert 503 in {each.status for each in held}
        assert [each for each in answers if each.seconds > company.limit(each)] == []
        assert company.traffic().again(refused) == []
        assert company.lost(range(company.sent)) == []
        assert company.bots[0].alive
