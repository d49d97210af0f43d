"""Working time: which hours of which days count, so that due instants are those of a Chinese company.

Statutory holidays close working days, make-up days (调休) open weekends, and the company may decide
otherwise for any date. A year whose holidays nobody has imported is counted by the weekly pattern
and can be asked for; it never stops anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WORKING_DAY = timedelta(hours=8)  # one working day, whatever the shifts are: requirements 2.0-18
WARNING_LEAD = timedelta(minutes=30)
LONGEST = timedelta(days=3660)
NOTHING = timedelta(0)

Span: TypeAlias = tuple[datetime, datetime]


class CalendarError(ValueError):
    """A calendar, or a question to it, that makes no sense."""


class NaiveTimeError(CalendarError):
    """An instant without a time zone: nobody can say when that is."""


class IntervalError(CalendarError):
    """Working hours whose times have a zone, seconds or fractions of their own."""


class OverlapError(CalendarError):
    """Two working intervals share time, so that it would be counted twice."""


class EmptyWeekError(CalendarError):
    """A week without working hours: no deadline would ever be due."""


class UnknownDayError(CalendarError):
    """Hours or kinds for something that is no weekday (0 to 6) and no date."""


class SpanError(CalendarError):
    """A span that is negative, or longer than ten years of working time."""


class NoSuchWorkingDayError(CalendarError):
    """A month has no working day of that number."""


class DayKind(StrEnum):
    """Why a date is not simply its weekday. WORK and REST are the company's own decisions."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    WORK = "work"
    REST = "rest"


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Hours of work on one day, by its clock. An end not after the start is on the next day.

    A night shift belongs to the day on which it starts, also when the next day is a holiday.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        for moment in (self.start, self.end):
            if moment.tzinfo is not None or moment.second or moment.microsecond:
                raise IntervalError(f"{moment} is not a plain time in whole minutes")

    @property
    def overnight(self) -> bool:
        """Whether the end is on the next day."""
        return self.end <= self.start


Week: TypeAlias = Mapping[int, tuple[Interval, ...]]

OFFICE_HOURS = (Interval(time(8), time(12)), Interval(time(13), time(17)))
FIVE_DAYS: Week = MappingProxyType(dict.fromkeys(range(5), OFFICE_HOURS))  # 双休
SIX_DAYS: Week = MappingProxyType(dict.fromkeys(range(6), OFFICE_HOURS))  # 单休


@dataclass(frozen=True, slots=True)
class Alternate:
    """大小周: every second week, from the week of ``since`` on and before, has these hours instead."""

    week: Week
    since: date

    def holds(self, day: date) -> bool:
        """Whether the day is in a week of these hours."""
        monday = self.since.toordinal() - self.since.weekday()
        return (day.toordinal() - monday) // 7 % 2 == 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working time of one company. Hours by date win over kinds by date, and those over the week.

    A make-up day has its weekday's hours, or those of the week's first working day if it has none.
    A shift starts and ends when the clock first shows its times, so the hour that is repeated in
    autumn is worked by whoever is there, and the hour that is missing in spring by nobody.
    """

    zone: ZoneInfo
    days: Mapping[date, DayKind] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()
    week: Week = field(default_factory=lambda: FIVE_DAYS)
    hours: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    alternate: Alternate | None = None
    notes: Mapping[date, str] = field(default_factory=dict)
    _seen: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weeks = [self.week] + ([self.alternate.week] if self.alternate else [])
        for week in weeks:
            if not set(week) <= set(range(7)):
                raise UnknownDayError(f"weekdays are 0 (Monday) to 6, not {sorted(set(week) - set(range(7)))}")
            if not any(week.values()):
                raise EmptyWeekError("a week needs at least one working interval")
        for day in (*self.days, *self.hours):
            if type(day) is not date:  # a datetime is a date to isinstance, and would never be found
                raise UnknownDayError(f"{day!r} is not a date")
        refuse_overlaps([day for week in weeks for day in week.values()] + list(self.hours.values()))

    def kind(self, day: date) -> DayKind:
        """What the day is: as it was decided for its date, or WORK or REST by the weekly pattern."""
        found = self.days.get(day)
        if day in self.hours and (found is None or bool(self.hours[day]) != (found in OPEN)):
            return DayKind.WORK if self.hours[day] else DayKind.REST
        if found is not None:
            return found
        return DayKind.WORK if self._pattern(day).get(day.weekday()) else DayKind.REST

    def intervals(self, day: date) -> tuple[Span, ...]:
        """The working intervals that start on the day, in order, as pairs of aware UTC instants."""
        found = self._seen.get(day)
        if found is None:
            found = self._seen[day] = tuple(self._spans(day))
        return found

    def is_working(self, at: datetime) -> bool:
        """Whether work is being done at the instant: 08:00 is, 17:00 is not any more."""
        at = utc(at)
        return next(self._from(at))[0] <= at

    def is_rest(self, at: datetime) -> bool:
        """Whether the instant lies outside every interval.

        The last moment of work, 17:00, is not rest: a deadline in working time is never due in rest time.
        """
        at = utc(at)
        return not self.is_working(at) and next(self._until(at))[1] != at

    def next_start(self, at: datetime) -> datetime:
        """The first working instant that is not before this one: itself, while work is being done."""
        at = utc(at)
        return max(next(self._from(at))[0], at)

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The first instant by which so much working time has passed since the start.

        Eight hours from Monday 08:00 end on Monday 17:00, not on Tuesday 08:00. No time from Sunday on is Sunday.
        """
        if not NOTHING <= span <= LONGEST:
            raise SpanError(f"{span} is not between nothing and {LONGEST.days} days of working time")
        start = utc(start)
        if span == NOTHING:
            return start
        spans = self._from(start)
        opens, closes = next(spans)
        begins = max(opens, start)
        while span > closes - begins:
            span -= closes - begins
            begins, closes = next(spans)
        return begins + span

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one instant to the other; negative when the other is earlier."""
        start, end = utc(start), utc(end)
        if end < start:
            return -self.between(end, start)
        total = NOTHING
        for opens, closes in self._from(start):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total

    def last_moment(self, before: datetime, lead: timedelta = WARNING_LEAD) -> datetime:
        """So long before the end of the last interval that is over by the instant, while people are there.

        In an interval shorter than the lead it is the interval's start (N-02).
        """
        before = utc(before)
        opens, closes = next(span for span in self._until(before) if span[1] <= before)
        return max(opens, closes - lead)

    def nth_working_day(self, year: int, month: int, n: int) -> date:
        """The n-th date of the month, from 1, on which anybody starts work."""
        day, left = date(year, month, 1), n
        while left > 0 and day.month == month:
            left -= bool(self.intervals(day))
            if left == 0:
                return day
            day += DAY
        raise NoSuchWorkingDayError(f"{year}-{month:02} has no working day {n}")

    def start_of_shift(self, day: date) -> datetime:
        """When work starts on the day, or on the next day that has any, as aware UTC."""
        while not self.intervals(day):
            day += DAY
        return self.intervals(day)[0][0]

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """The years between two instants, by the company's clock, whose holidays were never imported."""
        first, last = (utc(at).astimezone(self.zone).year for at in (start, end))
        return tuple(year for year in range(first, last + 1) if year not in self.known_years)

    def _pattern(self, day: date) -> Week:
        if self.alternate is not None and self.alternate.holds(day):
            return self.alternate.week
        return self.week

    def _spans(self, day: date) -> Iterator[Span]:
        for interval in sorted(self._planned(day)):
            opens = self._shown(day, interval.start)
            closes = self._shown(day + DAY if interval.overnight else day, interval.end)
            if opens < closes:  # an interval inside the missing hour of spring does not happen
                yield opens, closes

    def _planned(self, day: date) -> tuple[Interval, ...]:
        if day in self.hours:
            return self.hours[day]
        kind, week = self.days.get(day), self._pattern(day)
        usual = week.get(day.weekday(), ())
        if kind in OPEN:
            return usual or next(week[weekday] for weekday in sorted(week) if week[weekday])
        return usual if kind is None else ()

    def _shown(self, day: date, wall: time) -> datetime:
        """The first instant at which the clock shows this time or, if it is skipped, a later one."""
        local = datetime.combine(day, wall, self.zone)
        late = local.astimezone(UTC)
        if self._clock(late) == local.replace(tzinfo=None):
            return late
        early = local.replace(fold=1).astimezone(UTC)
        while (gap := int((late - early).total_seconds())) > 1:
            middle = early + timedelta(seconds=gap // 2)
            if self._clock(middle) < local.replace(tzinfo=None):
                early = middle
            else:
                late = middle
        return late

    def _clock(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None)

    def _from(self, at: datetime) -> Iterator[Span]:
        """Every interval that is not over at the instant, in order; yesterday's night shift may be one."""
        day = at.astimezone(self.zone).date() - DAY
        while True:
            for span in self.intervals(day):
                if span[1] > at:
                    yield span
            day += DAY

    def _until(self, at: datetime) -> Iterator[Span]:
        """Every interval of today and before that has begun at the instant, the latest first."""
        day = at.astimezone(self.zone).date()
        while True:
            for span in reversed(self.intervals(day)):
                if span[0] < at:
                    yield span
            day -= DAY


OPEN = frozenset((DayKind.MAKEUP, DayKind.WORK))


def refuse_overlaps(days: list[tuple[Interval, ...]]) -> None:
    """Refuse intervals that share time on their day, or with the first shift of whatever day follows."""
    first = min((interval.start for day in days for interval in day), default=time.max)
    for day in days:
        ordered = sorted(day)
        for earlier, later in pairwise(ordered):
            if earlier.overnight or earlier.end > later.start:
                raise OverlapError(f"{_said(earlier)} and {_said(later)} overlap")
        if ordered and ordered[-1].overnight and ordered[-1].end > first:
            raise OverlapError(f"{_said(ordered[-1])} runs into the shift that may start at {first:%H:%M} next day")


def _said(interval: Interval) -> str:
    return f"{interval.start:%H:%M}-{interval.end:%H:%M}"


def utc(at: datetime) -> datetime:
    """Give the same instant in UTC; refuse one that has no zone."""
    if at.tzinfo is None:
        raise NaiveTimeError(f"{at} has no time zone")
    return at.astimezone(UTC)  # sums with a local time would be sums of its clock, not of time
