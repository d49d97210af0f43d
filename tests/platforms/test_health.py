"""Health: the server says what it is doing, keeps quiet about people, and stops when it is told to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from bot import clock, ticks
from bot.app import App, build
from bot.doctor import last_tick
from bot.health import Check, Heartbeats, guarded
from bot.metrics import Metrics
from bot.settings import Settings
from bot.web import application
from storage.database import Database
from tests.support.browser import apart
from tests.support.edge import captured

HOUSE = Path(__file__).parents[2]
GOOD = Check("database", ok=True, found="0001")
BAD = Check("tick", ok=False, found="last seen 999 s ago")


def ask(path: str, *checks: Check) -> httpx.Response:
    """Ask the web application with these checks, and one page that fails."""

    def broken(_request: object) -> None:
        raise RuntimeError("canary")

    app = application(lambda: checks, lambda: b"x 1\n", [Route("/broken", broken)])

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return await client.get(path)

    return apart(asked())


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
