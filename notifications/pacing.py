"""How fast a platform may be written to: what is due now and allowed now goes, the rest keeps its turn."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from notifications import manners, places
from notifications.manners import Manners
from storage.outbox_rows import Claimed
from storage.unit_of_work import UnitOfWork

Pace = Mapping[str, tuple[timedelta, int]]


class Measure(NamedTuple):
    """What a message is measured by: a bucket that fills with each, and how it wears off."""

    key: str
    every: timedelta
    burst: int


def measure(uow: UnitOfWork, pace: Pace, message: Claimed) -> Measure | None:
    """The topic's own measure, else that of the place: departments that share a group share its measure too."""
    if message.topic in pace:
        return Measure(f"{message.platform}/{message.topic}", *pace[message.topic])
    kind = message.address.partition(":")[0]
    return Measure(places.measured(uow, message.address, message.platform), *pace[kind]) if kind in pace else None


def later(uow: UnitOfWork, pace: Pace, message: Claimed) -> datetime | None:
    """When a message may go that is due; None: now, and it counts."""
    found = measure(uow, pace, message)
    return uow.rates.take(found.key, every=found.every, burst=found.burst) if found else None


def pause(uow: UnitOfWork, pace: Pace, message: Claimed, span: timedelta) -> None:
    """The platform asked for time: nothing else goes to that place meanwhile either."""
    found = measure(uow, pace, message)
    if found is not None:
        uow.rates.pause(found.key, uow.now + span, every=found.every, burst=found.burst)


def aside(wishes: Manners, message: Claimed, now: datetime) -> datetime | None:
    """When a message goes that the clock brought at a crowded minute; None: now."""
    if message.topic not in manners.SCHEDULED or message.payload.get("at_once"):
        return None
    mark = manners.crowded(message.next_at, wishes.avoid)
    moment = manners.moment(message.key, mark) if mark else None
    return moment if moment is not None and moment > now else None
