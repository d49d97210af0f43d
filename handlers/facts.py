"""From rows to what the pure rules see: the facts of a case."""

from collections.abc import Mapping
from typing import cast

from conversations.facts import CaseFacts, Happened, Linked, Running
from conversations.plain import Json, load
from conversations.procedure import Procedure
from handlers.turn import Turn
from storage.cases import Action, Case


def answers_of(row: Case | Action) -> dict[str, object]:
    """The answers that a row keeps, as values."""
    return {key: load(cast("Json", value)) for key, value in row.answers.items()}


def facts_of(turn: Turn, case: Case, procedure: Procedure) -> CaseFacts:
    """The case with its whole history, its deadlines and the cases it is linked to."""
    return CaseFacts(
        number=case.number or "",
        step=case.step,
        department=case.department,
        severity=case.severity,
        received_at=case.received_at,
        filed_at=case.created_at,
        answers=answers_of(case),
        history=tuple(_happened(action) for action in done_on(turn, case)),
        deadlines=tuple(
            Running(row.key, row.round, row.started_at, row.due_at, row.state) for row in turn.uow.deadlines.of(case.id)
        ),
        linked=_linked(turn, case),
        refusals=procedure.refusals,
    )


def done_on(turn: Turn, case: Case) -> list[Action]:
    """What was done on a case and stands: what was taken back counts for nothing."""
    return [action for action in turn.uow.cases.actions_of(case.id) if action.undone_at is None]


def _happened(row: Action) -> Happened:
    return Happened(row.key, row.step, row.round, row.at, answers_of(row), row.by_id)


def _linked(turn: Turn, case: Case) -> tuple[Linked, ...]:
    found = []
    for link in turn.uow.cases.links_of(case.id):
        if link.case_id == case.id and (other := turn.uow.cases.get(link.other_id)) is not None:
            closed = other.closed_at is not None
            found.append(Linked(link.kind, other.procedure, other.kind, other.number or "", closed, other.step))
    return tuple(found)


COLUMNS: Mapping[str, str] = {
    "type": "kind",
    "kind": "kind",
    "customer": "customer",
    "product": "product",
    "lot": "lot",
    "category": "category",
    "impact": "impact",
    "defect": "defect",
    "severity": "severity",
    "description": "title",
    "responsible": "responsible",
}
"""Which answers are also typed columns, because reports count them."""

AT_LEAST = {"1": 1, "2-10": 2, "11-100": 11, "100+": 101}
"""A tapped range counts with its lower end: the figures never claim more than was said."""


def write_columns(case: Case, answers: Mapping[str, object]) -> None:
    """Write the answers that reports count into their columns; "not clear yet" counts as nothing."""
    for key, column in COLUMNS.items():
        if key in answers:
            value = answers[key]
            setattr(case, column, value if isinstance(value, str) and value != "unknown" else "")
    if "quantity" in answers:
        value = answers["quantity"]
        case.quantity = value if isinstance(value, int) else AT_LEAST.get(str(value))
