"""The living card: a case as it stands now, the same wherever it is shown, and again after every change."""

from dataclasses import dataclass
from datetime import datetime

from conversations.facts import CaseFacts
from conversations.permissions import Capacity
from conversations.procedure import Action, Procedure
from conversations.replies import Button
from conversations.words import N_, Said, said
from handlers import happened, telling
from handlers.facts import facts_of
from handlers.standing import allowed
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case
from storage.deadlines import Deadline

MAIN = 3
"""So many actions stand on a card; all else is behind a menu."""

STATES = {
    "running": N_("within the time"),
    "soon": N_("due soon"),
    "late": N_("overdue"),
    "paused": N_("paused (waiting for the customer)"),
}
"""How a deadline stands (domain A4)."""


@dataclass(frozen=True, slots=True)
class Living:
    """A case on its card. ``state`` is how its deadline stands; ``taps`` are seen at once, ``more`` in a menu."""

    number: str
    customer: str
    mark: Said | None
    headline: Said
    step: Said
    handler: str
    due: datetime | None
    state: Said | None
    last: Said | None
    closed: bool
    taps: tuple[Button, ...]
    more: tuple[Button, ...]


def shown(turn: Turn, case: Case) -> Living:
    """The case as it stands; with the actions of whoever reads it, in a channel those that anybody here may do."""
    procedure = turn.company.handbook[case.procedure]
    facts = facts_of(turn, case, procedure)
    about = telling.about(turn, case, procedure, facts, taps=False)
    closed, due = case.closed_at is not None, None if case.closed_at is not None else _due(turn, case, procedure)
    taps, more = _taps(turn, case, procedure, facts)
    holder = turn.uow.organisation.department(case.department) if case.department else None
    return Living(
        number=about.number,
        customer=about.customer,
        mark=said(notices.URGENT[about.urgent]) if about.urgent and not closed else None,
        headline=about.headline,
        step=about.step,
        handler=about.owner or (holder.name if holder else ""),
        due=due.due_at if due else None,
        state=_state(turn, due) if due else None,
        last=happened.latest(turn, case, procedure),
        closed=closed,
        taps=taps,
        more=more,
    )


def _due(turn: Turn, case: Case, procedure: Procedure) -> Deadline | None:
    """What is to be kept now: the deadline of the step, else the nearest; one that is paused where none runs."""
    rows = [row for row in turn.uow.deadlines.of(case.id) if procedure.deadline[row.key].shown]
    open_rows = [row for row in rows if row.state in ("running", "paused")]
    wanted = procedure.step[case.step].deadline
    ranked = sorted(open_rows, key=lambda row: (row.key != wanted, row.state != "running", row.due_at, row.id))
    return ranked[0] if ranked else None


def _state(turn: Turn, row: Deadline) -> Said:
    if row.state == "paused":
        return said(STATES["paused"])
    if row.due_at < turn.now:
        return said(STATES["late"])
    soon = any(level.level.startswith("R2") for level in turn.uow.deadlines.reached(row.id))
    return said(STATES["soon" if soon else "running"])


def _taps(
    turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts
) -> tuple[tuple[Button, ...], tuple[Button, ...]]:
    """The main actions of the step, and behind them every other one, the details and the reason."""
    number = case.number or ""
    details, why = notices.buttons(number, "details", "why")
    if case.closed_at is not None:
        return (details,), (why,)
    possible = [action for action in procedure.at(case.step) if action.is_offered(facts) and _may(turn, case, action)]
    main = [action for action in possible if action.is_main(facts)][:MAIN]
    rest = [action for action in possible if action not in main]
    taps = tuple(Button(action.key, said(action.label), number, main=True) for action in main)
    more = tuple(Button(action.key, said(action.label), number) for action in rest)
    return (taps or (details,)), (*more, *(() if not taps else (details,)), why)


def _may(turn: Turn, case: Case, action: Action) -> bool:
    """What the reader may do; where many read, all that is not for the customer alone: who taps is asked then."""
    if turn.person is None:
        return bool(action.by - {Capacity.CUSTOMER})
    return allowed(turn, case, action.by) is not None
