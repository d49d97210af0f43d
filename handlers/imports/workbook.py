"""The first sheet of a workbook, or a CSV file in whatever encoding, as rows of text; whatever else it is is told."""

import csv
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import load_workbook

from handlers.imports.complaints_file import SEPARATORS, SheetError, decode

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 20_000_000, 100_000, 60
WORKBOOK, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LOOKED_AT = 20
"""So many lines tell which mark separates the cells."""


def rows_of_file(content: bytes) -> list[list[str]]:
    """Every row of a file, its cells as text. Raises SheetError with a sentence."""
    if content[:4] == OLD or content.lstrip()[:1] == b"<":
        raise SheetError("This is an old Excel file or a web page. Open it and save it as “Excel Workbook (.xlsx)”.")
    if content[:4] == WORKBOOK:
        return list(workbook_rows(content))
    text = decode(content)[0].replace("\0", "")
    lines = text.splitlines()[:LOOKED_AT]
    separator = max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in lines))
    return list(csv.reader(StringIO(text, newline=""), delimiter=separator))


def as_csv_text(content: bytes) -> bytes:
    """The first sheet of a workbook as the text of a spreadsheet; anything else stays what it is."""
    if content[:4] != WORKBOOK:
        return content
    text = StringIO(newline="")
    csv.writer(text).writerows(workbook_rows(content))
    return text.getvalue().encode()


def workbook_rows(content: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet; hidden ones are rows like any other."""
    try:
        _refuse_bombs(content)
        with warnings.catch_warnings():
            # it warns of styles and validations that it does not keep: nothing of them is read
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), read_only=True, data_only=True)
            rows = list(book.worksheets[0].iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True))
    except SheetError:
        raise
    except Exception as error:  # whatever is wrong inside, it is told as one thing: openpyxl raises what it meets
        raise SheetError("This is not an XLSX workbook: save it as “Excel Workbook (.xlsx)” or as CSV.") from error
    return (_texts(row) for row in rows)


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if len(content) > MOST_BYTES or sum(each.file_size for each in packed.infolist()) > 10 * MOST_BYTES:
            raise SheetError("The workbook is too large for a list.")


def _texts(row: Sequence[object]) -> list[str]:
    return [cell if isinstance(cell, str) else _plain(cell) for cell in row]


def _plain(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(str(cell)), "f")
    return "" if cell is None else str(cell)
