"""From a letter to the bodies that are sent: the text as the floor, then what is to be passed on, a picture, a card.

Whoever has a card reads nothing twice: the text leaves out what the card shows in full, but never what somebody
needs to answer where cards are not shown (docs/decisions/0017-what-the-card-says.md).
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from bot.wecom import cards, texts
from bot.wecom.cards import Card, Tap
from conversations.plain import load
from conversations.words import N_, Said, said
from notifications.gateway import Letter
from storage.parts import Part

Json = dict[str, Any]
Say = Callable[[Said], str]
Body = tuple[Json, str, Mapping[str, object]]
"""The body of a message, the id of the card in it, and what taps on it mean."""

PICTURE_MOST = 2 * 1024 * 1024 - 1024
VOTE = said(N_("Send"))
CHOOSE = said(N_("please choose"))
AT_ONCE = N_("Or answer these {n} at once")
MOST_WORDS = 12
IDENTIFIER = 30


@dataclass(frozen=True, slots=True)
class Way:
    """Where parts go: the fields of a call that say so, and what can be sent there; how links of our own begin."""

    to: Mapping[str, Any]
    cards: bool = False
    once: bool = False
    robot: bool = False
    group: bool = False
    ours: str = ""

    def plain(self, text: str) -> str:
        """A text in which only our own links lead anywhere."""
        return texts.plain(text, self.ours)


ONCE = {"enable_duplicate_check": 1, "duplicate_check_interval": 14_400}
"""The same bytes within four hours are shown once."""


def parts(letter: Letter, way: Way, say: Say, picture: Json | None) -> list[Part]:
    """The parts of a letter in their order, each ready to be sent but for what makes it unlike its twins."""
    card, rest = _beside(letter, say) if way.cards else (None, letter)
    bodies: list[Body] = [(text, "", {}) for text in _texts(rest, way, say)]
    if letter.forward:
        bodies += [({"msgtype": "text", "text": {"content": piece}}, "", {})
                   for piece in texts.pieces(way.plain(letter.forward))]  # fmt: skip
    if picture:
        bodies.append((picture, "", {}))
    if card is not None:
        bodies.append(card)
    options = _options(letter)
    if bodies and letter.data.get("choice") and options and card is None:
        body, task, _ = bodies[0]
        bodies[0] = (body, task, _taps(letter, options))
    return [_part(number, body, task, taps, way) for number, (body, task, taps) in enumerate(bodies)]


def _part(number: int, body: Json, task: str, taps: Mapping[str, object], way: Way) -> Part:
    whole = {**way.to, **body, **(ONCE if way.once else {})}
    mark = hashlib.sha256(repr(sorted(whole.items())).encode()).hexdigest()
    return Part(number=number, body=whole, mark=mark, task=task, taps=taps)


# ------------------------------------------------------------ texts


def _texts(letter: Letter, way: Way, say: Say) -> Iterator[Json]:
    lines = list(_lines(letter, way, say))
    title = way.plain(letter.title)
    calls = [user for user in letter.mentions if texts.USER.fullmatch(user)] if way.group else []
    if way.group and letter.level and texts.is_plain(title, *lines):
        content = "\n".join([f"**{title}**", *(f"> {line}" for line in lines), *(f"<@{user}>" for user in calls)])
        if texts.size(content) <= texts.MARKDOWN - texts.MARK:
            yield {"msgtype": "markdown", "markdown": {"content": content}}
            return
    found = texts.pieces("\n".join(filter(None, [title, *lines])))
    for index, piece in enumerate(found):
        mentioned = {"mentioned_list": calls} if calls and index == len(found) - 1 else {}
        yield {"msgtype": "text", "text": {"content": piece, **mentioned}}


def _lines(letter: Letter, way: Way, say: Say) -> Iterator[str]:
    """Everything below the headline: figures, lines, what a picture shows, what can be typed, why it came."""
    for label, value in letter.fields:
        yield way.plain(f"{label}: {value}")
    shown = letter.alt.splitlines()
    yield from (way.plain(line) for line in letter.lines if line not in shown)
    if letter.alt:
        yield way.plain(letter.alt)
    yield from _typed(letter, way, say)
    if letter.foot:
        yield way.plain(letter.foot)
    if way.group:
        yield f"· {letter.short}"


def _typed(letter: Letter, way: Way, say: Say) -> Iterator[str]:
    """What can be typed: an option's number, or the word on a button."""
    options = [label for action, label, _ in letter.buttons if action.startswith("option:")]
    counts = bool(letter.data.get("choice"))
    for index, label in enumerate(options, 1):
        yield way.plain(f"{index}. {label}" if counts else f"· {label}")
    others = [(label, subject) for action, label, subject in letter.buttons if not action.startswith("option:")]
    words = " / ".join(way.plain(f"{label} {subject}".strip()) for label, subject in others[:MOST_WORDS])
    if not words:
        return
    if way.group:
        yield say(said(N_("To act, write to me in our own chat: {words}"), words=words))
    else:
        yield say(said(N_("You can also type: {words}"), words=words))


# ------------------------------------------------------------ cards


def _beside(letter: Letter, say: Say) -> tuple[Body | None, Letter]:
    """The card that belongs to a letter, if one fits, and what is left for the text."""
    options = _options(letter)
    if letter.data.get("question") and not letter.main:
        return _question(letter, options, say) if options else (None, letter)
    others = [tap for tap in letter.buttons if tap not in options]
    shown = [*options, *others][: cards.BUTTONS]
    if not shown or (letter.data.get("question") and not options):
        return None, letter
    body = " · ".join(letter.lines)
    whole = not _must_be_read(letter) and cards.fits(letter.title, cards.TITLE) and cards.fits(body, cards.BODY)
    more = letter.more[: cards.MENU]
    card = cards.buttons(letter.title, body if whole else "", shown, letter.main, more)
    return _carded(letter, card, _taps(letter, [*shown, *more])), replace(letter, lines=()) if whole else letter


def _must_be_read(letter: Letter) -> bool:
    """What a card may not say alone: a question, a reminder or an escalation, and what it has no room for."""
    return bool(letter.data.get("question") or letter.level or letter.fields or letter.alt)


def _question(letter: Letter, options: Sequence[Tap], say: Say) -> tuple[Body | None, Letter]:
    """A question has options to choose from, its own or, where that is possible, those of the next ones too."""
    told = [letter.title, *letter.lines]
    asked = load(letter.data.get("prompt"))
    prompt = say(asked) if isinstance(asked, Said) else letter.title
    place = told.index(prompt) if prompt in told else 0
    heading = told[place - 1] if place else ""
    together = cards.fitting(letter.together)
    if together:
        title = say(said(AT_ONCE, n=len(together)))
        card: Card | None = cards.together(title, heading, together, (say(CHOOSE), say(VOTE)))
    else:
        several = letter.data.get("choice") == "several"
        card = cards.vote(prompt, heading, options, say(VOTE), several=several)
    if card is None:
        return None, letter
    taps = {**_taps(letter, options), "run": [[each.question, [*map(list, each.options)]] for each in together]}
    if "desc" in card["main_title"]:
        del told[place - 1]
    first, *lines = told
    return _carded(letter, card, taps), replace(letter, title=first, lines=tuple(lines))


def _options(letter: Letter) -> list[Tap]:
    return [tap for tap in letter.buttons if tap[0].startswith("option:")] if letter.data.get("question") else []


def _carded(letter: Letter, card: Card, taps: Mapping[str, object]) -> Body:
    task = f"gk-{hashlib.sha256(letter.key.encode()).hexdigest()[:IDENTIFIER]}"
    return {"msgtype": "template_card", "template_card": {**card, "task_id": task}}, task, taps


def _taps(letter: Letter, taps: Sequence[Tap]) -> dict[str, object]:
    """What taps mean, as it is kept: the value of a button comes back whatever its length."""
    kept: dict[str, object] = {"buttons": [[action, subject, label] for action, label, subject in taps]}
    if letter.data.get("question"):
        kept |= {name: letter.data.get(name, "") for name in ("draft", "question", "choice")}
    return kept


def changed(letter: Letter, part: Part) -> Card:
    """A card after what it offers was done: who did what and when, and what stands in place of its buttons."""
    states = [*letter.lines, "…"]
    state = next((each for each in states if cards.fits(each, cards.BUTTON)), states[0])
    return cards.done(cast("Card", part.body["template_card"]), letter.title, state, _chosen(letter))


def _chosen(letter: Letter) -> Mapping[str, Sequence[str]]:
    chosen = letter.data.get("chosen")
    items = chosen.items() if isinstance(chosen, dict) else ()
    return {question: [str(each) for each in options] for question, options in items if isinstance(options, list)}


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
