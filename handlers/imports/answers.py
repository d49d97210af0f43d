"""Answers from a spreadsheet: one row to a respondent, one column to an item, and a list of what cannot be counted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from conversations.questionnaire import Questionnaire
from handlers.imports.complaints_file import Line, Sheet, places, read_sheet, rows_of
from handlers.imports.questionnaire_plain import Filed
from reports.scoring import Answer

LONGEST_SHOWN = 40
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A cell that is no answer: where it stands, and what is in it. It counts as missing."""

    row: int
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """What a file holds: its answers, what could not be counted, and who stands in it more than once.

    Everybody is kept, those who stand twice as well. ``unnamed`` columns are wanted by the questionnaire and not
    there: a respondent is then known by the row, and a customer not at all.
    """

    answers: Sequence[Answer]
    uncounted: Sequence[Uncounted]
    duplicates: Mapping[str, int]
    unnamed: Sequence[str]
    encoding: str


def read_answers(content: bytes, filed: Filed) -> ReadAnswers:
    """Read a sheet of answers: UTF-8 or GB18030, with or without a byte order mark, any usual separator.

    Raises SheetError where an item has no column, naming the nearest.
    """
    questionnaire = filed.questionnaire
    sheet = read_sheet(content, {item.key: (item.key,) for item in questionnaire.items}, place="items")
    reader = _Reader(questionnaire, sheet)
    columns = {item.key: places(sheet.header, (item.key,))[0] for item in questionnaire.items}
    wanted = {name: places(sheet.header, (name,)) for name in (filed.respondent, filed.customer) if name}
    names: Counter[str] = Counter()
    answers: list[Answer] = []
    for line in rows_of(sheet):
        names[_cell(line, wanted.get(filed.respondent, ()))] += 1
        customer = _cell(line, wanted.get(filed.customer, ()))
        answers += (Answer(line.row, key, reader.read(line, key, at), customer) for key, at in columns.items())
    return ReadAnswers(
        answers=answers,
        uncounted=reader.uncounted,
        duplicates={name: count for name, count in names.items() if name and count > 1},
        unnamed=[name for name, found in wanted.items() if not found],
        encoding=sheet.encoding,
    )


class _Reader:
    """Turns cells into answers, and remembers those that are none."""

    def __init__(self, questionnaire: Questionnaire, sheet: Sheet) -> None:
        self.questionnaire = questionnaire
        self.sheet = sheet
        self.uncounted: list[Uncounted] = []
        self.words = dict(_words(questionnaire))

    def read(self, line: Line, item: str, at: int) -> Decimal | None:
        """The answer in a cell: a grade by its label, key or score, or a number on the scale; None for no answer."""
        cell = _cell(line, (at,))
        if not cell:
            return None
        answer = self.words.get(_folded(cell))
        if answer is None:
            answer = number(cell)
        if answer is None or not self.questionnaire.holds(answer):
            self.uncounted.append(Uncounted(line.row, item, _shown(cell)))
            return None
        return answer


def _words(questionnaire: Questionnaire) -> Iterator[tuple[str, Decimal]]:
    for grade in questionnaire.grades:
        for word in (grade.key, grade.label.zh, grade.label.en):
            yield _folded(word), grade.score


def number(text: str) -> Decimal | None:
    """A number as people type it, full-width digits too; None when it is none."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    # Decimal itself would read 1_000, 1e9 and other scripts' digits, which nobody means here
    return Decimal(plain) if NUMBER.fullmatch(plain) else None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _cell(line: Line, at: Sequence[int]) -> str:
    return line.cells[at[0]].strip() if at and at[0] < len(line.cells) else ""


def _shown(cell: str) -> str:
    """A cell as a terminal may show it: one line, no control marks, not endless."""
    plain = "".join(character if character.isprintable() else " " for character in cell)
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"
