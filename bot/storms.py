"""
Storms in the log: while something stays broken, what it hinders is told once in ten seconds, not at each request.

The next line of its kind says how many were left out. A fault of ours that somebody was shown a code for is always
written down: `gukebot trace` and whoever reads the log must find it.
"""

import logging
import re
import threading
import time
from collections.abc import Callable

SECONDS = 10.0
MOST = 1000
"""Kinds of lines remembered at once."""

PASSING = frozenset({"at", "correlation", "exception", "reference"})
"""What differs from one line to the next though the matter is the same."""

DATABASE = frozenset({"BusyError", "OperationalError", "InterfaceError", "InternalError", "DatabaseError"})
"""The database is away, locked or full: no fault of ours, and no request is worth a line of its own."""

RAISED = re.compile(r"^[\w.]*(?:Error|Exception|Exit|Interrupt)\b", re.MULTILINE)
"""What was raised, where a trace is told."""


class Calm(logging.Filter):
    """Lets each kind of warning or error through once in ten seconds."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._told: dict[object, float] = {}
        self._withheld: dict[object, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line is written."""
        matter = _matter(record) if record.levelno >= logging.WARNING else None
        if matter is None:
            return True
        with self._lock:
            now = self._monotonic()
            if now - self._told.get(matter, -SECONDS) < SECONDS:
                self._withheld[matter] = self._withheld.get(matter, 0) + 1
                return False
            if len(self._told) >= MOST:
                self._forget(now)
            self._told[matter] = now
            left_out = self._withheld.pop(matter, 0)
        if left_out and isinstance(record.msg, dict):
            record.msg["withheld"] = left_out
        return True

    def _forget(self, now: float) -> None:
        self._told = {matter: at for matter, at in self._told.items() if now - at < SECONDS}
        self._withheld = {matter: count for matter, count in self._withheld.items() if matter in self._told}


def _matter(record: logging.LogRecord) -> object | None:
    """What a line is about, the same for each of its kind; None for a line that stands for itself."""
    if not isinstance(record.msg, dict):
        return record.name, record.levelno, record.getMessage()
    said = record.msg
    raised = (str(said.get("kind", "")), *RAISED.findall(str(said.get("exception", ""))))[-1]
    if raised.rpartition(".")[2] in DATABASE:
        return record.name, record.levelno, said.get("event"), raised
    if "reference" in said:
        return None
    lasting = sorted((key, repr(value)) for key, value in said.items() if key not in PASSING)
    return record.name, record.levelno, raised, *lasting
