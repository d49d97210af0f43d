"""The server process: it starts once, says what it is doing, and stops when it is told to."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]


class Server:
    """A `gukebot serve` of its own, on a free port."""

    def __init__(self, folder: Path, url: str = "") -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.program = ["-m", "bot"]
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GUKEBOT_")},
            "PYTHONPATH": str(HOUSE),
            "GUKEBOT_SERVER__PORT": str(self.port),
        }
        if url:
            self.environment["GUKEBOT_DATABASE__URL"] = url

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same installation."""
        call = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            call, cwd=self.folder, env=self.environment, check=False, text=True, capture_output=True, timeout=60
        )

    def start(self) -> subprocess.Popen[str]:
        """Start the server and wait until it is ready."""
        call = [sys.executable, *self.program, "serve"]
        with (self.folder / "log").open("w") as log:
            process = subprocess.Popen(call, cwd=self.folder, env=self.environment, stderr=log, text=True)
        end = time.monotonic() + 30
        while time.monotonic() < end and process.poll() is None:
            if self.status("/readyz") == 200:
                return process
            time.sleep(0.05)
        process.kill()
        raise AssertionError((self.folder / "log").read_text())

    def status(self, path: str) -> int:
        """Ask for a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@pytest.fixture
def server(tmp_path: Path, installation: Path) -> Server:
    """
    An installation of the sample company, not started.
    """
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    return Server(tmp_path)


def stop(process: subprocess.Popen[str]) -> float:
    """Send SIGTERM, and give the seconds until the process has ended."""
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    finally:
        process.kill()
    return time.monotonic() - start


def test_serve_starts_says_so_and_stops(server: Server) -> None:
    """
    Ready after a moment, 0 within 8 seconds of SIGTERM, every line of its log one JSON object.
    """
    process = server.start()
    metrics = server.status("/metrics")
    took = stop(process)
    written = [json.loads(line) for line in (server.folder / "log").read_text().splitlines()]

    assert metrics == 200
    assert process.returncode == 0
    assert took < 8
    assert [line["event"] for line in written if line["logger"] == "bot.serve"] == ["started", "stopped"]
    assert not [line for line in written if line["level"] in {"error", "critical"}]


def test_a_second_serve_is_refused_and_a_dead_one_replaced(server: Server) -> None:
    """
    75 naming the process that holds the database; after a kill, the next start takes over at once.
    """
    process = server.start()
    second = server.run("serve")
    other = server.run("outbox", "dead")
    process.kill()
    process.wait()
    again = server.start()
    stop(again)

    assert second.returncode == 75
    assert str(process.pid) in second.stderr
    assert "Traceback" not in second.stderr
    assert other.returncode == 0
    assert again.returncode == 0


def test_a_hanging_delivery_does_not_hold_the_stop(server: Server) -> None:
    """
    A thread that never ends costs no more than the 8 seconds; a second SIGTERM leaves at once.
    """
    hang = "import time; from bot import deliveries; deliveries.deliver_due = lambda post: time.sleep(600); "
    server.program = ["-c", hang + "from bot.cli import root; root()"]
    patient = server.start()
    took = stop(patient)
    hurried = server.start()
    hurried.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    at_once = stop(hurried)

    assert patient.returncode == 0
    assert took < 8
    assert hurried.returncode == 1
    assert at_once < 1


def test_serve_refuses_what_it_cannot_use(server: Server, tmp_path: Path) -> None:
    """
    A taken port, and an organisation in which nobody would be told, are a sentence and 1.
    """
    empty = Server(tmp_path / "empty")
    empty.run("init")
    nobody = empty.run("serve")
    with socket.create_server(("127.0.0.1", server.port)):
        refused = server.run("serve")

    assert refused.returncode == 1
    assert f"127.0.0.1:{server.port}" in refused.stderr
    assert (nobody.returncode, "gukebot import organisation" in nobody.stderr) == (1, True)
    assert "Traceback" not in refused.stderr + nobody.stderr


def test_two_may_serve_one_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    """
    On PostgreSQL a second replica starts beside the first.
    """
    replicas = [Server(tmp_path / "one", postgresql_url), Server(tmp_path / "two", postgresql_url)]
    replicas[0].run("init", "--sample")
    processes = [replica.start() for replica in replicas]
    times = [stop(process) for process in processes]

    assert max(times) < 8
    assert [process.returncode for process in processes] == [0, 0]
