"""Taking in past complaints from a spreadsheet: what is new is kept, what is there stays, what is wrong is told."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from conversations.words import N_, Said, said
from handlers.imports.complaints_file import Line, Sheet, SheetError, read_sheet, rows_of
from handlers.imports.complaints_map import Map, MapError, read_map
from handlers.imports.complaints_rejects import RejectsError, as_csv, keep
from handlers.imports.complaints_rows import Reader, Rejected
from storage.customers import Customers
from storage.database import Database
from storage.past import Known, PastComplaint, PastComplaints
from storage.unit_of_work import UnitOfWork

__all__ = ["MapError", "Outcome", "RejectsError", "SheetError", "Terms", "import_complaints"]

ROWS_AT_ONCE = 1000
"""Rows of one transaction: short enough that nobody in the chat waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How an import is done: for which zone, by whom, only to try or in earnest, and what it tells meanwhile."""

    zone: ZoneInfo
    say: Callable[[Said], str]
    by: str = ""
    dry_run: bool = True
    rejects: Path | None = None
    progress: Callable[[float], None] = lambda share: None


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do: rows taken in and the complaints they stand for, rows known and rejected."""

    encoding: str
    without_id: bool
    taken: int = 0
    known: int = 0
    months: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    rejects: Path | None = None

    @property
    def complaints(self) -> int:
        """How many complaints the rows taken in stand for."""
        return self.months.total()

    def reasons(self) -> list[tuple[int, Rejected]]:
        """How many rows were rejected for each kind of reason, most first, each with its first row."""
        times = Counter(row.why.message for row in self.rejected)
        first: dict[str, Rejected] = {}
        for row in self.rejected:
            first.setdefault(row.why.message, row)
        return [(number, first[message]) for message, number in times.most_common()]


def import_complaints(database: Database, file: Path, mapping: Path, terms: Terms) -> Outcome:
    """Take in a file's complaints by its map, or only tell what would be taken in.

    Rejected rows are written back with their reasons. A second run changes nothing, and a run that
    was cut off is simply run again. Raises MapError, SheetError or RejectsError with a sentence.
    """
    columns = _map(mapping)
    content = file.read_bytes()
    sheet = read_sheet(content, columns.columns, columns.formats.encoding)
    source = _Source(file.name, hashlib.sha256(content).hexdigest())
    outcome = Outcome(encoding=sheet.encoding, without_id="id" not in columns.columns)
    run = _Run(database, _reader(database, columns, sheet, source, terms), source, terms, outcome)
    rows = rows_of(sheet)
    while lines := list(islice(rows, ROWS_AT_ONCE)):
        run.batch(lines)
        terms.progress(lines[-1].share)
    if outcome.rejected:
        outcome.rejects = keep(as_csv(sheet.header, outcome.rejected, terms.say), file, terms.rejects)
    terms.progress(1)
    return outcome


@dataclass(frozen=True, slots=True)
class _Source:
    """The file, as the audit trail names it."""

    name: str
    digest: str


@dataclass(slots=True)
class _Run:
    """One pass through a file."""

    database: Database
    reader: Reader
    source: _Source
    terms: Terms
    outcome: Outcome
    seen: dict[str, Known] = field(default_factory=dict)

    def batch(self, lines: Sequence[Line]) -> None:
        """Read some rows and keep what is new of them, in one transaction."""
        fresh = list(self._fresh([self.reader.read(line) for line in lines], lines))
        if self.terms.dry_run or not fresh:
            taken = len(fresh)
        else:
            taken = self.database.do(partial(_keep, rows=fresh, source=self.source, by=self.terms.by))
        self.outcome.known += len(fresh) - taken
        self.outcome.taken += taken
        for row in fresh:
            self.outcome.months[row.received_month] += row.count

    def _fresh(self, read: Sequence[PastComplaint | Rejected], lines: Sequence[Line]) -> Iterator[PastComplaint]:
        """Those that are neither rejected nor there already."""
        with self.database.reading() as session:
            there = PastComplaints(session).known([row.source_key for row in read if isinstance(row, PastComplaint)])
        for line, row in zip(lines, read, strict=True):
            if isinstance(row, Rejected):
                self.outcome.rejected.append(row)
                continue
            known = there.get(row.source_key) or self.seen.get(row.source_key)
            if known is None:
                self.seen[row.source_key] = _known(row)
                yield row
            elif _same(known, row, self.reader):
                self.outcome.known += 1
            else:
                self.outcome.rejected.append(Rejected(line, _other(row)))


def _keep(uow: UnitOfWork, rows: Sequence[PastComplaint], source: _Source, by: str) -> int:
    taken = PastComplaints(uow.session).take_in(rows, now=uow.now, by=by)
    if taken:
        data = {"file": source.name, "sha256": source.digest, "rows": taken}
        uow.audit.write("import", "complaints", actor=by, data=data)
    return taken


def _map(file: Path) -> Map:
    try:
        return read_map(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MapError([f"{file.name} is not UTF-8: save it again as UTF-8"]) from error


def _reader(database: Database, columns: Map, sheet: Sheet, source: _Source, terms: Terms) -> Reader:
    customers: dict[str, str] = {}
    with database.reading() as session:
        known = Customers(session).all()
    for customer in known:
        for name in (customer.code, customer.name, customer.short):
            customers.setdefault(name.casefold(), customer.code)
    customers.pop("", None)
    today = database.clock().astimezone(terms.zone).date()
    return Reader(columns, sheet.header, source.digest, terms.zone, today, customers)


def _known(row: PastComplaint) -> Known:
    return Known(row.customer, row.received_month, row.count)


def _same(known: Known, row: PastComplaint, reader: Reader) -> bool:
    # the company may have come to know the customer since, and its text became a code
    return replace(known, customer=reader.customer(known.customer)) == _known(row)


def _other(row: PastComplaint) -> Said:
    return said(
        N_("the id {id} is there already, with another customer, month or count: "
           "if it is another system's id, name the source in the map"), id=row.source_key.rpartition(":")[2]
    )  # fmt: skip
