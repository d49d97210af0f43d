"""A process of the bot to be killed: it takes events over a socket, sweeps and delivers, on a clock that runs fast."""

import logging
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection, Listener
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handlers import deadlines, switchboard
from handlers.company import Company
from notifications.delivery import Post, deliver_due
from storage.database import Database
from storage.errors import StorageError
from tests.support.faults.chat import PLATFORM, Chat

COMPANY = Company("衡岚立光", ZoneInfo("Asia/Shanghai"), platforms=(PLATFORM,))
IDLE_SECONDS = 0.02


@dataclass(frozen=True)
class Job:
    """What a worker works on. Its clock starts at ``start`` and runs ``speed`` times as fast as ours."""

    url: str
    folder: Path
    start: datetime
    began: float
    speed: float = 20
    takes_events: bool = True
    sweeps: bool = False
    can_find: bool = True
    checks_duplicates: bool = False

    def clock(self) -> datetime:
        """What time it is in the story, the same for every process."""
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.speed)

    def database(self) -> Database:
        """The story's database on the story's clock."""
        return Database(self.url, self.clock, attachments=self.folder / "files")

    def chat(self, seed: int = 0, worker: str = "", *, fails: bool = True) -> Chat:
        """The story's chat platform."""
        return Chat(
            self.folder / "chat.db",
            worker,
            can_find=self.can_find,
            fails=fails,
            checks_duplicates=self.checks_duplicates,
            seed=seed,
        )

    def socket(self, name: str) -> str:
        """Where a worker of that name takes events."""
        return str(self.folder / f"{name}.sock")


@dataclass
class Worker:
    """A worker as its driver sees it: it can be started, killed, held and let go on."""

    job: Job
    name: str
    seed: int
    life: Callable[[Any, str, int], None] | None = None
    """What it does until it is killed; without one, ``work``."""

    kills: int = 0
    stops: int = 0
    _process: BaseProcess | None = None

    def start(self) -> None:
        """Start it, or the next one after a kill; from a server that has imported everything this takes 20 ms."""
        process = forks().Process(
            target=self.life or work, args=(self.job, self.name, self.seed + self.kills), daemon=True
        )
        process.start()
        self._process = process

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        assert self._process is not None
        self._process.kill()
        self._process.join()
        self._process.close()
        self.kills += 1

    def stop(self) -> None:
        """SIGSTOP: it hangs, and holds what it holds."""
        self._signal(signal.SIGSTOP)
        self.stops += 1

    def go_on(self) -> None:
        """SIGCONT: it does not know that time has passed."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, number)


def warm_up() -> None:
    """Let the server that workers are forked from import everything first: on a busy machine that takes a while."""
    process = forks().Process(target=_nothing)
    process.start()
    process.join()
    process.close()


def forks() -> ForkServerContext:
    """Processes that begin with everything imported."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "tests.support.faults.server"])
    return context


def _nothing() -> None:
    """What a worker that only warms up does."""


def work(job: Job, name: str, seed: int) -> None:
    """The worker's whole life. It ends by being killed."""
    logging.basicConfig(filename=job.folder / f"{name}.log", level=logging.WARNING)
    database = job.database()
    post = Post(database, job.chat(seed, f"{name}/{os.getpid()}"), COMPANY.words, owner=f"{name}/{os.getpid()}",
                jitter=random.Random(seed))  # fmt: skip
    chores: list[Callable[[], int]] = [lambda: deliver_due(post)]
    if job.sweeps:
        chores.append(lambda: deadlines.sweep(database, COMPANY))
    threads = [threading.Thread(target=_for_ever, args=(chore,), daemon=True) for chore in chores]
    for thread in threads:
        thread.start()
    if job.takes_events:
        _listen(job, name, database)
    for thread in threads:
        thread.join()


def _for_ever(chore: Callable[[], int]) -> None:
    while True:
        done = 0
        try:
            done = chore()
        except StorageError:  # as in the server: the database was busy, the next round makes up for it
            logging.getLogger(__name__).exception("a round failed")
        if not done:
            time.sleep(IDLE_SECONDS)


def _listen(job: Job, name: str, database: Database) -> None:
    """Take events on a socket; each answer goes out after its commit."""
    Path(job.socket(name)).unlink(missing_ok=True)
    with Listener(job.socket(name), "AF_UNIX", backlog=16) as listener:
        while True:
            connection = listener.accept()
            threading.Thread(target=_serve, args=(connection, database), daemon=True).start()


def _serve(connection: Connection, database: Database) -> None:
    with connection, suppress(EOFError, ConnectionError):
        while True:
            event = connection.recv()
            try:
                reply = switchboard.receive(database, COMPANY, event)
            except StorageError:  # 503: the platform will send it again
                reply = None
            connection.send(reply)
