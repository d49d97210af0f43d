"""A questionnaire as a workbook (XLSX): a sheet for itself, and one for its items, groups, grades and questions.

Texts are written as texts, never as formulas or links; read is what a cell holds, a formula by its last value.
"""

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook

from conversations.questionnaire import Questionnaire
from handlers.imports.questionnaire_plain import Filed, Plain, QuestionnaireFileError, as_tables, of_tables

HEAD = "questionnaire"
SHEETS: Mapping[str, tuple[str, ...]] = {
    "items": ("key", "label.zh", "label.en", "group", "weight"),
    "groups": ("key", "label.zh", "label.en"),
    "grades": ("key", "label.zh", "label.en", "score", "help.zh", "help.en"),
    "questions": ("key", "label.zh", "label.en"),
}
HEAD_KEYS = ("key", "version", "sample", "source", "name.zh", "name.en", "respondent", "scale.min", "scale.max")
TEXTS = ("key", "source", "respondent", "group", "zh", "en")
"""What is a text even where a cell holds a number: an item may be called 1."""
MOST_ROWS, MOST_COLUMNS = 1_000, 40
MOST_BYTES = 20_000_000
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write_workbook(questionnaire: Questionnaire) -> bytes:
    """Write a questionnaire; ``read_workbook`` gives back an equal one."""
    tables = as_tables(questionnaire)
    file = BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        flat = dict(_flat({key: value for key, value in tables.items() if key not in SHEETS}))
        _put(book, HEAD, [("key", "value"), *((key, flat[key]) for key in HEAD_KEYS if key in flat)])
        for name, columns in SHEETS.items():
            rows = tables.get(name)
            if isinstance(rows, Mapping):
                _put(book, name, [columns, *(_row(key, inner, columns) for key, inner in rows.items())])
    return file.getvalue()


def _flat(tables: Mapping[str, Plain], above: str = "") -> Iterator[tuple[str, Plain]]:
    for key, value in tables.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _row(key: str, table: Plain, columns: Sequence[str]) -> tuple[Plain, ...]:
    flat = dict(_flat(table)) if isinstance(table, Mapping) else {}
    return (key, *(flat.get(column, "") for column in columns[1:]))


def _put(book: xlsxwriter.Workbook, name: str, rows: Sequence[Sequence[Plain]]) -> None:
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    page.set_column(0, len(rows[0]) - 1, 24)
    page.freeze_panes(1, 0)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, bool):
                page.write_string(at, column, "true" if value else "false")
            elif isinstance(value, int | Decimal):
                page.write_number(at, column, value)
            else:
                page.write_string(at, column, str(value), bold if at == 0 else None)


def read_workbook(content: bytes, name: str = "questionnaire") -> Filed:
    """Read and check a questionnaire from a workbook's bytes; raises QuestionnaireFileError."""
    if len(content) > MOST_BYTES:
        raise QuestionnaireFileError(["the workbook is larger than 20 MB: that is no questionnaire"])
    try:
        _refuse_bombs(content)
        with warnings.catch_warnings():
            # it warns of styles and validations that it does not keep: nothing of them is read
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), read_only=True, data_only=True)
            cells = {
                page.title: list(page.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True))
                for page in book.worksheets
            }
    except QuestionnaireFileError:
        raise
    except Exception as error:  # whatever is wrong inside, it is told as one thing: openpyxl raises what it meets
        raise QuestionnaireFileError(["this is not an XLSX workbook: save it as “Excel Workbook (.xlsx)”"]) from error
    return of_tables(_tables(cells), name)


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as file:
        if sum(entry.file_size for entry in file.infolist()) > 10 * MOST_BYTES:
            raise QuestionnaireFileError(["the workbook unpacks to more than 200 MB: that is no questionnaire"])


def _tables(cells: Mapping[str, Sequence[Sequence[object]]]) -> dict[str, object]:
    """The sheets as the tables of a file; a sheet of another name is a company's own notes."""
    faults = [f"there is no sheet “{name}”" for name in (HEAD, "items") if name not in cells]
    if faults:
        raise QuestionnaireFileError(faults)
    tables: dict[str, object] = {}
    for row in cells[HEAD][1:]:
        _fill(tables, _text(row[0]) if row else "", row[1] if len(row) > 1 else None)
    for name in SHEETS:
        if cells.get(name):
            tables[name] = _named(name, cells[name])
    return tables


def _named(name: str, rows: Sequence[Sequence[object]]) -> dict[str, object]:
    columns = [_text(cell) for cell in rows[0]]
    if "key" not in columns:
        raise QuestionnaireFileError([f"{name}: the first row must name the columns: {', '.join(SHEETS[name])}"])
    found: dict[str, object] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(columns, row, strict=False))
        key = _text(cells.pop("key"))
        if not key and not any(_text(cell) for cell in cells.values()):
            continue
        if not key or key in found:
            raise QuestionnaireFileError([f"{name}: the key in row {number} {'is there twice' if key else 'is empty'}"])
        table: dict[str, object] = {}
        for column, cell in cells.items():
            _fill(table, column, cell)
        found[key] = table
    return found


def _fill(table: dict[str, object], path: str, cell: object) -> None:
    """Put one cell where its path says; what is empty is not there."""
    *above, last = path.split(".")
    if not path or _text(cell) == "":
        return
    for key in above:
        inner = table.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        table = inner
    table[last] = _text(cell) if last in TEXTS else _value(cell)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _value(cell: object) -> object:
    """A number, a flag or a text; a number may have been typed as text."""
    words = _text(cell)
    if words.lower() in ("true", "false"):
        return words.lower() == "true"
    if isinstance(cell, int):
        return cell
    return _number(words)


def _number(words: str) -> object:
    try:
        number = Decimal(words)
    except ArithmeticError:
        return words
    return int(number) if number == number.to_integral_value() else number
