"""How a person stands to a case, with those the person stands in for: decided here, at the click."""

from collections.abc import Iterator
from dataclasses import dataclass

from conversations.permissions import Capacity, Standing, capacities, may
from handlers.receipts import DISTRIBUTED
from handlers.turn import Turn
from storage.cases import Case
from storage.organisation import Person

SEES_ALL = frozenset({"qa", "qa_lead", "gm", "deputy_gm", "production_vp", "sales_lead"})
"""Quality sees every complaint, management everything (requirements 2.5)."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """An action may be done: in which capacities, and in whose place when not in one's own right."""

    held: frozenset[Capacity]
    principal: Person | None = None


def allowed(turn: Turn, case: Case | None, by: frozenset[Capacity]) -> Allowed | None:
    """Whether the person acting may: in their own right, or in the place of somebody on leave. None: denied."""
    if turn.guest is not None:
        theirs = Standing(frozenset(), is_customer=case is not None and turn.guest.case_id == case.id)
        return Allowed(capacities(theirs)) if theirs.is_customer and may(by, theirs) else None
    for principal in acting_as(turn):
        standing = _standing(turn, principal, case)
        if may(by, standing):
            own = turn.person is not None and principal.id == turn.person.id
            return Allowed(capacities(standing), None if own else principal)
    return None


def may_see(turn: Turn, case: Case) -> bool:
    """Whether the person may see a case: one's own, one's department's, one's customers', or all (2.5).

    A report that was distributed to every department is everybody's to read.
    """
    for person in acting_as(turn):
        if SEES_ALL & set(person.roles) or person.id == case.owner_id or person.id in _reporters(turn, case):
            return True
        departments = {case.department, case.responsible}
        if person.department in departments or _leads_one(turn, person, departments):
            return True
        if turn.uow.sign_offs.was_asked(case.id, person.id) or _supports(turn, case, person.department):
            return True
        customer = turn.uow.customers.get(case.customer) if case.customer else None
        if customer is not None and person.id in (customer.owner_sales_id, customer.service_engineer_id):
            return True
    return turn.person is not None and DISTRIBUTED in case.answers


def _supports(turn: Turn, case: Case, department: str) -> bool:
    """Whether a department has a task of its own that the case called for: support, or talks (M-04, M-44)."""
    tasks = (turn.uow.cases.get(link.other_id) for link in turn.uow.cases.links_of(case.id) if link.case_id == case.id)
    return any(
        task is not None and task.kind in ("support", "agreement") and task.department == department for task in tasks
    )


def acting_as(turn: Turn) -> Iterator[Person]:
    """Give the person, then everyone on leave whose place the person holds today."""
    if turn.person is None:
        return
    yield turn.person
    for other in turn.uow.organisation.away(turn.today):
        if turn.uow.organisation.stand_in(other, turn.today).id == turn.person.id:
            yield other


def _standing(turn: Turn, person: Person, case: Case | None) -> Standing:
    if case is None:
        return Standing(frozenset(person.roles))
    lead = turn.uow.organisation.lead(case.department)
    return Standing(
        roles=frozenset(person.roles),
        is_owner=case.owner_id == person.id,
        is_reporter=person.id in _reporters(turn, case),
        in_department=person.department == case.department,
        leads_department=lead is not None and lead.id == person.id,
        case_has_owner=case.owner_id is not None,
        is_signer=_signs(turn, person, case),
    )


def _signs(turn: Turn, person: Person, case: Case) -> bool:
    """Whether the person is asked to decide something about the case, and has not yet."""
    step = turn.company.handbook[case.procedure].step.get(case.step)
    asked = turn.uow.sign_offs.open_of(case.id) if step is not None and step.sign_off is not None else None
    return asked is not None and any(each.signer_id == person.id for each in turn.uow.sign_offs.waiting(asked))


def _reporters(turn: Turn, case: Case) -> frozenset[int | None]:
    """Who reported the case, and who reported what was merged into it (U-25); looked up once in a turn."""
    known = turn._reporters  # noqa: SLF001 - a turn and how people stand in it are one
    if case.id not in known:
        links = turn.uow.cases.links_of(case.id)
        merged = [link.case_id for link in links if link.kind == "merged_into" and link.other_id == case.id]
        others = (turn.uow.cases.get(case_id) for case_id in merged)
        known[case.id] = frozenset({case.reporter_id, *(other.reporter_id for other in others if other)})
    return known[case.id]


def _leads_one(turn: Turn, person: Person, departments: set[str]) -> bool:
    leads = (turn.uow.organisation.lead(code) for code in departments if code)
    return any(lead is not None and lead.id == person.id for lead in leads)
