"""经常性: the same customer, product and defect again, with their numbers and what was done about it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from reports.counting import Again, Same
from reports.figures import Corrective, Recurring
from reports.labels import Names
from reports.statistics import Ratio, is_recurring
from storage.cases import Action, Case, Link

CORRECTIVE = "JZ-%"
EFFECTIVE, INEFFECTIVE = "verify_ok", "verify_bad"


@dataclass(frozen=True, slots=True)
class Rates:
    """How far corrective actions came: finished of opened, and effective of verified."""

    rectified: Ratio
    effective: Ratio


def recurring(
    session: Session, names: Names, found: Mapping[Same, Again], where: ColumnElement[bool]
) -> tuple[Recurring, ...]:
    """Name what recurs among ``found``, most first, with the numbers of the complaints in ``where``."""
    again = {same: each for same, each in found.items() if is_recurring(each.in_window, each.in_month)}
    ordered = sorted(again.items(), key=lambda pair: (-pair[1].in_window, pair[0]))
    numbers = _numbers(session, names, again, where)
    correctives = _correctives(session, names, where) if again else {}
    return tuple(
        Recurring(*same, each.in_window, each.in_month, tuple(numbers.get(same, ())), tuple(correctives.get(same, ())))
        for same, each in ordered
    )


def rates(session: Session, where: ColumnElement[bool]) -> Rates:
    """Judge the corrective actions that the complaints in ``where`` led to."""
    task = aliased(Case)
    spawned = (
        select(task.id)
        .join(Link, Link.other_id == task.id)
        .join(Case, Case.id == Link.case_id)
        .where(where, Link.kind == "spawned", task.number.like(CORRECTIVE), task.step != "cancelled")
        .distinct()
    )
    done = func.coalesce(func.sum(case((Case.closed_at.is_not(None), 1), else_=0)), 0)
    opened, finished = session.execute(select(func.count(Case.id), done).where(Case.id.in_(spawned))).one()
    judged = session.execute(
        select(Action.key, func.count(Action.case_id.distinct()))
        .where(Action.case_id.in_(spawned), Action.key.in_((EFFECTIVE, INEFFECTIVE)))
        .group_by(Action.key)
    )
    verdicts = {key: int(total) for key, total in judged}
    return Rates(Ratio(int(finished), int(opened)), Ratio(verdicts.get(EFFECTIVE, 0), sum(verdicts.values())))


def _numbers(
    session: Session, names: Names, again: Mapping[Same, Again], where: ColumnElement[bool]
) -> dict[Same, list[str]]:
    found: defaultdict[Same, list[str]] = defaultdict(list)
    if not again:
        return found
    rows = session.execute(
        select(Case.number, Case.customer, Case.product, Case.defect)
        .where(where, Case.number.is_not(None))
        .order_by(Case.number)
    )
    for number, customer, product, defect in rows:
        same = (names.customer(customer), names.product(product), names.defect(defect))
        if same in again:
            found[same].append(number or "")
    return found


def _correctives(session: Session, names: Names, where: ColumnElement[bool]) -> dict[Same, list[Corrective]]:
    task = aliased(Case)
    rows = session.execute(
        select(Case.customer, Case.product, Case.defect, task.number, task.step)
        .join(Link, Link.case_id == Case.id)
        .join(task, task.id == Link.other_id)
        .where(where, Link.kind == "spawned", task.number.like(CORRECTIVE))
        .order_by(task.number)
    )
    found: defaultdict[Same, list[Corrective]] = defaultdict(list)
    for customer, product, defect, number, step in rows:
        corrective = Corrective(number or "", step)
        mine = found[names.customer(customer), names.product(product), names.defect(defect)]
        if corrective not in mine:
            mine.append(corrective)
    return found
