"""WeCom's callbacks without WeCom: built, sealed and put through the web application by the thousand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp

from bot import serve
from bot.app import build
from bot.settings import Settings
from bot.wecom.room import Room, furnish
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk
from tests.support.knocking import Knock
from tests.support.wecom.callbacks import Post
from tests.support.wecom.crypto import Own
from tests.support.wecom.senders import CALLBACK
from tests.support.wecom.world import AGENT, SECRETS

POST = Post(Own(), SECRETS, AGENT)
SETTINGS = {
    "corp_id": SECRETS.corp_id, "agent_id": AGENT, "secret": "knocking", "token": SECRETS.token,
    "aes_key": SECRETS.aes_key, "api_base_url": "http://127.0.0.1:9/cgi-bin/",
}  # fmt: skip


def furnished(desk: Desk, folder: Path) -> tuple[Room, ASGIApp]:
    """The web application with a door for WeCom; nothing is sent."""
    settings = Settings.model_validate({"data": {"directory": folder}, "wecom": SETTINGS})
    app = build(settings, desk.database, desk.clock, [])
    room = furnish(app)
    return room, serve.application(app, room)


def known(uow: UnitOfWork) -> None:
    """Everybody has a userid: ``u`` and their number."""
    for person in uow.organisation.people():
        person.wecom_id = f"u{person.id}"


def sealed(fields: Mapping[str, Any], at: int) -> Knock:
    """A callback as WeCom seals it at an instant."""
    callback = POST.sealed(fields, at)
    return Knock(callback.body, {"content-type": "text/xml"}, CALLBACK, urlencode(callback.query))


def line(number: int, user: str, text: str, at: int) -> Mapping[str, Any]:
    """Somebody writes to the app."""
    return {**_head(user, "text", at), "Content": text, "MsgId": str(7_000_000_000 + number), "AgentID": AGENT}


def click(user: str, key: str, at: int) -> Mapping[str, Any]:
    """Somebody chooses from the menu: no MsgId comes with it."""
    return {**_head(user, "event", at), "Event": "click", "EventKey": key, "AgentID": AGENT}


def tap(user: str, task: str, key: str, at: int) -> Mapping[str, Any]:
    """Somebody taps a card."""
    return {**_head(user, "event", at), "Event": "template_card_event", "EventKey": key, "TaskId": task,
            "CardType": "button_interaction", "ResponseCode": f"code-{task}", "AgentID": AGENT}  # fmt: skip


def _head(user: str, kind: str, at: int) -> Mapping[str, Any]:
    return {"ToUserName": SECRETS.corp_id, "FromUserName": user, "CreateTime": at, "MsgType": kind}
