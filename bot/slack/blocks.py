"""The bricks of Block Kit: small functions that give a text, a line, a button its shape within Slack's limits.

Text from people stands in ``plain_text`` or in rich text elements, which Slack shows as they are: it calls nobody,
links nowhere and is no markup. Only what is made here (``user``, ``usergroup``, ``date``, ``link``) is more than text.
"""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from wcwidth import grapheme_boundary_before

from conversations.fields import cleaned

Block = dict[str, Any]
Tap = tuple[str, str, str]
"""A button: its action, its label, its subject."""

HEADER, SECTION, FIELD, LABEL, OPTION, FOOT, LINE = 150, 3000, 200, 75, 75, 500, 3000
"""The most characters (code points) of each text."""

FORWARD, FALLBACK, ALT = 2000, 700, 2000
VISIBLE, IN_A_ROW, IN_AN_OVERFLOW, IN_A_LIST, ANSWERS = 3, 5, 5, 100, 25
EMPTY = " "
"""Slack refuses a text without characters."""

NOTHING = "…"
"""And a message without a text of its own."""


def cut(text: str, most: int) -> str:
    """The text without what nobody sees, at most so many characters; what is cut ends in … and within no sign."""
    text = cleaned(text)
    if len(text) <= most:
        return text
    end = most - 1
    # a boundary before an index is looked for from the next one: an index that is one itself stays
    end = max(grapheme_boundary_before(text, end + 1), end - IN_ONE_SIGN) if end else 0
    return text[:end].rstrip() + "…"


IN_ONE_SIGN = 40
"""A sign of more characters than this is nobody's writing and is cut within."""


def plain(text: str, most: int = SECTION) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": cut(text, most) or EMPTY, "emoji": False}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str) -> Block:
    """A paragraph of plain text."""
    return {"type": "section", "text": plain(text)}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


# ------------------------------------------------------------ rich text


def words(text: str, *, bold: bool = False, italic: bool = False, most: int = LINE) -> Block:
    """A text within a line."""
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    return {"type": "text", "text": cut_within(text, most), **({"style": style} if style else {})}


def cut_within(text: str, most: int) -> str:
    """A text within a line keeps the spaces at its ends."""
    head, tail = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    inner = cut(text, most)
    return f"{head}{inner}{tail}" if inner else EMPTY


def link(address: str) -> Block:
    """A link of ours, to follow."""
    return {"type": "link", "url": address}


def user(slack_id: str) -> Block:
    """Somebody, called by name."""
    return {"type": "user", "user_id": slack_id}


def usergroup(group_id: str) -> Block:
    """A group of people, called by name."""
    return {"type": "usergroup", "usergroup_id": group_id}


def date(instant: datetime, fallback: str, shape: str = "{date_short} {time}") -> Block:
    """An instant as the reader's own client says it; a client that cannot shows the fallback."""
    return {"type": "date", "timestamp": int(instant.timestamp()), "format": shape, "fallback": cut(fallback, LABEL)}


def labelled(label: str, value: str) -> list[Block]:
    """A line: a bold label and its value."""
    return [words(f"{label} ", bold=True), words(value)]


def rich(*lines: Sequence[Block]) -> Block:
    """Lines of rich text, one below the other, as one block."""
    return {"type": "rich_text", "elements": [_lines(lines)]}


def _lines(lines: Sequence[Sequence[Block]]) -> Block:
    elements: list[Block] = []
    for line in lines:
        if elements:
            elements.append({"type": "text", "text": "\n"})
        elements += line
    return {"type": "rich_text_section", "elements": elements}


def preformatted(text: str) -> Block:
    """A text to copy: shown as it is, in a frame."""
    inner = {"type": "text", "text": cut(text, FORWARD) or EMPTY}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [inner]}]}


def quoted(text: str) -> Block:
    """Somebody's own words, marked as such."""
    inner = {"type": "text", "text": cut(text, FORWARD) or EMPTY}
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [inner]}]}


# ------------------------------------------------------------ other bricks


def fields(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Label above value, two to a row where there is room; ten to a block."""
    cells = [plain(f"{label}\n{value}", FIELD) for label, value in pairs]
    return [{"type": "section", "fields": cells[start : start + 10]} for start in range(0, len(cells), 10)]


def image(file_id: str, alt: str, title: str = "") -> Block:
    """A picture that lies at Slack, said in words for who does not see it."""
    block: Block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": cut(alt, ALT) or EMPTY}
    return {**block, "title": plain(title, FIELD)} if title else block


def foot(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [plain(text, FOOT) for text in texts[:10]]}


# ------------------------------------------------------------ things to tap


def button(tap: Tap, *, main: bool = False, nth: int = 0) -> Block:
    """A button; ``nth`` tells apart those of one action in one block."""
    action, label, subject = tap
    made: Block = {
        "type": "button", "text": plain(label, LABEL), "action_id": _action_id(action, nth),
        "value": value(action, subject),
    }  # fmt: skip
    return {**made, "style": "primary"} if main else made


def _action_id(action: str, nth: int) -> str:
    return f"{action}~{nth}" if nth else action


def value(action: str, subject: str) -> str:
    """What a tap carries: the action and its subject."""
    return f"{action}|{subject}"


def read_value(carried: str) -> tuple[str, str]:
    """The action and the subject that a tap carried. A subject is ours; an action may hold what people typed."""
    action, _, subject = carried.rpartition("|")
    return action, subject


def card_buttons(
    taps: Sequence[Tap], more: Sequence[Tap] = (), main: Iterable[str] = (), menu: str = "…"
) -> list[Block]:
    """The first three of a card's buttons, and all else in a menu; ``menu`` is what stands on a long one."""
    unique = dict.fromkeys((*taps, *more))
    shown = [tap for tap in unique if tap in taps[:VISIBLE]]
    rest = [tap for tap in unique if tap not in shown]
    stand_out = frozenset(main)
    elements = _row(shown, stand_out)
    if rest:
        elements.append(_menu(rest, menu))
    return [{"type": "actions", "elements": elements}] if elements else []


def _menu(taps: Sequence[Tap], menu: str) -> Block:
    """An overflow menu; more than it holds is a list to choose from."""
    options = [{"text": plain(label, OPTION), "value": value(action, subject)} for action, label, subject in taps]
    if len(options) <= IN_AN_OVERFLOW:
        return {"type": "overflow", "action_id": "more", "options": options}
    return {
        "type": "static_select", "action_id": "more", "placeholder": plain(menu, 150), "options": options[:IN_A_LIST]
    }  # fmt: skip


def answer_buttons(taps: Sequence[Tap], main: Iterable[str] = ()) -> list[Block]:
    """Every button of an answer, five to a row."""
    stand_out, all_of_them = frozenset(main), list(dict.fromkeys(taps))[:ANSWERS]
    rows = [all_of_them[start : start + IN_A_ROW] for start in range(0, len(all_of_them), IN_A_ROW)]
    return [{"type": "actions", "elements": _row(row, stand_out)} for row in rows]


def _row(taps: Sequence[Tap], stand_out: frozenset[str]) -> list[Block]:
    """Buttons side by side; of those that stand out the first alone does."""
    elements: list[Block] = []
    seen: dict[str, int] = {}
    for tap in taps:
        nth = seen.get(tap[0], 0)
        seen[tap[0]] = nth + 1
        main = tap[0] in stand_out and not any("style" in element for element in elements)
        elements.append(button(tap, main=main, nth=nth))
    return elements


# ------------------------------------------------------------ the text beside the blocks


JOINER = "\u2060"
"""Seen by nobody; a client that looks for addresses and names by itself finds none where it stands."""

SCHEME = re.compile(r"(https?|ftp|mailto|tel):", re.IGNORECASE)


def fallback(*texts: str) -> str:
    """What a notification and a client without blocks show: one text that is no markup, calls nobody, leads nowhere."""
    text = cut(" ".join(" ".join(text.split()) for text in texts if text), FALLBACK)
    apart = SCHEME.sub(rf"\1{JOINER}:", text.replace("@", f"{JOINER}@{JOINER}"))
    return html.escape(apart, quote=False) or NOTHING
