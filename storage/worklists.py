"""Worklists: somebody's open cases by what they are to them, nearest deadline first, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy import case as either
from sqlalchemy.orm import Session

from storage.cases import Case

LISTS: Final = ("urgent", "waiting", "mine", "overdue", "reported")
"""``waiting``: to be decided, or taken over by anybody of the department; ``urgent``: all but what was reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose list it is: the person with those they stand in for, their department, what waits for their decision."""

    person: int
    people: frozenset[int]
    department: str
    to_decide: frozenset[int] = frozenset()


class Worklists:
    """Count and page; nothing is read that is not shown."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def counts(self, whose: Whose) -> Mapping[str, int]:
        """How many cases each list has."""
        lists = self._lists(whose)
        sums = [func.coalesce(func.sum(either((within, 1), else_=0)), 0) for within in lists.values()]
        counted = select(*sums).where(OPEN, or_(lists["urgent"], lists["reported"]))
        return dict(zip(lists, map(int, self._session.execute(counted).one()), strict=True))

    def page(self, which: str, whose: Whose, first: int, most: int) -> Sequence[Case]:
        """So many cases of a list from the first-th on, the nearest deadline first."""
        within = select(Case).where(OPEN, self._lists(whose)[which])
        ordered = within.order_by(Case.due_at.is_(None), Case.due_at, Case.id)
        return self._session.scalars(ordered.offset(first).limit(most)).all()

    def _lists(self, whose: Whose) -> dict[str, ColumnElement[bool]]:
        ours = Case.department == whose.department if whose.department else false()
        waiting = or_(Case.id.in_(whose.to_decide), and_(ours, Case.owner_id.is_(None)))
        mine = Case.owner_id.in_(whose.people)
        overdue = and_(ours, Case.due_at < self._now)
        reported = Case.reporter_id == whose.person
        return dict(zip(LISTS, (or_(waiting, mine, overdue), waiting, mine, overdue, reported), strict=True))


OPEN: Final = and_(Case.closed_at.is_(None), Case.number.is_not(None))
