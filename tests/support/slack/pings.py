"""Whom a payload would ping and where it would lead: every mention and link a client makes of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|[^<>]*)?>")
BARE = re.compile(r"(?:https?|ftp|mailto|tel):[^\s<>|]+|\b[\w.+-]+@[\w-]+\.[A-Za-z]{2,}\b", re.IGNORECASE)
SHOUTS = re.compile(r"(?<![\w<!])@(channel|here|everyone)\b")

# a rich text element that pings: what it pings with, and whom
PINGS = {"user": ("@", "user_id"), "usergroup": ("!subteam^", "usergroup_id"), "broadcast": ("!", "range")}


def pings_and_links(payload: Mapping[str, Any]) -> list[str]:
    """
    Every mention (`@U1`, `!channel`, `!subteam^S1`) and every link (its address), as often as it stands there.

    Looked at: mrkdwn texts, the message's own text, rich text, the addresses of buttons, options and pictures.
    Plain text makes neither.
    """
    text = payload.get("text")
    of_text = list(marked(text)) if isinstance(text, str) else []
    return of_text + [found for key in ("blocks", "attachments") for found in _within(payload.get(key) or [])]


def marked(text: str) -> Iterator[str]:
    """The mentions and links of mrkdwn: those in <>, and addresses that a client finds by itself."""
    for found in MARKED.finditer(text):
        kind, target = found.groups()
        if kind == "!" and target.startswith("date^"):
            yield from target.split("^")[3:]  # a date may carry a link
        elif kind:
            yield f"{kind}{target}"
        elif target:
            yield target
    rest = MARKED.sub(" ", text)
    yield from (found.group(0) for found in BARE.finditer(rest))
    # `link_names` makes a mention of these; nobody needs to write them
    yield from (f"!{found.group(1)}" for found in SHOUTS.finditer(rest))


def _within(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from _of(part)
    inner = part.values() if isinstance(part, Mapping) else part if isinstance(part, list) else ()
    for each in inner:
        yield from _within(each)


def _of(part: Mapping[str, Any]) -> Iterator[str]:
    kind = str(part.get("type"))
    if kind in ("mrkdwn", "markdown"):
        yield from marked(str(part.get("text", "")))
    elif kind in PINGS:
        sign, key = PINGS[kind]
        yield f"{sign}{part[key]}"
    for key in ("url", "image_url", "title_url", "video_url", "thumbnail_url"):
        if isinstance(part.get(key), str):
            yield str(part[key])
