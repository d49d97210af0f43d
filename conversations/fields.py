"""One question: its kind, its limits, and how an answer to it is read.

A reader gives a value, or raises UnacceptableError with a sentence that a person can act on.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

from conversations.calendar import Calendar
from conversations.words import N_, Said, people, said

Answers: TypeAlias = Mapping[str, object]

UNKNOWN = "unknown"
NEW = "new"


class Kind(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    WHOLE = "whole"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    DATE_TIME = "date_time"
    CUSTOMER = "customer"
    CONTACT = "contact"
    PERSON = "person"
    DEPARTMENT = "department"
    PRODUCT = "product"
    DEFECT = "defect"
    CASE = "case"
    QUESTIONNAIRE = "questionnaire"
    INVITATION = "invitation"
    FILES = "files"


LOOKED_UP = frozenset(
    {
        Kind.CUSTOMER,
        Kind.CONTACT,
        Kind.PERSON,
        Kind.DEPARTMENT,
        Kind.PRODUCT,
        Kind.DEFECT,
        Kind.CASE,
        Kind.QUESTIONNAIRE,
        Kind.INVITATION,
    }
)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be tapped. With a hint it asks for typing instead of being an answer."""

    key: str
    label: Said
    hint: Said | None = None


class Lookups(Protocol):
    """What a question may ask of the company while it is being asked; the handlers provide it."""

    @property
    def now(self) -> datetime:
        """The instant of the transaction, aware, in UTC."""

    @property
    def calendar(self) -> Calendar:
        """The company's working calendar."""

    def spoken(self, label: Said) -> tuple[str, ...]:
        """Give a label in every language of the company: people may type any of them."""

    def offered(self, kind: Kind, answers: Answers) -> tuple[Option, ...]:
        """Offer the likeliest values of a looked-up kind, likeliest first."""

    def found(self, kind: Kind, text: str, answers: Answers) -> tuple[Option, ...]:
        """Find values of a looked-up kind by what a person typed."""


class UnacceptableError(ValueError):
    """An answer that cannot be taken, with the sentence for the person and, where known, what to tap instead."""

    def __init__(self, sentence: Said, options: tuple[Option, ...] = ()) -> None:
        super().__init__(sentence.message)
        self.sentence = sentence
        self.options = options


def always(answers: Answers) -> bool:
    """Ask whatever was answered before."""
    return True


def filled(value: object) -> "Preset":
    """Fill a question with one value, shown for correction."""
    return lambda _answers, _look: value


Offer: TypeAlias = Callable[[Answers, Lookups], tuple[Option, ...]]
Reader: TypeAlias = Callable[[str, Answers, Lookups], object]
Preset: TypeAlias = Callable[[Answers, Lookups], object]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. ``preset`` fills it already: it is shown for correction, not asked.

    Label and prompt are message ids; or sentences, where a company asks in its own words.
    """

    key: str
    label: str | Said
    prompt: str | Said
    kind: Kind = Kind.TEXT
    options: tuple[Option, ...] | Offer = ()
    required: bool = True
    when: Callable[[Answers], bool] = always
    preset: Preset | None = None
    read: Reader | None = None
    example: str = ""
    shortest: int = 1
    longest: int = 2000
    least: Decimal | None = None
    most: Decimal | None = None
    typed: bool = False

    def choices(self, answers: Answers, look: Lookups) -> tuple[Option, ...]:
        """List what can be tapped, in the order it is to be shown."""
        if callable(self.options):
            return self.options(answers, look)
        if self.kind is Kind.YES_NO:
            return YES_NO
        if self.kind in LOOKED_UP:
            return look.offered(self.kind, answers) + self.options
        return self.options

    def options_beside(self) -> tuple[Option, ...]:
        """List what is offered beside whatever is looked up, as “new customer”."""
        return () if callable(self.options) else self.options


YES_NO = (Option("yes", said(N_("Yes"))), Option("no", said(N_("No"))))


def option(key: str, label: str, hint: str = "") -> Option:
    """Declare a tappable answer; with a hint, tapping it asks for typing."""
    return Option(key, said(label), said(hint) if hint else None)


def named(key: str, name: str) -> Option:
    """Make an option of a name that people gave: shown as it is."""
    return Option(key, people(name))


DASH = re.compile(r" ?[‐‑‒–—―−~～] ?")


def folded(text: str) -> str:
    """Trim, make full width half width and any dash a hyphen, fold case: two ways of typing the same compare equal."""
    return " ".join(DASH.sub("-", unicodedata.normalize("NFKC", text)).split()).casefold()


CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def cleaned(text: str) -> str:
    """Drop what no person types: control characters and marks that turn the direction of reading."""
    return CONTROL.sub("", text).strip()
