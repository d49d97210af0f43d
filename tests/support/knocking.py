"""A platform's requests without the platform: built, signed and put through the web application by the thousand."""

import asyncio
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

from bot import serve
from bot.app import build
from bot.settings import Settings
from bot.slack.room import Room, furnish
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk

SECRET = "knocking-signing-secret"
TEAM = "T0KNOCKING"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NOBODY = "http://127.0.0.1:9/api/"
"""No Web API: what is tried here asks Slack nothing."""

AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Knock:
    """One request."""

    body: bytes
    headers: Mapping[str, str]
    path: str = "/slack/events"
    query: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was answered; a status of 0 is an exception that came out."""

    status: int
    body: bytes


def furnished(desk: Desk, folder: Path) -> tuple[Room, ASGIApp]:
    """The web application with a door for Slack."""
    slack = {"bot_token": "xoxb-knocking", "signing_secret": SECRET, "api_base_url": NOBODY}
    settings = Settings.model_validate({"data": {"directory": folder}, "slack": slack})
    app = build(settings, desk.database, desk.clock, [])
    room = furnish(app)
    return room, serve.application(app, room)


def known(uow: UnitOfWork) -> None:
    """Everybody has an account: ``U`` and their number."""
    for person in uow.organisation.people():
        person.slack_id = f"U{person.id:09}"


def signed(body: bytes, kind: str, secret: str = SECRET, at: float | None = None) -> Knock:
    """A request as Slack signs it."""
    stamp = str(int(time.time() if at is None else at))
    signature = "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, sha256).hexdigest()
    return Knock(body, {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature})


def line(number: int, user: str, text: str) -> Knock:
    """Somebody writes to the bot."""
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": text, "ts": f"{number}.1"}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number:08}", "event": event}
    return signed(json.dumps(body, ensure_ascii=False).encode(), JSON)


def command(number: int, user: str, text: str) -> Knock:
    """Somebody types a command."""
    fields = {"command": "/guke", "text": text, "user_id": user, "team_id": TEAM, "channel_id": "C1",
              "trigger_id": f"{number}.1.cmd", "response_url": "http://127.0.0.1:9/"}  # fmt: skip
    return signed(urlencode(fields).encode(), FORM)


def interaction(kind: str, number: int, user: str, **more: Any) -> Knock:
    """Somebody taps or submits something."""
    payload = {"type": kind, "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM},
               "trigger_id": f"{number}.1.{kind}", **more}  # fmt: skip
    return signed(urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode(), FORM)


def tap(number: int, user: str, value: str) -> Knock:
    """Somebody taps a button in the conversation with the bot."""
    action = {"type": "button", "action_id": "tap", "block_id": "b", "value": value, "action_ts": f"{number}.5"}
    return interaction("block_actions", number, user, channel={"id": "D1"}, actions=[action])


def submission(number: int, user: str, draft: str, answers: Mapping[str, tuple[str, Any]]) -> Knock:
    """Somebody submits a form: by key, the name of the value and the value."""
    blocks = [{"type": "input", "block_id": key, "element": {"type": "any", "action_id": "v"}} for key in answers]
    values = {key: {"v": {name: value}} for key, (name, value) in answers.items()}
    view = {"id": f"V{number}", "type": "modal", "callback_id": "form", "private_metadata": draft, "hash": "1.a",
            "blocks": blocks, "state": {"values": values}}  # fmt: skip
    return interaction("view_submission", number, user, view=view)


def put(web: ASGIApp, knocks: Iterable[Knock], *others: ASGIApp) -> list[Heard]:
    """Put requests through, some at once, by turns to several servers; collect the answers in their order."""
    webs = cycle((web, *others))

    async def every() -> list[Heard]:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(knock: Knock, web: ASGIApp) -> Heard:
            async with places:
                return await _through(web, knock)

        return await asyncio.gather(*map(one, knocks, webs))

    return asyncio.run(every())


async def _through(web: ASGIApp, knock: Knock) -> Heard:
    headers = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in knock.headers.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https",
             "path": knock.path, "raw_path": knock.path.encode(), "query_string": knock.query.encode(), "root_path": "",
             "headers": headers, "server": ("bot", 443), "client": ("127.0.0.1", 1)}  # fmt: skip
    status, parts = 0, bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": knock.body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.extend(message.get("body", b""))

    try:
        await web(scope, receive, send)
    except Exception:  # noqa: BLE001 - that nothing comes out is what is tried
        status = 0
    return Heard(status, bytes(parts))
