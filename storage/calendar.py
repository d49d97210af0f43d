"""The working calendar's days as rows, with where each came from."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
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


REVISION = select(CalendarRevision.revision)


class CalendarDays:
    """Read the calendar, and change it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def days(self) -> dict[date, "DayKind"]:
        """Every day that differs from the weekly pattern, with its kind."""
        from conversations.calendar import DayKind

        found = self._session.execute(select(CalendarDay.day, CalendarDay.kind))
        return {day: DayKind(kind) for day, kind in found}

    def notes(self) -> dict[date, str]:
        """What is said of each day beside its kind: the festival, or the company's reason."""
        found = self._session.execute(select(CalendarDay.day, CalendarDay.note).where(CalendarDay.note != ""))
        return dict(found.all())

    def known_years(self) -> frozenset[int]:
        """The years whose days were taken in."""
        return frozenset(self._session.scalars(select(CalendarYear.year)))

    def revision(self) -> int:
        """A number that grows with every change: who keeps the calendar asks whether it is still the same."""
        return self._session.scalar(REVISION) or 0

    def stored(self) -> dict[date, CalendarDay]:
        """Every day as its row says it, with its note and where it came from."""
        return {row.day: row for row in self._session.scalars(select(CalendarDay).order_by(CalendarDay.day))}

    def change(self, days: Mapping[date, tuple[str, str] | None], years: Iterable[int] = (), *, source: str) -> None:
        """Let days be of these kinds, with their notes; None: what was said of a day is forgotten.

        The years are known from now on.
        """
        for day, said in days.items():
            if said is None:
                self._session.execute(delete(CalendarDay).where(CalendarDay.day == day))
            else:
                self._session.merge(CalendarDay(day=day, kind=said[0], source=source, note=said[1]))
        for year in years:
            self._session.merge(CalendarYear(year=year, source=source, imported_at=self._now))
        self._session.merge(CalendarRevision(id=1, revision=self.revision() + 1))
        self._session.flush()
