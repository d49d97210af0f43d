"""Replicas are restarted one after the other while people write: nobody notices (R11)."""

from collections import Counter
from pathlib import Path

import pytest

from tests.support import LONG
from tests.support.faults.company import working
from tests.support.faults.traffic import slowest

RATE = 50 if LONG else 25
RESTARTS = 40 if LONG else 5
LONGEST = 1_000_000


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_replicas_are_restarted_under_load(postgresql_url: str, tmp_path: Path) -> None:
    """
    Requests without a pause to two replicas behind a balancer that goes to the other when a line is refused or cut:
    each request is taken, each stop takes less than 8 s and ends with 0, no message is left half sent, and the replicas
    never wait for one another in a circle.
    """
    with working(postgresql_url, tmp_path, bots=2) as company:
        company.bots[1].begin()
        company.bots[0].start()
        company.bots[1].ready()
        traffic = company.traffic()
        traffic.start(LONGEST, RATE)
        stops, codes = [], []
        for count in range(RESTARTS):
            bot = company.bots[count % 2]
            stops.append(bot.stop())
            codes.append(bot.ended())
            bot.start()
        answers = traffic.stop()
        # a busy machine may tell one to come again, and it comes
        late = company.traffic().again([each.number for each in answers if each.status == 503])
        for bot in company.bots:
            stops.append(bot.stop())
            codes.append(bot.ended())
        states = dict(company.rows("select state, count(*) from outbox group by state"))
        print(  # noqa: T201 - the figures of docs/reliability.md
            f"{len(answers)} requests, {dict(Counter(each.status for each in answers))}, {traffic.cut} lines moved to "
            f"the other replica, slowest {slowest(answers):.2f} s; {len(stops)} stops, longest {max(stops):.2f} s; "
            f"messages {states}"
        )

        assert {each.status for each in answers} <= {200, 503}
        assert late == []
        assert company.lost(each.number for each in answers) == []
        assert set(codes) == {0}
        assert max(stops) < 8
        assert "sending" not in states
        assert [line for bot in company.bots for line in bot.lines() if line["level"] in {"error", "critical"}] == []
        assert max(Counter(company.slack.shown()).values(), default=0) <= 1
