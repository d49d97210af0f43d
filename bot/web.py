"""The web server's own pages: whether it lives, whether it is ready, and its figures."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import logs, troubles
from bot.health import Check, report

SECURITY_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
)
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Guard:
    """
    Around every answer: security headers unless the page sets its own, and one correlation id.

    An id that comes from outside is not used: it could be anything.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with logs.correlated() as correlation:

            async def guarded(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": _guarded_headers(message.get("headers", ()), correlation)}
                await send(message)

            await self._app(scope, receive, guarded)


def _guarded_headers(given: Iterable[Sequence[bytes]], correlation: str) -> list[tuple[bytes, bytes]]:
    headers = [(bytes(name).lower(), bytes(value)) for name, value in given]
    present = {name for name, _ in headers}
    headers += [pair for pair in SECURITY_HEADERS if pair[0] not in present]
    return [*headers, (b"x-correlation-id", correlation.encode())]


def application(
    checks: Callable[[], Iterable[Check]],
    figures: Callable[[], bytes],
    more: Sequence[BaseRoute] = (),
    keep: "Callable[[str, Exception], None]" = lambda _code, _error: None,
) -> ASGIApp:
    """Make the web application: /livez, /readyz and /metrics, and whatever routes platforms add.

    What goes wrong is shown as a code, and handed to ``keep`` once that is told.
    """

    async def livez(_request: Request) -> Response:
        """The event loop answers: that is all that is asked."""
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        found = report(await run_in_threadpool(lambda: tuple(checks())))
        status = HTTPStatus.OK if found["ready"] else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse(found, status_code=status)

    async def metrics(_request: Request) -> Response:
        return Response(await run_in_threadpool(figures), headers={"content-type": _METRICS_TYPE})

    routes = [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics), *more]
    handlers: dict[Any, Any] = {Exception: partial(_failed, keep), 404: _missing}
    # the guard stands outside, so that the page of an error has its headers too
    return Guard(Starlette(routes=routes, exception_handlers=handlers))


async def _failed(keep: Callable[[str, Exception], None], _request: Request, error: Exception) -> Response:
    """The trace is in the log; outside, a code is told and nothing else."""
    code = troubles.new_code()
    troubles.noted(code, error, "web page")
    said = (
        f"系统出错了（编号 {code}），请稍后再试。\nSomething went wrong here ({code}). Please try again in a minute.\n"
    )
    later = BackgroundTask(keep, code, error)
    return PlainTextResponse(said, HTTPStatus.INTERNAL_SERVER_ERROR, background=later)


async def _missing(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("There is nothing here.\n", HTTPStatus.NOT_FOUND)
