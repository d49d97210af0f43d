"""P1, P2, P3 and R4 over Slack's HTTP: a whole complaint, one quiet user, many routes, fifty requests a second.

Ours is ``gukebot serve`` as a company starts it; every server is a process of its own, and Slack is another.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from reports.drawing import draw_in_process
from tests.benchmarks import bench_charts
from tests.benchmarks.pairing import Goal, Row, duration, limit
from tests.benchmarks.rig import Rig
from tests.benchmarks.slack_office import Office
from tests.benchmarks.slack_servers import Server, Street, street
from tests.benchmarks.slack_traffic import Post, open_loop
from tests.benchmarks.turns import CROWD, SLICE_SECONDS, Contender, a_second, row, taken
from tests.support.desk import Desk

A_SECOND, LATEST_SECONDS = 50, 2.9
PAUSE_SECONDS = 0.05
"""A user who is alone thinks so long between two requests."""

HANDLERS, FEW, PLAIN = 200, 3, 60


def rows(rig: Rig) -> Iterator[Row]:
    """Each database that is here; routes do not ask any."""
    for database, url in rig.urls().items():
        with street() as place:
            office = Office(rig, url())
            ours = place.ours(office)
            yield from _intake(rig, place, (database, office, ours))
            yield from _quiet(rig, place, (database, office, ours))
            yield from _steady(rig, (database, office, ours))
            office.close()
    with street() as place:
        yield from _routes(rig, place)


# ------------------------------------------------------------ P1, P2


def _intake(rig: Rig, place: Street, at: tuple[str, Office, Server]) -> Iterator[Row]:
    database, office, ours = at
    rounds = 4 if rig.quick else 9
    kept = str(rig.folder / f"row-{rig.made}.db") if database == "SQLite" else office.url.replace("+psycopg", "")
    sample = office.complaints(50)
    peers = [place.bolt("bare Bolt"), place.bolt("Bolt + row", where=kept)]
    for lines in (1, CROWD):
        posts = iter(office.complaints(rounds * int(SLICE_SECONDS * 150)))
        contenders = [Contender(ours, posts), *(Contender(peer, cycle(sample)) for peer in peers)]
        complaint, bare, storing = taken(contenders, rounds, lines)
        what = f"P1 {database}, {lines} connection{'s' if lines > 1 else ''}"
        yield row(Goal(f"{what}, requests", 0.9, at_least=True), (complaint, bare), lambda s: s.rate, a_second)
        yield row(Goal(f"{what}, requests", 1.4, at_least=True), (complaint, storing), lambda s: s.rate, a_second)
        yield row(Goal(f"{what}, processor", 1 / 0.9), (complaint, bare), lambda s: s.cpu_each)
        if lines == CROWD:
            yield row(Goal(f"{what}, p99", 1.0), (complaint, bare), lambda s: s.at(0.99))


def _quiet(rig: Rig, place: Street, at: tuple[str, Office, Server]) -> Iterator[Row]:
    database, office, ours = at
    rounds = 3 if rig.quick else 7
    waiting = place.bolt("Bolt's default", "waiting")
    sample = office.complaints(50)
    sent = {
        "a complaint": iter(office.complaints(rounds * int(SLICE_SECONDS / PAUSE_SECONDS))),
        "a case asked for": office.lines("82"),
    }
    for what, posts in sent.items():
        contenders = [Contender(ours, posts), Contender(waiting, cycle(sample))]
        told, default = taken(contenders, rounds, 1, PAUSE_SECONDS)
        yield row(Goal(f"P2 {database}, {what}, p50", 0.25), (told, default), lambda s: s.middle)


# ------------------------------------------------------------ P3


def _routes(rig: Rig, place: Street) -> Iterator[Row]:
    rounds = 10  # two servers that do the same differ by a tenth in fewer
    office = Office(rig, rig.sqlite())
    goal = Goal(f"P3 {HANDLERS} handlers, requests", 0.95, at_least=True)
    many, few = (place.routes(f"ours, {count}", count) for count in (HANDLERS, FEW))
    contenders = [Contender(server, office.shortcuts("x.wanted")) for server in (many, few)]
    first, second = taken(contenders, rounds, CROWD)
    yield row(goal, (first, second), lambda s: s.rate, a_second)
    yield row(Goal(f"P3 {HANDLERS} handlers, processor", 1 / 0.95), (first, second), lambda s: s.cpu_each)
    plain, fewer = (place.bolt(f"Bolt, {count}", listeners=count) for count in (PLAIN, FEW))
    contenders = [Contender(server, office.shortcuts("wanted")) for server in (plain, fewer)]
    first, second = taken(contenders, rounds, CROWD)
    goal = Goal(f"P3 for comparison: bare Bolt, {PLAIN} listeners", 0.95, at_least=True)
    yield row(goal, (first, second), lambda s: s.rate, a_second)
    office.close()


# ------------------------------------------------------------ R4, P10


def _steady(rig: Rig, at: tuple[str, Office, Server]) -> Iterator[Row]:
    """Fifty requests a second: lines, and among ten of them one complaint; then with charts being drawn."""
    database, office, ours = at
    seconds = 10 if rig.quick else 60
    for what, meanwhile in (("", _nothing), (", charts drawn", _drawing)):
        posts = _mixed(office, seconds * A_SECOND)
        with meanwhile(rig):
            found = open_loop(ours.port, posts, A_SECOND)
        told = ", ".join(f"p{share:g} {duration(found.at(share / 100))}" for share in (50, 99, 99.9))
        late = sum(took > LATEST_SECONDS for took in found.took)
        name = f"R4 {database}, {A_SECOND}/s for {seconds} s{what}: later than {LATEST_SECONDS} s"
        yield limit(name, f"{late} of {len(found.took)}; {told}; {found.refused} told to come again", late, 0, "")


def _mixed(office: Office, count: int) -> list[Post]:
    lines = office.lines("82")
    complaints = iter(office.complaints(count // 10))
    return [next(complaints) if index % 10 == 5 else next(lines) for index in range(count)]


@contextmanager
def _nothing(_rig: Rig) -> Iterator[None]:
    yield


@contextmanager
def _drawing(rig: Rig) -> Iterator[None]:
    """One month's pictures after another, in processes as the server starts them."""
    rig.made += 1
    desk = Desk.open(rig.sqlite(), rig.folder / f"charts-{rig.made}")
    figures = bench_charts.sample_figures(desk)
    desk.database.dispose()
    stop = threading.Event()

    def draw() -> None:
        while not stop.is_set():
            draw_in_process(figures, "zh", rig.folder)

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
