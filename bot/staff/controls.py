"""One question of a form as controls of a page, with what stands in them; and how a control is known to be changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from conversations.fields import LOOKED_UP, Field, Kind, Option, UnacceptableError
from conversations.words import N_, Said, people, said
from handlers.whole import Question

CHOICE, TYPED, SEARCH, FILE = "q.", "t.", "s.", "file."
"""What the names of controls begin with; the key of their question follows."""

HINT = "~"
"""The value of an option that wants something typed begins so."""

FEW, MOST_OFFERED = 8, 40
NUMBERS: Mapping[Kind, str] = {Kind.WHOLE: "numeric", Kind.DECIMAL: "decimal", Kind.MONEY: "decimal"}
PICKED: Mapping[Kind, str] = {Kind.DATE: "date", Kind.DATE_TIME: "datetime-local"}
MARK_SIGNS = 6
THERE = said(N_("{k} photos received."))
SEARCHED = said(N_("Not in the list? Type a part of the name, then save."))

Shape = Literal["radio", "select", "several", "none"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list: its value, what stands there, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands in the controls of a question: what is chosen, and what is typed."""

    chosen: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A question as it is drawn: a list to choose from, a box to type in, a place for photos, or two of them.

    A ``preset`` one was filled in for the person.
    """

    key: str
    label: str
    prompt: str
    required: bool
    preset: bool
    shape: Shape
    choices: tuple[Choice, ...] = ()
    box: str = ""
    box_label: str = ""
    typed: str = ""
    mode: str = ""
    type: str = "text"
    example: str = ""
    long: bool = False
    files: bool = False
    there: str = ""
    fault: str = ""

    @property
    def grouped(self) -> bool:
        """Whether several controls stand under one headline."""
        return self.shape in ("radio", "several")

    @property
    def described(self) -> str:
        """The ids of what describes it: what was wrong, and how it is meant."""
        wrong = [f"fault-{self.key}"] if self.fault else []
        return " ".join([*wrong, *([f"hint-{self.key}"] if self.prompt or self.there else [])])


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a form is drawn: its words, the company's zone, what was wrong, and what was typed and could not be taken."""

    say: Callable[[Said], str]
    zone: ZoneInfo
    faults: Mapping[str, UnacceptableError]
    typed: Mapping[str, Stands]


def control(question: Question, drawing: Drawing) -> Control:
    """A question as controls; what was typed and could not be taken still stands there."""
    field, say = question.field, drawing.say
    fault = drawing.faults.get(field.key)
    stands = drawing.typed.get(field.key) or standing(question, drawing.zone)
    options = _options(question, fault)
    shape = _shape(field, options)
    there = len(question.value) if field.kind is Kind.FILES and isinstance(question.value, tuple) else 0
    return Control(
        key=field.key,
        label=say(said(field.label)),
        prompt=say(said(field.prompt)) if not field.preset else "",
        required=field.required,
        preset=bool(field.preset),
        shape=shape,
        choices=_choices(options, stands, shape, say),
        box=_box(field),
        box_label=_box_label(field, options, say),
        typed=stands.typed,
        mode=NUMBERS.get(field.kind, ""),
        type=PICKED.get(field.kind, "text"),
        example=say(said(field.example)) if field.example else "",
        long=field.kind is Kind.LONG_TEXT,
        files=field.kind is Kind.FILES,
        there=say(said(THERE.message, k=there)) if there else "",
        fault=say(fault.sentence) if fault is not None else "",
    )


def standing(question: Question, zone: ZoneInfo) -> Stands:
    """What stands in the controls of a question by the answer there is."""
    field, value = question.field, question.value
    if value in (None, "", ()) or field.kind is Kind.FILES:
        return Stands()
    if isinstance(value, tuple):
        return Stands(",".join(each.key for each in question.options if each.key in value))
    if field.kind in LOOKED_UP or any(option.key == str(value) and not option.hint for option in question.options):
        return Stands(str(value))
    typing = next((f"{HINT}{option.key}" for option in question.options if option.hint), "")
    return Stands(typing, _text(value, zone))


def mark(value: str) -> str:
    """A short mark of what stands in a control: another one means that it was changed."""
    return sha256(value.encode()).hexdigest()[:MARK_SIGNS] if value else "0"


def _text(value: object, zone: ZoneInfo) -> str:
    """An answer as it would be typed."""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _options(question: Question, fault: UnacceptableError | None) -> tuple[Option, ...]:
    """What can be chosen; of what is looked up also what a text could mean, and the answer there is."""
    if question.field.kind not in LOOKED_UP:
        return question.options
    offered = [option for option in question.options if option.hint is None][:MOST_OFFERED]
    meant = [option for option in (fault.options if fault else ()) if option.hint is None]
    there = str(question.value or "")
    if there and all(option.key != there for option in (*offered, *meant)):
        offered.insert(0, Option(there, question.words or people(there)))
    known = {option.key: option for option in (*meant, *offered)}
    return tuple(known.values())


def _shape(field: Field, options: tuple[Option, ...]) -> Shape:
    if field.kind is Kind.MULTI_CHOICE:
        return "several"
    if not options:
        return "none"
    return "radio" if len(options) <= FEW and not field.preset and field.kind not in LOOKED_UP else "select"


def _choices(
    options: tuple[Option, ...], stands: Stands, shape: Shape, say: Callable[[Said], str]
) -> tuple[Choice, ...]:
    values = [f"{HINT}{option.key}" if option.hint else option.key for option in options]
    chosen = stands.chosen.split(",") if shape == "several" else [stands.chosen]
    return tuple(
        Choice(value, say(option.label), value in chosen) for value, option in zip(values, options, strict=True)
    )


def _box(field: Field) -> str:
    """The name of the box to type in; none where only what is offered can be an answer."""
    if field.kind in LOOKED_UP:
        return f"{SEARCH}{field.key}"
    closed = field.kind in (Kind.CHOICE, Kind.YES_NO, Kind.MULTI_CHOICE, Kind.FILES) and not field.typed
    return "" if closed else f"{TYPED}{field.key}"


def _box_label(field: Field, options: tuple[Option, ...], say: Callable[[Said], str]) -> str:
    """What a box beside a list is for: what its option says, else looking for something."""
    if field.kind in LOOKED_UP:
        return say(SEARCHED)
    hint = next((option.hint for option in options if option.hint), None)
    return say(hint or OTHER) if options else ""


OTHER = said(N_("Or type it:"))
