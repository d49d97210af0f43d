"""Leases: one process at a time does a job, and one that was away too long cannot go on."""

from datetime import datetime, timedelta

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Row
from storage.errors import LeaseLostError
from storage.upsert import insert_missing

PLAIN = {"synchronize_session": False}


class Lease(Row):
    """Who does a job until when. ``fence`` grows whenever it changes hands."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]
    fence: Mapped[int] = mapped_column(default=0)


class Leases:
    """Take a lease, keep it, give it back."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def take(self, name: str, owner: str, ttl: timedelta) -> int | None:
        """Take or renew a lease: its fencing token, or None while another holds it."""
        free = {"name": name, "owner": "", "until": self._now - timedelta(days=1), "fence": 0}
        insert_missing(self._session, Lease, [free])
        still_mine = (Lease.owner == owner) & (Lease.until >= self._now)
        taken = (
            update(Lease)
            .where(Lease.name == name, or_(Lease.owner == owner, Lease.until < self._now))
            .values(owner=owner, until=self._now + ttl, fence=case((still_mine, Lease.fence), else_=Lease.fence + 1))
            .returning(Lease.fence)
        )
        return self._session.execute(taken, execution_options=PLAIN).scalar_one_or_none()

    def renew(self, name: str, owner: str, fence: int, ttl: timedelta) -> bool:
        """Keep a lease longer. False when it has changed hands: then stop."""
        mine = update(Lease).where(Lease.name == name, Lease.owner == owner, Lease.fence == fence)
        renewed = mine.values(until=self._now + ttl).returning(Lease.fence)
        return self._session.execute(renewed, execution_options=PLAIN).scalar_one_or_none() is not None

    def require(self, name: str, fence: int) -> None:
        """Go on only while the lease is ours; nobody takes it before our commit."""
        asked = select(Lease.fence).where(Lease.name == name).with_for_update()
        if self._session.execute(asked).scalar_one_or_none() != fence:
            raise LeaseLostError(f"{name} went to another process")

    def release(self, name: str, owner: str, fence: int) -> None:
        """Give a lease back, so that another need not wait for its end."""
        mine = update(Lease).where(Lease.name == name, Lease.owner == owner, Lease.fence == fence)
        self._session.execute(mine.values(until=self._now - timedelta(microseconds=1)), execution_options=PLAIN)
