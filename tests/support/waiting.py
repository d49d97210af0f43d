"""Waiting for what a person will see in a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE = 3.0
"""Seconds that a person looks at the phone: the product may answer first and act afterwards."""


def eventually(look: Callable[[], Seen], seconds: float = PATIENCE) -> Seen:
    """Look until there is something, at most so long; what was seen last."""
    until = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < until:
        time.sleep(0.01)
    return seen
