"""Reading a spreadsheet as people save it: its encoding, its separator, its header, its broken quotation marks."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.imports.tables import nearest

SEPARATORS = (",", ";", "\t")
HEADER_WITHIN = 20
"""A title or two may stand above the header; further down nobody looks for it."""
LINES_OF_A_ROW = 200
"""A quotation mark that is still open after so many lines was never meant to open anything."""
TWIN = re.compile(r"(?P<name>.+?)(?:_+|\.[0-9]{1,2})")
"""``id_`` and ``id.1``: what programs call a second column of the same name."""
csv.field_size_limit(1_000_000)


class SheetError(ValueError):
    """A file that cannot be read as a spreadsheet; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's text in lines, how it was written, its header, and where the rows begin."""

    lines: Sequence[str]
    encoding: str
    separator: str
    header: tuple[str, ...]
    first_line: int
    first_row: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands in the file: its number as a spreadsheet counts, its cells, how far the file is read."""

    row: int
    cells: tuple[str, ...]
    share: float
    unclosed: bool = False


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """Give a file's text and the encoding it was written in; raises SheetError where there is none that fits."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SheetError("The file is UTF-16. Save it again as “CSV UTF-8”.")
    if content[:4] == b"PK\x03\x04":
        raise SheetError("The file is a workbook, not CSV. Open it and save the sheet as “CSV UTF-8”.")
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = content.decode("utf-8-sig" if name == "utf-8" else name)
        except UnicodeDecodeError as error:
            if name == "utf-8":
                _refuse_damaged(content, error)
            continue
        return text, name
    raise SheetError(
        f"The file is not {encoding.upper() or 'UTF-8, nor GB18030'}. Save it again as “CSV UTF-8”,"
        ' or name its encoding in the map: [formats] encoding = "gb18030"'
    )


def read_sheet(
    content: bytes, columns: Mapping[str, Sequence[str]], encoding: str = "", place: str = "columns"
) -> Sheet:
    """Find the header that has the mapped columns. Raises SheetError with the names that are not there.

    ``place`` is where the map names them.
    """
    text, written = decode(content, encoding)
    lines = _lines(text)
    best: tuple[int, Sheet] | None = None
    for separator in SEPARATORS:
        heads = _records(lines, separator, 0)
        for number, (cells, used, _) in enumerate(heads, start=1):
            found = len(columns) - len(missing(cells, columns))
            if any(map(normal, cells)) and (best is None or found > best[0]):
                best = found, Sheet(lines, written, separator, cells, used, number + 1)
            if number == HEADER_WITHIN:
                break
    if best is None:
        raise SheetError("The file is empty.")
    if lost := missing(best[1].header, columns):
        raise SheetError(_not_there(best[1].header, lost, place))
    return best[1]


def rows_of(sheet: Sheet) -> Iterator[Line]:
    """Give every row below the header that holds anything; rows are counted as a spreadsheet does."""
    rows = _records(sheet.lines, sheet.separator, sheet.first_line)
    for row, (cells, used, unclosed) in enumerate(rows, start=sheet.first_row):
        if any(cell.strip() for cell in cells):
            yield Line(row, cells, used / len(sheet.lines), unclosed)


def normal(name: str) -> str:
    """A header's name without what nobody sees: spaces, tabs, marks, capitals, full-width forms."""
    plain = unicodedata.normalize("NFKC", name).replace("\ufeff", "")
    return " ".join(plain.split()).casefold()


def places(header: Sequence[str], names: Sequence[str]) -> tuple[int, ...]:
    """Where the columns with these names are: those so called first, then their twins (``id_``, ``id.1``)."""
    wanted = [normal(name) for name in names]
    called = [normal(name) for name in header]
    exact = [at for name in wanted for at, found in enumerate(called) if found == name]
    twins = [
        at
        for name in wanted
        for at, found in enumerate(called)
        if (twin := TWIN.fullmatch(found)) and twin["name"] == name and at not in exact
    ]
    return (*exact, *twins)


def missing(header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Those of the mapped columns that the header does not have."""
    return {key: names for key, names in columns.items() if not places(header, names)}


def _refuse_damaged(content: bytes, error: UnicodeDecodeError) -> None:
    """UTF-8 with a wrong byte or two would pass for GB18030, and every Chinese word in it would be another."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(1 for mark in text if mark > "\x7f") - broken
    if whole > 10 * broken:
        line = content.count(b"\n", 0, error.start) + 1
        raise SheetError(f"The file is UTF-8, but line {line} holds bytes that are not. Save it again as “CSV UTF-8”.")


def _not_there(header: Sequence[str], lost: Mapping[str, Sequence[str]], place: str) -> str:
    known = [" ".join(name.split()) for name in header if name.strip()]
    faults = [
        f"{place}.{key}: the file has no column “{name}”{nearest(name, known)}"
        for key, names in lost.items()
        for name in names
    ]
    return "\n".join([*faults, f"The columns are: {', '.join(known)}"])


def _lines(text: str) -> list[str]:
    """Lines by the line ends of spreadsheets alone: a form feed or U+2028 inside a cell ends no row. NULs go."""
    lines = re.sub("\r\n?", "\n", text.replace("\0", "")).split("\n")
    return [line + "\n" for line in (lines if lines[-1] else lines[:-1])]


def _records(lines: Sequence[str], separator: str, start: int) -> Iterator[tuple[tuple[str, ...], int, bool]]:
    """Give cells, the lines read so far, and whether a quotation mark was opened and not closed where a cell ends.

    Such a row is given alone, its marks taken as they stand, so that it swallows none of the next.
    """
    source = _Source(lines, start)
    reader = csv.reader(source, delimiter=separator, strict=True)
    while (at := source.at) < len(lines):
        source.until = min(at + LINES_OF_A_ROW, len(lines))
        cells, unclosed = _next(reader, source)
        if unclosed:
            cells = tuple(lines[at].rstrip("\n").split(separator))
            source = _Source(lines, at + 1)
            reader = csv.reader(source, delimiter=separator, strict=True)
        yield cells, source.at, unclosed


def _next(reader: Iterator[list[str]], source: "_Source") -> tuple[tuple[str, ...], bool]:
    try:
        return tuple(next(reader)), source.ran_dry
    except csv.Error:
        return (), True


class _Source:
    """Lines for a reader, and whether it wanted more of them than a row can have."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self._lines = lines
        self.at = at
        self.until = at
        self.ran_dry = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at >= self.until:
            self.ran_dry = True
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]
