"""Health: what this process knows about itself, as named checks that a watcher can read."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One named check: whether it holds, and what was found."""

    name: str
    ok: bool
    found: str


class Heartbeats:
    """When each thread was last seen at work. It counts on a clock that nobody can set."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._limit: dict[str, float] = {}

    def expect(self, name: str, within_seconds: float) -> None:
        """From now on, this one must be heard at least so often."""
        with self._lock:
            self._limit[name] = within_seconds
            self._last[name] = self._monotonic()

    def beat(self, name: str) -> None:
        """Write down that this one is at work."""
        with self._lock:
            self._last[name] = self._monotonic()

    def age(self, name: str) -> float:
        """Tell the seconds since this one was last heard; infinite for one never heard."""
        with self._lock:
            last = self._last.get(name)
        return float("inf") if last is None else self._monotonic() - last

    def checks(self) -> tuple[Check, ...]:
        """Tell of each one that is expected whether it has been heard in time."""
        with self._lock:
            limits = dict(self._limit)
        return tuple(self._check(name, limit) for name, limit in sorted(limits.items()))

    def _check(self, name: str, limit: float) -> Check:
        age = self.age(name)
        return Check(name, age <= limit, f"last seen {age:.0f} s ago, allowed {limit:.0f} s")


def guarded(name: str, look: Callable[[], str]) -> Check:
    """Run a check: what it says is fine, what it raises is the fault (its kind, never its text)."""
    try:
        return Check(name, ok=True, found=look())
    except Exception as error:  # noqa: BLE001 - a check that fails in any way is a check that does not hold
        return Check(name, ok=False, found=type(error).__name__)


def report(checks: Iterable[Check]) -> Mapping[str, object]:
    """Put checks into the form that /readyz answers with."""
    listed = tuple(checks)
    return {
        "ready": all(check.ok for check in listed),
        "checks": {check.name: {"ok": check.ok, "found": check.found} for check in listed},
    }
