"""Corrective actions beside their complaints: how often a problem came, and which action against it had effect."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from storage.cases import Action, Case, Link

ACTIONS = "JZ-%"
PROCEDURES = ("corrective_action", "task")
"""Corrective actions were tasks once, and those keep their numbers."""

EFFECTIVE = "verify_ok"
AGAIN = ("verify_bad", "lapse", "reopen")
GONE = ("void", "merged", "withdrawn")


@dataclass(frozen=True, slots=True)
class Held:
    """A corrective action that was found effective, and the complaint that called for it."""

    action: Case
    complaint: Case


class Correctives:
    """Look at complaints and their corrective actions together."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def times(self, problem: tuple[str, str, str], since: datetime) -> int:
        """How often the same customer complained of the same defect of the same product since then."""
        total = select(func.coalesce(func.sum(Case.count), 0)).where(*_same(problem), Case.received_at >= since)
        return int(self._session.scalar(total) or 0)

    def any_effective(self) -> bool:
        """Whether any corrective action was ever found effective: asked by index, it costs the same at any size."""
        told = select(Action.id).where(
            Action.case_id == Case.id, Action.key == EFFECTIVE, Action.undone_at.is_(None)
        )  # fmt: skip
        found = select(Case.id).where(Case.procedure.in_(PROCEDURES), Case.number.like(ACTIONS), told.exists()).limit(1)
        return self._session.scalar(found) is not None

    def held(self, complaints: Iterable[int], *, before: datetime) -> list[Held]:
        """The actions that these complaints called for and that were found effective before then, the newest first.

        One that was found to have failed since is not among them.
        """
        ids = list(complaints)
        if not ids:
            return []
        action, told = aliased(Case), aliased(Action)
        last = (
            select(Action.key)
            .where(Action.case_id == action.id, Action.undone_at.is_(None), Action.key.in_((EFFECTIVE, *AGAIN)))
            .order_by(Action.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        found = (
            select(action, Case)
            .join(Link, and_(Link.other_id == action.id, Link.kind == "spawned"))
            .join(Case, Case.id == Link.case_id)
            .join(told, and_(told.case_id == action.id, told.key == EFFECTIVE, told.undone_at.is_(None)))
            .where(Case.id.in_(ids), action.number.like(ACTIONS), told.at <= before, last == EFFECTIVE)
            .order_by(action.id.desc())
        )
        return list({row[0].id: Held(row[0], row[1]) for row in self._session.execute(found)}.values())

    def alike(self, problem: tuple[str, str, str]) -> list[int]:
        """The complaints about exactly this problem, merged and withdrawn ones left out."""
        return list(self._session.scalars(select(Case.id).where(*_same(problem)).order_by(Case.id)))


def _same(problem: tuple[str, str, str]) -> tuple[ColumnElement[bool], ...]:
    customer, product, defect = problem
    return (
        Case.procedure == "complaint", Case.customer == customer, Case.product == product, Case.defect == defect,
        Case.step.not_in(GONE),
    )  # fmt: skip
