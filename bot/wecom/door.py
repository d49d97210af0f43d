"""The door for WeCom: GET and POST /wecom/callback, small and sealed, answered in time whatever happens."""

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.wecom.hearing import Hearing
from bot.wecom.seal import BadCallbackError, Json, Seal

PATH = "/wecom/callback"
MOST_BYTES = 256 * 1024
SECONDS = 3.5
"""So long WeCom waits for a commit (it hangs up after five); later it is told to come again."""

WORKERS = 32
WAITING = 256
"""More callbacks than this at once are turned away at the door."""

log = structlog.stdlib.get_logger("bot.wecom")


class Door:
    """Let in what our WeCom sealed. Of what comes from elsewhere nothing is read and nothing written down."""

    def __init__(self, seal: Seal, hearing: Hearing, seconds: float = SECONDS) -> None:
        self._seal = seal
        self._hearing = hearing
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(WORKERS)
        self._places = threading.BoundedSemaphore(WAITING)

    def route(self) -> Route:
        """Where it stands."""
        return Route(PATH, self.knock, methods=["GET", "POST"])

    def stop(self) -> None:
        """Begin nothing more; what is under way ends."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def knock(self, request: Request) -> Response:
        """Answer one request."""
        now = self._hearing.now()
        try:
            if request.method != "POST":
                return PlainTextResponse(self._seal.echo(dict(request.query_params), now))
            body = await _body(request)
            said = self._seal.message(dict(request.query_params), body, now) if body is not None else None
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except BadCallbackError:
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if said is None:
            return Response(status_code=HTTPStatus.FORBIDDEN)
        return await self._answered(said)

    async def _answered(self, said: Json) -> Response:
        """Deal with it on a thread; when that takes too long the work goes on and WeCom comes again."""
        if not self._places.acquire(blocking=False):
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        try:
            work = loop.run_in_executor(self._pool, lambda: context.run(self._heard, said))
        except RuntimeError:  # we are stopping
            self._places.release()
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        work.add_done_callback(lambda _done: self._places.release())
        try:
            status = await asyncio.wait_for(asyncio.shield(work), self._seconds)
        except TimeoutError:
            log.warning("an answer took too long", seconds=self._seconds)
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return Response(status_code=status)

    def _heard(self, said: Json) -> HTTPStatus:
        try:
            self._hearing.hear(said)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, WeCom comes again; what was said is not written down
            log.error("a callback could not be dealt with", kind=type(error).__name__)  # noqa: TRY400
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK


async def _body(request: Request) -> bytes | None:
    """The body; None when it is larger than anything WeCom sends."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > MOST_BYTES:
            return None
    return bytes(found)
