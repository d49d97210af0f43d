"""The door for Slack: POST /slack/events, small and signed, answered in time whatever happens (slack.md 3.1)."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.hurry import Hurry, TooBusyError, body_of
from bot.slack import bodies
from bot.slack.bodies import FORM, KINDS

PATH = "/slack/events"
SECONDS = 2.0
"""So long Slack waits for a commit; later it is told to come again, and its duplicate gets the answer then."""

STAMP = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
HEADERS = ("content-type", "x-slack-request-timestamp", "x-slack-signature")
SMALL = 1000

log = structlog.stdlib.get_logger("bot.slack")


class Door:
    """Let in what Slack signed. What comes from elsewhere is refused before anything of it is read or written down."""

    def __init__(self, app: App, signing_secret: str, seconds: float = SECONDS) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._hurry = Hurry(seconds)

    def route(self) -> Route:
        """Where it stands."""
        return Route(PATH, self.knock, methods=["POST"])

    def stop(self) -> None:
        """Begin nothing more; what is under way ends."""
        self._hurry.stop()

    async def knock(self, request: Request) -> Response:
        """Answer one request; whatever happens, nothing of it is written down."""
        try:
            return await self._heard(request)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001 - the last line of defence: an error page would tell, and a trace too
            log.error("a request could not be read", kind=type(error).__name__)  # noqa: TRY400
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)

    async def _heard(self, request: Request) -> Response:
        body = await body_of(request)
        if body is None:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        refused = self._refused(body, kind, headers)
        if refused is not None:
            return Response(status_code=refused)
        said = bodies.read(body.decode(), kind)
        return Response(status_code=HTTPStatus.BAD_REQUEST) if said is None else await self._answered(said, headers)

    def _refused(self, body: bytes, kind: str, headers: Mapping[str, str]) -> HTTPStatus | None:
        """Why a request is not let in, read or not; None when it is Slack's."""
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if not signature and kind == FORM and _is_ssl_check(body):
            return HTTPStatus.OK
        if not (STAMP.fullmatch(stamp) and SIGNATURE.fullmatch(signature) and kind in KINDS):
            return HTTPStatus.UNAUTHORIZED
        try:
            text = body.decode()
        except UnicodeDecodeError:  # Slack writes UTF-8, and the verifier reads nothing else
            return HTTPStatus.UNAUTHORIZED
        return None if self._verifier.is_valid(text, stamp, signature) else HTTPStatus.UNAUTHORIZED

    async def _answered(self, body: dict[str, Any], headers: Mapping[str, str]) -> Response:
        """Let Bolt have it, on a thread; when that takes too long the work goes on and Slack comes again."""
        try:
            said = await self._hurry.do(lambda: self._dispatch(body, dict(headers)))
        except TooBusyError:
            log.warning("an answer took too long")
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return Response(said.body, said.status, headers=said.first_headers_without_set_cookie())

    def _dispatch(self, body: dict[str, Any], headers: dict[str, str | Sequence[str]]) -> BoltResponse:
        try:
            # as it comes over Socket Mode: the signature was looked at and the body read, neither is done twice
            return self._app.dispatch(BoltRequest(body=body, headers=headers, mode="socket_mode"))
        except Exception as error:  # noqa: BLE001 - whatever Bolt stumbles over; of the body nothing is written down
            log.error("a request could not be taken", kind=type(error).__name__)  # noqa: TRY400
            return BoltResponse(status=HTTPStatus.INTERNAL_SERVER_ERROR, body="")


def _is_ssl_check(body: bytes) -> bool:
    """Slack looks at the certificate without a signature; there is nothing to answer but yes."""
    return len(body) < SMALL and parse_qs(body.decode(errors="replace")).get("ssl_check") == ["1"]
