"""Taking turns within a process: one at a time, in the order of asking."""

import threading
from collections import deque


class Turns:
    """A lock that is handed on to whoever waits longest.

    Python's own goes to whoever asks at the right moment: a thread that writes again and again would keep all
    others from writing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self, timeout: float) -> bool:
        """Wait for one's turn, so many seconds at most; whether it came."""
        gate = threading.Lock()
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=timeout):
            return True
        with self._lock:
            if gate not in self._waiting:
                return True  # it came at the last moment
            self._waiting.remove(gate)
        return False

    def release(self) -> None:
        """Let the next one have it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
