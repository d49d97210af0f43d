"""A bell between the doors and the deliveries: what was queued just now is sent at once, not at the next look."""

import threading


class Bell:
    """Rung after a commit that may have queued messages; every delivery thread hears each ring."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often it was rung so far."""
        with self._rung:
            return self._rings

    def ring(self) -> None:
        """Wake whoever waits."""
        with self._rung:
            self._rings += 1
            self._rung.notify_all()

    def wait(self, heard: int, seconds: float) -> int:
        """Wait for a ring after those that were heard, so long at most; tell how many rings there were."""
        with self._rung:
            self._rung.wait_for(lambda: self._rings > heard, seconds)
            return self._rings
