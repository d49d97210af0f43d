"""One question of a form as fields of a modal: the element for its kind, with the answer there is."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.slack.blocks import OPTION, cut, plain
from bot.slack.states import FIELD, MARK, NONE, PRESET, TYPED
from conversations.fields import LOOKED_UP, NEW, Field, Kind, Option
from conversations.words import N_, Said, said
from handlers.uploads import MOST_AT_ONCE
from handlers.whole import Question

Block = dict[str, Any]

VALUE, PLACEHOLDER, LABEL, TEXT, FEW, MANY = 150, 150, 200, 3000, 10, 100
OTHER = Option(TYPED, said(N_("Something else")), said(N_("Please type it.")))
OWN = "o"
"""The mark of a field that changes with others, and that the person filled in."""

NUMBERS = frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.MONEY})
CHOSEN = frozenset({Kind.CHOICE, Kind.YES_NO})


@dataclass(frozen=True)
class Drawn:
    """How a form is drawn: its words, who is who at Slack, and what stands in the modal now, if it is open.

    ``chosen`` are the options that are chosen now, ``ids`` the blocks that are there, by the keys of their questions.
    """

    say: Callable[[Said], str]
    users: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that its fields depend on; ``first`` is filled in where there is no answer yet."""

    question: Question
    drawn: Drawn
    confirms: bool = False
    hint: str = ""

    @property
    def field(self) -> Field:
        return self.question.field

    @property
    def value(self) -> Any:
        """The answer there is; a confirmation begins with what is suggested."""
        if self.question.value is None and self.confirms and self.question.options:
            return self.question.options[0].key
        return self.question.value

    @property
    def filled_in(self) -> bool:
        """Whether the answer was filled in for the person."""
        return not self.question.own and self.value not in (None, "", ())


def inputs(asked: Asked) -> list[Block]:
    """The block of a question, and one for what is typed where an option wants that."""
    options = _tapped(asked)
    if not options:
        return [_block(asked, _element(asked), _mark(asked, ()))]
    chosen = _chosen(asked, options)
    select = _select(asked, options, chosen)
    found = [_block(asked, select, _mark(asked, [option.key for option in options]))]
    wanted = next((each for each in options if each.hint and chosen == _value(each)), None)
    if wanted is not None and wanted.hint is not None:
        typed = _block(asked, _typed(asked), TYPED)
        found.append({**typed, "optional": False, "hint": plain(asked.drawn.say(wanted.hint), LABEL)})
    return found


def _tapped(asked: Asked) -> tuple[Option, ...]:
    """What is tapped: nothing where Slack has a field of its own for the kind."""
    kind, options = asked.field.kind, asked.question.options
    if kind in LOOKED_UP or kind in (Kind.DATE, Kind.MULTI_CHOICE, Kind.FILES):
        return ()
    options = tuple(option for option in options if len(_value(option)) <= VALUE)[: MANY - 2]
    typing = any(option.hint for option in options)
    return (*options, OTHER) if options and not typing and kind not in CHOSEN else options


def _value(option: Option) -> str:
    return f"{MARK}{option.key}" if option.hint else option.key


def _chosen(asked: Asked, options: Iterable[Option]) -> str:
    """The value of the option that is chosen: as it stands in the modal, else by the answer there is."""
    values = [_value(option) for option in options]
    now = asked.drawn.chosen.get(asked.field.key)
    kept = asked.question.own or not asked.filled_in or (now or "").startswith(MARK)
    if now is not None and kept and now in (*values, NONE):
        return now
    if asked.value is None or asked.value in ("", ()):
        return ""
    wanted = str(asked.value)
    typing = next((value for value in values if value.startswith(MARK)), "")
    return wanted if wanted in values else typing


def _select(asked: Asked, options: Iterable[Option], chosen: str) -> Block:
    """Radio buttons for a few choices, a menu otherwise; with an option for none, which phones cannot clear.

    What is filled in already is a menu: on a phone it takes one line to be looked over, and not seven.
    """
    drawn = [_option(asked, _value(option), option.label) for option in options]
    if not asked.field.required:
        drawn.append(_option(asked, NONE, said(N_("Left open"))))
    few = asked.field.kind in CHOSEN and len(drawn) <= FEW and not asked.field.preset
    made: Block = {"type": "radio_buttons" if few else "static_select", "action_id": FIELD, "options": drawn}
    first = next((option for option in drawn if option["value"] == chosen), None)
    return {**made, "initial_option": first} if first else made


def _option(asked: Asked, value: str, label: Said) -> Block:
    return {"text": plain(asked.drawn.say(label), OPTION), "value": value}


def _mark(asked: Asked, keys: Sequence[str]) -> str:
    """
    What makes the block another one, so that a client does not keep what it showed before (slack.md 1.6).

    A field that was filled in for the person, or offers what depends on other answers, is another block once that
    changes. One that the person has answered themselves stays the block it is.
    """
    depends = bool(keys) and callable(asked.field.options)
    if not (asked.filled_in or asked.field.preset or asked.confirms or depends):
        return ""
    shape = _hash("".join(keys) if depends else "")
    now = asked.drawn.ids.get(asked.field.key, "").partition(MARK)[2]
    if asked.question.own and not asked.confirms and now[1:].startswith(shape):
        return now
    first = repr(asked.value) if asked.filled_in and not isinstance(asked.value, datetime) else ""
    return f"{PRESET if asked.filled_in else OWN}{shape}{_hash(first)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6] if text else "0"


def _block(asked: Asked, element: Block, mark: str) -> Block:
    question, say = asked.field, asked.drawn.say
    prompt = "" if question.preset else say(said(question.prompt))
    hint = " ".join(filter(None, (prompt, asked.hint)))
    there = question.kind is Kind.FILES and bool(asked.value)
    made: Block = {
        "type": "input",
        "block_id": f"{question.key}{MARK}{mark}" if mark else question.key,
        "label": plain(say(said(question.label)), LABEL),
        "element": element,
        "optional": not question.required or there,
        **({"hint": plain(hint, 2000)} if hint else {}),
    }
    return made if question.kind is Kind.FILES else {**made, "dispatch_action": True}


def _element(asked: Asked) -> Block:
    kind = asked.field.kind
    if kind is Kind.MULTI_CHOICE:
        return _several(asked)
    if kind is Kind.FILES:
        return {"type": "file_input", "action_id": FIELD, "max_files": MOST_AT_ONCE}
    if kind is Kind.PERSON:
        user = asked.drawn.users.get(str(asked.value))
        return {"type": "users_select", "action_id": FIELD, **({"initial_user": user} if user else {})}
    if kind in LOOKED_UP:
        return _looked_up(asked)
    return _typed(asked)


def _several(asked: Asked) -> Block:
    drawn = [_option(asked, option.key, option.label) for option in asked.question.options][:MANY]
    few = len(drawn) <= FEW and not asked.field.preset
    kind = "checkboxes" if few else "multi_static_select"
    made: Block = {"type": kind, "action_id": FIELD, "options": drawn}
    there = asked.value if isinstance(asked.value, tuple) else ()
    first = [option for option in drawn if option["value"] in there]
    return {**made, "initial_options": first} if first else made


def _looked_up(asked: Asked) -> Block:
    least = 1 if asked.field.kind is Kind.CASE else 0
    made: Block = {"type": "external_select", "action_id": FIELD, "min_query_length": least}
    words, value = asked.question.words, str(asked.value or "")
    if words is None or not 0 < len(value) <= VALUE:
        return made
    return {**made, "initial_option": {"text": plain(asked.drawn.say(words), OPTION), "value": value}}


def found(options: Iterable[Option], say: Callable[[Said], str]) -> list[Block]:
    """What can be chosen in a field that is looked up, what may be new first; typing is what the field is for."""
    offered = [each for each in options if each.hint is None and 0 < len(each.key) <= VALUE]
    offered.sort(key=lambda option: option.key != NEW)
    return [
        {"text": plain(f"＋ {say(each.label)}" if each.key == NEW else say(each.label), OPTION), "value": each.key}
        for each in offered[:MANY]
    ]


def _typed(asked: Asked) -> Block:
    """A field to type in, or to pick a day or an instant."""
    kind, value = asked.field.kind, asked.value
    if kind is Kind.DATE:
        day: Block = {"initial_date": value.isoformat()} if isinstance(value, date) else {}
        return {"type": "datepicker", "action_id": FIELD, **day}
    if kind is Kind.DATE_TIME:
        instant: Block = {"initial_date_time": int(value.timestamp())} if isinstance(value, datetime) else {}
        return {"type": "datetimepicker", "action_id": FIELD, **instant}
    if kind in NUMBERS:
        number = str(value) if value is not None and not isinstance(value, str) else ""
        made: Block = {"type": "number_input", "action_id": FIELD, "is_decimal_allowed": kind is not Kind.WHOLE}
        return {**made, "initial_value": number} if number else made
    return _text(asked, "" if value is None or _of_an_option(asked) else str(value))


def _of_an_option(asked: Asked) -> bool:
    return any(option.key == str(asked.value) for option in asked.question.options)


def _text(asked: Asked, value: str) -> Block:
    made: Block = {
        "type": "plain_text_input",
        "action_id": FIELD,
        "multiline": asked.field.kind is Kind.LONG_TEXT,
        "max_length": min(asked.field.longest, TEXT),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if asked.field.example:
        made["placeholder"] = plain(asked.drawn.say(said(asked.field.example)), PLACEHOLDER)
    return {**made, "initial_value": cut(value, made["max_length"])} if value else made
