"""Databases that go away and come back: a PostgreSQL that is stopped, a SQLite file that another program locks."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs

import psycopg

from tests.support import postgres

WAIT_SECONDS = 30


class Outage(Protocol):
    """What can be taken away and given back."""

    def begin(self) -> None:
        """From now on nothing is committed."""

    def end(self) -> None:
        """From now on it can be used again."""


class Locked:
    """A SQLite file that another program holds."""

    def __init__(self, url: str) -> None:
        self._other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        self._other.execute("pragma busy_timeout = 5000")

    def begin(self) -> None:
        """Hold it."""
        self._other.execute("begin immediate")

    def end(self) -> None:
        """Let it go."""
        self._other.execute("rollback")


class Stopped:
    """A PostgreSQL server of the story's own, with its programs and as its user, whoever started it first."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("+psycopg", "")
        self._data = Path(parse_qs(url.partition("?")[2])["host"][0]) / "data"
        self._again: subprocess.Popen[bytes] | None = None
        self._words = Path(f"/proc/{self._pid()}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")

    def begin(self) -> None:
        """Stop it as a machine that is shut down does: whoever is connected is thrown out."""
        pid = self._pid()
        os.kill(pid, signal.SIGINT)
        until = time.monotonic() + WAIT_SECONDS
        while (self._data / "postmaster.pid").exists() and time.monotonic() < until:
            time.sleep(0.01)
        if self._again is not None:
            self._again.wait(WAIT_SECONDS)

    def end(self) -> None:
        """Start it, and wait until it can be asked."""
        owner = self._data.stat()
        self._again = subprocess.Popen(
            self._words, user=owner.st_uid if os.getuid() == 0 else None, cwd="/", stdin=subprocess.DEVNULL,
            group=owner.st_gid if os.getuid() == 0 else None, extra_groups=[] if os.getuid() == 0 else None,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            try:
                psycopg.connect(self._url, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.01)
            else:
                return
        raise TimeoutError("PostgreSQL did not come back")

    def _pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split()[0])


@contextmanager
def stoppable() -> Iterator[tuple[str, Stopped]]:
    """A database on a server of its own, and the way to stop it; it runs no more at the end."""
    with postgres.running() as server:
        if not server.ours:
            raise postgres.PostgresError("a server that somebody else runs is not stopped")
        url = server.create()
        outage = Stopped(server.url)
        try:
            yield url, outage
        finally:
            server.close()
            outage.begin()
