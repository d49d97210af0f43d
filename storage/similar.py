"""Problems that are alike: which cases a description may be about, by the words it shares with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from conversations.similarity import Problem, common, likeness, rarity, terms
from storage.case_terms import SEEN_AT_MOST, CaseTerm, CaseTerms, rarest
from storage.cases import Case

OWN, EVERYBODYS = 120, 60
"""So many of the customer's own cases, and of everybody's, are compared."""

VOID = "void"


@dataclass(frozen=True, slots=True)
class Alike:
    """A case, how likely it is the same problem, and how much of that is its words (both 0 to 1)."""

    case_id: int
    likeness: float
    text: float


class _Known(NamedTuple):
    """As much of a case as tells whether it is alike."""

    id: int
    title: str
    customer: str
    product: str
    category: str
    defect: str
    received_at: datetime


KNOWN = select(Case.id, Case.title, Case.customer, Case.product, Case.category, Case.defect, Case.received_at)


class Similar:
    """Ask the index for the problems that are alike."""

    def __init__(self, session: Session, index: CaseTerms | None = None) -> None:
        self._session = session
        self._index = index or CaseTerms(session)

    def closest(self, procedure: str, asked: Problem, *, leaving_out: int = 0) -> list[Alike]:
        """The cases of a procedure that are likeliest the same problem, likeliest first, then the newest.

        Looks at the customer's own cases with the same terms, and at everybody's with the rarest of them.
        What was taken back is not among them.
        """
        wanted = self._cut(asked)
        seen = {term: self._index.seen(term, asked.customer) for term in wanted}
        total = self._index.total()
        weights = {term: rarity(seen[term].everywhere, total) for term in wanted}
        theirs = rarest({term: found.theirs for term, found in seen.items()})
        rare = rarest({term: found.everywhere for term, found in seen.items() if found.everywhere < SEEN_AT_MOST})
        ids = {
            *self._holding(theirs, weights, OWN, CaseTerm.customer == asked.customer),
            *self._holding(rare, weights, EVERYBODYS),
        } - {leaving_out}
        alike = [self._alike(asked, wanted, known, weights) for known in self._known(procedure, ids)]
        return [found for found, _ in sorted(alike, key=_order, reverse=True)]

    def _cut(self, problem: Problem | _Known) -> tuple[str, ...]:
        text = problem.text if isinstance(problem, Problem) else problem.title
        return terms(text, self._index.names.of(problem.customer, problem.product))

    def _holding(
        self, chosen: Sequence[str], weights: Mapping[str, float], most: int, *theirs: ColumnElement[bool]
    ) -> Sequence[int]:
        """The cases that hold most of these terms, by weight; the newest where they hold the same."""
        if not chosen:
            return ()
        weight = func.sum(case({term: weights[term] for term in chosen}, value=CaseTerm.term, else_=0.0))
        held = select(CaseTerm.case_id).where(CaseTerm.term.in_(chosen), *theirs).group_by(CaseTerm.case_id)
        return self._session.scalars(held.order_by(weight.desc(), CaseTerm.case_id.desc()).limit(most)).all()

    def _known(self, procedure: str, ids: Collection[int]) -> list[_Known]:
        if not ids:
            return []
        theirs = (Case.id.in_(ids), Case.procedure == procedure, Case.step != VOID)
        return [_Known(*row) for row in self._session.execute(KNOWN.where(*theirs))]

    def _alike(
        self, asked: Problem, wanted: Sequence[str], known: _Known, weights: Mapping[str, float]
    ) -> tuple[Alike, datetime]:
        text = common(wanted, self._cut(known), weights)
        other = Problem(
            text=known.title, customer=known.customer, product=known.product, category=known.category,
            defects=frozenset({known.defect} - {""}),
        )  # fmt: skip
        return Alike(known.id, likeness(asked, other, text), text), known.received_at


def _order(found: tuple[Alike, datetime]) -> tuple[float, datetime, int]:
    alike, received = found
    return round(alike.likeness, 6), received, alike.case_id
