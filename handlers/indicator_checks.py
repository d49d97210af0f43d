"""Indicators of a month: entered in chat, compared with the customer's own, asked for when missing (M-42, N-17)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time

from conversations.indicators import before
from conversations.replies import Button, Reply, say
from conversations.words import N_, people, said
from handlers import cases, indicators, telling
from handlers.addresses import person_address
from handlers.cases import Opening
from handlers.company import Company
from handlers.outgoing import How, send
from handlers.timing import rule_for
from handlers.turn import Turn
from notifications import notices
from notifications.notices import Notice
from storage.cases import Case
from storage.customers import Customer
from storage.database import Database
from storage.indicators import OURS, THEIRS, Indicator
from storage.organisation import Person

ASKED_ON = 5
"""The working day of a month on which the month before is asked for."""

AT = time(9, 0)
TOPIC = "reminder"
SINCE = "indicators.since"
MOST_NAMED = 20
SALES = "XS"


def take(turn: Turn, answers: Mapping[str, object]) -> Reply:
    """Enter a month; where the customer counts otherwise, somebody is asked to find out why."""
    row = indicators.row_of(turn, answers)
    customer = turn.uow.customers.get(row.customer)
    name = people((customer.short or customer.name) if customer else row.customer)
    if not indicators.figures(row):
        return say(said(N_("Nothing was entered: every figure was left out.")))
    if not indicators.keep(turn, row, turn.actor):
        return say(said(N_("{c} {month}: that is there already."), c=name, month=people(row.month)))
    lines = [said(N_("Entered: {c} {month}."), c=name, month=people(row.month)), *indicators.worked_out(row)]
    task = reconcile(turn, row.customer, row.month)
    buttons = (Button("indicators", said(N_("Another one"))),)
    if task is not None:
        lines.append(said(N_("The customer's number is another one: {n} is to find out why."), n=task.number or ""))
    return say(*lines, buttons=buttons)


def reconcile(turn: Turn, customer: str, month: str) -> Case | None:
    """Where both counts are there and are too far apart, a task for whoever looks after the customer; once (N-17)."""
    ours, theirs = (turn.uow.indicators.get(customer, month, source) for source in (OURS, THEIRS))
    if ours is None or theirs is None or not _apart(turn, ours, theirs):
        return None
    if not turn.uow.state.put_missing(f"indicators.reconciled/{customer}/{month}", turn.now.isoformat()):
        return None
    row = turn.uow.customers.get(customer)
    owner = _owner(turn, row) if row is not None else None
    title = said(
        N_("PPM of {c} {month}: {theirs} by the customer's count, {ours} by ours. Find out why, and settle it."),
        c=people((row.short or row.name) if row else customer), month=people(month),
        theirs=indicators.ppm_of(theirs) or 0, ours=indicators.ppm_of(ours) or 0,
    )  # fmt: skip
    answers = {"kind": "task", "title": title, "department": SALES, "customer": customer}
    opening = Opening(department=SALES, owner=owner.id if owner is not None else None)
    task = cases.open_case(turn, turn.company.handbook["task"], answers, opening)
    if owner is not None:
        # the department's channel is told of what nobody has; this one has somebody
        notice = notices.assigned(telling.about(turn, task, turn.company.handbook["task"]), task.due_at, turn.now)
        telling.queue(turn, task, notice, [person_address(turn, owner, "owner")], How(key=f"reconcile/{task.number}"))
    return task


def _apart(turn: Turn, ours: Indicator, theirs: Indicator) -> bool:
    """Whether two counts differ by more than the rule allows, in percent of the larger."""
    mine, other = indicators.ppm_of(ours), indicators.ppm_of(theirs)
    if mine is None or other is None:
        return False
    procedure = turn.company.handbook["customer_survey"]
    allowed = rule_for(turn, procedure, "customer_survey.difference", ours.customer).value
    return 100 * abs(mine - other) > allowed * max(mine, other)


def _owner(turn: Turn, customer: Customer) -> Person | None:
    person = turn.uow.organisation.person(customer.owner_sales_id or 0)
    return person if person is not None and person.active else None


def tick(database: Database, company: Company) -> None:
    """From the fifth working day on: who looks after customers hears once whose last month is missing."""
    database.do(lambda uow: _ask(Turn(uow, company)))


def _ask(turn: Turn) -> None:
    today, month = turn.today, f"{before(turn.today):%Y-%m}"
    if not turn.calendar.intervals(today) or turn.now < datetime.combine(today, AT, turn.company.zone):
        return
    if month < _since(turn) or today < turn.calendar.nth_working_day(today.year, today.month, ASKED_ON):
        return
    mark = f"indicators.asked/{month}"
    if turn.uow.state.get(mark) is not None or not turn.uow.state.put_missing(mark, turn.now.isoformat()):
        return
    there = {row.customer for row in turn.uow.indicators.between(month, month) if row.source == OURS}
    missing: dict[int, list[Customer]] = defaultdict(list)
    leads = turn.uow.organisation.people_with("sales_lead")
    for customer in turn.uow.customers.all():
        person = _owner(turn, customer) or next(iter(leads), None)
        if customer.code not in there and person is not None:
            missing[person.id].append(customer)
    for person_id, customers in missing.items():
        _tell(turn, person_id, month, customers)


def _since(turn: Turn) -> str:
    """The first month we ask for: that of the first tick."""
    since = turn.uow.state.get(SINCE)
    if since is None:
        since = turn.company.month(turn.now)
        turn.uow.state.put(SINCE, since)
    return str(since)


def _tell(turn: Turn, person_id: int, month: str, customers: list[Customer]) -> None:
    person = turn.uow.organisation.person(person_id)
    if person is None:
        return
    title = said(N_("The indicators of {month} are missing for {n} customers."), month=people(month), n=len(customers))
    names = tuple(people(each.short or each.name) for each in customers[:MOST_NAMED])
    lines = (said(N_("Missing: {names}."), names=names),
             said(N_("Enter them here one by one, or let the office import a list.")))  # fmt: skip
    notice = Notice(TOPIC, title, lines, (Button("indicators", said(N_("Enter indicators"))),))
    send(turn, notice, [person_address(turn, person, "customer")], How(key=f"indicators/{month}/{person.id}"))
