"""Servers that are measured, each a process of its own: ours, bare Bolt apps, and a Slack for all of them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from tests.support.slack.stand import SIGNING_SECRET

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A process that listens."""

    def __init__(self, name: str, port: int, process: subprocess.Popen[bytes]) -> None:
        self.name, self.port = name, port
        self._process = process

    @property
    def cpu(self) -> float:
        """Seconds of processor it has used, all threads together."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> None:
        """Until it listens."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"{self.name} does not listen (exit code {self._process.poll()})")


class Configured(Protocol):
    """A database and a folder of a server's own, and how it talks to its platform."""

    url: str
    folder: Path

    def settings(self, api: str) -> Mapping[str, str]:
        """Its environment."""


class Street:
    """All servers of a measurement; they end with it."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.api = f"http://127.0.0.1:{self._module('slack_api').port}/api/"

    def ours(self, office: Configured, name: str = "gukebot serve") -> Server:
        """The product, as it is started in a company."""
        port = free_port()
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GUKEBOT_")},
            "PYTHONPATH": str(ROOT),
            "GUKEBOT_DATABASE__URL": office.url,
            "GUKEBOT_DATA__DIRECTORY": str(office.folder),
            "GUKEBOT_SERVER__PORT": str(port),
            **office.settings(self.api),
        }
        return self._started(name, port, ["-m", "bot", "serve"], environment)

    def wechatpy(self, *secrets: str) -> Server:
        """A bare wechatpy that stores nothing."""
        return self._module("peers.bare_wechatpy", *secrets, name="bare wechatpy")

    def bolt(self, name: str, kind: str = "quick", listeners: int = 3, where: str = "") -> Server:
        """A bare Bolt app; ``where`` it keeps a row, if it does."""
        words = [SIGNING_SECRET, self.api, kind, str(listeners), *([where] if where else [])]
        return self._module("peers.bare_bolt", *words, name=name)

    def routes(self, name: str, handlers: int) -> Server:
        """Our door and our one listener a kind, over a table of so many handlers."""
        return self._module("slack_routes", SIGNING_SECRET, str(handlers), name=name)

    def _module(self, module: str, *words: str, name: str = "") -> Server:
        port = free_port()
        return self._started(name or module, port, ["-m", f"tests.benchmarks.{module}", str(port), *words], None)

    def _started(self, name: str, port: int, words: list[str], environment: dict[str, str] | None) -> Server:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        server = Server(name, port, process)
        server.wait()
        return server


@contextmanager
def street() -> Iterator[Street]:
    """A place for servers."""
    with ExitStack() as stack:
        yield Street(stack)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
