"""Due instants: how long something may take, counted day and night or in working time, with its pauses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from conversations.calendar import NOTHING, Calendar, CalendarError, SpanError, utc


class PauseError(CalendarError):
    """A pause that ends before it starts."""


class StillPausedError(CalendarError):
    """A deadline whose pause has no end yet is not due at any instant; say until when with ``until``."""


class ShareError(CalendarError):
    """A share of a deadline that is not between nothing and all of it."""


class Basis(StrEnum):
    """How a deadline counts: every hour there is, or working time alone (A-02)."""

    NATURAL = "natural"
    WORKING = "working"


@dataclass(frozen=True, slots=True, order=True)
class Pause:
    """A stretch in which a deadline stands still because others are to act; without an end it goes on; in UTC."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc(self.start))
        object.__setattr__(self, "end", None if self.end is None else utc(self.end))
        if self.end is not None and self.end < self.start:
            raise PauseError(f"a pause cannot end at {self.end} and start at {self.start}")


def due(start: datetime, span: timedelta, basis: Basis, calendar: Calendar, pauses: Iterable[Pause] = ()) -> datetime:
    """The first instant, in UTC, by which the span has passed outside the pauses.

    Pauses that overlap or touch count once. One without an end raises StillPausedError, unless the
    deadline was due before it: ``due(..., until(pauses, now))`` is the instant if work went on now.
    """
    if span < NOTHING:
        raise SpanError(f"a deadline cannot last {span}")
    at = utc(start)
    for pause in together(pauses):
        passed = passing(at, max(at, pause.start), basis, calendar)
        if passed >= span:
            break
        span -= passed
        if pause.end is None:
            raise StillPausedError(f"paused since {pause.start}")
        at = max(at, pause.end)
    return at + span if basis is Basis.NATURAL else calendar.add(at, span)


def passing(start: datetime, end: datetime, basis: Basis, calendar: Calendar) -> timedelta:
    """The time between two instants as the basis counts it; negative when they are the other way round."""
    return utc(end) - utc(start) if basis is Basis.NATURAL else calendar.between(start, end)


def together(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Give the same pauses in order, those that overlap or touch as one."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < pause.start):
            merged.append(pause)
        elif last.end is not None:
            end = None if pause.end is None else max(last.end, pause.end)
            merged[-1] = Pause(last.start, end)
    return tuple(merged)


def until(pauses: Iterable[Pause], now: datetime) -> tuple[Pause, ...]:
    """Give the pauses as they are if the one without an end is over now; one that has not begun is left out."""
    return tuple(
        Pause(pause.start, now) if pause.end is None else pause
        for pause in pauses
        if pause.end is not None or pause.start <= now
    )


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline as it runs: its beginning, its due instant, its basis, and where it stood still; all in UTC.

    The due instant may be earlier than the span says: K2c is never due after K1 (requirements 2.0-1).
    """

    start: datetime
    due: datetime
    basis: Basis
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc(self.start))
        object.__setattr__(self, "due", utc(self.due))

    def elapsed(self, at: datetime, calendar: Calendar) -> timedelta:
        """How much of the time has been used by an instant, outside the pauses, in the term's own basis."""
        at = utc(at)
        if at <= self.start:
            return NOTHING
        total = passing(self.start, at, self.basis, calendar)
        for pause in together(self.pauses):
            begins, ends = max(pause.start, self.start), min(pause.end or at, at)
            if begins < ends:
                total -= passing(begins, ends, self.basis, calendar)
        return total

    def at_share(self, share: float, calendar: Calendar) -> datetime:
        """When that share of the time, 0.5 for half, will have been used; the pauses are not part of it.

        For a term that was due before it began this is its beginning.
        """
        if not 0 <= share <= 1:
            raise ShareError(f"a share is between 0 and 1, not {share}")
        return due(self.start, self.elapsed(self.due, calendar) * share, self.basis, calendar, self.pauses)
