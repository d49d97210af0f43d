"""Write the reviewed calendar from the ``holidays`` package: ``make calendar``, then read the difference and commit it.

The package is a development dependency and is never asked while the product runs: for a year whose
notice of the State Council is not out yet it gives statutory days without a single make-up day.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

DAYS = Path(__file__).with_name("calendar_cn.csv")
YEARS = Path(__file__).with_name("calendar_cn_years.csv")
FIRST = 2020
DAY = timedelta(days=1)
DERIVED = re.compile(r"observed|substituted|Extended|Eve\b")  # not a festival's own day, but one that goes with it
NEIGHBOURS = frozenset(  # the notice for 2024 says 与周末连休 of these: ordinary weekends beside the holiday
    (date(2023, 12, 30), date(2023, 12, 31), date(2024, 6, 8), date(2024, 6, 9))
)


@dataclass(frozen=True, slots=True)
class Year:
    """What the package knows of one year: names of its days off, by language, and its make-up days."""

    english: dict[date, str]
    chinese: dict[date, str]
    makeup: frozenset[date]


def main() -> None:
    """Write both files, up to the first year whose make-up days nobody knows yet, and name that year."""
    source = f"holidays {version('holidays')}"
    known: dict[int, Year] = {}
    year = FIRST
    while (found := read_year(year)).makeup:
        known[year] = found
        year += 1
    write(DAYS, ("day", "kind", "source", "note"), ((day, kind, source, note) for day, kind, note in rows(known)))
    write(YEARS, ("year", "source"), ((str(known_year), source) for known_year in known))
    sys.stderr.write(f"{year}: no make-up days known, left out\n")


def read_year(year: int) -> Year:
    """Ask the package for one year."""
    import holidays

    english = holidays.country_holidays("CN", years=year, language="en_US", expand=False)
    chinese = holidays.country_holidays("CN", years=year, language="zh_CN", expand=False)
    makeup = frozenset(day for day in chinese.weekend_workdays if day.year == year)
    return Year(dict(english.items()), dict(chinese.items()), makeup)


def rows(known: dict[int, Year]) -> Iterator[tuple[str, str, str]]:
    """Day, kind and festival of every day off and every make-up day, in order.

    A weekend beside a day off is part of that holiday: it matters to companies that work on Saturdays.
    """
    makeup = {day for year in known.values() for day in year.makeup}
    names = {day: name for year in known.values() for day, name in festivals(year)}
    off = {day for year in known.values() for day in year.chinese}
    kinds: dict[date, tuple[str, str]] = {}
    for run in runs(known, off, makeup):
        found = list(dict.fromkeys(name for day in run for name in names.get(day, ())))
        kinds.update({day: ("holiday", "、".join(found)) for day in run})
    kinds.update({day: ("makeup", made_up_for(day, known, kinds)) for day in makeup})
    for day, (kind, note) in sorted(kinds.items()):
        yield day.isoformat(), kind, note


def festivals(year: Year) -> Iterator[tuple[date, tuple[str, ...]]]:
    """The festivals of each day that is one of their own; substitutes and bridges have none."""
    for day, english in year.english.items():
        pairs = zip(english.split("; "), year.chinese[day].split("; "), strict=True)
        yield day, tuple(name for meaning, name in pairs if not DERIVED.search(meaning))


def runs(known: Iterable[int], off: set[date], makeup: set[date]) -> Iterator[list[date]]:
    """Stretches of free days that hold at least one day off."""
    every = [date(year, 1, 1) + n * DAY for year in known for n in range(366)]
    days = sorted({day for day in every if day.year in set(known)})

    def free(day: date) -> bool:
        return day in off or (day.weekday() >= 5 and day not in makeup | NEIGHBOURS)

    for is_free, stretch in groupby(days, key=free):
        run = list(stretch)
        if is_free and not off.isdisjoint(run):
            yield run


def made_up_for(day: date, known: dict[int, Year], kinds: dict[date, tuple[str, str]]) -> str:
    """The festival for which a make-up day is worked: the one whose day off names its date."""
    named = f"{day:%m/%d/%Y}"
    for off, english in known[day.year].english.items():
        if named in english:
            return kinds[off][1]
    return ""


def write(path: Path, head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Write a CSV file that reads the same everywhere: UTF-8, one line per row, no carriage returns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows(lines)


if __name__ == "__main__":
    main()
