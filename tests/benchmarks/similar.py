"""How good similar cases are on real titles: ``python -m tests.benchmarks.similar`` with GUKEBOT_REAL_DATA set.

Every complaint that has a twin (same brand, series and fault code) is asked for as if it were just told.
The finder knows brand, series and title of all 1,200, and no fault code.
"""

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from conversations.similarity import SHOWN, Problem, worth_showing
from storage.cases import Case
from storage.database import Database
from storage.migrate import upgrade
from storage.past import PastComplaint, PastComplaints
from storage.unit_of_work import UnitOfWork

FILE = "zh_auto_complaints.csv"
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
AT = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One complaint of the file; ``codes`` are kept from the finder."""

    key: str
    brand: str
    series: str
    title: str
    codes: frozenset[str]


@dataclass(slots=True)
class Shown:
    """What was shown to some of those who asked."""

    asked: int = 0
    saw: int = 0
    shown: int = 0
    same: int = 0
    one_code: int = 0

    def add(self, told: Told, shown: list[Told]) -> None:
        """Count what one of them saw."""
        self.asked += 1
        self.saw += bool(shown)
        self.shown += len(shown)
        self.same += sum(_kind(other) == _kind(told) for other in shown)
        self.one_code += sum(other.series == told.series and bool(other.codes & told.codes) for other in shown)

    def __str__(self) -> str:
        share = self.shown or 1
        return (
            f"{self.saw} of {self.asked} saw something, {self.shown} in all; of these {self.same} "
            f"({self.same / share:.1%}) with exactly the same codes, {self.one_code} ({self.one_code / share:.1%}) "
            "of the same series with a code in common"
        )


@dataclass(slots=True)
class Figures:
    """What was found for those that have a twin, and what was shown to whom."""

    twins: Shown = field(default_factory=Shown)
    everybody: Shown = field(default_factory=Shown)
    alone: Shown = field(default_factory=Shown)
    hits: int = 0
    recall: float = 0.0

    def place(self, told: Told, first: list[Told], others: int) -> None:
        """Count how many of its twins stand in the first places."""
        found = sum(_kind(other) == _kind(told) for other in first)
        self.hits += bool(found)
        self.recall += found / min(AT, others)

    def lines(self) -> Iterator[str]:
        """The figures of docs/similar-cases.md."""
        asked = self.twins.asked
        yield f"with a twin: {asked}, one of them among the first {AT}: {self.hits} ({self.hits / asked:.1%})"
        yield f"recall@{AT}: {self.recall / asked:.1%} of the twins that {AT} places can hold"
        yield f"those with a twin: {self.twins}"
        yield f"all: {self.everybody}"
        yield f"those whose series nobody else named: {self.alone}"


def read(file: Path) -> list[Told]:
    """The complaints of the file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [
            Told(row["id"], row["brand"], row["car_model"], row["desc"].strip(), frozenset(_codes(row["problem"])))
            for row in csv.DictReader(lines)
        ]


def _codes(cell: str) -> Iterator[str]:
    yield from filter(None, cell.split(","))


def filled(database: Database, complaints: Sequence[Told]) -> dict[int, Told]:
    """Take the complaints in without their codes; by the identifiers they got."""
    rows = [
        PastComplaint(
            source_key=told.key, received_at=NOW, received_month="2026-11", customer=told.brand, product=told.series,
            title=told.title,
        )
        for told in complaints
    ]  # fmt: skip
    by_key = {told.key: told for told in complaints}

    def job(uow: UnitOfWork) -> dict[int, Told]:
        PastComplaints(uow.session).take_in(rows, now=uow.now, by="bench")
        return {case_id: by_key[str(key)] for case_id, key in uow.session.execute(select(Case.id, Case.source_key))}

    return database.do(job)


def measure(database: Database, complaints: Sequence[Told]) -> Figures:
    """Ask for every complaint, leaving itself out."""
    by_id = filled(database, complaints)
    alike = Counter(map(_kind, complaints))
    of_series = Counter((told.brand, told.series) for told in complaints)
    figures = Figures()

    def ask(uow: UnitOfWork) -> None:
        for case_id, told in by_id.items():
            asked = Problem(text=told.title, customer=told.brand, product=told.series)
            first = uow.similar.closest("complaint", asked, leaving_out=case_id)[:AT]
            found = [(by_id[each.case_id], worth_showing(each.likeness, each.text)) for each in first]
            figures.everybody.add(told, [other for other, shown in found if shown])
            if of_series[told.brand, told.series] == 1:
                figures.alone.add(told, [other for other, shown in found if shown])
            if alike[_kind(told)] > 1:
                figures.twins.add(told, [other for other, shown in found if shown])
                figures.place(told, [other for other, _ in found], alike[_kind(told)] - 1)

    database.do(ask)
    return figures


def _kind(told: Told) -> tuple[str, str, frozenset[str]]:
    return told.brand, told.series, told.codes


def main() -> int:
    """Print the figures; 2 where the records are not here."""
    folder = os.environ.get("GUKEBOT_REAL_DATA")
    if not folder:
        sys.stderr.write("Name the folder of the public complaint records in GUKEBOT_REAL_DATA.\n")
        return 2
    with TemporaryDirectory(prefix="gukebot-similar-") as place:
        url = f"sqlite:///{place}/gukebot.db"
        upgrade(url)
        database = Database(url, lambda: NOW, attachments=Path(place) / "files")
        figures = measure(database, read(Path(folder) / FILE))
        database.dispose()
    sys.stdout.write("\n".join(figures.lines()) + f"\nshown from a likeness of {SHOWN} on\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
