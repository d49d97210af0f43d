"""Good manners towards people and platforms: not all at the full hour, and not ten messages where one would do.

A gateway declares what it wants. Answers to what somebody just did, escalations and pages keep their time and
their own message whatever it declares.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_WAITING = 6
"""So many messages may wait for one address beyond its pace; above that plain notices come in one message."""

MOST_TOGETHER = 20
"""So many notices at most in one message: it must still be read."""

PLAIN = frozenset({"step", "cleared", "reminder", "level"})
"""Topics whose notices may come in one message with others; the rest was asked for, or says more than its title."""

LOOKS = frozenset({"details", "why", "mine", "snooze"})
"""Buttons that decide nothing: a notice with any other one has to be tapped, and comes by itself."""

STEP = 3
"""The priority of plain notices; what is more urgent is an answer, an escalation or a page."""

SCHEDULED = frozenset({"digest", "summary", "level", "reminder"})
"""Topics that the clock brings, many at one minute."""

SPREAD, EDGE = timedelta(seconds=180), timedelta(minutes=1)
"""How long after a crowded minute scheduled messages are spread; how near to it they count as due then."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What a platform wants: kinds of addresses whose plain notices are put together, and minutes that are crowded."""

    together: frozenset[str] = frozenset()
    avoid: tuple[int, ...] = ()


NONE = Manners()


def crowded(due: datetime, avoid: tuple[int, ...]) -> datetime | None:
    """The crowded minute that an instant is near to; None when it is near to none."""
    for minute in avoid:
        for hour in (timedelta(0), timedelta(hours=1)):
            mark = due.replace(minute=minute, second=0, microsecond=0) + hour
            if mark - EDGE <= due <= mark + EDGE:
                return mark
    return None


def moment(key: str, mark: datetime) -> datetime:
    """The instant after a crowded minute at which this message may go; always the same for its key."""
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
    return mark + SPREAD * share
