"""A list as people keep it: its header, which may be three rows with merged cells, and the cells under each name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from conversations.words import N_, Said, said
from handlers.imports.complaints_file import SheetError, normal
from handlers.imports.complaints_rows import clean
from handlers.imports.tables import nearest
from handlers.imports.workbook import rows_of_file

HEADER_WITHIN, DEEPEST = 15, 3
NOISE = re.compile(r"[\s*＊:：]+|[(（](?:必填|选填|required|optional)[)）]")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?|(\d{4})(\d\d)(\d\d)")
SERIAL = re.compile(r"[34]\d{4}(?:\.0+)?|5\d{4}(?:\.0+)?")
"""A day as Excel counts it: 36526 is the first of January 2000."""
EPOCH = date(1899, 12, 30)
WHOLE = re.compile(r"(\d+)\.0+")

Columns = Mapping[str, Sequence[str]]


class RefusedError(Exception):
    """A row that cannot be taken in; the sentence says why."""

    def __init__(self, why: Said) -> None:
        super().__init__(why.message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its number as a spreadsheet counts, its cells as they stand, and what stands under the known names."""

    row: int
    cells: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that was read: its header rows as they stand, and where each known column is."""

    head: tuple[tuple[str, ...], ...]
    at: Mapping[str, int]
    rows: Sequence[Sequence[str]]

    def entries(self) -> Iterator[Entry]:
        """Every row that holds anything."""
        for number, cells in enumerate(self.rows[len(self.head) :], start=len(self.head) + 1):
            if any(cell.strip() for cell in cells):
                values = {key: folded(cells[at]) for key, at in self.at.items() if at < len(cells)}
                yield Entry(number, tuple(cells), values)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a row would do: the name people know the thing by, whether it is new, and each field with old and new."""

    name: str
    new: bool
    changes: tuple[tuple[str, str, str], ...]


class Taker(Protocol):
    """What one kind of list knows: what a row means for what is there."""

    def take(self, entry: Entry, *, dry_run: bool) -> Plan | None:
        """Plan a row and, in earnest, change what is there; None where nothing differs. Raises RefusedError."""
        ...

    def keep(self) -> None:
        """Write what is new."""
        ...


def read_list(content: bytes, columns: Columns, needed: Sequence[str]) -> Listed:
    """Find the header wherever it is. Raises SheetError with the names that are not there."""
    rows = rows_of_file(content)
    best: Listed | None = None
    for start in range(min(HEADER_WITHIN, len(rows))):
        for depth in range(1, DEEPEST + 1):
            at = _found(rows[start : start + depth], columns)
            if best is None or len(at) > len(best.at):
                best = Listed(tuple(map(tuple, rows[: start + depth])), at, rows)
    if best is None:
        raise SheetError("The file is empty.")
    lost = [columns[key][0] for key in needed if key not in best.at]
    if lost:
        there = [" ".join(cell.split()) for row in best.head for cell in row if cell.strip()]
        told = [f"The list has no column “{name}”{nearest(name, there)}" for name in lost]
        raise SheetError("\n".join([*told, f"The columns are: {', '.join(there)}"]))
    return best


def folded(text: str) -> str:
    """A cell's text: full-width forms made plain, on one line, and 1001.0 as 1001."""
    text = clean(text)
    if not text.isascii():
        text = "".join(chr(ord(mark) - 0xFEE0) if "！" <= mark <= "～" else mark for mark in text)
    whole = WHOLE.fullmatch(text)
    return whole[1] if whole else text


def day(text: str) -> date:
    """A day in any of the ways in which spreadsheets have it. Raises RefusedError."""
    try:
        if SERIAL.fullmatch(text):
            return EPOCH + timedelta(days=int(text))
        if found := DAY.fullmatch(text):
            return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        pass
    raise RefusedError(said(N_("“{text}” is no day, for example 2026-11-20"), text=text[:40]))


def _found(rows: Sequence[Sequence[str]], columns: Columns) -> dict[str, int]:
    """Where the known columns are under header rows, the upper of which may be merged over several columns."""
    names = _names(rows)
    found: dict[str, int] = {}
    for key, known in columns.items():
        wanted = {_bare(name) for name in known}
        place = next((at for at, parts in enumerate(names) if at not in found.values() and wanted & parts), None)
        if place is not None:
            found[key] = place
    return found


def _names(rows: Sequence[Sequence[str]]) -> list[set[str]]:
    """What each column may be called: its lowest name, and all above it together."""
    width = max(map(len, rows), default=0)
    filled: list[list[str]] = []
    for depth, row in enumerate(rows):
        cells, last = [*row, *[""] * (width - len(row))], ""
        for at, cell in enumerate(cells):
            last = cell.strip() or last
            if depth < len(rows) - 1:
                cells[at] = last
        filled.append(cells)
    columns = ([_bare(row[at]) for row in filled] for at in range(width))
    return [_called(parts) for parts in columns]


def _called(parts: Sequence[str]) -> set[str]:
    own = list(dict.fromkeys(part for part in parts if part))
    return {own[-1], "".join(own)} if own else set()


def _bare(name: str) -> str:
    return NOISE.sub("", normal(name))
