"""Escalation levels: when each is heard, so that people are told while they can still do something.

Reminders (R) are shares of the deadline or its last working moment; the levels after it (L) count
working time from the due instant: requirements 2.0-14, 2.0-18 and 2.4.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from conversations.calendar import NOTHING, WORKING_DAY, Calendar, CalendarError
from conversations.deadlines import Term


class LevelError(CalendarError):
    """An escalation level that says neither or both of a share and an offset, or a share out of bounds."""


class Fate(StrEnum):
    """What becomes of a level: it is sent when it is due, or another one says it too."""

    DUE = "due"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """When an escalation level is due: at a share of the deadline, before a rest, or after the due instant."""

    name: str
    share: float | None = None
    before_rest: bool = False
    after: timedelta | None = None  # working time from the due instant
    after_urgent: timedelta | None = None  # the same for 重大, 停线 and 安全; as ``after`` where it is not given

    def __post_init__(self) -> None:
        if (self.share is not None) + self.before_rest + (self.after is not None) != 1:
            raise LevelError(f"level {self.name} needs one of share, before_rest and after")
        if self.share is not None and not 0 < self.share < 1:
            raise LevelError(f"level {self.name}: a share is more than 0 and less than 1, not {self.share}")
        if any(span is not None and span < NOTHING for span in (self.after, self.after_urgent)):
            raise LevelError(f"level {self.name} cannot come so long before the due instant")

    def offset(self, *, urgent: bool) -> timedelta:
        """The working time from the due instant to this level."""
        span = self.after_urgent if urgent and self.after_urgent is not None else self.after
        return span if span is not None else NOTHING


WEEK = 5 * WORKING_DAY

STANDARD_LEVELS = (
    Level(name="R1", share=0.5),
    Level(name="R2", share=0.75),
    Level(name="R2b", before_rest=True),
    Level(name="L1", after=timedelta(0)),
    Level(name="L2", after=timedelta(hours=4), after_urgent=timedelta(hours=2)),
    Level(name="L3", after=WORKING_DAY, after_urgent=WORKING_DAY / 2),
    Level(name="L4.1", after=3 * WORKING_DAY),
    Level(name="L4.2", after=3 * WORKING_DAY + WEEK),
    Level(name="L4.3", after=3 * WORKING_DAY + 2 * WEEK),
    Level(name="L4.4", after=3 * WORKING_DAY + 3 * WEEK),
    Level(name="L4.5", after=3 * WORKING_DAY + 4 * WEEK),
)


@dataclass(frozen=True, slots=True)
class LevelTime:
    """The instant of one escalation level of one deadline.

    A folded level keeps the instant it would have had, and names the level that says it too. The
    group is told at ``group_at``, later than the lead when the instant is in rest time; reminders are private.
    """

    name: str
    at: datetime
    fate: Fate = Fate.DUE
    group_at: datetime | None = None
    into: str = ""


def chain(
    term: Term, calendar: Calendar, *, urgent: bool = False, levels: tuple[Level, ...] = STANDARD_LEVELS
) -> tuple[LevelTime, ...]:
    """The instants of a deadline's levels, in the order of the levels; a reminder before rest only where there is one.

    ``urgent`` (重大, 停线, 安全): the first reminder at once, nothing folded, the group told at any hour.
    """
    warnings = [_before_rest(level, term, calendar) for level in levels if level.before_rest and _rests(term, calendar)]
    shares = [
        LevelTime(level.name, term.at_share(level.share, calendar)) for level in levels if level.share is not None
    ]
    if urgent:
        shares[:1] = [replace(shares[0], at=term.start)] if shares else []
    else:
        breach = next((level.name for level in levels if level.after is not None), "")
        other = warnings[0].name if warnings else ""
        shares = _together([_quiet(each, term, calendar, other, breach) for each in shares])
    after = [_after(level, term, calendar, urgent=urgent) for level in levels if level.after is not None]
    found = {each.name: each for each in (*shares, *warnings, *after)}
    return tuple(found[level.name] for level in levels if level.name in found)


def _rests(term: Term, calendar: Calendar) -> bool:
    return term.start < term.due and calendar.is_rest(term.due)


def _before_rest(level: Level, term: Term, calendar: Calendar) -> LevelTime:
    """The strongest reminder while people are there; at once if they had left when the deadline began (N-02)."""
    return LevelTime(level.name, max(calendar.last_moment(term.due), term.start))


def _quiet(each: LevelTime, term: Term, calendar: Calendar, warning: str, breach: str) -> LevelTime:
    """Keep people's nights and holidays free: a reminder in rest time joins another, or waits for work to start."""
    if term.start < term.due and not calendar.is_rest(each.at):
        return each
    if warning:
        return replace(each, fate=Fate.FOLDED, into=warning)
    opens = calendar.next_start(each.at)
    if opens < term.due:
        return replace(each, at=opens)
    return replace(each, fate=Fate.FOLDED, into=breach)


def _together(shares: list[LevelTime]) -> list[LevelTime]:
    """Two reminders that wait for the same start of work are one, and the later one says it."""
    last = {each.at: each.name for each in shares if each.fate is Fate.DUE}
    return [
        replace(each, fate=Fate.FOLDED, into=last[each.at])
        if each.fate is Fate.DUE and last[each.at] != each.name
        else each
        for each in shares
    ]


def _after(level: Level, term: Term, calendar: Calendar, *, urgent: bool) -> LevelTime:
    """The lead and the person on duty hear at once, at any hour; the group when work starts."""
    at = calendar.add(term.due, level.offset(urgent=urgent))
    quiet = not urgent and calendar.is_rest(at)
    return LevelTime(level.name, at, group_at=calendar.next_start(at) if quiet else at)
