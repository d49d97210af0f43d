"""What Slack sends, in our words: what somebody typed, the files that came, what was tapped, and each request's key."""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.slack.blocks import read_value
from conversations.fields import cleaned
from handlers.events import Upload
from handlers.uploads import LONGEST_NAME

Json = Mapping[str, Any]

PLATFORM = "slack"
FILE = re.compile(r"F[A-Z0-9]{2,}")
MARKED = re.compile(r"<(?P<sign>[@#!]?)(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
GONE = frozenset({"tombstone", "hidden_by_limit", "external"})
"""Files that Slack names and does not give."""


def key_of(body: Json) -> str:
    """
    What a request and its duplicate share, and no other has (design 8).

    An event has its id. Anything else has a trigger, good for one thing somebody did, and an action its instant.
    A view that is closed has neither: it is closed once.
    """
    if "event_id" in body:
        return f"slack/{body['event_id']}"
    action = (body.get("actions") or [{}])[0]
    view = body.get("view") or {}
    what = body.get("trigger_id") or f"{view.get('id', '')}/{view.get('hash', '')}"
    parts = (body.get("type", "command"), what, action.get("action_id", ""), action.get("action_ts", ""))
    return "/".join(("slack", *map(str, parts))).rstrip("/")


def user_of(body: Json) -> str:
    """Who did it."""
    user = body.get("user")
    inner = body.get("event") or {}
    found = user.get("id") if isinstance(user, Mapping) else body.get("user_id") or inner.get("user")
    return str(found.get("id", "") if isinstance(found, Mapping) else found or "")


def home_of(body: Json) -> tuple[str, str]:
    """The workspace the request is for, and the one that whoever did it belongs to; empty where it is not said."""
    user, inner = body.get("user"), body.get("event") or {}
    ours = (body.get("team") or {}).get("id", "") if isinstance(body.get("team"), Mapping) else body.get("team_id", "")
    theirs = user.get("team_id", "") if isinstance(user, Mapping) else inner.get("user_team") or inner.get("team") or ""
    return str(ours or ""), str(theirs or "")


def typed(text: object, named: Callable[[str], str], without: str = "") -> str:
    """What somebody typed, as they saw it: people by their names, links by what stood there; ``without`` a mention."""

    def seen(found: re.Match[str]) -> str:
        sign, what, label = found["sign"], found["what"], found["label"] or ""
        if sign == "@":
            return "" if what == without else f" {named(what) or label} "
        if sign == "#":
            return f"#{label}"
        if sign == "!":
            return label
        return label or what.partition(":")[2] if what.startswith(("mailto:", "tel:")) else label or what

    return html.unescape(MARKED.sub(seen, str(text or ""))).strip()


def bot_of(body: Json) -> str:
    """The user id of the bot to which an event was delivered."""
    bots = [each for each in body.get("authorizations") or [] if each.get("is_bot")]
    return str(bots[0].get("user_id", "")) if bots else ""


def files_of(files: Iterable[Json]) -> tuple[Upload, ...]:
    """Files that lie at Slack, to be fetched later; what it does not give is left out."""
    return tuple(
        Upload(_name(file), str(file.get("mimetype") or ""), b"", remote=f"{PLATFORM}:{file['id']}")
        for file in files
        if FILE.fullmatch(str(file.get("id"))) and file.get("mode") not in GONE
    )


def _name(file: Json) -> str:
    return " ".join(cleaned(str(file.get("name") or file.get("title") or "")).split())[-LONGEST_NAME:]


def tapped(action: Json) -> tuple[str, str] | None:
    """The action and the subject of a button or of a choice from a menu; None for what is neither (a link)."""
    carried = action.get("value") or (action.get("selected_option") or {}).get("value")
    return read_value(str(carried)) if carried else None
