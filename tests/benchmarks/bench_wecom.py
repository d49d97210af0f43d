"""P4 over WeCom's HTTP: a line that is opened, dealt with, written down and answered; fifty of them a second."""

from collections.abc import Iterator
from itertools import cycle

from tests.benchmarks.pairing import Goal, Row, duration, limit
from tests.benchmarks.rig import Rig
from tests.benchmarks.slack_servers import Server, street
from tests.benchmarks.slack_traffic import open_loop
from tests.benchmarks.turns import CROWD, Contender, a_second, row, taken
from tests.benchmarks.wecom_office import Office, endless
from tests.support.wecom.world import SECRETS

A_SECOND, MOST_MS = 50, 50
TEXT = "82"
"""Somebody asks for a case: the shortest thing that is dealt with and answered."""


def rows(rig: Rig) -> Iterator[Row]:
    """Each database that is here."""
    for database, url in rig.urls().items():
        with street() as place:
            office = Office(rig, url())
            ours = place.ours(office)
            bare = place.wechatpy(SECRETS.token, SECRETS.aes_key, SECRETS.corp_id)
            yield from _paired(rig, database, office, (ours, bare))
            for seconds in (10,) if rig.quick else (10, 60):
                yield _steady(database, office, ours, seconds)
            office.close()


def _paired(rig: Rig, database: str, office: Office, servers: tuple[Server, Server]) -> Iterator[Row]:
    ours, bare = servers
    sample = office.lines(TEXT, 50)
    for lines in (1, CROWD):
        contenders = [Contender(ours, endless(office, TEXT)), Contender(bare, cycle(sample))]
        line, nothing = taken(contenders, 4 if rig.quick else 9, lines)
        what = f"P4 {database}, {lines} connection{'s' if lines > 1 else ''}"
        yield row(Goal(f"{what}, callbacks", 1.0, at_least=True), (line, nothing), lambda s: s.rate, a_second)
        yield row(Goal(f"{what}, processor", 1.0), (line, nothing), lambda s: s.cpu_each)


def _steady(database: str, office: Office, ours: Server, seconds: int) -> Row:
    """An empty 200 for each of fifty a second, what they ask for being sent meanwhile."""
    before = ours.cpu
    found = open_loop(ours.port, office.lines(TEXT, seconds * A_SECOND), A_SECOND)
    told = ", ".join(f"p{share:g} {duration(found.at(share / 100))}" for share in (50, 90, 99))
    busy = (ours.cpu - before) / found.seconds
    shown = f"{told}; {found.refused} of {len(found.took)} told to come again; processor {busy:.0%}"
    return limit(f"P4 {database}, {A_SECOND}/s for {seconds} s: p99", shown, found.at(0.99) * 1e3, MOST_MS, "ms")
