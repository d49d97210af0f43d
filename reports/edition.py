"""What a month's and a year's summary have in common, so that each picture and each text exists once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.words import N_, Said, said
from reports import months as calendar
from reports.figures import (
    ByCustomer,
    ByDefect,
    Headline,
    MonthlyFigures,
    NotCounted,
    OpenCase,
    Recurring,
    YearlyFigures,
)
from reports.statistics import RECURRING_DAYS, Anomaly, Season

Reading = Callable[[Headline], Said]
FORM = "HLLG-QR721-02"
TOP_CUSTOMERS, TOP_DEFECTS = 7, 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the six figures at the head: name, value (and a shorter form of it), comparisons, good or bad."""

    label: Said
    value: Said
    small: tuple[Said, ...] = ()
    tone: str = ""
    brief: Said | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A summary of one period: ``short`` is its name in a title.

    ``bar`` is the message of one bar that is compared with the period before; none where there is none.
    """

    period: Said
    short: Said
    bar: str | None
    cut_off: datetime
    now: Headline
    tiles: Sequence[Tile]
    customers: Sequence[ByCustomer]
    defects: Sequence[ByDefect]
    recurring: Sequence[Recurring]
    sporadic: int
    span: Said
    season: Season
    open_cases: Sequence[OpenCase]
    not_counted: NotCounted
    anomalies: Sequence[Anomaly] = ()

    @property
    def total(self) -> int:
        """Complaints of the period."""
        return self.now.count.total


def of_month(figures: MonthlyFigures) -> Edition:
    """The month's figures as an edition."""
    return Edition(
        period=calendar.full_name(figures.month),
        short=calendar.name(figures.month),
        bar=N_("{count} (prev. {previous}), cum. {percent}%") if figures.previous else None,
        cut_off=figures.cut_off.astimezone(figures.zone),
        now=figures.now,
        tiles=_month_tiles(figures),
        customers=figures.customers,
        defects=figures.defects,
        recurring=figures.recurring,
        sporadic=figures.sporadic,
        span=said(N_("in {days} days"), days=RECURRING_DAYS),
        season=figures.season,
        open_cases=figures.open_cases,
        not_counted=figures.not_counted,
        anomalies=figures.anomalies,
    )


def of_year(figures: YearlyFigures) -> Edition:
    """The year's figures as an edition."""
    year = said(N_("Year {year}"), year=figures.year)
    return Edition(
        period=year,
        short=year,
        bar=N_("{count} (prev. year {previous}), cum. {percent}%") if figures.previous else None,
        cut_off=figures.cut_off.astimezone(figures.zone),
        now=figures.now,
        tiles=_year_tiles(figures),
        customers=figures.customers,
        defects=figures.defects,
        recurring=figures.recurring,
        sporadic=figures.sporadic,
        span=Said(N_("in the year")),
        season=figures.season,
        open_cases=figures.open_cases,
        not_counted=figures.not_counted,
    )


def achieved(figures: MonthlyFigures) -> bool | None:
    """Whether the month reached the company's target for 48小时达成; none where there is none to reach."""
    ratio, target = figures.now.in_48_hours, figures.target_48_hours
    return None if target is None or not ratio.of else ratio.met * 100 >= target * ratio.of


def target(figures: MonthlyFigures, *, marked: bool) -> Said | None:
    """Say the target and whether it was reached; in a picture with a mark (○, ×), never by colour alone."""
    reached = achieved(figures)
    if reached is None:
        return None
    words = N_("target {percent}%, met") if reached else N_("target {percent}%, missed")
    if marked:
        words = N_("target {percent}% ○ met") if reached else N_("target {percent}% × missed")
    return said(words, percent=figures.target_48_hours or 0)


def total_and_major(headline: Headline) -> Said:
    """The total with the 重大 among it in brackets."""
    return said(N_("{total} ({major})"), total=headline.count.total, major=headline.count.major_said)


def days(value: float | None) -> Said:
    """Natural days with one digit, or a dash."""
    return Said("–") if value is None else said("{days}", days=f"{value:.1f}")


def _month_tiles(figures: MonthlyFigures) -> tuple[Tile, ...]:
    now, goal = figures.now, target(figures, marked=True)
    kept = _compared(figures, lambda it: it.in_48_hours.short())
    tone = {None: "", True: "good", False: "bad"}[achieved(figures)]
    return (
        Tile(Said(N_("total (major)")), total_and_major(now),
             _compared(figures, lambda it: _number(it.count.total))),
        Tile(Said(N_("quantity")), now.count.quantity_said,
             _compared(figures, lambda it: it.count.quantity_said)),
        Tile(Said(N_("within 48 h")), now.in_48_hours.said(),
             (*kept, goal) if goal else kept, tone, now.in_48_hours.short()),
        Tile(Said(N_("open")), _number(now.standing.open), _compared(figures, lambda it: _number(it.standing.open))),
        Tile(Said(N_("overdue")), _number(now.standing.overdue),
             _compared(figures, lambda it: _number(it.standing.overdue)), "bad" if now.standing.overdue else ""),
        Tile(Said(N_("repeated")), _number(now.repeated), _compared(figures, lambda it: _number(it.repeated))),
    )  # fmt: skip


def _year_tiles(figures: YearlyFigures) -> tuple[Tile, ...]:
    now, before = figures.now, figures.previous
    return (
        Tile(Said(N_("total (major)")), total_and_major(now), _last_year(before, lambda it: _number(it.count.total))),
        Tile(Said(N_("quantity")), now.count.quantity_said, _last_year(before, lambda it: it.count.quantity_said)),
        Tile(Said(N_("within 48 h")), now.in_48_hours.said(), _last_year(before, lambda it: it.in_48_hours.short())),
        Tile(
            Said(N_("days to close")),
            days(figures.days_to_close),
            (_year_before(days(figures.previous_days_to_close)),),
        ),
        Tile(Said(N_("rectified")), figures.rectified.said(), ()),
        Tile(Said(N_("effective")), figures.effective.said(), ()),
    )


def _compared(figures: MonthlyFigures, value: Reading) -> tuple[Said, ...]:
    previous = value(figures.previous) if figures.previous else Said("–")
    last_year = value(figures.last_year) if figures.last_year else Said("–")
    return (
        said(N_("prev. {number}"), number=previous),
        said(N_("1 y ago {number}"), number=last_year),
    )


def _last_year(before: Headline | None, value: Reading) -> tuple[Said, ...]:
    return (_year_before(value(before) if before else Said("–")),)


def _year_before(number: Said) -> Said:
    return said(N_("year before {number}"), number=number)


def _number(value: int) -> Said:
    return said("{number}", number=value)
