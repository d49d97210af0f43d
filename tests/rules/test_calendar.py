"""The working calendar: published cases, refusals, an oracle that walks minute by minute (N-01, U-01..U-05, R20)."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.calendar import (
    FIVE_DAYS,
    LONGEST,
    SIX_DAYS,
    Alternate,
    Calendar,
    DayKind,
    EmptyWeekError,
    Interval,
    IntervalError,
    NaiveTimeError,
    NoSuchWorkingDayError,
    OverlapError,
    SpanError,
    UnknownDayError,
)
from tests.rules.calendar_oracle import disagreement, random_window
from tests.rules.china import SHANGHAI, at, china, reviewed, rows
from tests.support import LONG

HOURS_16 = timedelta(hours=16)
DAY = timedelta(days=1)
YEAR_2026 = [date(2026, 1, 1) + n * DAY for n in range(365)]
EARLY = Interval(time(8), time(12))
NIGHT = Interval(time(22), time(6))


def test_the_six_makeup_days_of_2026_are_worked() -> None:
    """
    A calendar that knows holidays alone is wrong on exactly these days (N-01).
    """
    calendar = china()
    made_up = [day for day in YEAR_2026 if day.weekday() >= 5 and calendar.intervals(day)]

    assert made_up == [date(2026, m, d) for m, d in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


def test_a_monday_to_friday_rule_is_wrong_on_25_days_of_2026() -> None:
    """
    The figure published in N-01, counted with the reviewed file.
    """
    calendar = china()

    assert sum(bool(calendar.intervals(day)) != (day.weekday() < 5) for day in YEAR_2026) == 25


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (reviewed(), "02-24 16:00"),
        ({day: said for day, said in reviewed().items() if said[0] is DayKind.HOLIDAY}, "02-25 16:00"),
        ({}, "02-17 16:00"),
    ],
    ids=["right", "holidays alone", "monday to friday"],
)
def test_sixteen_working_hours_over_the_spring_festival(days: dict[date, tuple[DayKind, str]], due: str) -> None:
    """
    From Friday 2026-02-13 16:00: the 24th with make-up days, the 25th without, the 17th without holidays (N-01).
    """
    calendar = Calendar(SHANGHAI, days={day: kind for day, (kind, _) in days.items()})

    assert calendar.add(at("02-13 16:00"), HOURS_16) == at(due)


def test_the_reviewed_file_is_whole() -> None:
    """
    Seven years, each with make-up days on weekends, days off that include all of their weekends, and a source.
    """
    found = rows("calendar_cn.csv")
    years = {int(row["year"]) for row in rows("calendar_cn_years.csv")}

    assert years == set(range(2020, 2027))
    assert [row["day"] for row in found] == sorted({row["day"] for row in found})
    assert all(row["source"] and row["note"] and row["kind"] in {"holiday", "makeup"} for row in found)
    for year in years:
        made_up = [day for day, (kind, _) in reviewed().items() if kind is DayKind.MAKEUP and day.year == year]
        assert len(made_up) >= 5
        assert all(day.weekday() >= 5 for day in made_up)


def test_the_reviewed_file_is_what_the_package_says_today() -> None:
    """
    ``make calendar`` would change nothing, so the file was not edited by hand.
    """
    from storage.data import make_calendar

    known = {year: make_calendar.read_year(year) for year in range(2020, 2027)}
    written = [(row["day"], row["kind"], row["note"]) for row in rows("calendar_cn.csv")]

    assert list(make_calendar.rows(known)) == written
    assert not make_calendar.read_year(2027).makeup


def test_companies_that_work_on_saturdays_keep_the_holidays() -> None:
    """
    单休: an ordinary Saturday is worked, a Saturday inside the National Day holiday is not.
    """
    calendar = china(SIX_DAYS)

    assert calendar.intervals(date(2026, 11, 21))
    assert not calendar.intervals(date(2026, 10, 3))
    assert calendar.intervals(date(2026, 9, 20)), "a make-up Sunday has Monday's hours"


def test_every_second_saturday() -> None:
    """
    大小周: the week of the given date has six days, the one before and the one after it five.
    """
    calendar = Calendar(SHANGHAI, week=FIVE_DAYS, alternate=Alternate(SIX_DAYS, date(2026, 11, 18)))
    saturdays = [date(2026, 11, 7) + 7 * n * DAY for n in range(4)]

    assert [bool(calendar.intervals(day)) for day in saturdays] == [True, False, True, False]


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("11-23 08:00", 4, "11-23 12:00"),
        ("11-23 08:00", 8, "11-23 17:00"),
        ("11-23 12:30", 4, "11-23 17:00"),
        ("11-20 16:30", 1, "11-23 08:30"),
        ("11-21 10:00", 8, "11-23 17:00"),
        ("11-21 10:00", 0, "11-21 10:00"),
    ],
)
def test_the_lunch_break_and_the_night_do_not_count(start: str, hours: int, end: str) -> None:
    """
    A span that is used up at 17:00 ends at 17:00, not at 08:00 (U-01, U-02).
    """
    assert china().add(at(start), timedelta(hours=hours)) == at(end)


@pytest.mark.parametrize(
    ("before", "moment"),
    [
        ("11-22 16:05", "11-20 16:30"),
        ("10-02 16:00", "09-30 16:30"),
        ("11-23 12:30", "11-23 11:30"),
        ("11-23 17:00", "11-23 16:30"),
        ("02-16 09:00", "02-14 16:30"),
    ],
)
def test_the_last_moment_at_which_people_are_there(before: str, moment: str) -> None:
    """
    Half an hour before work ends for the last time before the instant, make-up Saturdays included (N-02).
    """
    assert china().last_moment(at(before)) == at(moment)


def test_the_last_moment_of_a_short_interval_is_its_start() -> None:
    """
    Nobody is warned before people have come.
    """
    calendar = Calendar(SHANGHAI, week={0: (Interval(time(8), time(8, 10)),)})

    assert calendar.last_moment(at("11-24 12:00")) == at("11-23 08:00")


def test_working_days_of_a_month_are_counted_by_the_calendar() -> None:
    """
    The first working day of October 2026 is the 8th; the third of February 2026 is an ordinary Wednesday.
    """
    calendar = china()

    assert calendar.nth_working_day(2026, 10, 1) == date(2026, 10, 8)
    assert calendar.nth_working_day(2026, 12, 1) == date(2026, 12, 1)
    assert calendar.nth_working_day(2026, 2, 3) == date(2026, 2, 4)
    assert calendar.start_of_shift(date(2026, 12, 1)) == at("12-01 08:00")
    assert calendar.start_of_shift(date(2026, 10, 1)) == at("10-08 08:00")


@pytest.mark.parametrize("n", [0, -1, 24])
def test_a_month_has_no_such_working_day(n: int) -> None:
    """
    There is no working day 0, and no 24th in November 2026.
    """
    with pytest.raises(NoSuchWorkingDayError):
        china().nth_working_day(2026, 11, n)


def test_a_year_nobody_imported_is_counted_and_named() -> None:
    """
    2027 is counted by the weekly pattern, and whoever asks is told; nothing raises (U-05).
    """
    calendar = china()

    assert calendar.unknown_years(at("12-30 09:00"), at("2027-01-05 09:00")) == (2027,)
    assert calendar.unknown_years(at("12-30 09:00"), at("12-31 23:59")) == ()
    assert calendar.add(at("12-31 16:00"), HOURS_16) == at("2027-01-04 16:00")
    assert calendar.unknown_years(at("2027-01-01 07:59"), at("2028-06-01 09:00")) == (2027, 2028)


def test_the_companys_own_decision_wins() -> None:
    """
    A date can be opened, closed or given hours of its own, whatever the State Council or the week say.
    """
    own = {date(2026, 11, 21): DayKind.WORK, date(2026, 11, 23): DayKind.REST, date(2026, 11, 24): DayKind.HOLIDAY}
    hours = {date(2026, 11, 24): (EARLY,), date(2026, 11, 25): ()}
    calendar = Calendar(SHANGHAI, days=own, hours=hours)

    assert calendar.add(at("11-20 17:00"), HOURS_16 - timedelta(hours=4)) == at("11-24 12:00")
    assert [calendar.kind(date(2026, 11, day)) for day in range(20, 26)] == [
        DayKind.WORK, DayKind.WORK, DayKind.REST, DayKind.REST, DayKind.WORK, DayKind.REST,
    ]  # fmt: skip


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    """
    Friday's shift runs on to Saturday 06:00, also into a holiday.
    """
    calendar = Calendar(SHANGHAI, days={date(2026, 11, 21): DayKind.HOLIDAY}, week={4: (NIGHT,)})

    assert calendar.is_working(at("11-21 05:59"))
    assert not calendar.is_working(at("11-21 06:00"))
    assert calendar.between(at("11-21 00:00"), at("11-28 00:00")) == timedelta(hours=8)


def test_work_around_the_clock() -> None:
    """
    A shift from midnight to midnight on every day makes working time natural time.
    """
    calendar = Calendar(SHANGHAI, week=dict.fromkeys(range(7), (Interval(time(0), time(0)),)))

    assert calendar.add(at("11-20 16:05"), timedelta(hours=48)) == at("11-22 16:05")


def test_a_clock_that_falls_back_into_yesterday() -> None:
    """
    At St John's it was 00:01 on 7 November 2010, and then 23:01 on the 6th: a shift that had begun goes on.
    """
    calendar = Calendar(ZoneInfo("America/St_Johns"), week={6: (Interval(time(0), time(0, 1)),)})
    begun = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)
    over = begun + timedelta(minutes=61)

    assert calendar.intervals(date(2010, 11, 7)) == ((begun, over),)
    assert calendar.is_working(begun + timedelta(minutes=30))
    assert not calendar.is_rest(over)
    assert calendar.last_moment(over) == over - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ({"week": {}}, EmptyWeekError),
        ({"week": {0: ()}}, EmptyWeekError),
        ({"alternate": Alternate({}, date(2026, 1, 1))}, EmptyWeekError),
        ({"week": {7: (EARLY,)}}, UnknownDayError),
        ({"week": {0: (EARLY, Interval(time(11), time(13)))}}, OverlapError),
        ({"week": {0: (NIGHT, Interval(time(23), time(23, 30)))}}, OverlapError),
        ({"week": {0: (NIGHT,), 1: (Interval(time(5), time(9)),)}}, OverlapError),
        ({"hours": {date(2026, 1, 1): (EARLY, EARLY)}}, OverlapError),
        ({"days": {datetime(2026, 1, 1, tzinfo=UTC): DayKind.REST}}, UnknownDayError),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(kind: dict[str, Any], fault: type[Exception]) -> None:
    """
    A week without work, hours that overlap by day or by night, a weekday or date that is none.
    """
    with pytest.raises(fault):
        Calendar(SHANGHAI, **kind)


@pytest.mark.parametrize("start", [time(8, 0, 1), time(8, tzinfo=UTC), time(8, microsecond=5)])
def test_hours_are_plain_times_in_minutes(start: time) -> None:
    """
    Working hours are said in whole minutes by the company's clock.
    """
    with pytest.raises(IntervalError):
        Interval(start, time(12))


def test_an_instant_without_a_zone_is_refused() -> None:
    """
    Nobody can say when 08:00 is, so every question refuses it.
    """
    calendar, naive = china(), datetime(2026, 11, 20, 8)  # noqa: DTZ001 - the naive one is the point
    for ask in (calendar.is_working, calendar.is_rest, calendar.next_start, calendar.last_moment):
        with pytest.raises(NaiveTimeError):
            ask(naive)
    with pytest.raises(NaiveTimeError):
        calendar.add(naive, HOURS_16)
    with pytest.raises(NaiveTimeError):
        calendar.between(at("11-20 08:00"), naive)


@pytest.mark.parametrize("span", [timedelta(microseconds=-1), LONGEST + timedelta(1)])
def test_a_span_that_is_none_is_refused(span: timedelta) -> None:
    """
    Working time does not run backwards, and nothing takes more than ten years of it.
    """
    with pytest.raises(SpanError):
        china().add(at("11-20 08:00"), span)


def test_local_times_are_added_as_instants() -> None:
    """
    A start said in a zone with summer time gives the same instant as the start said in UTC.
    """
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar(berlin, week=dict.fromkeys(range(7), (Interval(time(0), time(0)),)))
    start = datetime(2026, 3, 28, 20, tzinfo=berlin)

    assert calendar.add(start, HOURS_16) == start.astimezone(UTC) + HOURS_16
    assert calendar.between(start, start + HOURS_16) == HOURS_16 - timedelta(hours=1)


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
SPANS = st.timedeltas(timedelta(0), timedelta(hours=200))


@given(INSTANTS, SPANS)
def test_what_is_added_has_passed_and_not_before(start: datetime, span: timedelta) -> None:
    """
    ``add`` gives the first instant by which the span has passed: to the microsecond.
    """
    calendar = china()
    end = calendar.add(start, span)

    assert calendar.between(start, end) == span
    if span:
        assert calendar.between(start, end - timedelta(microseconds=1)) < span


@given(INSTANTS, SPANS, SPANS)
def test_spans_add_up(start: datetime, first: timedelta, second: timedelta) -> None:
    """
    Two spans one after the other end where their sum ends.
    """
    calendar = china()
    between = calendar.add(start, first)

    assert calendar.add(between, second) == (calendar.add(start, first + second) if second else between)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_oracle_agrees(random: Random) -> None:
    """
    Random weeks, shifts, holidays, make-up days and clocks that change: every answer as minute by minute (R20).
    """
    calendar, minutes = random_window(random, 9)
    for _ in range(10):
        assert not disagreement(calendar, minutes, random)[1]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_as_many_answers_are_those_of_the_oracle() -> None:
    """
    R20: 50,000 random comparisons, at full length the 1,000,000 that it is written with; none differs.
    """
    asked = seed = 0
    while asked < (1_000_000 if LONG else 50_000):
        random = Random(seed)
        calendar, minutes = random_window(random, 14)
        for _ in range(300):
            answers, fault = disagreement(calendar, minutes, random)
            assert not fault, f"seed {seed}: {fault}"
            asked += answers
        seed += 1
