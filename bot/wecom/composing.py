"""From a letter to the bodies that are sent: the text as the floor, then what is to be passed on, a picture, a card."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.wecom import cards, texts
from bot.wecom.cards import Card, Tap
from conversations.words import N_, Said, said
from notifications.gateway import Letter
from storage.parts import Part

Json = dict[str, Any]
Say = Callable[[Said], str]
Body = tuple[Json, str, Mapping[str, object]]
"""The body of a message, the id of the card in it, and what taps on it mean."""

PICTURE_MOST = 2 * 1024 * 1024 - 1024
VOTE = N_("Send")
MOST_WORDS = 12
IDENTIFIER = 30


@dataclass(frozen=True, slots=True)
class Way:
    """Where parts go: the fields of a call that say so, and what can be sent there."""

    to: Mapping[str, Any]
    cards: bool = False
    once: bool = False
    robot: bool = False
    group: bool = False


ONCE = {"enable_duplicate_check": 1, "duplicate_check_interval": 14_400}
"""The same bytes within four hours are shown once."""


def parts(letter: Letter, way: Way, say: Say, picture: Json | None) -> list[Part]:
    """The parts of a letter in their order, each ready to be sent but for what makes it unlike its twins."""
    bodies: list[Body] = []
    asked = letter.data if letter.data.get("question") else {}
    options = [tap for tap in letter.buttons if tap[0].startswith("option:")]
    bodies += [(text, "", {}) for text in _texts(letter, way, say)]
    if letter.forward:
        bodies += [({"msgtype": "text", "text": {"content": piece}}, "", {})
                   for piece in texts.pieces(texts.plain(letter.forward))]  # fmt: skip
    if picture:
        bodies.append((picture, "", {}))
    if way.cards:
        bodies += _cards(letter, options, asked, say)
    if bodies and asked and asked.get("choice") and options and not any(task for _, task, _ in bodies):
        body, task, _ = bodies[0]
        bodies[0] = (body, task, _taps(options, asked))
    return [_part(number, body, task, taps, way) for number, (body, task, taps) in enumerate(bodies)]


def _part(number: int, body: Json, task: str, taps: Mapping[str, object], way: Way) -> Part:
    whole = {**way.to, **body, **(ONCE if way.once else {})}
    mark = hashlib.sha256(repr(sorted(whole.items())).encode()).hexdigest()
    return Part(number=number, body=whole, mark=mark, task=task, taps=taps)


# ------------------------------------------------------------ texts


def _texts(letter: Letter, way: Way, say: Say) -> Iterator[Json]:
    lines = list(_lines(letter, way, say))
    title = texts.plain(letter.title)
    calls = [user for user in letter.mentions if texts.USER.fullmatch(user)] if way.group else []
    if way.group and letter.level and texts.is_plain(title, *lines):
        content = "\n".join([f"**{title}**", *(f"> {line}" for line in lines), *(f"<@{user}>" for user in calls)])
        if texts.size(content) <= texts.MARKDOWN - texts.MARK:
            yield {"msgtype": "markdown", "markdown": {"content": content}}
            return
    found = texts.pieces("\n".join([title, *lines]))
    for index, piece in enumerate(found):
        mentioned = {"mentioned_list": calls} if calls and index == len(found) - 1 else {}
        yield {"msgtype": "text", "text": {"content": piece, **mentioned}}


def _lines(letter: Letter, way: Way, say: Say) -> Iterator[str]:
    """Everything below the headline: figures, lines, what a picture shows, what can be typed, why it came."""
    for label, value in letter.fields:
        yield texts.plain(f"{label}: {value}")
    yield from (texts.plain(line) for line in letter.lines)
    if letter.alt:
        yield texts.plain(letter.alt)
    yield from _typed(letter, way, say)
    if letter.foot:
        yield texts.plain(letter.foot)
    if way.group:
        yield f"· {letter.short}"


def _typed(letter: Letter, way: Way, say: Say) -> Iterator[str]:
    """What can be typed: an option's number, or the word on a button."""
    options = [label for action, label, _ in letter.buttons if action.startswith("option:")]
    counts = bool(letter.data.get("choice"))
    for index, label in enumerate(options, 1):
        yield texts.plain(f"{index}. {label}" if counts else f"· {label}")
    others = [(label, subject) for action, label, subject in letter.buttons if not action.startswith("option:")]
    words = " / ".join(texts.plain(f"{label} {subject}".strip()) for label, subject in others[:MOST_WORDS])
    if not words:
        return
    if way.group:
        yield say(said(N_("To act, write to me in our own chat: {words}"), words=words))
    else:
        yield say(said(N_("You can also type: {words}"), words=words))


# ------------------------------------------------------------ cards


def _cards(letter: Letter, options: Sequence[Tap], asked: Mapping[str, object], say: Say) -> list[Body]:
    """The card that belongs to a letter, if one fits."""
    others = [tap for tap in letter.buttons if not tap[0].startswith("option:")]
    if options and asked:
        if len(options) > cards.OPTIONS:
            return []
        card, taps = _question(letter, options, others, say), [*options]
        if card["card_type"] == "button_interaction":
            taps = [*options, *others][: cards.BUTTONS]
        return [_carded(letter, card, _taps(taps, asked))]
    shown = [*options, *others][: cards.BUTTONS]
    if not shown or (asked and not options):
        return []
    card = cards.buttons(letter.title, " · ".join(letter.lines[:3]), shown, letter.main)
    return [_carded(letter, card, _taps(shown, {}))]


def _question(letter: Letter, options: Sequence[Tap], others: Sequence[Tap], say: Say) -> Card:
    """A confirmation has buttons; any other question has options to choose from."""
    if letter.main and len(options) <= cards.BUTTONS:
        return cards.buttons(letter.title, "", [*options, *others][: cards.BUTTONS], letter.main)
    prompt = letter.lines[0] if letter.lines else letter.title
    return cards.vote(prompt, options, say(said(VOTE)), several=letter.data.get("choice") == "several")


def _carded(letter: Letter, card: Card, taps: Mapping[str, object]) -> Body:
    task = f"gk-{hashlib.sha256(letter.key.encode()).hexdigest()[:IDENTIFIER]}"
    return {"msgtype": "template_card", "template_card": {**card, "task_id": task}}, task, taps


def _taps(taps: Sequence[Tap], asked: Mapping[str, object]) -> dict[str, object]:
    """What taps mean, as it is kept: the value of a button comes back whatever its length."""
    kept: dict[str, object] = {"buttons": [[action, subject, label] for action, label, subject in taps]}
    if asked:
        kept |= {name: asked.get(name, "") for name in ("draft", "question", "choice")}
    return kept


# ------------------------------------------------------------ pictures


def picture_of(letter: Letter, way: Way, upload: Callable[[], str]) -> Json | None:
    """The picture of a letter as a message: uploaded for an app, whole for a robot; None where it is too large."""
    content = letter.picture
    if not content or len(content) > PICTURE_MOST:
        return None
    if way.robot:
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        return {"msgtype": "image", "image": {"base64": base64.b64encode(content).decode(), "md5": digest}}
    return {"msgtype": "image", "image": {"media_id": upload()}}


def unlike(body: Json, twins: int) -> Json:
    """A text that was sent in the same words lately, with something nobody sees: WeCom would not show it again."""
    kind = body.get("msgtype")
    if not twins or kind not in ("text", "markdown"):
        return body
    part = body[kind]
    return {**body, kind: {**part, "content": texts.marked(part["content"], twins)}}
