"""Indicators of a customer's month: what we delivered and how, by our own count and by the customer's (M-42, N-17)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Row

OURS, THEIRS = "ours", "customer"


class Indicator(Row):
    """One customer, one month, one source. What nobody gave is None, never nought.

    ``extra_freight`` is in 分; ``ppm`` as it is, ``on_time_rate`` in hundredths of a percent: given so on a
    customer's scorecard; from our own pieces and orders they are worked out.
    """

    __tablename__ = "indicators"

    customer: Mapped[str] = mapped_column(ForeignKey("customers.code"), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    delivered: Mapped[int | None] = mapped_column(default=None)
    defective: Mapped[int | None] = mapped_column(default=None)
    orders: Mapped[int | None] = mapped_column(default=None)
    on_time: Mapped[int | None] = mapped_column(default=None)
    returned: Mapped[int | None] = mapped_column(default=None)
    extra_freight: Mapped[int | None] = mapped_column(default=None)
    lost: Mapped[bool | None] = mapped_column(default=None)
    ppm: Mapped[int | None] = mapped_column(default=None)
    on_time_rate: Mapped[int | None] = mapped_column(default=None)
    entered_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    entered_at: Mapped[datetime]


class Indicators:
    """Keep and find them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, row: Indicator) -> None:
        """Keep a month; what was there for it gives way, also where nothing takes its place."""
        old = self.get(row.customer, row.month, row.source)
        if old is None:
            self._session.add(row)
        else:
            for key in Indicator.__mapper__.column_attrs.keys():  # noqa: SIM118 - no mapping
                setattr(old, key, getattr(row, key))
        self._session.flush()

    def get(self, customer: str, month: str, source: str = OURS) -> Indicator | None:
        """One customer's month by one count."""
        return self._session.get(Indicator, (customer, month, source))

    def between(self, first: str, last: str) -> Sequence[Indicator]:
        """Every month from one to another, both included."""
        wanted = select(Indicator).where(Indicator.month >= first, Indicator.month <= last)
        return self._session.scalars(wanted.order_by(Indicator.customer, Indicator.month, Indicator.source)).all()
