"""The month's figures: 《顾客投诉/抱怨汇总处理表》 (HLLG-QR721-02), counted from the rows by SQL.

D9 4.1.7, requirements 2.0-16 and 2.3; the order and the words are those of domain part B.
"""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from conversations.plain import Json
from reports import counting, statistics
from reports import months as calendar
from reports.correctives import acted
from reports.counting import Again, By, Same, falling
from reports.figures import ByCustomer, ByDefect, Count, Headline, MonthlyFigures, Standing
from reports.labels import Names
from reports.labels import names as read_names
from reports.recurring import recurring
from reports.standing import open_cases, standings
from reports.statistics import CustomerShare
from reports.words import Words


@dataclass(frozen=True, slots=True)
class _Month:
    """What every part of the month's count needs to know."""

    session: Session
    month: str
    cut_off: datetime
    zone: ZoneInfo
    names: Names
    counts: Mapping[str, Count]

    def back(self, by: int) -> str:
        return calendar.shifted(self.month, -by)

    def same_again(self, by: int) -> dict[Same, Again]:
        return counting.again(self.session, self.names, self.back(by), self.zone)


def monthly_figures(session: Session, month: str, *, cut_off: datetime, zone: ZoneInfo) -> MonthlyFigures:
    """Count one month (``YYYY-MM``, company time) and what it is compared with; reads, never writes.

    ``cut_off`` is the aware instant at which open, overdue and 48 hours are judged.
    Raises NotAMonthError for a text that is no month.
    """
    names = read_names(session)
    asked = _Month(session, month, cut_off, zone, names, counting.per_month(session, month))
    found = asked.same_again(0)
    now, previous, last_year = _headlines(asked, counting.repeated(found))
    totals = {at: count.total for at, count in asked.counts.items()}
    window = counting.in_window(month, zone)
    again = recurring(session, names, found, window)
    per_customer = counting.per_customer(session, names, asked.back(12), month)
    per_defect = counting.per_defect(session, names, month, month)
    defects_before = counting.per_defect(session, names, asked.back(1), asked.back(1))
    defects_of_a_year = counting.per_defect(session, names, asked.back(11), month)
    return MonthlyFigures(
        month=month,
        cut_off=cut_off,
        zone=zone,
        now=now,
        previous=previous,
        last_year=last_year,
        first_measure=counting.first_measure(session, month, month),
        months=asked.counts,
        limits=statistics.limits(totals, month),
        customers=_customers(asked, per_customer, per_defect),
        defects=by_defect(per_defect, defects_before, defects_of_a_year),
        recurring=again,
        sporadic=now.count.total - sum(each.in_month for each in again),
        season=statistics.season(totals, month, calendar.ended(cut_off, zone)),
        open_cases=open_cases(session, names, cut_off, zone),
        anomalies=statistics.anomalies(totals, month, _shares(per_customer, month)),
        year_to_date=_year_to_date(totals, month),
        last_year_to_date=_year_to_date(totals, asked.back(12)) if f"{asked.back(12)[:4]}-01" in totals else None,
        not_counted=counting.not_counted(session, month, month),
        actions=acted(session, month, cut_off, zone),
    )


def with_target(figures: MonthlyFigures, percent: int | None) -> MonthlyFigures:
    """Set the company's target for 48小时达成, in percent."""
    return replace(figures, target_48_hours=percent)


def plain_totals(session: Session, first: str, last: str, by: By) -> Mapping[str, int]:
    """Count complaints from one month to another by ``customer``, ``category`` or ``month``.

    Customers and categories most first; months oldest first with zeros.
    """
    calendar.parse(first)
    calendar.parse(last)
    return counting.totals(session, read_names(session), (first, last), by)


def as_json(
    figures: MonthlyFigures, charts: Sequence[Path], *, language: str = "zh", words: Words | None = None
) -> dict[str, Json]:
    """Give the month as a program reads it; the sentences of the anomalies are in ``language``."""
    speaker = words or Words(figures.zone)
    index = figures.season.index
    return {
        "month": figures.month,
        "total": figures.total,
        "by_customer": {each.name: each.count for each in figures.customers if each.count},
        "last_twelve": {at: figures.months.get(at, Count()).total for at in calendar.until(figures.month, 12)},
        "recurring": [
            {"customer": each.customer, "product": each.product, "defect": each.defect,
             "count": each.count, "numbers": list(each.numbers)}
            for each in figures.recurring
        ],
        "corrective_actions": dataclasses.asdict(figures.actions) if figures.actions is not None else None,
        "season": {month: round(value, 4) for month, value in index.items()} if index else None,
        "anomalies": [
            {"rule": each.rule, "text": speaker.say(each.text, language, figures.cut_off)}
            for each in figures.anomalies
        ],
        "charts": [str(path) for path in charts],
    }  # fmt: skip


def _headlines(asked: _Month, repeated: int) -> tuple[Headline, Headline | None, Headline | None]:
    """The six figures of the month, of the one before, and of the same month last year."""
    ends = (asked.cut_off, calendar.start(asked.month, asked.zone), calendar.start(asked.back(11), asked.zone))
    now, previous, last_year = standings(asked.session, ends)
    return (
        _headline(asked, 0, now, repeated),
        _earlier(asked, 1, previous),
        _earlier(asked, 12, last_year),
    )


def _earlier(asked: _Month, by: int, standing: Standing) -> Headline | None:
    """An earlier month's figures, where the records reach back that far."""
    if asked.back(by) not in asked.counts:
        return None
    return _headline(asked, by, standing, counting.repeated(asked.same_again(by)))


def _headline(asked: _Month, by: int, standing: Standing, repeated: int) -> Headline:
    month = asked.back(by)
    ratio = counting.in_48_hours(asked.session, month, month, asked.cut_off)
    return Headline(asked.counts.get(month, Count()), ratio, standing, repeated)


def _customers(
    asked: _Month, per_customer: Counter[tuple[str, str]], per_defect: Counter[tuple[str, str]]
) -> tuple[ByCustomer, ...]:
    now = {name: total for (name, month), total in per_customer.items() if month == asked.month}
    of_a_year = Counter[str]()
    for (name, _), total in per_customer.items():
        of_a_year[name] += total
    main = main_defects(per_defect)
    return tuple(
        ByCustomer(name, total, per_customer[name, asked.back(1)], *main.get(name, ("", 0)))
        for name, total in falling(now, of_a_year)
    )


def main_defects(counts: Mapping[tuple[str, str], int]) -> dict[str, tuple[str, int]]:
    """What each customer complained of most, of the defects that are known."""
    known = sorted(((-total, customer, defect) for (customer, defect), total in counts.items() if defect), reverse=True)
    return {customer: (defect, -total) for total, customer, defect in known}


def by_defect(
    now: Mapping[tuple[str, str], int], before: Mapping[tuple[str, str], int], usual: Mapping[tuple[str, str], int]
) -> tuple[ByDefect, ...]:
    """Add up (customer, defect) over the customers, most first; of equals the one that is ``usual``-ly larger."""
    sums, earlier, usually = (_over_customers(each) for each in (now, before, usual))
    return tuple(ByDefect(name, total, earlier[name]) for name, total in falling(sums, usually))


def _over_customers(counts: Mapping[tuple[str, str], int]) -> Counter[str]:
    sums = Counter[str]()
    for (_, defect), total in counts.items():
        sums[defect] += total
    return sums


def _shares(per_customer: Counter[tuple[str, str]], month: str) -> list[CustomerShare]:
    now, before = Counter[str](), Counter[str]()
    for (name, at), total in per_customer.items():
        (now if at == month else before)[name] += total
    return [CustomerShare(name, now[name], before[name]) for name in sorted(now | before)]


def _year_to_date(totals: Mapping[str, int], month: str) -> int:
    return sum(total for at, total in totals.items() if at[:4] == month[:4] and at <= month)
