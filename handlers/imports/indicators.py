"""Indicators from a spreadsheet, a customer's month to a row: what is new is kept, what is wrong comes back."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from conversations.indicators import MOST, OURS, THEIRS, month_of
from conversations.words import N_, Said, said
from handlers import indicator_checks, indicators
from handlers.company import Company
from handlers.imports.complaints_file import Line, Sheet, places, read_sheet, rows_of
from handlers.imports.complaints_rejects import as_csv, keep
from handlers.imports.complaints_rows import Rejected, clean
from handlers.imports.workbook import as_csv_text
from handlers.turn import Turn
from storage.customers import Customer
from storage.database import Database
from storage.indicators import Indicator
from storage.unit_of_work import UnitOfWork

NEEDED: Mapping[str, Sequence[str]] = {
    "customer": ("customer", "客户", "顾客", "客户代码", "顾客代码", "客户名称", "顾客名称", "customer code"),
    "month": ("month", "月份", "年月", "月"),
}
COLUMNS: Mapping[str, Sequence[str]] = {
    **NEEDED,
    "source": ("source", "来源", "数据来源"),
    "delivered": ("delivered", "交付数量", "交付数", "发货数量", "供货数量"),
    "defective": ("defective", "不良数量", "不良数", "不合格数", "不合格数量"),
    "orders": ("orders", "订单数", "订单批次", "交付批次"),
    "on_time": ("on_time", "on time", "准时数", "准时交付数", "准时批次"),
    "returned": ("returned", "退货数量", "退货数"),
    "extra_freight": ("extra_freight", "extra freight", "额外运费", "附加运费", "超额运费"),
    "lost": ("lost", "是否流失", "顾客流失", "客户流失"),
    "ppm": ("ppm", "顾客ppm", "客户ppm"),
    "on_time_rate": ("on_time_rate", "on time %", "准时交付率", "准时率", "准时交付率(%)"),
}
"""What the columns may be called, in small letters; only customer and month have to be there."""

SOURCES = {
    **dict.fromkeys(("", "ours", "own", "us", "我司", "本公司", "自己", "自有", "内部", "我们"), OURS),
    **dict.fromkeys(("customer", "theirs", "scorecard", "顾客", "客户", "顾客记分卡", "客户记分卡", "记分卡"), THEIRS),
}
YES_OR_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "流失", "已流失"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "否", "未流失"), "no"),
}
OF_THE_SOURCE = {THEIRS: ("ppm", "on_time_rate"), OURS: tuple(k for k in COLUMNS if k not in ("ppm", "on_time_rate"))}
PARTS = {"defective": "delivered", "on_time": "orders"}
MOST_OF = {"ppm": Decimal(1_000_000), "on_time_rate": Decimal(100)}
NUMBER = re.compile(r"(?:¥|rmb|cny)? ?(?P<number>[0-9]{1,12}(?:\.[0-9]{1,6})?) ?(?:元|%)?")


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do; tasks are those that are to find out why two counts differ."""

    taken: int = 0
    replaced: int = 0
    known: int = 0
    tasks: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    rejects: Path | None = None

    def reasons(self) -> list[tuple[int, Rejected]]:
        """How many rows were rejected for each kind of reason, most first, each with its first row."""
        times = Counter(row.why.message for row in self.rejected)
        first = {row.why.message: row for row in reversed(self.rejected)}
        return [(number, first[message]) for message, number in times.most_common()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How it is done: by whom, only to try or in earnest, and where rejected rows go."""

    say: Callable[[Said], str]
    by: str = ""
    dry_run: bool = True
    rejects: Path | None = None


class _Refused(Exception):  # noqa: N818 - it never leaves this file
    """A cell that cannot be read."""

    def __init__(self, why: Said) -> None:
        super().__init__(why.message)
        self.why = why


def import_indicators(database: Database, company: Company, file: Path, terms: Terms) -> Outcome:
    """Take in a file's months, or only tell what would be taken in; a second run changes nothing.

    Rejected rows are written back with their reasons. Raises SheetError or RejectsError with a sentence.
    """
    sheet = read_sheet(as_csv_text(file.read_bytes()), NEEDED)
    run = database.look if terms.dry_run else database.do
    outcome = run(partial(_take, company=company, sheet=sheet, terms=terms))
    if outcome.rejected:
        outcome.rejects = keep(as_csv(sheet.header, outcome.rejected, terms.say), file, terms.rejects)
    return outcome


def _take(uow: UnitOfWork, company: Company, sheet: Sheet, terms: Terms) -> Outcome:
    """Every good row in one transaction: a file is a month or two of a company, not a history."""
    turn, outcome = Turn(uow, company, surface="import"), Outcome()
    reader = _Reader(turn, {key: found for key, names in COLUMNS.items() if (found := places(sheet.header, names))})
    seen: dict[tuple[str, str, str], dict[str, int]] = {}
    for line in rows_of(sheet):
        try:
            row = reader.read(line)
            _refuse_other(indicators.figures(row), seen.setdefault(_key(row), indicators.figures(row)))
        except _Refused as refused:
            outcome.rejected.append(Rejected(line, refused.why))
            continue
        _count(turn, row, outcome, terms)
    return outcome


def _key(row: Indicator) -> tuple[str, str, str]:
    return row.customer, row.month, row.source


def _count(turn: Turn, row: Indicator, outcome: Outcome, terms: Terms) -> None:
    old = turn.uow.indicators.get(*_key(row))
    if old is not None and indicators.figures(old) == indicators.figures(row):
        outcome.known += 1
        return
    outcome.replaced += old is not None
    outcome.taken += old is None
    if not terms.dry_run:
        indicators.keep(turn, row, terms.by)
        task = indicator_checks.reconcile(turn, row.customer, row.month)
        outcome.tasks += [task.number or ""] if task is not None else []


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, turn: Turn, at: Mapping[str, Sequence[int]]) -> None:
        self._turn, self._at = turn, at
        self._customers: dict[str, list[Customer]] = {}
        for each in turn.uow.customers.all():
            for name in {_folded(each.code), _folded(each.name), _folded(each.short)} - {""}:
                self._customers.setdefault(name, []).append(each)

    def read(self, line: Line) -> Indicator:
        """The month that a row tells; raises _Refused with the reason."""
        source = SOURCES.get(_folded(self._cell(line, "source")))
        if source is None:
            raise _Refused(said(N_("the source is neither ours nor the customer's: write 我司 or 顾客")))
        month = month_of(self._cell(line, "month"), self._turn.today)
        if month is None or month > f"{self._turn.today:%Y-%m}":
            raise _Refused(said(N_("“{text}” is no month that has begun, for example 2026-10"),
                                text=self._cell(line, "month")[:40]))  # fmt: skip
        answers: dict[str, object] = {"customer": self._customer(line), "month": month, "source": source}
        for key in indicators.FIGURES:
            text = self._cell(line, key)
            if text:
                answers[key] = self._figure(key, text, source)
        for part, whole in PARTS.items():
            _refuse_more(answers.get(part), answers.get(whole))
        row = indicators.row_of(replace(self._turn, person=None), answers)
        if not indicators.figures(row):
            raise _Refused(said(N_("the row has no figure")))
        return row

    def _customer(self, line: Line) -> str:
        text = self._cell(line, "customer")
        found = {each.code for each in self._customers.get(_folded(text), ())}
        if len(found) != 1:
            raise _Refused(said(N_("there is no customer “{text}”: write its code or its name"), text=text[:40]))
        return found.pop()

    def _figure(self, key: str, text: str, source: str) -> object:
        if key not in OF_THE_SOURCE[source]:
            raise _Refused(said(N_("“{column}” does not belong to this source"), column=said(indicators.LABELS[key])))
        if key == "lost":
            if _folded(text) not in YES_OR_NO:
                raise _Refused(said(N_("“{text}” is neither yes nor no"), text=text[:40]))
            return YES_OR_NO[_folded(text)]
        found = NUMBER.fullmatch(_folded(text).replace(",", ""))
        number = Decimal(found["number"]) if found else None
        exact = key in ("extra_freight", "on_time_rate")
        if number is None or number > MOST_OF.get(key, MOST) or (not exact and number != int(number)):
            raise _Refused(said(N_("“{text}” is no number for “{column}”"), text=text[:40],
                                column=said(indicators.LABELS[key])))  # fmt: skip
        return number if exact else int(number)

    def _cell(self, line: Line, key: str) -> str:
        cells = (clean(line.cells[at]) for at in self._at.get(key, ()) if at < len(line.cells))
        return next((text for text in cells if text), "")


def _refuse_other(figures: Mapping[str, int], before: Mapping[str, int]) -> None:
    if figures != before:
        raise _Refused(said(N_("this customer, month and source stand in the file twice, with other figures")))


def _refuse_more(part: object, whole: object) -> None:
    if isinstance(part, int) and isinstance(whole, int) and part > whole:
        raise _Refused(said(N_("{part} is more than {whole}, of which it is a part"), part=part, whole=whole))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
