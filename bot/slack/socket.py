"""Socket Mode: the same app over two lines that the bot dials out itself, for plants behind a firewall."""

from collections.abc import Callable
from logging import CRITICAL, getLogger

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.health import Check

LINES = 2
"""Slack cuts one now and then; the other hears meanwhile."""

WORKERS = 16

log = structlog.stdlib.get_logger("bot.slack")


class Lines:
    """The lines to Slack: opened, watched, and closed."""

    def __init__(self, app: App, client: WebClient, app_token: str) -> None:
        self._app = app
        self._client = client
        self._token = app_token
        self._handlers: list[SocketModeHandler] = []

    def start(self) -> None:
        """Dial; a line that does not come about is dialled again by its own watch."""
        quiet = getLogger("slack_bolt.silent")
        quiet.setLevel(CRITICAL + 1)
        for _ in range(LINES):
            handler = _Handler(self._app, self._token, logger=quiet, web_client=self._client, concurrency=WORKERS)
            self._handlers.append(handler)
            try:
                handler.client.connect()
            except (SlackClientError, OSError) as error:
                log.warning("no line to Slack yet", kind=type(error).__name__)

    def stop(self) -> None:
        """Hang up."""
        for handler in self._handlers:
            handler.client.close()

    def check(self) -> Check:
        """Whether Slack can reach us: one line is enough."""
        open_lines = sum(_quietly(handler.client.is_connected) for handler in self._handlers)
        return Check("slack-lines", ok=open_lines > 0, found=f"{open_lines} of {LINES} lines open")


class _Handler(SocketModeHandler):
    """Bolt's handler, in which no request can end the thread that reads the line."""

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Answer one envelope; one that fails is not taken, and Slack delivers events again."""
        try:
            super().handle(client, req)
        except Exception as error:  # noqa: BLE001 - as above
            log.error("an envelope could not be taken", kind=type(error).__name__)  # noqa: TRY400


def _quietly(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except Exception:  # noqa: BLE001 - a line that cannot be looked at is not open
        return False
