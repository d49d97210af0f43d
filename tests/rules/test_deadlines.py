"""Due instants: both bases, pauses that never count twice, shares of what is left (A-02, U-06, 2.0-18)."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.calendar import NaiveTimeError, SpanError
from conversations.deadlines import (
    Basis,
    Pause,
    PauseError,
    ShareError,
    StillPausedError,
    Term,
    due,
    together,
    until,
)
from tests.rules.calendar_oracle import MINUTE, WARM_UP, random_window
from tests.rules.china import at, china
from tests.support import LONG

K1 = timedelta(hours=48)
HOUR = timedelta(hours=1)
NAIVE = datetime(2026, 11, 20, 8)  # noqa: DTZ001 - the naive one is the point


def test_48_hours_are_elapsed_hours_unless_the_rule_says_working() -> None:
    """
    Friday 16:05 plus 48 natural hours is Sunday 16:05; 48 working hours end a week on Monday.
    """
    assert due(at("11-20 16:05"), K1, Basis.NATURAL, china()) == at("11-22 16:05")
    assert due(at("11-20 16:05"), K1, Basis.WORKING, china()) == at("11-30 16:05")


def test_a_pause_moves_a_natural_deadline_by_its_length() -> None:
    """
    The customer's three hours are not ours.
    """
    pause = Pause(at("11-20 17:00"), at("11-20 20:00"))

    assert due(at("11-20 16:05"), K1, Basis.NATURAL, china(), [pause]) == at("11-22 19:05")


def test_a_pause_takes_only_working_time_from_a_working_deadline() -> None:
    """
    Pausing over a night and half an hour of work moves the deadline by half an hour.
    """
    pause = Pause(at("11-23 16:30"), at("11-24 08:00"))

    assert due(at("11-23 13:00"), 8 * HOUR, Basis.WORKING, china(), [pause]) == at("11-24 13:30")


def test_pauses_that_overlap_touch_or_repeat_count_once() -> None:
    """
    Paused while paused is paused once, in whatever order it was written down.
    """
    pauses = [
        Pause(at("11-21 10:00"), at("11-21 12:00")),
        Pause(at("11-20 18:00"), at("11-20 20:00")),
        Pause(at("11-20 18:00"), at("11-20 20:00")),
        Pause(at("11-20 19:00"), at("11-20 21:00")),
        Pause(at("11-20 21:00"), at("11-20 22:00")),
    ]

    assert together(pauses) == (Pause(at("11-20 18:00"), at("11-20 22:00")), pauses[0])
    assert due(at("11-20 16:05"), K1, Basis.NATURAL, china(), pauses) == at("11-22 22:05")


def test_a_pause_before_the_start_or_after_the_due_instant_changes_nothing() -> None:
    """
    What has been used up before a pause stays used up.
    """
    pauses = [Pause(at("11-19 08:00"), at("11-20 16:05")), Pause(at("11-22 16:05"))]

    assert due(at("11-20 16:05"), K1, Basis.NATURAL, china(), pauses) == at("11-22 16:05")


def test_while_it_is_paused_nobody_can_say_when_it_is_due() -> None:
    """
    An open pause is refused by name; ending it now gives the instant if work went on now.
    """
    pauses = (Pause(at("11-21 08:00")), Pause(at("11-20 18:00"), at("11-20 19:00")))
    with pytest.raises(StillPausedError):
        due(at("11-20 16:05"), K1, Basis.NATURAL, china(), pauses)

    assert due(at("11-20 16:05"), K1, Basis.NATURAL, china(), until(pauses, at("11-22 08:00"))) == at("11-23 17:05")
    assert until(pauses, at("11-20 20:00")) == pauses[1:]
    assert together((*pauses, Pause(at("11-21 09:00"), at("11-21 10:00"))))[-1] == pauses[0]


@pytest.mark.parametrize(
    ("share", "basis", "end", "instant"),
    [
        (0.5, Basis.NATURAL, "11-22 16:05", "11-21 16:05"),
        (0.75, Basis.NATURAL, "11-22 16:05", "11-22 04:05"),
        (0.5, Basis.WORKING, "11-24 16:05", "11-23 16:05"),
        (0.0, Basis.WORKING, "11-24 16:05", "11-20 16:05"),
        (1.0, Basis.NATURAL, "11-22 16:05", "11-22 16:05"),
        (0.5, Basis.NATURAL, "11-19 16:05", "11-20 16:05"),
    ],
)
def test_a_share_is_counted_in_the_deadlines_own_basis(share: float, basis: Basis, end: str, instant: str) -> None:
    """
    Half of 16 working hours is 8 working hours; a deadline that was due before it began has no share (2.0-18).
    """
    assert Term(at("11-20 16:05"), at(end), basis).at_share(share, china()) == at(instant)


def test_a_share_leaves_pauses_out() -> None:
    """
    Half of eight hours with a pause of two days in the third hour is over four hours of ours later.
    """
    term = Term(at("11-20 08:00"), at("11-22 16:00"), Basis.NATURAL, (Pause(at("11-20 10:00"), at("11-22 10:00")),))

    assert term.elapsed(term.due, china()) == 8 * HOUR
    assert term.at_share(0.5, china()) == at("11-22 12:00")
    assert term.elapsed(at("11-21 10:00"), china()) == 2 * HOUR
    assert term.elapsed(at("11-19 10:00"), china()) == timedelta(0)


def test_what_makes_no_sense_is_refused_by_name() -> None:
    """
    Negative spans, pauses that end before they start, shares above one, instants without a zone.
    """
    calendar, start = china(), at("11-20 16:05")
    with pytest.raises(SpanError):
        due(start, -HOUR, Basis.NATURAL, calendar)
    with pytest.raises(PauseError):
        Pause(start, start - HOUR)
    with pytest.raises(ShareError):
        Term(start, start + K1, Basis.NATURAL).at_share(1.5, calendar)
    for refuse in (
        lambda: due(NAIVE, K1, Basis.NATURAL, calendar),
        lambda: Pause(NAIVE),
        lambda: Term(start, NAIVE, Basis.NATURAL),
    ):
        with pytest.raises(NaiveTimeError):
            refuse()


STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
SPANS = st.timedeltas(timedelta(0), timedelta(hours=120))
PAUSES = st.lists(st.tuples(st.timedeltas(timedelta(days=-3), timedelta(days=20)), SPANS), max_size=5)


@given(STARTS, SPANS, PAUSES, st.sampled_from(Basis))
def test_the_due_instant_is_the_one_at_which_the_span_is_used_up(
    start: datetime, span: timedelta, breaks: list[tuple[timedelta, timedelta]], basis: Basis
) -> None:
    """
    Outside the pauses exactly the span has passed, and a microsecond earlier it had not.
    """
    pauses = tuple(Pause(start + offset, start + offset + length) for offset, length in breaks)
    calendar = china()
    end = due(start, span, basis, calendar, pauses)
    term = Term(start, end, basis, pauses)

    assert term.elapsed(end, calendar) == span
    assert end == start or term.elapsed(end - timedelta(microseconds=1), calendar) < span
    assert end == due(start, span, basis, calendar, together(pauses))


def pauses_disagree(random: Random, questions: int) -> tuple[int, str]:
    """Count unpaused minutes one by one, and compare the minute at which the span is used up."""
    calendar, minutes = random_window(random, 9)
    asked = 0
    for _ in range(questions):
        basis, size = random.choice(list(Basis)), len(minutes.shifts)
        start, span = random.randrange(WARM_UP, size), random.randint(0, 3000)
        ends = [sorted(random.randrange(size) for _ in range(2)) for _ in range(random.randint(0, 4))]
        counts = [bool(shift) or basis is Basis.NATURAL for shift in minutes.shifts]
        for first, last in ends:
            counts[first:last] = [False] * (last - first)
        used = [0, *accumulate(counts[start:])]
        if used[-1] < span:
            continue
        asked += 1
        expected = minutes.at(start + used.index(span))
        pauses = [Pause(minutes.at(first), minutes.at(last)) for first, last in ends]
        found = due(minutes.at(start), span * MINUTE, basis, calendar, pauses)
        if found != expected:
            return asked, f"{basis} {minutes.at(start)} {span} {pauses}: {found}, not {expected}, {calendar}"
    return asked, ""


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_pauses_agree_with_the_oracle(random: Random) -> None:
    """
    Random pauses in random calendars, in both bases: the due minute is found by walking, too (U-06).
    """
    assert not pauses_disagree(random, 5)[1]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_more_paused_deadlines_are_those_of_the_oracle() -> None:
    """
    The longer run of the same: 800, at full length 10,000.
    """
    asked = seed = 0
    while asked < (10_000 if LONG else 800):
        answers, fault = pauses_disagree(Random(seed), 100)
        assert not fault, f"seed {seed}: {fault}"
        asked += answers
        seed += 1
