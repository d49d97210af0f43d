"""A chat platform that fails as platforms do, and remembers what it took whoever is killed."""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from notifications.gateway import CannotTellError, DeliveryError, Letter, LostReplyError
from notifications.manners import NONE, Manners

PLATFORM = "chat"
TOO_MANY, DOWN, CUT = 0.09, 0.09, 0.10
"""Together 28 % of all calls: 429, 503, and taken with the answer cut off."""
REFUSED = TOO_MANY + DOWN
NO_LOOKUP = 0.10
LATENCY_SECONDS = 0.0005

TABLE = """create table if not exists taken
    (id integer primary key, key text, short text, address text, worker text, cut integer, shown integer)"""


@dataclass
class Chat:
    """One worker's way to the platform. What was taken lies in a file of the platform's own.

    ``checks_duplicates``: as WeCom does, the same message again is answered as taken and shown to nobody.
    """

    ledger: Path
    worker: str = ""
    can_find: bool = True
    fails: bool = True
    checks_duplicates: bool = False
    seed: int = 0
    pace: Mapping[str, tuple[timedelta, int]] = field(default_factory=dict)
    manners: Manners = NONE
    platform: str = PLATFORM
    fault: str = ""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        with self._open() as connection:
            connection.execute(TABLE)

    def send(self, letter: Letter) -> str:
        """Take it, or fail in one of three ways."""
        chance = self._chance.random() if self.fails else 1.0
        if chance < TOO_MANY:
            raise DeliveryError("429", retry_after=timedelta(seconds=2))
        if chance < REFUSED:
            raise DeliveryError("503")
        cut = chance < REFUSED + CUT
        receipt = self._take(letter, cut=cut)
        time.sleep(LATENCY_SECONDS)
        if cut:
            raise LostReplyError("the connection was cut")
        return receipt

    def find(self, letter: Letter) -> str | None:
        """Look it up, where the platform can be asked; sometimes that fails too."""
        if not self.can_find:
            raise CannotTellError
        if self.fails and self._chance.random() < NO_LOOKUP:
            raise ConnectionError("503")
        with self._open() as connection:
            found = connection.execute("select id from taken where key = ?", (letter.key,)).fetchone()
        return str(found[0]) if found else None

    def taken(self) -> Counter[str]:
        """How often each message was taken."""
        with self._open() as connection:
            return Counter(key for (key,) in connection.execute("select key from taken"))

    def shown(self) -> Counter[str]:
        """How often people saw each message."""
        with self._open() as connection:
            return Counter(key for (key,) in connection.execute("select key from taken where shown"))

    def cut(self) -> int:
        """How many answers were lost."""
        with self._open() as connection:
            return int(connection.execute("select count(*) from taken where cut").fetchone()[0])

    def shorts(self) -> dict[str, set[str]]:
        """The short numbers under which each message was seen."""
        seen: dict[str, set[str]] = {}
        with self._open() as connection:
            for key, short in connection.execute("select key, short from taken"):
                seen.setdefault(key, set()).add(short)
        return seen

    def _take(self, letter: Letter, *, cut: bool) -> str:
        with self._open() as connection:
            connection.execute("begin immediate")
            before = connection.execute("select 1 from taken where key = ?", (letter.key,)).fetchone()
            shown = not (before and self.checks_duplicates)
            row = (letter.key, letter.short, letter.address, self.worker, cut, shown)
            done = connection.execute(
                "insert into taken (key, short, address, worker, cut, shown) values (?,?,?,?,?,?)", row
            )
            connection.execute("commit")
            return str(done.lastrowid)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # kills do not take what the system has written; the platform need not wait for its disk
        connection = sqlite3.connect(self.ledger, timeout=30, isolation_level=None)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = off")
            yield connection
        finally:
            connection.close()
