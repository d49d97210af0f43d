"""A person's name wherever it stands: every text of every table is looked through, so that none can be forgotten."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Column, Connection, MetaData, Table, Text, and_, func, or_, select, type_coerce, update

from storage.base import JsonText

SHORTEST_NAME = 2
"""A name of one character stands inside other words: it is changed in its own row alone."""

SHORTEST_PHONE = 7
DIGIT = re.compile(r"\d")
SPLIT = r"[-\s]?"
"""What may stand between the digits of a number."""

MADE_ANEW = {"case_terms"}
"""An index of words: what stands there is made of the cases, and made anew when those change."""

INVISIBLE = {"hash", "prev_hash", "sha256"}
"""Columns that hold hashes: no name stands there."""


@dataclass(frozen=True)
class Marks:
    """What somebody can be recognised by: names, telephone numbers, addresses of mail, ids of platforms.

    ``others`` are longer names in which one of theirs stands: they belong to somebody else and stay.
    """

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What is looked for as it is: names and addresses of mail."""
        return tuple(each for each in (*self.names, *self.mails) if len(each) >= SHORTEST_NAME)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The digits of telephone numbers that are long enough to be one's own."""
        digits = ("".join(DIGIT.findall(each)) for each in self.phones)
        return tuple(each for each in digits if len(each) >= SHORTEST_PHONE)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Everything of theirs, and the longer names first, so that those are left whole."""
        mine = [_bounded(form) for each in self.texts for form in _written(each)]
        mine += [rf"(?<!\d){SPLIT.join(each)}(?!\d)" for each in self.numbers]
        mine += [rf"(?:(?<=[:/@\"])|^){re.escape(each)}(?=[:/>\"]|$)" for each in self.ids]
        kept = [form for each in self.others for form in map(re.escape, _written(each))]
        return re.compile(f"(?P<kept>{'|'.join(kept) or '(?!)'})|(?:{'|'.join(mine) or '(?!)'})", re.IGNORECASE)

    def like(self) -> Iterator[str]:
        """Patterns for LIKE that find every text in which something of theirs may stand, and a few others."""
        for each in (*self.texts, *self.ids):
            yield from (f"%{_plain(form.lower())}%" for form in _written(each))
        yield from (f"%{'%'.join(each)}%" for each in self.numbers)

    def stand_in(self, text: str) -> bool:
        """Whether something of theirs stands in a text."""
        return any(found["kept"] is None for found in self.pattern.finditer(text))

    def changed(self, text: str, to: str) -> str:
        """The text with something else in the place of what is theirs."""
        return self.pattern.sub(lambda found: found[0] if found["kept"] is not None else to, text)


def _bounded(text: str) -> str:
    """A word of Latin letters stands alone; Chinese has no spaces to stand between."""
    plain = re.escape(text)
    before = r"(?<![A-Za-z0-9_])" if text[:1].isascii() and text[:1].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if text[-1:].isascii() and text[-1:].isalnum() else ""
    return f"{before}{plain}{after}"


def _written(text: str) -> tuple[str, ...]:
    """How a text can stand in the database: as it is, in JSON, and in JSON that holds no letter beyond ASCII."""
    forms = (text, json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1])
    twice = tuple(json.dumps(form)[1:-1] for form in forms[1:])
    return tuple(dict.fromkeys((*forms, *twice)))


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True, slots=True)
class Place:
    """A text in which somebody stands: table, column, the key of the row, and the text."""

    table: str
    column: str
    key: tuple[object, ...]
    text: str


@dataclass
class Texts:
    """Every text of the database."""

    connection: Connection
    metadata: MetaData

    def places(self, marks: Marks) -> Iterator[Place]:
        """Every place where somebody stands, table by table."""
        wanted = list(marks.like())
        tables = [table for table in self.metadata.sorted_tables if table.name not in MADE_ANEW]
        for table in tables if wanted else ():
            for column in text_columns(table):
                shown = type_coerce(column, Text)
                holds = or_(*(func.lower(shown).like(each, escape="\\") for each in wanted))
                found = self.connection.execute(select(*table.primary_key.columns, shown).where(holds)).all()
                yield from (
                    Place(table.name, column.name, tuple(row[:-1]), str(row[-1]))
                    for row in found if marks.stand_in(str(row[-1]))
                )  # fmt: skip

    def change(self, places: Collection[Place], changed: Callable[[str], str]) -> Mapping[str, int]:
        """Change the texts at these places; how many in each column."""
        counts: dict[str, int] = {}
        # what is part of a key last: until then a row is found by what it was called
        for place in sorted(places, key=lambda each: self._column(each).primary_key):
            table, column = self.metadata.tables[place.table], self._column(place)
            row = and_(*(key == value for key, value in zip(table.primary_key.columns, place.key, strict=True)))
            new = {column.name: _stored(column, changed(place.text))}
            self.connection.execute(update(table).where(row).values(new))
            name = f"{place.table}.{place.column}"
            counts[name] = counts.get(name, 0) + 1
        return counts

    def _column(self, place: Place) -> Column[object]:
        return self.metadata.tables[place.table].columns[place.column]


def _stored(column: Column[object], text: str) -> object:
    """A text as its column takes it."""
    value: object = json.loads(text) if isinstance(column.type, JsonText) else text
    return value


def text_columns(table: Table) -> list[Column[object]]:  # type: ignore[explicit-any]  # SQLAlchemy's own, as in upsert
    """The columns of a table that hold what people wrote, or may."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, Text | JsonText) and not column.foreign_keys and column.name not in INVISIBLE
    ]
