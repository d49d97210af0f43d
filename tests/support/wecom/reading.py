"""What a person reads: a message as one reader sees it now, its words one line per part, buttons in brackets."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.support.wecom.world import Json, Message, World

HEADS = (
    ("source", ("desc",)), ("main_title", ("title", "desc")), ("emphasis_content", ("title", "desc")),
    ("quote_area", ("title", "quote_text")), ("image_text_area", ("title", "desc")),
)  # fmt: skip

LINK = re.compile(r"<a [^>]*>(.*?)</a>|</?(?:font|div)[^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message on a phone; `body` is the JSON of its kind as it stands now, a picture's bytes apart from it."""

    number: str
    kind: str
    at: datetime
    body: Json = field(repr=False)
    text: str
    picture: bytes | None = field(default=None, repr=False)
    file: tuple[str, bytes] | None = field(default=None, repr=False)
    mentioned: tuple[str, ...] = ()

    @property
    def is_card(self) -> bool:
        return self.kind == "template_card"

    @property
    def greyed(self) -> str:
        """What stands in place of its buttons; empty where they can be pressed."""
        return str(self.body.get("replace_text") or "")

    @property
    def buttons(self) -> list[str]:
        """What can be pressed on it."""
        return [] if self.greyed else [str(each.get("text")) for each in pressable(self.body)]


def seen(world: World, message: Message, reader: str = "") -> Bubble:
    """A message as somebody sees it now."""
    body = message.states.get(reader, message.body)
    file = body.get("file")
    picture = file[1] if file and message.kind == "image" else _card_picture(world, body)
    return Bubble(
        message.number, message.kind, message.at, {key: each for key, each in body.items() if key != "file"},
        text_of(message.kind, body), picture, file if message.kind == "file" else None,
        tuple(str(each) for each in body.get("mentioned_list") or ()),
    )  # fmt: skip


def _card_picture(world: World, body: Json) -> bytes | None:
    articles = body.get("articles") or [{}]
    url = (body.get("card_image") or {}).get("url") or articles[0].get("picurl") or ""
    return world.picture(url)


def pressable(card: Mapping[str, Any]) -> list[Json]:
    """The buttons of a card, those of its menu at the end."""
    submit = card.get("submit_button")
    menu = (card.get("action_menu") or {}).get("action_list") or []
    return [*(card.get("button_list") or []), *([submit] if submit else []), *menu]


def text_of(kind: str, body: Mapping[str, Any]) -> str:
    """The words of a message as they are shown."""
    lines = _card(body) if kind == "template_card" else _plain(kind, body)
    return "\n".join(filter(None, lines))


def _plain(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    if kind in ("text", "markdown", "markdown_v2"):
        yield LINK.sub(lambda found: found.group(1) or "", str(body["content"]))
    for part in (body, *(body.get("articles") or [])):
        yield str(part.get("title") or "")
        yield LINK.sub(lambda found: found.group(1) or "", str(part.get("description") or ""))
    if "file" in body and kind != "image":
        yield f"[{body['file'][0]}]"


def _card(body: Mapping[str, Any]) -> Iterator[str]:
    for key, words in HEADS:
        part = body.get(key) or {}
        yield from (str(part.get(each) or "") for each in words)
    yield str(body.get("sub_title_text") or "")
    for line in body.get("vertical_content_list") or []:
        yield f"{line['title']} {line.get('desc') or ''}".strip()
    for line in body.get("horizontal_content_list") or []:
        yield f"{line['keyname']} {line.get('value') or ''}".strip()
    for question in questions(body):
        yield str(question.get("title") or "")
        yield " ".join(f"({option['text']})" for option in question["option_list"])
    greyed = body.get("replace_text")
    labels = [greyed] if greyed else [button["text"] for button in pressable(body)]
    yield " ".join(f"[{label}]" for label in (*labels, *(jump["title"] for jump in body.get("jump_list") or [])))


def questions(card: Mapping[str, Any]) -> list[Json]:
    """What can be chosen on a card."""
    alone = [card[key] for key in ("button_selection", "checkbox") if card.get(key)]
    return [*alone, *(card.get("select_list") or [])]


ANCHOR = re.compile(r"<a [^>]*href=[\"']([^\"']*)[\"'][^>]*>(.*?)</a>|\[([^\]]*)\]\(([^)]*)\)", re.DOTALL)


def links(bubble: Bubble) -> list[tuple[str, str]]:
    """What a person can open there: label and address, in the order they stand."""
    body = bubble.body
    words = str(body.get("content") or body.get("description") or "")
    found = [(label or marked, url or address) for url, label, marked, address in ANCHOR.findall(words)]
    found += [
        (str(part.get("title")), str(part["url"])) for part in (body, *(body.get("articles") or [])) if part.get("url")
    ]
    parts = [
        *(body.get("button_list") or []),
        *(body.get("jump_list") or []),
        *(body.get("horizontal_content_list") or []),
    ]
    for part in parts:
        if part.get("type") == 1:
            found.append((str(part.get("text") or part.get("title") or part.get("value")), str(part["url"])))
    action = body.get("card_action") or {}
    return [*found, *([("", str(action["url"]))] if action.get("url") else [])]
