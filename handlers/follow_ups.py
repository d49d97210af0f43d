"""Follow-ups that the clock opens: some days after a complaint was closed, once for each (M-112)."""

from datetime import datetime, time, timedelta

from handlers import cases, telling
from handlers.addresses import person_address
from handlers.cases import Opening
from handlers.company import Company
from handlers.outgoing import How
from handlers.timing import rule_for
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case
from storage.database import Database

PROCEDURE, SALES = "follow_up", "XS"
SINCE = "follow_ups.since"
"""Up to when what was closed has been looked at; at first the instant of the first tick."""

AT = time(8, 30)
EVERY = timedelta(hours=1)
FOLLOWS = "about"
"""How a follow-up is tied to its complaint."""


def tick(database: Database, company: Company) -> None:
    """Open what is due; by day only, and safe to call at any time."""
    database.do(lambda uow: _open_due(Turn(uow, company)))


def _open_due(turn: Turn) -> None:
    kept = turn.uow.state.get(SINCE)
    if kept is None:
        turn.uow.state.put_missing(SINCE, turn.now.isoformat())
        return
    since, until = datetime.fromisoformat(str(kept)), turn.now - _after(turn)
    today = turn.today
    if until - since < EVERY or not turn.calendar.intervals(today):
        return
    if turn.now < datetime.combine(today, AT, turn.company.zone):
        return
    turn.uow.state.held(SINCE)
    for complaint in turn.uow.cases.closed_between("complaint", "closed", (since, until)):
        if complaint.customer and not _followed(turn, complaint):
            _open(turn, complaint)
    turn.uow.state.put(SINCE, until.isoformat())


def _after(turn: Turn) -> timedelta:
    return rule_for(turn, turn.company.handbook[PROCEDURE], "follow_up.after", "").span


def _followed(turn: Turn, complaint: Case) -> bool:
    links = turn.uow.cases.links_of(complaint.id)
    return any((link.kind, link.other_id) == (FOLLOWS, complaint.id) for link in links)


def _open(turn: Turn, complaint: Case) -> None:
    """Whoever looks after the customer has it, else sales."""
    customer = turn.uow.customers.get(complaint.customer)
    owner = turn.uow.organisation.person(customer.owner_sales_id or 0) if customer is not None else None
    held = owner if owner is not None and owner.active else None
    contact = str(complaint.answers.get("contact") or "")
    answers = {
        "customer": complaint.customer, "about": complaint.number, "begin": "begin",
        **({"contact": contact} if contact not in ("", "unknown") else {}),
    }  # fmt: skip
    procedure = turn.company.handbook[PROCEDURE]
    opening = Opening(department=SALES, owner=held.id if held is not None else None)
    case = cases.open_case(turn, procedure, answers, opening)
    if held is not None:
        # the department's channel is told of what nobody has; this one has somebody
        notice = notices.assigned(telling.about(turn, case, procedure), case.due_at, turn.now)
        telling.queue(turn, case, notice, [person_address(turn, held, "owner")], How(key=f"follow_up/{case.number}"))
