"""Taking in a list of customers or people: first what would change, then the change; what is wrong comes back."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import xlsxwriter

from conversations.words import Said
from handlers.imports.complaints_rejects import keep
from handlers.imports.customer_list import CustomerList
from handlers.imports.lists import Entry, Listed, Plan, RefusedError, Taker, read_list
from handlers.imports.people_list import PeopleList
from storage.database import Database
from storage.unit_of_work import UnitOfWork

KINDS: Mapping[str, Callable[[UnitOfWork], Taker]] = {"customers": CustomerList, "people": PeopleList}
COLUMNS = {"customers": (CustomerList.columns, CustomerList.needed), "people": (PeopleList.columns, PeopleList.needed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How it is done: by whom, only to try or in earnest, and where rejected rows go."""

    say: Callable[[Said], str]
    by: str = ""
    dry_run: bool = True
    rejects: Path | None = None


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    plans: list[Plan] = field(default_factory=list)
    known: int = 0
    rejected: list[tuple[Entry, Said]] = field(default_factory=list)
    rejects: Path | None = None

    @property
    def new(self) -> int:
        """How many are new."""
        return sum(plan.new for plan in self.plans)

    def reasons(self) -> list[tuple[int, Entry, Said]]:
        """How many rows were rejected for each kind of reason, most first, each with its first row."""
        times = Counter(why.message for _, why in self.rejected)
        first = {why.message: (entry, why) for entry, why in reversed(self.rejected)}
        return [(number, *first[message]) for message, number in times.most_common()]


def import_list(database: Database, kind: str, file: Path, terms: Terms) -> Outcome:
    """Take in a list, or only tell what would change; a second run changes nothing.

    Raises SheetError or RejectsError with a sentence.
    """
    content = file.read_bytes()
    listed = read_list(content, *COLUMNS[kind])

    def take(uow: UnitOfWork) -> Outcome:
        taker = KINDS[kind](uow)
        outcome = _taken(taker, listed, dry_run=terms.dry_run)
        if outcome.plans and not terms.dry_run:
            taker.keep()
            data = {"file": file.name, "sha256": hashlib.sha256(content).hexdigest(), "new": outcome.new,
                    "changed": len(outcome.plans) - outcome.new}  # fmt: skip
            uow.audit.write("import", kind, actor=terms.by, data=data)
        return outcome

    outcome = database.look(take) if terms.dry_run else database.do(take)
    if outcome.rejected:
        outcome.rejects = keep(_sheet(listed, outcome.rejected, terms.say), file, terms.rejects, ending=".xlsx")
    return outcome


def _taken(taker: Taker, listed: Listed, *, dry_run: bool) -> Outcome:
    outcome = Outcome()
    for entry in listed.entries():
        try:
            plan = taker.take(entry, dry_run=dry_run)
        except RefusedError as refused:
            outcome.rejected.append((entry, refused.why))
            continue
        if plan is None:
            outcome.known += 1
        else:
            outcome.plans.append(plan)
    return outcome


def _sheet(listed: Listed, rejected: Sequence[tuple[Entry, Said]], say: Callable[[Said], str]) -> bytes:
    """The list with its header and the rejected rows alone, each with its reason in red behind the last column."""
    held = BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, red = book.add_worksheet(), book.add_format({"font_color": "#C00000", "bold": True})
    behind = max(len(row) for row in (*listed.head, *(entry.cells for entry, _ in rejected)))
    for number, row in enumerate((*listed.head, *(entry.cells for entry, _ in rejected))):
        for at, cell in enumerate(row):
            if cell:
                sheet.write_string(number, at, _writable(cell))
    sheet.write_string(len(listed.head) - 1, behind, "原因 reason", red)
    for number, (_, why) in enumerate(rejected, start=len(listed.head)):
        sheet.write_string(number, behind, _writable(say(why)), red)
    sheet.set_column(behind, behind, 60)
    book.close()
    return held.getvalue()


def _writable(text: str) -> str:
    """What a workbook can hold."""
    return "".join(mark for mark in text if mark.isprintable() or mark in "\n\t")[:32_000]
