"""A slow second opinion on working time: it walks through every minute and looks at the clock on the wall.

It shares no arithmetic with ``conversations.calendar``: no interval is ever turned into an instant. The
clock on the wall is the latest time it has shown so far, so a repeated hour does not turn work back.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from conversations.calendar import Alternate, Calendar, DayKind, Interval, OverlapError, Week

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WARM_UP = 2 * 24 * 60  # the first minutes of a window do not know what the clock showed before

# Half an hour at Lord Howe, midnight at Havana and Santiago, a minute past midnight at St John's (until
# 2011), a whole day at Apia in 2011, Ramadan at Casablanca: clocks change in more ways than Berlin's.
CHANGES = {
    "Asia/Shanghai": (date(2026, 2, 10), date(2026, 9, 25), date(2024, 4, 3)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/Santiago": (date(2026, 4, 5), date(2026, 9, 6)),
    "America/St_Johns": (date(2010, 3, 14), date(2010, 11, 7)),
    "Pacific/Apia": (date(2011, 12, 30), date(2011, 9, 24)),
    "Africa/Casablanca": (date(2026, 2, 15), date(2026, 3, 22)),
    "Asia/Kolkata": (date(2026, 6, 1),),
}


class Minutes:
    """Every minute of a window, with the shift it belongs to (0 for rest) and the working minutes before it."""

    def __init__(self, calendar: Calendar, first: datetime, days: int) -> None:
        self.first = first
        self.shifts = list(self._walk(calendar, days * 24 * 60))
        self.passed = [0, *accumulate(1 if shift else 0 for shift in self.shifts)]

    def at(self, index: int) -> datetime:
        return self.first + index * MINUTE

    def add(self, start: int, span: int) -> int | None:
        """The first minute before which so many working minutes have passed; none if it is outside the window."""
        found = bisect_left(self.passed, self.passed[start] + span, lo=start)
        return found if found < len(self.passed) else None

    def between(self, start: int, end: int) -> int:
        return self.passed[end] - self.passed[start]

    def next_start(self, index: int) -> int | None:
        return next((i for i in range(index, len(self.shifts)) if self.shifts[i]), None)

    def is_rest(self, index: int) -> bool:
        """Neither in a shift nor at the very end of one."""
        return not self.shifts[index] and not self.shifts[index - 1]

    def last_shift(self, index: int) -> tuple[int, int] | None:
        """First and last minute of the latest shift that is over."""
        for end in range(index, WARM_UP, -1):
            if self.shifts[end - 1] and self.shifts[end - 1] != self.shifts[end]:
                start = end - 1
                while start > 0 and self.shifts[start - 1] == self.shifts[end - 1]:
                    start -= 1
                return (start, end) if start > 0 else None
        return None

    def _walk(self, calendar: Calendar, count: int) -> Iterator[int]:
        shown = datetime.combine(date.min, time(0))
        at, plans = self.first, dict[date, tuple[Interval, ...]]()
        for _ in range(count):
            shown = max(shown, at.astimezone(calendar.zone).replace(tzinfo=None))
            yield shift_of(calendar, shown, plans)
            at += MINUTE


def shift_of(calendar: Calendar, shown: datetime, plans: dict[date, tuple[Interval, ...]]) -> int:
    """Which shift is at work when the clock shows this, as a number of its own; 0 for none."""
    for back in (0, 1):
        day = shown.date() - back * DAY
        if day not in plans:
            plans[day] = planned(calendar, day)
        for number, interval in enumerate(plans[day], 1):
            start = datetime.combine(day, interval.start)
            end = datetime.combine(day, interval.end)
            end += DAY if end <= start else timedelta(0)
            if start <= shown < end:
                return day.toordinal() * 10 + number
    return 0


def planned(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """The hours of a day, read from the declaration alone."""
    if day in calendar.hours:
        return calendar.hours[day]
    week = calendar.week
    if calendar.alternate:
        monday = calendar.alternate.since - calendar.alternate.since.weekday() * DAY
        week = calendar.alternate.week if ((day - monday).days // 7) % 2 == 0 else week
    match calendar.days.get(day):
        case None:
            return week.get(day.weekday(), ())
        case DayKind.HOLIDAY | DayKind.REST:
            return ()
        case _:
            mine = week.get(day.weekday(), ())
            return mine or next(week[n] for n in range(7) if week.get(n))


def random_calendar(random: Random, day: date, zone: str) -> Calendar:
    """A company somewhere: its week, shifts by day and night, holidays, make-up days and hours of single dates."""
    while True:
        near = [day + n * DAY for n in range(-10, 20)]
        special = random.sample(near, random.randint(0, 8))
        kinds = list(DayKind)
        try:
            return Calendar(
                ZoneInfo(zone),
                days={each: random.choice(kinds) for each in special},
                week=random_week(random),
                hours={each: random_shifts(random) for each in random.sample(near, random.randint(0, 3))},
                alternate=Alternate(random_week(random), random.choice(near)) if random.random() < 0.3 else None,
            )
        except OverlapError:
            continue


def random_week(random: Random) -> Week:
    """A week with work on at least one of its days."""
    usual = random_shifts(random) or (Interval(time(8), time(17)),)
    days = random.sample(range(7), random.randint(1, 7))
    return {day: usual if random.random() < 0.7 else random_shifts(random) or usual for day in days}


def random_shifts(random: Random) -> tuple[Interval, ...]:
    """Up to three stretches of work, the last perhaps past midnight."""
    step = random.choice((1, 15, 30, 60))
    count = 2 * random.randint(0, 3)
    moments = sorted(random.sample(range(0, 24 * 60, step), min(count, 24)))
    times = [time(moment // 60, moment % 60) for moment in moments]
    shifts = [Interval(start, end) for start, end in zip(times[::2], times[1::2], strict=True)]
    if shifts and random.random() < 0.2:
        shifts[-1] = Interval(shifts[-1].start, random.choice((time(0), min(times))))
    random.shuffle(shifts)
    return tuple(shifts)


def random_window(random: Random, days: int) -> tuple[Calendar, Minutes]:
    """A calendar, and every minute of some days around a date on which something happens to its clock."""
    zone = random.choice(list(CHANGES))
    day = random.choice(CHANGES[zone])
    calendar = random_calendar(random, day, zone)
    first = datetime.combine(day - days // 2 * DAY, time(random.randint(0, 23), random.randint(0, 59)), UTC)
    return calendar, Minutes(calendar, first, days)


def disagreement(calendar: Calendar, minutes: Minutes, random: Random) -> tuple[int, str]:
    """Ask both the same questions about a random moment: how many, and the first answer that differs."""
    start = random.randrange(WARM_UP, len(minutes.shifts) - 1)
    other = random.randrange(WARM_UP, len(minutes.shifts) - 1)
    span = random.choice((0, 1, random.randint(1, 600), random.randint(1, 6000)))
    at, asked = minutes.at(start), 0
    answers: list[tuple[str, object, object]] = [
        ("is_working", calendar.is_working(at), minutes.shifts[start] != 0),
        ("is_rest", calendar.is_rest(at), minutes.is_rest(start)),
        ("between", calendar.between(at, minutes.at(other)), minutes.between(start, other) * MINUTE),
    ]
    if (end := minutes.add(start, span)) is not None:
        answers.append(("add", calendar.add(at, span * MINUTE), minutes.at(end)))
    if (opens := minutes.next_start(start)) is not None:
        answers.append(("next_start", calendar.next_start(at), minutes.at(opens)))
    if (shift := minutes.last_shift(start)) is not None:
        expected = minutes.at(max(shift[0], shift[1] - 30))
        answers.append(("last_moment", calendar.last_moment(at), expected))
    for name, ours, theirs in answers:
        asked += 1
        if ours != theirs:
            return (
                asked,
                f"{name} at {at} (other {minutes.at(other)}, span {span} min): {ours}, not {theirs}, {calendar}",
            )
    return asked, ""
