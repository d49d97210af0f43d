"""How fast an address may be written to: kept in a row, so that replicas and restarts share one measure."""

import zlib
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Row
from storage.upsert import insert_missing

MEASURING = 0x67756B
"""The first half of the advisory locks on PostgreSQL under which one replica at a time measures a platform."""


class RateBucket(Row):
    """When an address would be quiet again if nothing more were sent."""

    __tablename__ = "rate_buckets"

    key: Mapped[str] = mapped_column(primary_key=True)
    quiet_at: Mapped[datetime]


class Rates:
    """Grant or put off."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def queue(self, platform: str) -> None:
        """Wait until no other transaction measures for this platform, and let none before our commit.

        Replicas that measure several addresses each, in orders of their own, would wait for one another in a circle.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            which = zlib.crc32(platform.encode()) & 0x7FFFFFFF
            self._session.execute(select(func.pg_advisory_xact_lock(MEASURING, which)))

    def take(self, key: str, *, every: timedelta, burst: int = 1) -> datetime | None:
        """Grant one message now (None), or say when to ask again.

        One message per ``every``, up to ``burst`` at once after a silence: never more than
        ``burst + span / every`` within any ``span``.
        """
        insert_missing(self._session, RateBucket, [{"key": key, "quiet_at": self._now}])
        held = select(RateBucket.quiet_at).where(RateBucket.key == key).with_for_update()
        quiet_at = max(self._session.execute(held).scalar_one(), self._now)
        free_at = quiet_at - every * (burst - 1)
        if free_at > self._now:
            return free_at
        self._set(key, quiet_at + every)
        return None

    def charge(self, key: str, extra: int, *, every: timedelta, burst: int, most: int) -> datetime | None:
        """Grant so many more than the one that was granted (None), or take that back and say when to ask again.

        There is room up to ``most`` that are not worn off, and always for who is granted its first alone: never more
        than ``most + span / every`` within any ``span`` as long as nobody wants more than ``most - burst`` extra.
        """
        held = select(RateBucket.quiet_at).where(RateBucket.key == key).with_for_update()
        quiet_at = max(self._session.execute(held).scalar_one_or_none() or self._now, self._now)
        if quiet_at - every * max(most - extra, burst) > self._now:
            self._set(key, quiet_at - every)
            return quiet_at - every * burst
        self._set(key, quiet_at + every * extra)
        return None

    def pause(self, key: str, until: datetime, *, every: timedelta, burst: int = 1) -> None:
        """Nothing is granted before ``until``."""
        insert_missing(self._session, RateBucket, [{"key": key, "quiet_at": self._now}])
        later = until + every * (burst - 1)
        waits = update(RateBucket).where(RateBucket.key == key, RateBucket.quiet_at < later).values(quiet_at=later)
        self._session.execute(waits, execution_options={"synchronize_session": False})

    def _set(self, key: str, quiet_at: datetime) -> None:
        used = update(RateBucket).where(RateBucket.key == key).values(quiet_at=quiet_at)
        self._session.execute(used, execution_options={"synchronize_session": False})
