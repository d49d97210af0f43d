"""The working calendar's days as rows, with where each came from."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, extract, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Row

if TYPE_CHECKING:
    from conversations.calendar import DayKind


class CalendarDay(Row):
    """A day that differs from the weekly pattern: holiday, makeup, work or rest."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class CalendarYear(Row):
    """A year whose days are known; any other is a visible gap."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(default="")
    imported_at: Mapped[datetime]


class CalendarRevision(Row):
    """How often the calendar was changed; one row."""

    __tablename__ = "calendar_revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(default=0)


class CalendarDays:
    """Read the calendar, and take in a year."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def days(self) -> dict[date, "DayKind"]:
        """Every day that differs from the weekly pattern, with its kind."""
        from conversations.calendar import DayKind

        found = self._session.execute(select(CalendarDay.day, CalendarDay.kind))
        return {day: DayKind(kind) for day, kind in found}

    def known_years(self) -> frozenset[int]:
        """The years whose days were taken in."""
        return frozenset(self._session.scalars(select(CalendarYear.year)))

    def revision(self) -> int:
        """A number that grows with every change: who keeps the calendar asks whether it is still the same."""
        return self._session.scalar(select(CalendarRevision.revision)) or 0

    def year(self, year: int) -> Sequence[CalendarDay]:
        """The days of a year that differ from the weekly pattern."""
        of_year = select(CalendarDay).where(extract("year", CalendarDay.day) == year)
        return self._session.scalars(of_year.order_by(CalendarDay.day)).all()

    def override(self, day: date, kind: str, *, source: str, note: str = "") -> None:
        """Let one day be of this kind, whatever was said before."""
        self._session.merge(CalendarDay(day=day, kind=kind, source=source, note=note))
        self._changed()

    def take_in(self, year: int, days: Mapping[date, tuple[str, str]], *, source: str) -> None:
        """Replace what the same source said of a year by these days (kind, note); the year is known from now on."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        old = delete(CalendarDay).where(CalendarDay.day.between(first, last), CalendarDay.source == source)
        self._session.execute(old)
        for day, (kind, note) in sorted(days.items()):
            self._session.merge(CalendarDay(day=day, kind=kind, source=source, note=note))
        self._session.merge(CalendarYear(year=year, source=source, imported_at=self._now))
        self._changed()

    def _changed(self) -> None:
        self._session.merge(CalendarRevision(id=1, revision=self.revision() + 1))
        self._session.flush()
