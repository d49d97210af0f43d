"""`gukebot serve` as a company starts it, in a process of its own that is told to stop, killed, or refused."""

import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.support.faults.worker import forks
from tests.support.knocking import SECRET

START_SECONDS = 30
STOP_SECONDS = 20


@dataclass(frozen=True)
class Place:
    """Where a bot works: its folder, its database, the Slack it talks to, and a file that makes commits slow."""

    folder: Path
    url: str
    slack: str
    data: Path | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def slow(self) -> Path:
        """While this file is there, each commit takes the seconds that stand in it."""
        return self.folder / "slow"

    def environment(self, port: int) -> dict[str, str]:
        """What the command is told."""
        return {
            "GUKEBOT_DATABASE__URL": self.url,
            "GUKEBOT_DATA__DIRECTORY": str(self.data or self.folder),
            "GUKEBOT_SERVER__PORT": str(port),
            "GUKEBOT_SLACK__BOT_TOKEN": "xoxb-bot",
            "GUKEBOT_SLACK__SIGNING_SECRET": SECRET,
            "GUKEBOT_SLACK__API_BASE_URL": self.slack,
            **self.more,
        }


@dataclass
class Bot:
    """One of them. From a process that has imported everything its start takes a moment."""

    place: Place
    port: int
    name: str = "bot"
    _process: BaseProcess | None = None

    @property
    def log(self) -> Path:
        """What it wrote."""
        return self.place.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process is not None and self._process.is_alive()

    def begin(self) -> None:
        """Start it, and wait for nothing."""
        self._process = forks().Process(target=_serve, args=(self.place, self.port, self.name), daemon=True)
        self._process.start()

    def start(self) -> float:
        """Start it and wait until it is ready; the seconds that took."""
        began = time.monotonic()
        self.begin()
        self.ready()
        return time.monotonic() - began

    def ready(self) -> None:
        """Wait until it is ready."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.alive:
            if self.status("/readyz") == 200:
                return
            time.sleep(0.02)
        raise AssertionError(self.log.read_text())

    def status(self, path: str) -> int:
        """Ask for a page; 0 when nobody answers."""
        return self.page(path)[0]

    def page(self, path: str) -> tuple[int, str]:
        """A page, and what stands on it."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def stop(self) -> float:
        """SIGTERM; the seconds until it has ended."""
        began = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        self.ended()
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def ended(self) -> int | None:
        """Wait until it has ended by itself; its exit code."""
        assert self._process is not None
        self._process.join(STOP_SECONDS)
        code = self._process.exitcode
        self.kill()
        return code

    def lines(self) -> list[dict[str, Any]]:
        """Its log, a line each."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


def _serve(place: Place, port: int, name: str) -> None:
    """The command itself, with its own environment and its log in a file."""
    log = os.open(place.folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    for known in [each for each in os.environ if each.startswith("GUKEBOT_")]:
        del os.environ[known]
    os.environ.update(place.environment(port))
    os.chdir(place.folder)
    event.listen(Engine, "commit", lambda _connection: _linger(place.slow))
    sys.argv = ["gukebot", "serve"]
    from bot.__main__ import main

    main()


def _linger(slow: Path) -> None:
    """A disk that takes its time."""
    try:
        seconds = float(slow.read_text())
    except (OSError, ValueError):
        return
    time.sleep(seconds)
