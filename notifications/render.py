"""From a kept notice to a letter in the reader's language. Text from people stays what it is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from conversations.plain import Json, load
from conversations.replies import run_from_plain
from conversations.words import Said
from notifications.gateway import Letter, Together
from notifications.masking import is_shared, masked
from reports.words import Words
from storage.outbox_rows import Claimed


def render(message: Claimed, words: Words, language: str, now: datetime) -> Letter:
    """Say every part of a notice in a language, seen from now; in what a channel reads numbers are masked."""
    payload, shared = cast("Mapping[str, Json]", message.payload), is_shared(message.address)

    def spoken(part: Json) -> str:
        sentence = load(part)
        told = words.say(sentence, language, now) if isinstance(sentence, Said) else ""
        return masked(told) if shared else told

    def tapped(part: str) -> tuple[tuple[str, str, str], ...]:
        buttons = cast("list[tuple[str, Json, str]]", payload.get(part) or [])
        return tuple((str(action), spoken(label), str(subject)) for action, label, subject in buttons)

    lines = cast("list[Json]", payload.get("lines") or [])
    fields = cast("list[tuple[Json, Json]]", payload.get("fields") or [])
    return Letter(
        key=message.key,
        short=message.short,
        address=message.address,
        title=spoken(payload.get("title")),
        lines=tuple(spoken(line) for line in lines),
        buttons=tapped("buttons"),
        foot=spoken(payload.get("foot")),
        forward=spoken(payload.get("forward")),
        picture_sha256=str(payload.get("picture") or ""),
        card=message.card,
        topic=message.topic,
        level=message.level or "",
        language=language,
        alt=spoken(payload.get("alt")),
        fields=tuple((spoken(label), spoken(value)) for label, value in fields),
        more=tapped("more"),
        together=_together(payload.get("run"), lambda said: words.say(said, language, now)),
        main=tuple(str(action) for action in cast("list[Json]", payload.get("main") or [])),
        data=cast("Mapping[str, Json]", payload.get("data") or {}),
        case_id=message.case_id,
        since=message.created_at,
    )


def _together(kept: Json, say: Callable[[Said], str]) -> tuple[Together, ...]:
    return tuple(
        Together(each.question, say(each.label), tuple((key, say(label)) for key, label in each.options))
        for each in run_from_plain(kept)
    )
