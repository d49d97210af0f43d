"""Cases that stand at every step, and whoever may do what on them: worked out without asking the handlers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from conversations.permissions import Standing, may
from conversations.procedure import Action, Procedure
from conversations.procedures.handbook import HANDBOOK
from storage.cases import Case
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork
from tests.support.desk import ZONE, Desk

SEES_ALL = frozenset({"qa", "qa_lead", "gm", "deputy_gm", "production_vp", "sales_lead"})
OWNERS: dict[str, tuple[str | None, ...]] = {
    "XS": ("程小满", None), "PB": ("梁可欣", None), "SC": ("方大勇", None), "BG": ("尹秋萍", None),
}  # fmt: skip
"""Who may have a case of a department; None: nobody has taken it yet."""
REPORTER = "罗一帆"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands, and who has it."""

    procedure: str
    step: str
    department: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A click that is tried: who, what, and on a case that stands where."""

    place: Place
    action: str
    person: str


def places() -> Iterator[Place]:
    """Every step of every procedure at the departments that can have it there, with an owner and without."""
    for procedure in HANDBOOK.procedures:
        for step in procedure.step.values():
            held = step.holder if isinstance(step.holder, str) else ""
            for department in (held,) if held in OWNERS else tuple(OWNERS):
                for owner in OWNERS[department]:
                    yield Place(procedure.key, step.key, department, owner)


def cells(people: list[str]) -> list[Cell]:
    """Every click of everybody on everything there is to do, at every place."""
    return [
        Cell(place, action, person) for place in places() for action in HANDBOOK[place.procedure].action
        for person in people
    ]  # fmt: skip


def put(uow: UnitOfWork, place: Place, number: int) -> str:
    """A case that stands there; its number."""
    people = {person.name: person.id for person in uow.organisation.people()}
    procedure = HANDBOOK[place.procedure]
    prefix = procedure.prefix or "XX"
    case = Case(
        procedure=place.procedure, number=f"{prefix}-2026-{5000 + number}", step=place.step, title="外人不该看到的事",
        customer="K01", department=place.department, reporter_id=people[REPORTER],
        owner_id=people[place.owner] if place.owner else None, received_at=uow.now, received_month="2026-11",
        created_at=uow.now, updated_at=uow.now, closed_at=uow.now if place.step in procedure.endings else None,
        answers={"customer": "K01", "description": "外人不该看到的事", "month": "2026-10", "period": "2026-2"},
    )  # fmt: skip
    uow.cases.add(case)
    uow.audit.write_case(case, "file", REPORTER)
    return str(case.number)


def allowed(desk: Desk, cell: Cell) -> bool:
    """Whether the tables let this person do it there, on a case that they may see: a seller of others' may not."""
    procedure, action = HANDBOOK[cell.place.procedure], HANDBOOK[cell.place.procedure].action[cell.action]
    return action in procedure.at(cell.place.step) and rightful(desk, cell, action) and sees(desk, cell)


def rightful(desk: Desk, cell: Cell, action: Action) -> bool:
    """Whether it is among what this person may do on such a case at all, or somebody whose place they hold today."""
    return any(may(action.by, _standing(desk, cell, name)) for name in desk.do(partial(_acting, name=cell.person)))


def _standing(desk: Desk, cell: Cell, name: str) -> Standing:
    person, lead = desk.do(partial(_known, name=name, department=cell.place.department))
    return Standing(
        roles=frozenset(person.roles),
        is_owner=cell.place.owner == name,
        is_reporter=name == REPORTER,
        in_department=person.department == cell.place.department,
        leads_department=lead == name,
        case_has_owner=cell.place.owner is not None,
    )


def _acting(uow: UnitOfWork, name: str) -> list[str]:
    """Somebody, and those on leave whose delegate they are."""
    me = uow.organisation.person_by_name(name)
    assert me is not None
    today = uow.now.astimezone(ZONE).date()
    away = (each for each in uow.organisation.people() if each.on_leave(today))
    return [name, *(each.name for each in away if uow.organisation.stand_in(each, today).id == me.id)]


def sees(desk: Desk, cell: Cell) -> bool:
    """Whether this person may see such a case: their own, their department's, their customer's, or all (2.5)."""
    return any(_sees(desk, cell, name) for name in desk.do(partial(_acting, name=cell.person)))


def _sees(desk: Desk, cell: Cell, name: str) -> bool:
    person, lead = desk.do(partial(_known, name=name, department=cell.place.department))
    mine = name in (cell.place.owner, REPORTER, lead) or person.department == cell.place.department
    return mine or bool(SEES_ALL & set(person.roles)) or desk.do(partial(_customers, person=person.id))


def _known(uow: UnitOfWork, name: str, department: str) -> tuple[Person, str]:
    person, lead = uow.organisation.person_by_name(name), uow.organisation.lead(department)
    assert person is not None
    return person, lead.name if lead else ""


def _customers(uow: UnitOfWork, person: int) -> bool:
    customer = uow.customers.get("K01")
    return customer is not None and person in (customer.owner_sales_id, customer.service_engineer_id)


def procedure_of(cell: Cell) -> Procedure:
    """The procedure of the case."""
    return HANDBOOK[cell.place.procedure]
