"""Escalation levels: when each is heard, on office days, at night, on holidays, and what cannot wait (2.0-14, N-02)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.calendar import FIVE_DAYS
from conversations.deadlines import Basis, Pause, Term, due
from conversations.levels import STANDARD_LEVELS, Fate, Level, LevelError, LevelTime, chain
from tests.rules.china import at, china

K1 = timedelta(hours=48)


def natural(start: str, hours: int = 48, *, urgent: bool = False) -> dict[str, LevelTime]:
    """The levels of a natural deadline from this moment, by name."""
    begin = at(start)
    times = chain(Term(begin, begin + timedelta(hours=hours), Basis.NATURAL), china(), urgent=urgent)
    return {level.name: level for level in times}


def test_the_story_of_the_sample_company() -> None:
    """
    Friday 16:05 with 48 hours: warned Friday 16:30, L1 Sunday 16:05 and Monday 08:00 in the group, L2 Monday 12:00.
    """
    levels = natural("11-20 16:05")

    assert levels["R1"] == LevelTime("R1", at("11-21 16:05"), Fate.FOLDED, into="R2b")
    assert levels["R2"] == LevelTime("R2", at("11-22 04:05"), Fate.FOLDED, into="R2b")
    assert levels["R2b"] == LevelTime("R2b", at("11-20 16:30"))
    assert levels["L1"] == LevelTime("L1", at("11-22 16:05"), group_at=at("11-23 08:00"))
    assert levels["L2"] == LevelTime("L2", at("11-23 12:00"), group_at=at("11-23 12:00"))
    assert levels["L3"].at == at("11-23 17:00")
    assert levels["L4.1"].at == at("11-25 17:00")
    assert [levels[f"L4.{n}"].at for n in range(2, 6)] == [
        at("12-02 17:00"), at("12-09 17:00"), at("12-16 17:00"), at("12-23 17:00"),
    ]  # fmt: skip


def test_before_the_national_day_people_are_warned_before_they_leave() -> None:
    """
    48 hours from 30 September 16:00 end on 2 October: the warning is sent on the 30th at 16:30 (N-02).
    """
    levels = natural("09-30 16:00")

    assert levels["R2b"].at == at("09-30 16:30")
    assert levels["L1"].group_at == at("10-08 08:00")
    assert levels["L2"].at == at("10-08 12:00")


@pytest.mark.parametrize("start", ["11-20 16:45", "11-21 10:00"])
def test_a_warning_that_would_come_too_early_is_sent_at_once(start: str) -> None:
    """
    Work had ended, or nearly, when the deadline began: the warning goes out as it begins (2.0-14).
    """
    levels = natural(start, 24)

    assert levels["R2b"] == LevelTime("R2b", at(start))


def test_in_working_time_the_group_is_told_at_once_and_nobody_is_warned_twice() -> None:
    """
    Due in working hours there is no R2b, reminders are sent when they are due, L1 reaches the group at once.
    """
    levels = natural("11-16 10:00")

    assert "R2b" not in levels
    assert levels["R1"] == LevelTime("R1", at("11-17 10:00"))
    assert levels["L1"].group_at == levels["L1"].at == at("11-18 10:00")


def test_a_reminder_at_night_waits_for_the_start_of_work() -> None:
    """
    75 % of Monday 10:00 to Wednesday 10:00 is 22:00: sent Wednesday 08:00, still before it is due (U-07).
    """
    assert natural("11-16 10:00")["R2"] == LevelTime("R2", at("11-18 08:00"))


def test_reminders_that_wait_for_the_same_morning_are_one() -> None:
    """
    Saturday 16:00 to Monday 16:00: half is on Sunday, three quarters on Monday at 04:00; one message at 08:00.
    """
    levels = natural("11-21 16:00")

    assert levels["R1"] == LevelTime("R1", at("11-23 08:00"), Fate.FOLDED, into="R2")
    assert levels["R2"] == LevelTime("R2", at("11-23 08:00"))


def test_a_reminder_that_would_wait_too_long_is_folded_into_the_breach() -> None:
    """
    Sunday 20:00 to Monday 08:00: nobody works in between, so L1 says it.
    """
    levels = natural("11-22 20:00", 12)

    assert {name: (levels[name].fate, levels[name].into) for name in ("R1", "R2")} == {
        "R1": (Fate.FOLDED, "L1"),
        "R2": (Fate.FOLDED, "L1"),
    }


def test_a_working_deadline_that_ends_with_the_day_is_not_due_in_rest_time() -> None:
    """
    Four working hours from 13:00 end at 17:00: no R2b, the group hears at 17:00.
    """
    levels = {each.name: each for each in chain(Term(at("11-20 13:00"), at("11-20 17:00"), Basis.WORKING), china())}

    assert "R2b" not in levels
    assert levels["R1"] == LevelTime("R1", at("11-20 15:00"))
    assert levels["R2"] == LevelTime("R2", at("11-20 16:00"))
    assert levels["L1"].group_at == at("11-20 17:00")
    assert levels["L2"].at == at("11-23 12:00")


def test_what_cannot_wait_is_said_at_once_at_any_hour() -> None:
    """
    重大, 停线, 安全: R1 at the beginning, nothing folded, the group at once, L2 and L3 in half the time (2.4).
    """
    levels = natural("11-20 16:05", urgent=True)

    assert levels["R1"] == LevelTime("R1", at("11-20 16:05"))
    assert levels["R2"] == LevelTime("R2", at("11-22 04:05"))
    assert levels["R2b"].fate is Fate.DUE
    assert levels["L1"].group_at == levels["L1"].at == at("11-22 16:05")
    assert levels["L2"].at == at("11-23 10:00")
    assert levels["L3"].at == at("11-23 12:00")
    assert levels["L4.1"].at == at("11-25 17:00")


def test_a_deadline_that_was_due_before_it_began_only_says_so() -> None:
    """
    K2c under a K1 that is over: no reminders, the breach alone.
    """
    levels = natural("11-20 10:00", -1)

    assert "R2b" not in levels
    assert [levels[name].into for name in ("R1", "R2")] == ["L1", "L1"]
    assert levels["L1"].at == at("11-20 09:00")


def test_after_a_pause_the_reminders_count_our_own_time() -> None:
    """
    48 hours with a day at the customer's in between: half is over 24 hours of ours later.
    """
    pause = Pause(at("11-16 15:00"), at("11-17 15:00"))
    end = due(at("11-16 10:00"), K1, Basis.NATURAL, china(), [pause])
    levels = {each.name: each.at for each in chain(Term(at("11-16 10:00"), end, Basis.NATURAL, (pause,)), china())}

    assert end == at("11-19 10:00")
    assert levels["R1"] == at("11-18 10:00")


def test_a_procedure_may_declare_levels_of_its_own() -> None:
    """
    Nudges that are no chain: what is not declared is not there.
    """
    levels = chain(
        Term(at("11-16 10:00"), at("11-18 10:00"), Basis.NATURAL),
        china(),
        levels=(Level(name="L1", after=timedelta(0)), Level(name="L2", after=timedelta(hours=1))),
    )

    assert [(each.name, each.at) for each in levels] == [("L1", at("11-18 10:00")), ("L2", at("11-18 11:00"))]
    assert chain(Term(at("11-16 10:00"), at("11-18 10:00"), Basis.NATURAL), china(), urgent=True, levels=()) == ()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"share": 0.5, "before_rest": True},
        {"share": 0.5, "after": timedelta(0)},
        {"share": 1.0},
        {"share": 0.0},
        {"after": timedelta(hours=-1)},
        {"after": timedelta(hours=1), "after_urgent": timedelta(hours=-1)},
    ],
)
def test_a_level_that_says_nothing_or_two_things_is_refused(said: dict[str, float | bool | timedelta]) -> None:
    """
    A level comes at a share, before a rest, or after the due instant: one of them.
    """
    with pytest.raises(LevelError):
        Level(name="X", **said)  # type: ignore[arg-type]  # what is wrong is the point


STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
SPANS = st.timedeltas(timedelta(minutes=1), timedelta(hours=120))


@given(start=STARTS, span=SPANS, basis=st.sampled_from(Basis), urgent=st.booleans())
def test_whatever_the_deadline_its_levels_keep_their_promises(
    start: datetime, span: timedelta, basis: Basis, *, urgent: bool
) -> None:
    """
    L1 is neither early nor late, levels climb in order, reminders lie before the due instant and outside rest time.
    """
    calendar = china(FIVE_DAYS)
    end = due(start, span, basis, calendar)
    levels = {each.name: each for each in chain(Term(start, end, basis), calendar, urgent=urgent)}
    climbing = [levels[level.name].at for level in STANDARD_LEVELS if level.after is not None]

    assert levels["L1"].at == end
    assert climbing == sorted(set(climbing))
    assert ("R2b" in levels) == calendar.is_rest(end)
    for name in ("R1", "R2", "R2b"):
        each = levels.get(name)
        if each is None or each.fate is Fate.FOLDED:
            assert each is None or not urgent
            continue
        assert start <= each.at < end
        assert urgent or name == "R2b" or not calendar.is_rest(each.at)
    group = levels["L1"].group_at
    assert group == (end if urgent or not calendar.is_rest(end) else calendar.next_start(end))
