"""Number series without gaps: a number is issued in the commit that uses it, or not at all."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Row
from storage.upsert import insert_missing


class NumberSeries(Row):
    """A series such as ``TS-2026`` and the last number that it gave."""

    __tablename__ = "numbers"

    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def written(series: str, count: int) -> str:
    """Write a number of a series as people read it: ``TS-2026-0082``."""
    return f"{series}-{count:04d}"


NEXT = (
    update(NumberSeries)
    .where(NumberSeries.series == bindparam("wanted"))
    .values(last=NumberSeries.last + 1)
    .returning(NumberSeries.last)
)


class Numbers:
    """Issue the next number of a series."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next(self, series: str) -> int:
        """One more than the last. Others who want one wait for our commit, so none is skipped or given twice."""
        given = self._session.execute(NEXT, {"wanted": series}, execution_options=PLAIN).scalar_one_or_none()
        if given is not None:
            return given
        insert_missing(self._session, NumberSeries, [{"series": series, "last": 0}])
        return self._session.execute(NEXT, {"wanted": series}, execution_options=PLAIN).scalar_one()

    def issue(self, series: str) -> str:
        """The next number as people read it."""
        return written(series, self.next(series))

    def last(self, series: str) -> int:
        """The last number given; 0 when there is none."""
        return self._session.scalar(select(NumberSeries.last).where(NumberSeries.series == series)) or 0

    def start_after(self, series: str, last: int) -> None:
        """Let a series go on after numbers that were given elsewhere; it never goes back."""
        insert_missing(self._session, NumberSeries, [{"series": series, "last": 0}])
        later = (NumberSeries.series == series, NumberSeries.last < last)
        self._session.execute(update(NumberSeries).where(*later).values(last=last), execution_options=PLAIN)


PLAIN = {"synchronize_session": False}
