"""Two bots on one SQLite file: the second is refused and told by whom, a dead one is replaced at once (R14)."""

from pathlib import Path

import pytest

from tests.benchmarks.slack_servers import free_port
from tests.support import LONG
from tests.support.faults.bot import Bot
from tests.support.faults.company import working

TIMES = 200 if LONG else 10
KILLS = 20 if LONG else 2
TAKES_OVER_SECONDS = 5.0
"""A second at most on a quiet machine; docs/reliability.md has the figure."""


@pytest.mark.timeout(600)
def test_a_second_bot_is_refused_and_a_dead_one_replaced(sqlite_url: str, tmp_path: Path) -> None:
    """
    75 and the number of the process that holds it, again and again, while the first goes on; after a kill the lock
    that lies there, whatever stands in it, is taken over. No message comes twice.
    """
    with working(sqlite_url, tmp_path) as company:
        first = company.bots[0]
        first.start()
        traffic = company.traffic()
        traffic.start(1_000_000, 10)
        others = [Bot(company.place, free_port(), f"second-{count}") for count in range(TIMES)]
        for group in (others[begin : begin + 10] for begin in range(0, TIMES, 10)):
            for other in group:
                other.begin()
            assert {other.ended() for other in group} == {75}
        answers = traffic.stop()
        late = company.traffic().again([each.number for each in answers if each.status == 503])
        told = [other.log.read_text() for other in others]

        assert all(f"Process {first.pid} already works on this database" in words for words in told)
        assert all("Traceback" not in words for words in told)
        assert {each.status for each in answers} <= {200, 503}
        assert late == []

        lock = next(tmp_path.glob("*.lock"))
        took = []
        for count in range(KILLS):
            first.kill()
            if count % 2:
                lock.write_text("1")  # a process that lives and has nothing to do with us
            took.append(first.start())
        print(f"{TIMES} refused, {KILLS} taken over: ready again after {max(took):.2f} s at most")  # noqa: T201 - a figure of docs/reliability.md
        assert max(took) < TAKES_OVER_SECONDS
        assert max(company.slack.shown().values(), default=0) <= 1
