"""A platform that refuses the whole installation: nothing is tried for a while, and it is said once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.gateway import DeliveryError


@dataclass
class Closing:
    """Whether a gateway is closed, why, and until when nothing is tried; ``fault`` is empty while it is open."""

    clock: Callable[[], datetime]
    pause: timedelta
    fault: str = ""
    until: datetime | None = None

    def check(self) -> None:
        """Raise DeliveryError while it is closed; once the pause is over somebody may try."""
        if self.fault and self.until is not None and self.clock() < self.until:
            raise self._error()

    def close(self, fault: str) -> DeliveryError:
        """Nothing is tried from now on until the pause is over; the error to raise."""
        self.fault, self.until = fault, self.clock() + self.pause
        return self._error()

    def open(self) -> bool:
        """A message was taken. True when it was closed before."""
        was, self.fault = self.fault, ""
        return bool(was)

    def _error(self) -> DeliveryError:
        return DeliveryError(self.fault, closed=True, retry_after=self.pause)
