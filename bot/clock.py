"""The clock: the only place that asks the machine what time it is."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the time: called without arguments, it answers an aware UTC instant."""

    def __call__(self) -> datetime:
        """Tell the present instant in UTC."""
        ...


class NaiveTimeError(ValueError):
    """A time without a zone was given to a clock."""


def now() -> datetime:
    """Tell the machine's time, aware and in UTC."""
    return datetime.now(UTC)


class SettableClock:
    """A clock for tests and the demo: it stands still until it is told to move."""

    def __init__(self, start: datetime) -> None:
        self._lock = threading.Lock()
        self._now = _utc(start)

    def __call__(self) -> datetime:
        """Tell the instant at which this clock stands."""
        with self._lock:
            return self._now

    def set(self, instant: datetime) -> None:
        """Stand at this instant from now on; going back is allowed."""
        with self._lock:
            self._now = _utc(instant)

    def forward(self, span: timedelta) -> datetime:
        """Move by this much, and tell the new instant."""
        with self._lock:
            self._now += span
            return self._now


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise NaiveTimeError("a clock needs an instant with its zone")
    return instant.astimezone(UTC)
