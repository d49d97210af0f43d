"""Cards: what is told in Slack's shape, whole for the client and in one text for the notification.

A card is a headline and a few short lines, for a phone shows them one below the other; at most three buttons are
seen at once. A notice is its sentence, its lines, what can be tapped and why it came.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.slack import blocks
from bot.slack.blocks import Block, Tap
from conversations.replies import Button
from conversations.words import N_, Said, said
from handlers.living import STATES, Living
from notifications.gateway import Letter
from reports.words import translated

Payload = dict[str, Any]
Say = Callable[[Said], str]

TITLE, BODY, NAME, ON_A_CARD = 900, 4000, 60, 300
"""The most characters of a notice's first sentence, of all its lines, of a customer's name, of a line of a card."""

IN_A_NOTIFICATION = 24
"""Of a customer's name in the text that a phone shows: number and time must stand in its first 80 characters."""

MORE = N_("More")
ALL_SHOWN = frozenset({"reply"})
"""Topics all of whose buttons are seen: the answer to what somebody just did."""

VIEWS = frozenset({"details", "why", "mine", "snooze", "comment"})
"""Buttons that never stand out: they change nothing, or nothing much."""

COLON = re.compile(r"^.{1,80}?[:\uff1a](?!\d)", re.DOTALL)
"""The end of what stands out; a time of day has a colon too."""

AFTER_THE_NAME = "\uff1a: "


# ------------------------------------------------------------ the living card of a case


def case(card: Living, say: Say, *, news: str = "", foot: str = "") -> Payload:
    """A case as it stands now; with the sentence that brought it, and why it came, where it was just sent."""
    told = news.removeprefix(f"{card.number} {card.customer}").lstrip(AFTER_THE_NAME)
    step, last = say(card.step), say(card.last) if card.last else ""
    lines = [_line(say(card.headline), most=ON_A_CARD), *_standing(card, say)]
    if told and told != step:
        lines.insert(0, [blocks.words(told, bold=True, most=TITLE)])
    body = [blocks.header(_head(card, say, NAME)), blocks.rich(*lines), *([blocks.foot(last)] if last else [])]
    body += blocks.card_buttons(_taps(card.taps, say), _taps(card.more, say), _main(card.taps), say(said(MORE)))
    body += [blocks.foot(foot)] if foot else []
    return {"text": blocks.fallback(*_notification(card, say, told or step)), "blocks": body}


def stub(card: Living, say: Say) -> Payload:
    """An older card where a newer one stands below: one line, nothing to tap."""
    text = f"{_head(card, say, NAME)} · {say(said(N_('The latest stands below.')))}"
    return {"text": blocks.fallback(text), "blocks": [blocks.rich([blocks.words(text, italic=True)])]}


def _head(card: Living, say: Say, most: int) -> str:
    return f"{say(card.mark) if card.mark else ''}{card.number} {blocks.cut(card.customer, most)}".strip()


def _notification(card: Living, say: Say, told: str) -> list[str]:
    """Number and customer, until when, what is new, and what it is about."""
    due = [say(said(N_("{due} ({state})"), due=card.due, state=card.state))] if card.due and card.state else []
    return [f"{_head(card, say, IN_A_NOTIFICATION)} ·", *(f"{text} ·" for text in (*due, told)), say(card.headline)]


def _standing(card: Living, say: Say) -> list[list[Block]]:
    """Where it stands, who has it, and until when; each on a line of its own."""
    lines = [_labelled(say(said(N_("Step"))), say(card.step))]
    if card.closed:
        return lines
    if card.handler:
        lines.append(_labelled(say(said(N_("Handler"))), card.handler))
    if card.due is not None and card.state is not None:
        # the client says the instant itself: 今天 on a card that stands since yesterday would be wrong
        instant = blocks.date(card.due, say(said("{due}", due=card.due)))
        late = card.state.message == STATES["late"]
        state = blocks.words(f" · {say(card.state)}", bold=late)
        lines.append([blocks.words(f"{say(said(N_('Time limit')))} ", bold=True), instant, state])
    return lines


# ------------------------------------------------------------ notices


def notice(letter: Letter, ours: str = "") -> Payload:
    """Anything else that is told: who is called, the sentence, the lines, the text to pass on, buttons and foot.

    A line that is nothing but an address below ``ours`` can be followed.
    """
    body = [blocks.rich(_called(letter), *_body(letter.lines, ours))]
    return _finished(letter, body)


def picture(letter: Letter, file_id: str) -> Payload:
    """A notice with its picture, said in words; with figures it is a report: headline, figures, picture, text."""
    image = [blocks.image(file_id, letter.alt or letter.title)] if file_id else []
    if not letter.fields:
        return _finished(letter, [blocks.rich(_called(letter), *_body(letter.lines)), *image])
    text = [blocks.rich(*_body(letter.lines))] if letter.lines else []
    return _finished(letter, [blocks.header(letter.title), *blocks.fields(letter.fields), *image, *text])


def line(text: str) -> Payload:
    """One sentence."""
    return {"text": blocks.fallback(text), "blocks": [blocks.rich([blocks.words(text, most=TITLE)])]}


def bare(text: str) -> Payload:
    """The text alone, where Slack refuses the blocks: it is told, if plainly."""
    return {"text": text}


def _finished(letter: Letter, body: list[Block]) -> Payload:
    if letter.fields and not letter.picture_sha256:
        body += blocks.fields(letter.fields)
    if letter.forward:
        body.append(blocks.preformatted(letter.forward))
    if letter.topic in ALL_SHOWN:
        body += blocks.answer_buttons(letter.buttons, letter.main)
    else:
        main = letter.main or tuple(action for action, _, _ in letter.buttons[:1] if action not in VIEWS)
        body += blocks.card_buttons(letter.buttons, letter.more, main, translated(MORE, letter.language))
    if letter.foot:
        body.append(blocks.foot(letter.foot))
    return {"text": blocks.fallback(letter.title, *letter.lines), "blocks": body}


def _called(letter: Letter) -> list[Block]:
    """The sentence, after those whom it calls by name."""
    called: list[Block] = []
    for slack_id in letter.mentions:
        called += [blocks.user(slack_id), blocks.words(" ")]
    return [*called, *_sentence(blocks.cut(letter.title, TITLE))]


def _sentence(text: str) -> list[Block]:
    """A sentence whose beginning stands out: what is told and of which case, up to its colon."""
    colon = COLON.search(text)
    if colon is None or not text[colon.end() :].strip():
        return [blocks.words(text, bold=True)]
    return [blocks.words(text[: colon.end()], bold=True), blocks.words(text[colon.end() :])]


def _body(lines: Sequence[str], ours: str = "") -> list[list[Block]]:
    """Every line, until there is no more room."""
    shown: list[list[Block]] = []
    room = BODY
    for text in filter(None, lines):
        if room <= 1:
            break
        leads = bool(ours) and text.startswith(f"{ours}/") and " " not in text
        shown.append([blocks.link(text)] if leads else _line(text, most=min(room, blocks.LINE)))
        room -= len(text)
    return shown


def _line(text: str, *, most: int) -> list[Block]:
    return [blocks.words(text, most=most)]


def _labelled(label: str, value: str) -> list[Block]:
    return [blocks.words(f"{label} ", bold=True), blocks.words(value, most=ON_A_CARD)]


def _taps(buttons: Sequence[Button], say: Say) -> list[Tap]:
    return [(button.action, say(button.label), button.subject) for button in buttons]


def _main(buttons: Sequence[Button]) -> list[str]:
    return [button.action for button in buttons if button.main][:1]
