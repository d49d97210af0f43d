"""Modals: a form with all its questions at once, an answer to read and tap, and which case something belongs to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks import Block, answer_buttons, cut, foot, link, plain, preformatted, rich, section, words
from bot.slack.inputs import Asked, Drawn, inputs
from bot.slack.states import FIELD, Filled, key_of
from conversations.fields import Kind
from conversations.replies import Reply
from conversations.words import N_, Said, said
from handlers.pages import PAGE
from handlers.similar import DESCRIPTION
from handlers.whole import Whole

Say = Callable[[Said], str]
View = dict[str, Any]

FORM, ANSWER, ATTACH = "form", "answer", "attach"
"""What a modal is, as its callback_id: Slack hands it back."""

TITLE, CHARACTERS, ROWS = 24, 9000, 40
KEPT = said(N_("Closed too early? “continue” goes on; only the text typed last may be missing."))
PHOTOS = said(N_("You may also send them to me in our conversation."))
THERE = said(N_("{k} photos received."))
NAME = said(N_("Customer care"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as one person sees it now: its questions, in their words, and who is who at Slack."""

    whole: Whole
    say: Say
    users: Mapping[str, str]


def form(shown: Shown, filled: Filled | None = None) -> View:
    """A form as a modal; where one stands open, with what is chosen and typed there left alone."""
    whole, say = shown.whole, shown.say
    chosen, ids = (filled.chosen, filled.ids) if filled else ({}, {})
    drawn = Drawn(say, shown.users, chosen, ids)
    blocks: list[Block] = [section(whole.number)] if whole.number else []
    for question in whole.questions:
        confirms = question.field.key == whole.form.confirm
        if confirms:
            blocks += [foot(say(line)) for line in whole.limit]
        hint = _of_photos(say, question.value) if question.field.kind is Kind.FILES else ""
        blocks += inputs(Asked(question, drawn, confirms, hint))
        if question.field.key == DESCRIPTION:
            blocks += answer_blocks(whole.alike, say)
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": whole.draft,
        "notify_on_close": True,
        "title": plain(say(said(whole.form.title)), TITLE),
        "submit": plain(say(said(N_("Submit"))), TITLE),
        "close": plain(say(said(N_("Later"))), TITLE),
        "blocks": [*blocks, foot(say(KEPT))],
    }


def _of_photos(say: Say, value: object) -> str:
    there = len(value) if isinstance(value, tuple) else 0
    return " ".join((*([say(said(THERE.message, k=there))] if there else []), say(PHOTOS)))


def shape(view: Mapping[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What a modal asks and offers: where this stays the same, nothing is shown anew."""
    return [
        (
            str(block.get("block_id")),
            str(block["element"].get("type")),
            tuple(str(option.get("value")) for option in block["element"].get("options") or ()),
        )
        for block in view.get("blocks") or []
        if block.get("type") == "input"
    ] + [
        ("", "actions", tuple(str(element.get("value")) for element in block["elements"]))
        for block in view.get("blocks") or []
        if block.get("type") == "actions"
    ]


def answer(reply: Reply, say: Say) -> View:
    """An answer that is read in a modal, with what can be tapped next."""
    return {
        "type": "modal",
        "callback_id": ANSWER,
        "title": plain(say(NAME), TITLE),
        "close": plain(say(said(N_("OK"))), TITLE),
        "blocks": answer_blocks(reply, say),
    }


def answer_blocks(reply: Reply, say: Say) -> list[Block]:
    """An answer's lines, the text to pass on, and its buttons."""
    room, lines = CHARACTERS, []
    for line in reply.lines[:ROWS]:
        text = cut(say(line), max(room, 1))
        room -= len(text)
        lines.append([link(text) if line.message == PAGE else words(text)])
    blocks = [rich(*lines)] if lines else []
    if reply.forward is not None:
        blocks.append(preformatted(say(reply.forward)))
    taps = [(button.action, say(button.label), button.subject) for button in reply.buttons]
    return [*blocks, *answer_buttons(taps, [button.action for button in reply.buttons if button.main])]


def attach(say: Say, count: int) -> View:
    """Which case photos belong to that were taken from a message."""
    case: Block = {
        "type": "input",
        "block_id": "case",
        "label": plain(say(said(N_("Case")))),
        "hint": plain(say(said(N_("Type a number (82), a customer or a word of the matter.")))),
        "element": {"type": "external_select", "action_id": FIELD, "min_query_length": 0},
    }
    return {
        "type": "modal",
        "callback_id": ATTACH,
        "title": plain(say(said(N_("Add photos"))), TITLE),
        "submit": plain(say(said(N_("Next"))), TITLE),
        "close": plain(say(said(N_("Later"))), TITLE),
        "blocks": [section(say(said(THERE.message, k=count))), case],
    }


def errors(view: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, str]:
    """Each fault beside its field: what is typed for an option comes last, what is not shown is said at the end."""
    there = [str(block["block_id"]) for block in view.get("blocks") or [] if block.get("type") == "input"]
    beside = {key_of(block_id): block_id for block_id in there}
    found: dict[str, str] = {}
    for key, sentence in faults.items():
        block_id = beside.get(key) or (there[-1] if there else "")
        found.setdefault(block_id, sentence)
    return {block_id: sentence for block_id, sentence in found.items() if block_id}
