"""The weekly card: what was solved on the spot still wants its cause, asked once a week and all at once (2.0-3)."""

from datetime import date, datetime, time, timedelta

from conversations.procedure import Procedure
from conversations.replies import Button
from conversations.words import N_, Said, people, said
from handlers import telling
from handlers.addresses import channel_address, person_address
from handlers.company import Company
from handlers.facts import facts_of
from handlers.outgoing import How, send
from handlers.turn import Turn
from notifications import notices
from notifications.notices import Notice
from storage.cases import Case
from storage.database import Database

AT = time(8, 30)
LAST = "weekly.last"
MOST = 10


def tick(database: Database, company: Company) -> None:
    """From 08:30 of the week's first working day on, once a week: one card for each department that has such cases.

    What is filed after that waits for the next week, so a bot that was down sends the card it owes and
    no other. Safe to call at any time, by any number of workers.
    """
    database.do(lambda uow: _look(Turn(uow, company)))


def _look(turn: Turn) -> None:
    day = _first_working_day(turn)
    if day is None:
        return
    since = datetime.combine(day, AT, turn.company.zone)
    week = f"{day:%G-W%V}"
    if turn.now < since or turn.uow.state.held(LAST) == week:
        return
    turn.uow.state.put(LAST, week)
    for procedure in turn.company.handbook.procedures:
        found = _waiting(turn, procedure, since)
        for department in dict.fromkeys(case.department for case in found):
            _send(turn, procedure, [case for case in found if case.department == department], week)


def _first_working_day(turn: Turn) -> date | None:
    """The day on which the week begins to be worked; None for a week of holidays."""
    monday = turn.today - timedelta(days=turn.today.weekday())
    days = (monday + timedelta(days=number) for number in range(7))
    return next((day for day in days if turn.calendar.intervals(day)), None)


def _waiting(turn: Turn, procedure: Procedure, since: datetime) -> list[Case]:
    """The cases that wait for the card, oldest first."""
    return [
        case
        for step in procedure.first_steps
        for case in turn.uow.cases.of_step(procedure.key, step)
        if case.created_at < since and procedure.batched(facts_of(turn, case, procedure))
    ]


def _send(turn: Turn, procedure: Procedure, cases: list[Case], week: str) -> None:
    """One card to the department's channel and its lead; each case has its own button."""
    department = cases[0].department
    title = said(N_("Solved on the spot, cause still to be recorded: {count}"), count=len(cases))
    lines = [_line(turn, procedure, case) for case in cases[:MOST]]
    if len(cases) > MOST:
        lines.append(said(N_("… and {n} more."), n=len(cases) - MOST))
    to = [channel_address(department)]
    lead = turn.uow.organisation.lead(department)
    if lead is not None:
        to.append(person_address(turn, lead, "lead"))
    rule = said(N_("Rule: company addition, once a week."))
    for address in to:
        notice = Notice("batch", title, tuple(lines), tuple(_button(turn, procedure, case) for case in cases[:MOST]))
        because = notices.why(address.reason, rule, address.standing_in_for)
        send(turn, notice.because(because), [address], How(key=f"weekly/{department}/{week}"))


def _line(turn: Turn, procedure: Procedure, case: Case) -> Said:
    card = telling.about(turn, case, procedure, taps=False)
    return said(N_("{n} {c} · {h}"), n=card.number, c=people(card.customer), h=card.headline)


def _button(turn: Turn, procedure: Procedure, case: Case) -> Button:
    """What this step wants first, named with the tail of the number: typed as it stands it does the same."""
    facts = facts_of(turn, case, procedure)
    wanted = next(action for action in procedure.at(case.step) if action.is_main(facts))
    number = case.number or ""
    tail = number.rpartition("-")[2].lstrip("0")
    return Button(wanted.key, said("{action} {tail}", action=said(wanted.label), tail=tail), number)
