"""Requests as Slack sends them: the bodies, their signature, and what each of them carries."""

import html
import itertools
import json
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.support.slack import emulator
from tests.support.slack.stand import SIGNING_SECRET, Stand

Json = dict[str, Any]

VERIFICATION_TOKEN = "unused-verification-token"
TEAM_DOMAIN = "hllg"

_numbers = itertools.count(1)


class Answered(Protocol):
    """What the product answered; httpx's and Starlette's responses are such."""

    @property
    def status_code(self) -> int:
        """Its status."""
        ...

    @property
    def text(self) -> str:
        """Its body."""
        ...


def escaped(text: str) -> str:
    """What people type, as Slack sends it in messages and commands."""
    return html.escape(text, quote=False)


def number(prefix: str) -> str:
    """An id that was not there before."""
    return f"{prefix}{next(_numbers):09}"


def signed(body: bytes, kind: str, timestamp: int) -> dict[str, str]:
    """The headers of a request."""
    said = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=str(timestamp), body=body)
    return {
        "Content-Type": kind,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": str(said),
    }


def as_json(payload: Mapping[str, Any]) -> tuple[bytes, str]:
    """A body of the Events API."""
    return json.dumps(payload, ensure_ascii=False).encode(), "application/json"


def as_form(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """A body of a command."""
    return urlencode({key: str(value) for key, value in fields.items()}).encode(), "application/x-www-form-urlencoded"


def as_interaction(payload: Mapping[str, Any]) -> tuple[bytes, str]:
    """A body of a button, a modal or a shortcut."""
    return as_form({"payload": json.dumps(payload, ensure_ascii=False)})


def event(stand: Stand, inner: Json) -> Json:
    """The envelope of an event."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": emulator.TEAM,
        "api_app_id": emulator.APP,
        "event": inner,
        "type": "event_callback",
        "event_id": number("Ev"),
        "event_time": int(stand.world.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None, "team_id": emulator.TEAM, "user_id": emulator.BOT_USER, "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": number("4-"),
    }  # fmt: skip


def interaction(stand: Stand, kind: str, name: str, **more: Any) -> Json:
    """What every interaction carries."""
    handle = stand.member(name).handle
    user = {"id": stand.user(name), "username": handle, "name": handle, "team_id": emulator.TEAM}
    return {
        "type": kind,
        "team": {"id": emulator.TEAM, "domain": TEAM_DOMAIN},
        "user": user,
        "api_app_id": emulator.APP,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def instant(stand: Stand) -> str:
    """A point in time as actions carry it, never the same twice."""
    return f"{int(stand.world.now().timestamp())}.{next(_numbers):06}"


def rich(text: str) -> list[Json]:
    """The blocks of what somebody typed."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": number("b"), "elements": [section]}]
