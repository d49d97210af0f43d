"""A platform's way to our servers: each request to one of them, and what is not taken in time again."""

import http.client
import itertools
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.support.faults.driver import PATIENCE_SECONDS, REDELIVERED, Ledger

Asked = tuple[str, bytes, Mapping[str, str]]
"""A request: path, body, headers."""

Make = Callable[[int], Asked]
"""The request as it is made after so many tries."""


@dataclass
class Carrier:
    """Brings requests to servers; so many seconds an answer is waited for."""

    ports: tuple[int, ...]
    ledger: Ledger
    chance: random.Random
    seconds: float

    def tell(self, make: Make) -> str:
        """Deliver until it is taken; now and then once more, which must be answered the same."""
        said = self._until_taken(make)
        if self.chance.random() < REDELIVERED:
            again = self._until_taken(make)
            if again != said:
                raise AssertionError(f"answered in two ways: {said[:300]} and {again[:300]}")
        return said

    def _until_taken(self, make: Make) -> str:
        end = time.monotonic() + PATIENCE_SECONDS
        for tries in itertools.count():
            said = self._once(*make(tries))
            if said is not None:
                self.ledger.redelivered += tries > 0
                return said
            if time.monotonic() > end:
                raise TimeoutError(f"not taken within {PATIENCE_SECONDS} s")
            time.sleep(0.05)
        raise AssertionError

    def _once(self, path: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        line = http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=self.seconds)
        try:
            line.request("POST", path, body, dict(headers))
            answer = line.getresponse()
            said = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        return said if answer.status == 200 else None
