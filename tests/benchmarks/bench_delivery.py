"""P7: draining the outbox on PostgreSQL, and keeping to a platform's pace."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

import psycopg

from bot import clock, deliveries
from notifications.delivery import BATCH, Post, deliver_due
from notifications.gateway import DeliveryError, Letter
from notifications.manners import NONE
from storage.database import Database
from storage.outbox_rows import Message
from tests.benchmarks.pairing import Goal, Row, Side, Work, compare, installed, judged, seconds, without
from tests.benchmarks.rig import Rig, analyse

COPIES = """insert into outbox (key, short, platform, address, topic, subject, level, priority, payload, state,
    attempts, next_at, fence, receipt, reason, created_at)
    select 'copy/' || n || '/' || key, short, 'null', address, topic, subject, level, priority, payload, 'pending', 0,
    next_at, 0, '', '', created_at from outbox, generate_series(1, %s) n where topic = 'receipt'"""

CHANNELS, EACH = 4, 11
PACE = timedelta(seconds=1)
TOLERANCE = timedelta(milliseconds=20)
"""How much too early the platform lets pass: its clock is not ours."""


class Null:
    """A platform that takes everything at once."""

    platform = "null"
    pace: Mapping[str, tuple[timedelta, int]] = {}
    manners = NONE
    can_find = True
    fault = ""

    def send(self, letter: Letter) -> str:
        """Taken."""
        return letter.key

    def find(self, letter: Letter) -> str | None:
        """Everything arrives."""
        return letter.key


class Paced(Null):
    """A platform that takes one message a second in each channel, and answers 429 to what comes sooner."""

    pace: Mapping[str, tuple[timedelta, int]] = {"channel": (PACE, 1)}

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.refused = 0
        self._last: dict[str, float] = {}

    def send(self, letter: Letter) -> str:
        """Taken, unless it comes too soon."""
        now = time.monotonic()
        if now - self._last.get(letter.address, 0) < (PACE - TOLERANCE).total_seconds():
            self.refused += 1
            raise DeliveryError("429", retry_after=PACE)
        self._last[letter.address] = now
        self.taken[letter.address] += 1
        return letter.key


def rows(rig: Rig) -> Iterator[Row]:
    """The bare loop, the two queues, and the pace."""
    if rig.server is None:
        yield without(Goal("P7 outbox drain", 2, at_least=True), "no PostgreSQL here")
    else:
        yield from _drains(rig, rig.server.migrated())
    yield _paced(rig)


def _drains(rig: Rig, url: str) -> Iterator[Row]:
    from tests.benchmarks.peers import skip_locked

    count = 500 if rig.quick else 3000
    dsn = url.replace("+psycopg", "")
    desk = rig.desk(url)
    payload = json.dumps(desk.do(lambda uow: dict(uow.outbox.of_case(1)[0].payload)), ensure_ascii=False)
    work = Work(rounds=5, units=count, rate=True, what="messages")

    def ours() -> float:
        _fill(dsn, url, count)
        post = Post(desk.database, Null(), desk.company.words)
        return seconds(lambda: _drain(post))

    def bare() -> float:
        _fill(dsn, url, count)
        return seconds(lambda: skip_locked.drain(dsn, desk.clock().isoformat(), BATCH))

    own = Side("drain", ours)
    yield compare(Goal("P7 outbox drain", 0.7, at_least=True), own, Side("bare SKIP LOCKED", bare), work)
    yield from _queues(rig, own, payload, count)
    desk.database.dispose()


def _queues(rig: Rig, own: Side, payload: str, count: int) -> Iterator[Row]:
    assert rig.server is not None
    dsn = rig.server.blank().replace("+psycopg", "")
    goal = Goal("P7 outbox drain", 2, at_least=True)
    work = Work(rounds=3, units=count, rate=True, what="messages")
    if installed("pgqueuer"):
        from tests.benchmarks.peers import pgqueuer_drain

        pgqueuer_drain.install(dsn)
        peer = Side(f"pgqueuer, batch {BATCH}", lambda: pgqueuer_drain.drain(dsn, payload.encode(), count, BATCH))
        yield compare(goal, own, peer, work)
    else:
        yield without(goal, "pgqueuer")
    goal = Goal("P7 outbox drain", 10, at_least=True)
    if installed("procrastinate"):
        from tests.benchmarks.peers import procrastinate_drain

        procrastinate_drain.install(dsn)
        peer = Side("procrastinate", lambda: procrastinate_drain.drain(dsn, payload, count))
        yield compare(goal, own, peer, work)
    else:
        yield without(goal, "procrastinate")


def _fill(dsn: str, url: str, count: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("delete from outbox where platform = 'null'")
        connection.execute(COPIES, (count,))
    analyse(url)


def _drain(post: Post) -> None:
    while deliver_due(post):
        pass


def _paced(rig: Rig) -> Row:
    """As the server delivers: round after round, with the server's own waits between them."""
    desk = rig.desk(rig.sqlite())
    desk.database.dispose()
    database = Database(desk.database._engine.url.render_as_string(), clock.now, attachments=rig.folder)
    like = desk.do(lambda uow: uow.outbox.of_case(1)[0])
    messages = [
        Message(key=f"paced/{channel}/{index}", platform="null", address=f"channel:{channel}", topic="digest",
                payload=like.payload)
        for index in range(EACH) for channel in range(CHANNELS)
    ]  # fmt: skip
    database.do(lambda uow: uow.outbox.add_all(messages))
    platform = Paced()
    post = Post(database, platform, desk.company.words)
    start = time.monotonic()
    while platform.taken.total() < len(messages):
        time.sleep(deliveries._round(post))
    took = time.monotonic() - start
    database.dispose()
    ideal = (EACH - 1) * PACE.total_seconds()
    shown = (f"{len(messages)} messages {took:.2f} s, {platform.refused} refused", f"ideal {ideal:.0f} s")
    row = judged(Goal(f"P7 {CHANNELS} channels at 1/s, none refused", 1.05), shown, [took / ideal])
    return row if not platform.refused else Row(row.goal, row.ours, row.peer, row.ratio, "MISSED")
