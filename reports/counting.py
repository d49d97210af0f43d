"""Counting complaints by SQL: the same GROUP BY on both databases, and what counts as one.

投诉 and 抱怨 by the month of 接到时间; merged once, withdrawn not at all (domain part B3).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from reports import months as calendar
from reports.figures import Count, NotCounted
from reports.labels import UNKNOWN, Names
from reports.statistics import RECURRING_DAYS, Ratio
from storage.cases import Action, Case
from storage.deadlines import Deadline

K = TypeVar("K")
By: TypeAlias = Literal["customer", "category", "month"]
Same: TypeAlias = tuple[str, str, str]

KINDS = ("complaint", "grievance")
VOID = ("merged", "withdrawn", "void")
SATISFIED, REFUSED = "satisfied", "not_satisfied"

is_complaint = and_(Case.procedure == "complaint", Case.kind.in_(KINDS))
counted = and_(is_complaint, Case.step.not_in(VOID))
many = func.coalesce(func.sum(Case.count), 0)


@dataclass(frozen=True, slots=True)
class Again:
    """How often the same customer, product and defect came in 90 days, and in their last month."""

    in_window: int
    in_month: int


def within(first: str, last: str) -> ColumnElement[bool]:
    """Complaints received from one month to another, both included."""
    return and_(counted, Case.received_month >= first, Case.received_month <= last)


def per_month(session: Session, last: str) -> dict[str, Count]:
    """Count every month from the first of the records to ``last``, zeros included."""
    pieces = func.coalesce(func.sum(Case.quantity), 0)
    rows = session.execute(
        select(Case.received_month, Case.severity, many, pieces)
        .where(counted, Case.received_month <= last)
        .group_by(Case.received_month, Case.severity)
    )
    found: dict[str, Count] = {}
    for month, severity, total, quantity in rows:
        major, unjudged = (int(total) if severity in which else 0 for which in (("major",), UNKNOWN))
        found[month] = found.get(month, Count()) + Count(int(total), major, int(quantity or 0), unjudged)
    first = min(found, default=last)
    return {month: found.get(month, Count()) for month in calendar.between(first, last)}


def per_customer(session: Session, names: Names, first: str, last: str) -> Counter[tuple[str, str]]:
    """Count (customer, month)."""
    rows = session.execute(
        select(Case.customer, Case.received_month, many)
        .where(within(first, last))
        .group_by(Case.customer, Case.received_month)
    )
    return _added(((names.customer(customer), month), total) for customer, month, total in rows)


def per_defect(session: Session, names: Names, first: str, last: str) -> Counter[tuple[str, str]]:
    """Count (customer, defect)."""
    rows = session.execute(
        select(Case.customer, Case.defect, many).where(within(first, last)).group_by(Case.customer, Case.defect)
    )
    return _added(((names.customer(customer), names.defect(defect)), total) for customer, defect, total in rows)


def again(session: Session, names: Names, month: str, zone: ZoneInfo) -> dict[Same, Again]:
    """Count what has the same customer, product and defect in the 90 days that end with ``month``.

    Where one of the three is not known, nothing can be called the same.
    """
    in_month = func.sum(case((Case.received_month == month, Case.count), else_=0))
    same = (Case.customer, Case.product, Case.defect)
    rows = session.execute(select(*same, many, in_month).where(in_window(month, zone)).group_by(*same))
    window: Counter[Same] = Counter()
    this_month: Counter[Same] = Counter()
    for customer, product, defect, total, now in rows:
        key = (names.customer(customer), names.product(product), names.defect(defect))
        window[key] += int(total)
        this_month[key] += int(now or 0)
    return {key: Again(total, this_month[key]) for key, total in window.items()}


def in_window(month: str, zone: ZoneInfo) -> ColumnElement[bool]:
    """Complaints of the 90 days that end with a month, their customer, product and defect known."""
    end = calendar.start(calendar.shifted(month, 1), zone)
    known = [column.not_in(UNKNOWN) for column in (Case.customer, Case.product, Case.defect)]
    begin = end - timedelta(days=RECURRING_DAYS)
    # the months say the same more loosely, and they are what the index holds
    months = within(calendar.shifted(month, -3), month)
    return and_(months, Case.received_at >= begin, Case.received_at < end, *known)


def repeated(found: Mapping[Same, Again]) -> int:
    """Complaints of the month that had the same customer, product and defect before, within 90 days."""
    return sum(min(each.in_month, each.in_window - 1) for each in found.values())


def in_48_hours(session: Session, first: str, last: str, cut_off: datetime) -> Ratio:
    """K1 met by its due instant / complaints whose K1 is met or past (requirements 2.0-16)."""
    met = and_(Deadline.ended_at <= Deadline.due_at, Deadline.ended_at <= cut_off)
    decided = or_(Deadline.ended_at <= cut_off, Deadline.due_at <= cut_off)
    row = session.execute(
        select(func.count(Deadline.id), func.coalesce(func.sum(case((met, 1), else_=0)), 0))
        .join(Case, Case.id == Deadline.case_id)
        .where(within(first, last), Case.imported.is_(False), Deadline.key == "K1")
        .where(Deadline.round == 1, Deadline.state != "cancelled", decided)
    ).one()
    return Ratio(int(row[1]), int(row[0]))


def first_measure(session: Session, first: str, last: str) -> Ratio:
    """First measures that satisfied the customer / first measures the customer judged."""
    rows = session.execute(
        select(Action.key, func.count(Action.case_id.distinct()))
        .join(Case, Case.id == Action.case_id)
        .where(within(first, last), Action.round == 1, Action.key.in_((SATISFIED, REFUSED)), Action.undone_at.is_(None))
        .group_by(Action.key)
    )
    judged = {key: int(total) for key, total in rows}
    return Ratio(judged.get(SATISFIED, 0), sum(judged.values()))


def not_counted(session: Session, first: str, last: str) -> NotCounted:
    """Count what the total leaves out: merged, withdrawn, and opinions and suggestions (意见/建议)."""
    rows = session.execute(
        select(Case.procedure, Case.kind, Case.step, many)
        .where(Case.received_month >= first, Case.received_month <= last)
        .where(or_(Case.procedure == "communication", Case.step.in_(VOID), _other_kind()))
        .group_by(Case.procedure, Case.kind, Case.step)
    )
    left_out: Counter[str] = Counter()
    for procedure, kind, step, total in rows:
        is_one = procedure == "complaint" and kind in KINDS
        left_out[step if is_one else "opinions" if step not in VOID else ""] += int(total)
    return NotCounted(left_out["merged"], left_out["withdrawn"], left_out["opinions"])


def totals(session: Session, names: Names, span: tuple[str, str], by: By) -> dict[str, int]:
    """Count a span of months by customer or category (most first), or by month (oldest first, zeros included)."""
    first, last = span
    key = {"customer": Case.customer, "category": Case.category, "month": Case.received_month}[by]
    rows = session.execute(select(key, many).where(within(first, last)).group_by(key))
    if by == "month":
        found = {month: int(total) for month, total in rows}
        return {month: found.get(month, 0) for month in calendar.between(first, last)}
    added = _added((names.customer(name) if by == "customer" else name or "", total) for name, total in rows)
    return dict(falling(added))


def falling(counts: Mapping[str, int], usual: Mapping[str, int] | None = None) -> list[tuple[str, int]]:
    """Most first; of equal counts the one that is ``usual``-ly larger, then in the order of their names."""
    before = usual or {}
    return sorted(counts.items(), key=lambda each: (-each[1], -before.get(each[0], 0), each[0]))


def _other_kind() -> ColumnElement[bool]:
    return and_(Case.procedure == "complaint", Case.kind.not_in(KINDS))


def _added(pairs: Iterable[tuple[K, int]]) -> Counter[K]:
    counter: Counter[K] = Counter()
    for key, total in pairs:
        counter[key] += int(total)
    return counter
