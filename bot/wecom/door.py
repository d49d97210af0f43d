"""The door for WeCom: GET and POST /wecom/callback, small and sealed, answered in time whatever happens."""

from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import troubles
from bot.hurry import Hurry, TooBusyError, body_of
from bot.wecom.hearing import Hearing
from bot.wecom.seal import BadCallbackError, Json, Seal

PATH = "/wecom/callback"
SECONDS = 3.5
"""So long WeCom waits for a commit (it hangs up after five); later it is told to come again."""

log = structlog.stdlib.get_logger("bot.wecom")


class Door:
    """Let in what our WeCom sealed. Of what comes from elsewhere nothing is read and nothing written down."""

    def __init__(self, seal: Seal, hearing: Hearing, seconds: float = SECONDS) -> None:
        self._seal = seal
        self._hearing = hearing
        self._hurry = Hurry(seconds)

    def route(self) -> Route:
        """Where it stands."""
        return Route(PATH, self.knock, methods=["GET", "POST"])

    def stop(self) -> None:
        """Begin nothing more; what is under way ends."""
        self._hurry.stop()

    async def knock(self, request: Request) -> Response:
        """Answer one request."""
        now = self._hearing.now()
        try:
            if request.method != "POST":
                return PlainTextResponse(self._seal.echo(dict(request.query_params), now))
            body = await body_of(request)
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
        try:
            status = await self._hurry.do(lambda: self._heard(said))
        except TooBusyError:
            log.warning("an answer took too long")
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return Response(status_code=status)

    def _heard(self, said: Json) -> HTTPStatus:
        try:
            self._hearing.hear(said)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, WeCom comes again; what was said is not written down
            reference = troubles.new_code()
            log.error("a callback could not be dealt with", kind=type(error).__name__, reference=reference)  # noqa: TRY400
            self._hearing.failed(said, reference, error)
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK
