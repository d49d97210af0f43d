"""How often something happened within the last so many seconds: the windows that WeCom counts in."""

from bisect import bisect_right
from collections.abc import Hashable
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

Limit = tuple[int, timedelta]


class Rates:
    """Counts per key. The window slides, which is stricter than the calendar's minute."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[list[datetime], list[int]]] = {}

    def within(self, key: Hashable, now: datetime, window: timedelta) -> int:
        """How much was taken after now - window."""
        instants, sums = self._kept.get(key, ([], []))
        before = bisect_right(instants, now - window)
        return (sums[-1] - (sums[before - 1] if before else 0)) if sums else 0

    def take(self, key: Hashable, now: datetime, *limits: Limit, weight: int = 1) -> bool:
        """Take this much if every limit leaves room; whether it was taken."""
        if any(self.within(key, now, window) + weight > most for most, window in limits):
            return False
        instants, sums = self._kept.setdefault(key, ([], []))
        at = bisect_right(instants, now)
        instants.insert(at, now)
        sums.insert(at, sums[at - 1] if at else 0)
        for later in range(at, len(sums)):  # only itself, unless the clock was set back
            sums[later] += weight
        return True
