"""From a kept notice to a letter in the reader's language. Text from people stays what it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from conversations.plain import Json, load
from conversations.words import Said
from notifications.gateway import Letter
from reports.words import Words
from storage.outbox_rows import Claimed


def render(message: Claimed, words: Words, language: str, now: datetime) -> Letter:
    """Say every part of a notice in a language, seen from now."""
    payload = cast("Mapping[str, Json]", message.payload)

    def spoken(part: Json) -> str:
        sentence = load(part)
        return words.say(sentence, language, now) if isinstance(sentence, Said) else ""

    lines = cast("list[Json]", payload.get("lines") or [])
    buttons = cast("list[tuple[str, Json, str]]", payload.get("buttons") or [])
    return Letter(
        key=message.key,
        short=message.short,
        address=message.address,
        title=spoken(payload.get("title")),
        lines=tuple(spoken(line) for line in lines),
        buttons=tuple((str(action), spoken(label), str(subject)) for action, label, subject in buttons),
        foot=spoken(payload.get("foot")),
        forward=spoken(payload.get("forward")),
        picture_sha256=str(payload.get("picture") or ""),
        card=str(payload.get("card") or ""),
    )
