"""The database is away for a while: nothing is confirmed meanwhile, and work goes on when it is back (R13)."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bot.storms import RAISED
from storage.migrate import upgrade
from tests.support import LONG, postgres
from tests.support.faults.company import Company, working
from tests.support.faults.outage import Locked, Outage, stoppable
from tests.support.faults.traffic import Answer, Traffic, slowest

RATE = 50 if LONG else 15
STOPS = [random.Random(13).uniform(0.1, 10) for _ in range(20)] if LONG else [0.1, 0.3, 0.5]
LOCKS = [60.0, 5.0] if LONG else [2.3]
BETWEEN_SECONDS = 3 if LONG else 0.5
LONGEST = 1_000_000
BACK_SECONDS = 3.0
REFUSED_SECONDS = 2.0
LATE = 0.8
"""What a busy machine adds to it, at most: Slack waits for three seconds."""

ONCE_SECONDS = 9.9


@contextmanager
def away(kind: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, Outage]]:
    """A database, and the way to take it away."""
    if kind == "sqlite":
        url = str(request.getfixturevalue("sqlite_url"))
        yield url, Locked(url)
        return
    if not isinstance(postgres.find(), Path):
        pytest.skip("a PostgreSQL that somebody else runs is not stopped: unset GUKEBOT_TEST_PG_URL")
    with stoppable() as (url, outage):
        upgrade(url)
        yield url, outage


def suffered(outage: Outage, spans: list[float], traffic: Traffic) -> list[tuple[float, float]]:
    """Take it away so often and so long; from when to when it was gone."""
    gaps = []
    for span in spans:
        time.sleep(BETWEEN_SECONDS)
        outage.begin()
        gone = traffic.now
        time.sleep(span)
        gaps.append((gone, traffic.now))
        outage.end()
    time.sleep(BETWEEN_SECONDS)
    return gaps


def within(answers: list[Answer], gap: tuple[float, float]) -> list[Answer]:
    """What was asked and answered while it was gone."""
    return [each for each in answers if gap[0] < each.at and each.at + each.seconds < gap[1]]


def back_after(answers: list[Answer], gap: tuple[float, float]) -> float:
    """The seconds until something was taken again."""
    taken = (each.at + each.seconds - gap[1] for each in answers if each.status == 200)
    return min(seconds for seconds in taken if seconds > 0)


def told_once(company: Company) -> list[tuple[float, str]]:
    """Lines that came again within ten seconds: after how long, and what they say."""
    last: dict[str, float] = {}
    soon = []
    for line in company.bots[0].lines():
        if line["level"] == "info":
            continue
        at = datetime.fromisoformat(line["at"]).timestamp()
        raised = line.get("kind") or RAISED.findall(line.get("exception", ""))[-1:]
        words = f"{line['logger']} {line['event']} {raised}"
        if at - last.get(words, 0.0) < ONCE_SECONDS:
            soon.append((at - last[words], words))
        last[words] = at
    return soon


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_outage_is_waited_for(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """
    Nothing is confirmed while the database is gone, who asks is told so within 2 s, the first is taken within 3 s of
    its return, the process lives, and its log says each thing once in ten seconds.
    """
    with away(kind, request) as (url, outage), working(url, tmp_path) as company:
        company.bots[0].start()
        traffic = company.traffic()
        traffic.start(LONGEST, RATE)
        gaps = suffered(outage, LOCKS if kind == "sqlite" else STOPS, traffic)
        answers = traffic.stop()
        refused = [each for each in answers if each.status != 200]
        gone = [each for gap in gaps for each in within(answers, gap)]
        back = max(back_after(answers, gap) for gap in gaps)
        written = [line for line in company.bots[0].lines() if line["level"] != "info"]
        print(  # noqa: T201 - the figures of docs/reliability.md
            f"{kind}: {len(gaps)} outages; {len(answers)} requests, {len(gone)} asked and answered meanwhile: "
            f"{dict(Counter(each.status for each in gone))}; slowest refusal {slowest(refused):.2f} s; back after "
            f"{back:.2f} s at most; log: {dict(Counter(str(line['event']) for line in written))}"
        )

        assert 200 not in {each.status for each in gone}
        assert {each.status for each in refused} == {503}
        assert slowest(refused) < REFUSED_SECONDS + LATE
        assert back < BACK_SECONDS
        assert company.bots[0].alive
        assert told_once(company) == []
        assert company.traffic().again([each.number for each in refused]) == []
        assert company.lost(each.number for each in answers) == []
