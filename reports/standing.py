"""What is open and what is over its time, at an instant; and how long closing took."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, extract, func, or_, select
from sqlalchemy.orm import Session

from reports.counting import counted, within
from reports.figures import OpenCase, Standing
from reports.labels import CLOSED_SINCE, Names
from storage.cases import Case
from storage.deadlines import Deadline

ENDINGS = ("closed", "to_claim")
NOT_OURS = ("K3", "K-RCPT")
"""Waiting for the customer, and a receipt nobody ticked off, do not make a case late."""
ROWS = 10


def standings(session: Session, instants: Sequence[datetime]) -> list[Standing]:
    """Count what was open and what was over its time at each instant, in one pass."""
    columns = []
    for at in instants:
        over = and_(_open_at(at), select(Deadline.id).where(*_late_at(at)).correlate(Case).exists())
        columns += [func.coalesce(func.sum(case((test, Case.count), else_=0)), 0) for test in (_open_at(at), over)]
    row = session.execute(
        select(*columns).where(counted, or_(Case.closed_at.is_(None), Case.closed_at > min(instants)))
    ).one()
    return [Standing(int(row[2 * at]), int(row[2 * at + 1])) for at in range(len(instants))]


def open_cases(session: Session, names: Names, cut_off: datetime, zone: ZoneInfo) -> tuple[OpenCase, ...]:
    """List the open complaints at the cut-off, those longest over their time first, ten at most."""
    late = _late_since(cut_off)
    rows = session.execute(
        select(Case, late)
        .where(counted, _open_at(cut_off))
        .order_by(late.is_(None), late, Case.received_at, Case.id)
        .limit(ROWS)
    )
    return tuple(_open_case(row, since, names, cut_off.astimezone(zone)) for row, since in rows)


def days_to_close(session: Session, first: str, last: str) -> float | None:
    """Mean natural days from 接到 to closing, of the complaints received in these months and closed."""
    seconds = extract("epoch", Case.closed_at) - extract("epoch", Case.received_at)
    taken, closed = session.execute(
        select(func.sum(seconds * Case.count), func.sum(Case.count))
        .where(within(first, last), Case.step == "closed", Case.closed_at.is_not(None))
    ).one()  # fmt: skip
    return float(taken) / int(closed) / 86_400 if closed else None


def _open_at(at: datetime) -> ColumnElement[bool]:
    # imported history is closed even where nobody wrote down when
    still = or_(Case.closed_at > at, and_(Case.closed_at.is_(None), Case.step.not_in(ENDINGS)))
    return and_(Case.received_at <= at, Case.imported.is_(False), still)


def _late_at(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Deadline.case_id == Case.id,
        Deadline.key.not_in(NOT_OURS),
        Deadline.started_at <= at,
        Deadline.due_at < at,
        Deadline.state.not_in(("paused", "cancelled")),
        or_(Deadline.ended_at.is_(None), Deadline.ended_at > at),
    )


def _late_since(at: datetime) -> ScalarSelect[datetime]:
    return select(func.min(Deadline.due_at)).where(*_late_at(at)).correlate(Case).scalar_subquery()


def _open_case(row: Case, since: datetime | None, names: Names, cut_off: datetime) -> OpenCase:
    def day(instant: datetime) -> date:
        return instant.astimezone(cut_off.tzinfo).date()

    return OpenCase(
        number=row.number or "",
        customer=names.customer(row.customer),
        problem=names.defect(row.defect) or row.title,
        severity=row.severity,
        department=names.department(row.responsible or row.department),
        person=names.people.get(row.owner_id or 0, ""),
        # asked about an earlier day, a case may be closed by now
        step=CLOSED_SINCE if row.step in ENDINGS else row.step,
        days=(cut_off.date() - day(row.received_at)).days,
        over=(cut_off.date() - day(since)).days if since else None,
        promised=day(row.promised_at) if row.promised_at else None,
    )
