"""Respect for people's attention: what may wait, what may be muted, and what never (N-15, U-07)."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from conversations.calendar import Calendar


class Topic(StrEnum):
    """What a notice is about, as people can mute it."""

    STEP = "step"
    REMINDER = "reminder"
    CLEARED = "cleared"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Settings:
    """A person's own wishes. Breaches, pages and what they asked for themselves come all the same."""

    muted: frozenset[Topic] = field(default_factory=frozenset)
    quiet_from: time = time(20)
    quiet_until: time = time(8)


PINGS_A_DAY = 12
"""After so many notices in a day the rest is one living line: "n more, see your cases"."""


def topic_of(kind: str, level: str | None) -> Topic | None:
    """The topic of a notice; None for one that can neither wait nor be muted."""
    if kind == "level":
        return Topic.REMINDER if level is not None and not level.startswith("L") else None
    try:
        return Topic(kind)
    except ValueError:
        return None


def quiet(at: datetime, calendar: Calendar, settings: Settings) -> bool:
    """Whether a person is left alone at an instant: at night and on rest days."""
    wall = at.astimezone(calendar.zone)
    if not calendar.intervals(wall.date()):
        return True
    clock = wall.time()
    if settings.quiet_from <= settings.quiet_until:
        return settings.quiet_from <= clock < settings.quiet_until
    return clock >= settings.quiet_from or clock < settings.quiet_until


def not_before(at: datetime, calendar: Calendar, settings: Settings) -> datetime | None:
    """When a notice that can wait may come: at the next start of work that is not quiet; None: at once.

    Where work starts in somebody's quiet hours, it comes when these end.
    """
    if not quiet(at, calendar, settings):
        return None
    for _ in range(DAYS_LOOKED):
        at = calendar.next_start(at)
        if not quiet(at, calendar, settings):
            return at
        at = _quiet_ends(at, calendar, settings)
        if not quiet(at, calendar, settings):
            return at
    return at


DAYS_LOOKED = 40
"""Longer than the longest holidays: then a notice comes whatever was set."""


def _quiet_ends(at: datetime, calendar: Calendar, settings: Settings) -> datetime:
    """The first end of quiet hours after an instant."""
    day = at.astimezone(calendar.zone).date()
    ends = datetime.combine(day, settings.quiet_until, calendar.zone)
    return ends if ends > at else datetime.combine(day + timedelta(days=1), settings.quiet_until, calendar.zone)
