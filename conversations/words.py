"""Sentences as data: what is said is decided here and above, its language only where it is shown.

Message ids are English; the Chinese stands in the catalogue that ``reports.words`` reads.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Left:
    """The time that is left until an instant, as it was when the sentence was made."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class Over:
    """The time that has passed since an instant, as it was when the sentence was made."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """The place of a link in a sentence: which link, for what purpose, and until when it opens.

    The link itself bears a right, so it is made where the sentence is shown, and nowhere kept.
    """

    id: str
    purpose: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """What a company wrote itself in both languages: it stands in no catalogue, and the reader gets his own.

    Where one language is missing the other stands in for it.
    """

    zh: str = ""
    en: str = ""

    def of(self, language: str) -> str:
        """Give the text in a language."""
        return (self.zh or self.en) if language.lower().startswith("zh") else (self.en or self.zh)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence or label: an English message id with ``{named}`` places, and what stands in them.

    A plain ``str`` value is text from people: it is shown as it is and never translated,
    read as a template or formatted again. A label inside a sentence is a ``Said`` of its own.
    """

    message: str
    values: Mapping[str, "Value"] = field(default_factory=dict)


Value: TypeAlias = "str | int | Decimal | datetime | date | Said | Text | Left | Over | LinkPlace | tuple[Value, ...]"


def N_(message: str) -> str:
    """Mark a message id for the catalogue; it is translated where it is shown."""
    return message


def said(message: str | Said, **values: "Value") -> Said:
    """Make a sentence with its values by name; one that is made already stays what it is."""
    return message if isinstance(message, Said) else Said(message, values)


def people(text: object) -> Said:
    """Let a person's own words stand where a sentence is wanted: never translated, never a template."""
    return Said("{text}", {"text": str(text)})


def lines(parts: Iterable[Said]) -> Said:
    """Sentences under each other, as one."""
    named = {f"line{at}": each for at, each in enumerate(parts, 1)}
    return Said("\n".join(f"{{{name}}}" for name in named), named)


def sentences(section: Said) -> list[Said]:
    """What stands under each other in ``lines``, in that order; where it is none of those, itself."""
    named = re.findall(r"\{(line\d+)\}", section.message)
    return [each for name in named if isinstance(each := section.values.get(name), Said)] or [section]
