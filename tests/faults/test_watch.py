"""The watcher outside: a bot that is stuck in any of eight ways is noticed, told by another way, and told when well."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot import deliveries, pulse, systemd, watching
from bot.cli.watch import watch as command
from tests.support import edge

HOUSE = Path(__file__).parents[2]
WITHIN = 15.0
"""Where a pulse is due every fifth of a second; see ``test_the_real_spans_add_up`` for the real ones."""

MODES = ("stopped", "tick", "delivery", "loop", "locked", "gone", "full", "clock")


class Bot:
    """A server in a process of its own that gets stuck when it is told to."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.folder, self.url = folder, f"http://127.0.0.1:{self.port}"
        self.order("")
        environment = {"PYTHONPATH": str(HOUSE), "GUKEBOT_SERVER__PORT": str(self.port), "PATH": "/usr/bin:/bin"}
        call = [sys.executable, "-m", "tests.support.stuck"]
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(call, cwd=folder, env=environment, stderr=log)
        self.until(lambda: watching.ready(self.url, 2).well, 40)

    def order(self, mode: str) -> None:
        """What it is to do from now on."""
        (self.folder / "stuck.new").write_text(mode)
        (self.folder / "stuck.new").replace(self.folder / "stuck")

    def until(self, true: Callable[[], bool], seconds: float = WITHIN) -> float:
        """Wait until something is so; how long it took."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < seconds, (self.folder / "log").read_text()[-3000:]
            time.sleep(0.1)
        return time.monotonic() - began

    @contextmanager
    def stuck(self, mode: str) -> Iterator[None]:
        """It is stuck in a way meanwhile."""
        if mode == "stopped":
            self.process.send_signal(signal.SIGSTOP)
            yield
            self.process.send_signal(signal.SIGCONT)
        elif mode in ("locked", "gone"):
            with closing(sqlite3.connect(self.folder / "data" / "gukebot.db", timeout=20)) as connection:
                connection.isolation_level = None
                connection.execute("begin immediate" if mode == "locked" else "alter table state rename to gone")
                yield
                connection.execute("rollback" if mode == "locked" else "alter table gone rename to state")
        else:
            self.order(mode)
            yield
            self.order("")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """
    A server of the sample company.
    """
    folder = tmp_path_factory.mktemp("stuck")
    with pytest.MonkeyPatch.context() as patch:
        edge.without_settings(patch)
        patch.chdir(folder)
        assert edge.run("init", "--sample").exit_code == 0
    running = Bot(folder)
    yield running
    running.process.send_signal(signal.SIGCONT)
    running.process.kill()
    running.process.wait()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("mode", MODES)
def test_a_stuck_bot_is_noticed(bot: Bot, mode: str) -> None:
    """
    Told once with what is wrong, and once when it is well again; before, nothing is told.
    """
    told: list[str] = []
    watch = watching.Watch(bot.url, told.append, patience=0.4, again=0.2)
    bot.until(lambda: watch.look().well)
    told.clear()
    watch.alarmed = False
    with bot.stuck(mode):
        bot.until(lambda: not watch.look().well and bool(told))
        watch.look()
    bot.until(lambda: watch.look().well)

    assert len(told) == 2, told
    assert told[0].startswith("gukebot is stuck: ")
    assert told[1].startswith("gukebot is well again")


def test_the_real_spans_add_up() -> None:
    """
    The longest silence that is allowed, a look every 30 seconds and the second look come to 90 seconds at most.
    """
    longest = max(pulse.LIMIT_SECONDS, deliveries.QUIET_LIMIT_SECONDS)
    every = float(next(str(option.default) for option in command.params if option.name == "every"))

    assert longest + every + watching.AGAIN_SECONDS <= 90
    assert watching.PATIENCE_SECONDS * 2 + every + watching.AGAIN_SECONDS <= 90
    assert pulse.EVERY.total_seconds() * 2 < pulse.LIMIT_SECONDS


def test_it_is_told_by_another_way() -> None:
    """
    A webhook gets the sentence in its own form; one that cannot be reached is told of without its address.
    """
    got: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            return

    server, talk = HTTPServer(("127.0.0.1", 0), Hook), list[str]()
    threading.Thread(target=server.handle_request, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}/secret"
    tell = watching.hooks([f"http://127.0.0.1:{server.server_port}/x", nobody], talk.append)
    watching.Watch("http://127.0.0.1:9", tell, patience=0.2, sleep=lambda _seconds: None).look()
    server.server_close()

    assert got[0]["text"].startswith("gukebot is stuck: no answer")
    assert talk[1].startswith("127.0.0.1 was not told")
    assert "secret" not in " ".join(talk)


def test_the_command_leaves_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Asked once, a bot that does not answer is exit code 1; it needs no configuration.
    """
    monkeypatch.setattr(watching, "AGAIN_SECONDS", 0.0)
    done = edge.run("watch", "--once", "--url", "http://127.0.0.1:9")

    assert done.exit_code == 1
    assert "gukebot is stuck" in done.stderr


def test_systemd_hears_of_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    One datagram to the socket that systemd names, by path or abstract; nothing where none is named or nobody listens.
    """
    heard = []
    for name in (str(tmp_path / "notify"), f"@gukebot-{time.monotonic_ns()}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
            listening.bind(name.replace("@", "\0", 1))
            monkeypatch.setenv("NOTIFY_SOCKET", name)
            heard.append((systemd.notify("READY=1"), listening.recv(100)))
    nobody = systemd.notify("WATCHDOG=1")
    monkeypatch.delenv("NOTIFY_SOCKET")

    assert heard == [(True, b"READY=1")] * 2
    assert not nobody
    assert not systemd.notify("READY=1")
    with suppress(FileNotFoundError):
        (tmp_path / "notify").unlink()
