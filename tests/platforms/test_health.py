"""Health: the server says what it is doing, keeps quiet about people, and stops when it is told to."""

import asyncio
import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import structlog
from starlette.routing import Route

from bot import clock, logs, ticks
from bot.app import App, build
from bot.doctor import last_tick
from bot.health import Check, Heartbeats, guarded
from bot.metrics import Metrics
from bot.privacy import mask
from bot.settings import Settings
from bot.web import application
from storage.database import Database

HOUSE = Path(__file__).parents[2]
GOOD = Check("database", ok=True, found="0001")
BAD = Check("tick", ok=False, found="last seen 999 s ago")

# what must never stand in a log line, and how it could come in
CANARIES = [
    ("xoxb-1234-canary", "event", "sent with xoxb-1234-canary"),
    ("canary-token", "token", "canary-token"),
    ("canary-aes", "encoding_aes_key", "canary-aes"),
    ("canary-secret", "event", "GET /cgi-bin/gettoken?corpsecret=canary-secret"),
    ("hunter2", "event", "connecting to postgresql+psycopg://guke:hunter2@db/guke"),
    ("canarybearer", "event", "Authorization: Bearer canarybearer"),
    ("13800138000", "event", "called 13800138000 twice"),
    ("138-0013-8000", "event", "called +86 138-0013-8000"),
    ("11010519491231002X", "event", "number 11010519491231002X"),
    ("canary@example.com", "event", "mailed canary@example.com"),
    ("程小满", "person", "程小满"),
    ("少送两箱", "text", "少送两箱"),
    ("canaryanswer", "answers", {"description": "canaryanswer"}),
    ("canarynested", "detail", {"phone": "canarynested"}),
    ("canarylist", "detail", [{"name": "canarylist"}]),
    ("c4n4ry.link.t0ken", "event", "GET /s/c4n4ry.link.t0ken"),
]


@contextmanager
def captured(level: str = "debug") -> Iterator[io.StringIO]:
    """Send the log to a text, and put everything back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(level, stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = before[0], before[1]
        structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    """Read the log as a program would: every line one JSON object."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def failing(log: structlog.stdlib.BoundLogger, error: Exception) -> None:
    """Log an error with its trace."""
    try:
        raise error
    except type(error):
        log.exception("boom\n%s", error)


@pytest.mark.parametrize(("canary", "key", "value"), CANARIES, ids=[canary for canary, _, _ in CANARIES])
def test_the_log_holds_no_secret_and_no_person(canary: str, key: str, value: object) -> None:
    """
    Whatever is logged under whatever key, through us or a library: the canary does not come out.
    """
    with captured() as stream:
        log = structlog.stdlib.get_logger("canary")
        if key == "event":
            log.info(str(value))
            logging.getLogger("library").warning("%s", value)
            failing(log, ValueError(value))
        else:
            log.info("seen", **{key: value})

    assert lines(stream)
    assert canary not in stream.getvalue()


def test_every_line_is_one_object_whatever_is_logged() -> None:
    """
    Line breaks, quotes and traces cannot forge a second line; Chinese stays readable.
    """
    with captured() as stream:
        structlog.stdlib.get_logger("x").info('第一行\n{"level": "critical"}\r\n\x1b[31m')
        failing(structlog.stdlib.get_logger("y"), RuntimeError("a\nb"))

    assert len(lines(stream)) == 2
    assert "第一行" in stream.getvalue()
    assert {"event", "level", "logger", "at"} <= set(lines(stream)[0])
    assert "RuntimeError" in str(lines(stream)[1]["exception"])


def test_lines_of_one_request_share_an_id() -> None:
    """
    Ours and a library's lines within carry the same correlation; outside there is none.
    """
    with captured() as stream:
        with logs.correlated("abc"):
            structlog.stdlib.get_logger("x").info("one")
            logging.getLogger("library").warning("two")
        structlog.stdlib.get_logger("x").info("three")

    assert [line.get("correlation") for line in lines(stream)] == ["abc", "abc", None]


def test_masking_is_quick_on_hostile_text() -> None:
    """
    A megabyte made to slow the patterns down costs no noticeable time.
    """
    start = time.perf_counter()
    for text in ("a" * 10**6, "a@" * 500_000, "1" * 10**6, "x:" * 500_000, "key=" * 250_000):
        mask(text)

    assert time.perf_counter() - start < 1


def ask(path: str, *checks: Check) -> httpx.Response:
    """Ask the web application with these checks, and one page that fails."""

    def broken(_request: object) -> None:
        raise RuntimeError("canary")

    app = application(lambda: checks, lambda: b"x 1\n", [Route("/broken", broken)])

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return await client.get(path)

    return asyncio.run(asked())


def test_ready_means_every_check_holds() -> None:
    """
    /readyz is 200 when all holds, and 503 naming what does not; /livez only asks the event loop.
    """
    ready, stuck = ask("/readyz", GOOD), ask("/readyz", GOOD, BAD)

    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert (stuck.status_code, stuck.json()["ready"]) == (503, False)
    assert stuck.json()["checks"]["tick"] == {"ok": False, "found": "last seen 999 s ago"}
    assert ask("/livez", BAD).status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/absent", "/broken"])
def test_every_page_has_its_guards(path: str) -> None:
    """
    Security headers stand on every answer, errors too, and nothing inside is told outside.
    """
    answer = ask(path, GOOD)

    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-correlation-id"]
    assert "server" not in answer.headers
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text


def test_a_silent_thread_is_noticed() -> None:
    """
    A thread that is expected and not heard in time fails its check, and holds again once heard.
    """
    now = [0.0]
    hearts = Heartbeats(lambda: now[0])
    hearts.expect("tick", 60)
    now[0] = 61
    silent = hearts.checks()[0]
    hearts.beat("tick")

    assert not silent.ok
    assert hearts.checks()[0].ok


def test_a_check_that_breaks_is_a_check_that_fails() -> None:
    """
    The kind of the error is told, its text (which may hold an address) is not.
    """

    def look() -> str:
        raise ConnectionError("postgresql://u:hunter2@db")

    assert guarded("database", look) == Check("database", ok=False, found="ConnectionError")


def test_metrics_survive_a_database_that_is_away() -> None:
    """
    What cannot be counted is left out, and that it could not be is a figure itself.
    """

    def away() -> dict[str, float]:
        raise ConnectionError

    down = Metrics(away).exposition().decode()
    up = Metrics(lambda: {"gukebot_outbox_messages": {"sent": 3.0}}).exposition().decode()

    assert "gukebot_database_up 0.0" in down
    assert 'gukebot_outbox_messages{state="sent"} 3.0' in up


def test_a_failing_part_of_the_tick_stops_no_other(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The others are done, the failure is in the log, in the figures and with the doctor.
    """
    done: list[str] = []

    def fails(_app: App) -> None:
        raise ValueError("canary")

    monkeypatch.setattr(ticks, "PARTS", (("bad", fails), ("good", lambda _app: done.append("good"))))
    database = Database(sqlite_url, clock.now, attachments=Path("unused"))
    app = build(Settings(), database, clock.now, [])
    with captured() as stream:
        ticks.tick(app)
    finding = next(last_tick(database))
    database.dispose()

    assert done == ["good"]
    assert "canary" in stream.getvalue()
    assert 'gukebot_tick_part_failures_total{part="bad"} 1.0' in app.metrics.exposition().decode()
    assert (finding.state, finding.found) == ("fault", "failed in the last tick: bad")


def test_only_one_process_ticks(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    While one holds the lease another does nothing; when its lease has run out, the other takes over.
    """
    done: list[str] = []
    monkeypatch.setattr(ticks, "PARTS", (("part", lambda app: done.append(app.owner)),))
    now = clock.SettableClock(datetime(2026, 11, 20, 8, tzinfo=UTC))
    database = Database(sqlite_url, now, attachments=Path("unused"))
    first, second = (build(Settings(), database, now, []) for _ in range(2))
    ticks.tick(first)
    ticks.tick(second)
    now.forward(ticks.LEASE_TTL + timedelta(seconds=1))
    ticks.tick(second)
    database.dispose()

    assert done == [first.owner, second.owner]


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
def server(tmp_path: Path) -> Server:
    """
    An installation of the sample company, not started.
    """
    made = Server(tmp_path)
    initialised = made.run("init", "--sample")
    assert initialised.returncode == 0, initialised.stderr
    return made


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
