"""The server process: web server, deliveries and tick, started together and stopped together."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

import structlog
import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot import ballast, clock, databases, deliveries, doctor, logs, systemd, ticks, troubles, web
from bot.app import App, build, company_of
from bot.console import ConsoleGateway
from bot.customers import web as customers
from bot.demo import MARK
from bot.health import Check
from bot.patience import Patient
from bot.settings import Settings
from bot.slack import calls, outbound
from bot.slack.room import furnish
from bot.staff import web as staff
from bot.surveys import web as surveys
from bot.wecom import outbound as wecom_outbound
from bot.wecom import room as wecom_room
from bot.wecom.transport import Transport
from notifications.gateway import Gateway
from storage.database import Database

WEB_STOP_SECONDS = 3
THREADS_STOP_SECONDS = 3.0

SWITCH_SECONDS = 0.0005
"""So long a thread computes before another gets its turn: each statement of an answer waits for that once."""

log = structlog.stdlib.get_logger("bot.serve")


class ListenError(OSError):
    """The address to listen on is not free, or not ours; the sentence says which."""


class NobodyToTellError(Exception):
    """A department has no lead: what is late would be told to nobody. The sentence says what to do."""


class DemoDataError(Exception):
    """The records are a demo's: nobody may take them for real ones. The sentence says what to do."""


class Room(Protocol):
    """How a platform is heard: its routes, what /readyz tells of it, and when it begins and ends."""

    @property
    def routes(self) -> Sequence[BaseRoute]: ...

    def checks(self) -> tuple[Check, ...]: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class _Web(uvicorn.Server):
    """Uvicorn without its own signal handlers: ours stop everything, not only the web server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; what is in the way of a start is raised with a sentence."""
    logs.configure(settings.logging.level)
    with databases.locked(settings), databases.opened(settings, clock.now) as database:
        _refuse_a_demo(database)
        _refuse_without_leads(database)
        app = build(settings, database, clock.now, ways_out(settings, database))
        listener = _listen(settings)
        log.info("started", pid=os.getpid(), host=settings.server.host, port=listener.getsockname()[1])
        with listener:
            clean = _serve(app, listener)
        log.info("stopped", clean=clean)
    if not clean:
        # a part that hangs is not waited for: its transaction is rolled back, its lease runs out
        os._exit(0)


def ways_out(settings: Settings, database: Database) -> list[Gateway]:
    """A gateway for every platform that is used; the console's post can be read beside them."""
    company, ways = company_of(settings), list[Gateway]()
    if settings.slack.used:
        ways += outbound.gateways(calls.client(settings.slack), database, company)
    if settings.wecom.used:
        ways += wecom_outbound.gateways(Transport(settings.wecom, database), database, company)
    return [*ways, ConsoleGateway(database)]


def rooms(app: App) -> list[Room]:
    """The room of every platform that is used."""
    used = ((app.settings.slack.used, furnish), (app.settings.wecom.used, wecom_room.furnish))
    return [make(app) for wanted, make in used if wanted]


def _refuse_a_demo(database: Database) -> None:
    """Invented people and a clock that was turned by hand: no promise to a customer may come from there (S24)."""
    if database.do(lambda uow: uow.state.get(MARK)):
        raise DemoDataError(
            "Not started: this database is a demo's, with invented people. "
            "Name another in [database] url, and run `gukebot init`; `gukebot demo` shows this one."
        )


def _refuse_without_leads(database: Database) -> None:
    """A department whose lead is missing would be late in silence: say so before anything is promised."""
    for finding in doctor.leads(database):
        if finding.state == "fault":
            raise NobodyToTellError(f"Not started: {finding.found}. First {finding.fix}.")


def _serve(app: App, listener: socket.socket) -> bool:
    """Run all parts until a signal; tell whether every one of them ended in time."""
    sys.setswitchinterval(SWITCH_SECONDS)
    heard = rooms(app)
    server = _web_server(application(app, *heard))
    _stop_on_signals(app, server)
    timer = ticks.scheduler(app)
    ballast.mind(app, timer)
    threads = deliveries.start(app)
    timer.start()
    try:
        for room in heard:
            room.start()
        systemd.notify("READY=1")
        server.run(sockets=[listener])
    finally:
        systemd.notify("STOPPING=1")
        app.stopping.set()
        for room in heard:
            room.stop()
        app.bell.ring()
        timer.shutdown(wait=False)
    return _joined(threads)


def application(app: App, *rooms: Room) -> ASGIApp:
    """The web application: our own pages, the customer's, surveys, our people's, and the doors of the platforms."""
    routes = [
        *customers.routes(app.database, app.company),
        *surveys.routes(app.database, app.company),
        *staff.routes(app.database, app.company, wecom_room.sign_in(app)),
        *(route for room in rooms for route in room.routes),
    ]

    def checks() -> tuple[Check, ...]:
        return (*app.checks(), *(check for room in rooms for check in room.checks()))

    def keep(code: str, error: Exception) -> None:
        troubles.remember(app.database, code, error, "web page")

    return web.application(checks, app.metrics.exposition, routes, keep)


def _web_server(application: ASGIApp) -> _Web:
    return _Web(
        uvicorn.Config(
            application,
            http=Patient,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=WEB_STOP_SECONDS,
        )
    )


def _stop_on_signals(app: App, server: uvicorn.Server) -> None:
    """The first signal asks all parts to end; the second leaves at once."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if app.stopping.is_set():
            os._exit(1)
        app.stopping.set()
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _joined(threads: Sequence[threading.Thread]) -> bool:
    """Wait a little for our threads, and for a tick that is under way."""
    workers = [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]
    waiting = [*threads, *workers]
    end = time.monotonic() + THREADS_STOP_SECONDS
    for thread in waiting:
        thread.join(max(0.0, end - time.monotonic()))
    return not any(thread.is_alive() for thread in waiting)


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.server.host, settings.server.port
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise ListenError(
            error.errno, f"{error.strerror}; choose another [server] host or port", f"{host}:{port}"
        ) from None
