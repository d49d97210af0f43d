"""The year edition: the month's order with twelve months each, two years side by side (D9 4.1.7).

Adds 整改完成率, 措施有效率 and 平均关闭天数; a group that recurred in any month recurs in the year.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from conversations.plain import Json
from reports import counting, statistics
from reports import months as calendar
from reports.counting import Again, Same, falling
from reports.figures import ByCustomer, Count, Headline, Standing, YearlyFigures
from reports.labels import Names
from reports.labels import names as read_names
from reports.monthly import by_defect, main_defects
from reports.recurring import rates, recurring
from reports.standing import days_to_close, open_cases, standings
from reports.statistics import is_recurring


class NotAYearError(ValueError):
    """A text is not a year in the form YYYY."""


@dataclass(frozen=True, slots=True)
class _Year:
    """One year's span, and the names it is told in."""

    session: Session
    year: int
    zone: ZoneInfo
    names: Names

    @property
    def first(self) -> str:
        return f"{self.year:04d}-01"

    @property
    def last(self) -> str:
        return f"{self.year:04d}-12"

    def before(self) -> "_Year":
        return _Year(self.session, self.year - 1, self.zone, self.names)

    def again(self) -> list[dict[Same, Again]]:
        months = calendar.between(self.first, self.last)
        return [counting.again(self.session, self.names, month, self.zone) for month in months]


def yearly_figures(session: Session, year: str, *, cut_off: datetime, zone: ZoneInfo) -> YearlyFigures:
    """Count one year (``YYYY``, company time) beside the one before; reads, never writes.

    ``cut_off`` is the aware instant at which open, overdue and 48 hours are judged.
    """
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise NotAYearError(year)
    asked = _Year(session, int(year), zone, read_names(session))
    before = asked.before()
    # months that are still to come are no zeros
    last = min(asked.last, f"{cut_off.astimezone(zone):%Y-%m}")
    ended = calendar.ended(cut_off, zone)
    known = _known(session, last, ended)
    both = {month: known[month] for month in calendar.between(before.first, last) if month in known}
    found = asked.again()
    within = counting.within(asked.first, asked.last)
    again = recurring(session, asked.names, _of_the_year(found), within)
    standing, earlier = standings(session, (cut_off, calendar.start(asked.first, zone)))
    corrective = rates(session, within)
    now = Headline(_sum(both, asked), _in_48_hours(asked, cut_off), standing, _repeated(found))
    compared = before.first in known
    return YearlyFigures(
        year=year,
        cut_off=cut_off,
        zone=zone,
        now=now,
        previous=_headline(before, both, earlier, cut_off) if compared else None,
        first_measure=counting.first_measure(session, asked.first, asked.last),
        months=both,
        customers=_customers(asked),
        defects=by_defect(_defects(asked), _defects(before), _defects(before)),
        recurring=again,
        sporadic=now.count.total - sum(each.in_month for each in again),
        season=statistics.season({month: count.total for month, count in known.items()}, last, ended),
        open_cases=open_cases(session, asked.names, cut_off, zone),
        rectified=corrective.rectified,
        effective=corrective.effective,
        days_to_close=days_to_close(session, asked.first, asked.last),
        previous_days_to_close=days_to_close(session, before.first, before.last) if compared else None,
        not_counted=counting.not_counted(session, asked.first, asked.last),
    )


def year_json(figures: YearlyFigures, charts: tuple[str, ...] = ()) -> dict[str, Json]:
    """Give the year as a program reads it."""
    index = figures.season.index
    months = {month: count.total for month, count in figures.months.items()}
    return {
        "year": figures.year,
        "total": figures.total,
        "by_customer": {each.name: each.count for each in figures.customers if each.count},
        "by_month": {month: total for month, total in months.items() if month[:4] == figures.year},
        "year_before": {month: total for month, total in months.items() if month[:4] != figures.year},
        "recurring": [
            {"customer": each.customer, "product": each.product, "defect": each.defect,
             "count": each.count, "numbers": list(each.numbers)}
            for each in figures.recurring
        ],
        "season": {month: round(value, 4) for month, value in index.items()} if index else None,
        "charts": list(charts),
    }  # fmt: skip


def _of_the_year(found: list[dict[Same, Again]]) -> dict[Same, Again]:
    """What recurred in any month of the year, with its complaints of the whole year."""
    in_year: Counter[Same] = Counter()
    most: defaultdict[Same, Again] = defaultdict(lambda: Again(0, 0))
    for month in found:
        for same, each in month.items():
            in_year[same] += each.in_month
            if is_recurring(each.in_window, each.in_month):
                most[same] = max(most[same], each, key=lambda again: again.in_window)
    return {
        same: Again(max(in_year[same], each.in_window), in_year[same]) for same, each in most.items() if in_year[same]
    }


def _known(session: Session, last: str, ended: str) -> dict[str, Count]:
    """Every month of the records but one that has only begun and has nothing yet: that is no zero."""
    counts = counting.per_month(session, last)
    return {month: count for month, count in counts.items() if count.total or month <= ended} or counts


def _headline(asked: _Year, both: Mapping[str, Count], standing: Standing, cut_off: datetime) -> Headline:
    return Headline(_sum(both, asked), _in_48_hours(asked, cut_off), standing, _repeated(asked.again()))


def _sum(both: Mapping[str, Count], asked: _Year) -> Count:
    return sum((count for month, count in both.items() if asked.first <= month <= asked.last), Count())


def _repeated(found: list[dict[Same, Again]]) -> int:
    return sum(counting.repeated(month) for month in found)


def _in_48_hours(asked: _Year, cut_off: datetime) -> statistics.Ratio:
    return counting.in_48_hours(asked.session, asked.first, asked.last, cut_off)


def _defects(asked: _Year) -> Counter[tuple[str, str]]:
    return counting.per_defect(asked.session, asked.names, asked.first, asked.last)


def _customers(asked: _Year) -> tuple[ByCustomer, ...]:
    per_defect = _defects(asked)
    now, before = Counter[str](), Counter[str]()
    for (customer, _), total in per_defect.items():
        now[customer] += total
    for (customer, _), total in _defects(asked.before()).items():
        before[customer] += total
    main = main_defects(per_defect)
    return tuple(
        ByCustomer(name, total, before[name], *main.get(name, ("", 0))) for name, total in falling(now, before)
    )
