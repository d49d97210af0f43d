"""What stands on a form: everything that was answered and done, in words, and the same as plain data.

The words are for the reader and follow the catalogue; the plain data is what the hash is made of, so
that a record proves the same in any language and after any update.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from conversations.plain import Json
from reports.documents.registry import Form


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: what was asked and what was said."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as a form may show it: its name, the hash of the original, and a copy that knows no place.

    Of a picture that was drawn the copy is the original, and its name says what it shows.
    """

    name: str
    sha256: str
    jpeg: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One thing that was done: by whom, when, in which round since which (re)opening."""

    key: str
    label: str
    opening: int
    round: int
    at: str
    by: str
    lines: Mapping[str, Line]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One deadline: what for, by which rule, from when to when, and how it ended."""

    needs: str
    rule: str
    round: int
    started: str
    due: str
    ended: str
    outcome: str
    breached: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Another record that this one called for or went into."""

    what: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A photo or file: its name and the hash of its bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A record as its form shows it. ``issue`` counts how often it was filed; 0 is one that is still open."""

    form: Form
    edition: str
    company: str
    number: str
    issue: int
    step: str
    filed_at: str
    answers: Mapping[str, Line]
    done: tuple[Done, ...]
    terms: tuple[Term, ...]
    linked: tuple[Linked, ...]
    files: tuple[FileLine, ...]
    plain: Mapping[str, Json]
    charts: tuple[Picture, ...] = ()

    @cached_property
    def canonical(self) -> str:
        """The plain data in canonical JSON: sorted keys, no spaces, Chinese as it is written."""
        return json.dumps(self.plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.canonical.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def rounds(self) -> tuple[tuple[int, int], ...]:
        """Every (opening, round) in which a measure, a contact or a verdict was recorded, in order."""
        spoken = ("propose_remedy", "log_contact", "satisfied", "not_satisfied", "no_answer")
        return tuple(dict.fromkeys((done.opening, done.round) for done in self.done if done.key in spoken))

    def all(self, *keys: str, at: tuple[int, int] | None = None) -> tuple[Done, ...]:
        """What was done of these kinds, in order; of one round if it is named."""
        return tuple(done for done in self.done if done.key in keys and at in (None, (done.opening, done.round)))

    def last(self, *keys: str) -> Done | None:
        """The newest of these kinds."""
        return next(iter(reversed(self.all(*keys))), None)
