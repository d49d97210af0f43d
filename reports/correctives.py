"""Corrective actions of a month: how many are open and overdue, how many were found effective or not."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from conversations.words import N_, Said, said
from reports import months
from storage.cases import Action, Case
from storage.deadlines import Deadline

NUMBERS = "JZ-%"
NEVER = ("void", "cancelled")
EFFECTIVE, INEFFECTIVE = ("verify_ok",), ("verify_bad", "lapse")


@dataclass(frozen=True, slots=True)
class Acted:
    """Open and overdue at the cut-off; found effective, found ineffective or failed in the month."""

    open: int
    overdue: int
    effective: int
    ineffective: int

    def said(self) -> Said:
        """The line of the summary."""
        return said(
            N_("Corrective actions: {open} open, {overdue} of them overdue; found effective {good}, ineffective {bad}"),
            open=self.open, overdue=self.overdue, good=self.effective, bad=self.ineffective,
        )  # fmt: skip


def acted(session: Session, month: str, cut_off: datetime, zone: ZoneInfo) -> Acted:
    """Count the corrective actions of a month, those that are tasks from earlier times among them.

    At the cut-off or the month's end, whichever comes first: a later look gives the same figures.
    """
    begin, end = months.start(month, zone), months.start(months.shifted(month, 1), zone)
    at = min(cut_off, end)
    open_ = (
        Case.number.like(NUMBERS), Case.created_at < at, Case.step.not_in(NEVER),
        or_(Case.closed_at.is_(None), Case.closed_at >= at),
    )  # fmt: skip
    late = exists().where(
        and_(
            Deadline.case_id == Case.id, Deadline.started_at < at, Deadline.due_at < at,
            or_(Deadline.ended_at.is_(None), Deadline.ended_at >= at),
        )
    )  # fmt: skip
    return Acted(
        open=_count(session, *open_),
        overdue=_count(session, *open_, late),
        effective=_judged(session, EFFECTIVE, (begin, at)),
        ineffective=_judged(session, INEFFECTIVE, (begin, at)),
    )


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count(Case.id)).where(*where)) or 0)


def _judged(session: Session, keys: tuple[str, ...], span: tuple[datetime, datetime]) -> int:
    """So many actions were judged so within a span; each once, and never by what was taken back."""
    begin, end = span
    told = (Action.key.in_(keys), Action.at >= begin, Action.at < end, Action.undone_at.is_(None))
    judged = select(func.count(Action.case_id.distinct())).join(Case, Case.id == Action.case_id)
    return int(session.scalar(judged.where(*told, Case.number.like(NUMBERS))) or 0)
