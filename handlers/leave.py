"""Someone is always responsible: leave with a deputy, and handing back with a summary (U12)."""

from collections.abc import Mapping
from datetime import date, timedelta

from conversations.replies import Reply, say
from conversations.words import N_, Said, people, said
from handlers.addresses import Address
from handlers.company import Company
from handlers.outgoing import How, send
from handlers.refusals import RefusedError
from handlers.turn import Turn
from notifications.notices import Notice
from storage.database import Database
from storage.errors import DelegateCircleError
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork

MOST = 10


def take(turn: Turn, answers: Mapping[str, object]) -> Reply:
    """Enter a leave: checked for circles of deputies, and the deputy hears what comes."""
    person, first, last = turn.person, answers["leave_from"], answers["leave_to"]
    deputy = turn.uow.organisation.person_by_name(str(answers["deputy"]))
    if person is None or deputy is None or not isinstance(first, date) or not isinstance(last, date):
        raise RefusedError(said(N_("This leave cannot be entered. Please start again.")))
    if deputy.id == person.id:
        raise RefusedError(said(N_("You cannot stand in for yourself. Please choose somebody else.")))
    person.leave_from, person.leave_to, person.delegate_id = first, last, deputy.id
    _refuse_circles(turn, person, (first, last))
    data = {"from": first.isoformat(), "to": last.isoformat(), "deputy": deputy.name}
    turn.uow.audit.write(f"person:{person.id}", "leave", turn.actor, data=data)
    tell_deputy(turn, person, deputy, (first, last))
    return say(
        said(N_("Entered: away {first} to {last}, {deputy} stands in."), first=first, last=last, deputy=deputy.name)
    )


def _refuse_circles(turn: Turn, person: Person, span: tuple[date, date]) -> None:
    """On no day of the leave may the chain of deputies come back, or end with somebody who is away."""
    day, last = span
    while day <= last:
        try:
            present = turn.uow.organisation.stand_in(person, day)
        except DelegateCircleError:
            raise RefusedError(
                said(N_("On {day} these deputies would stand in for each other. Please choose somebody else."), day=day)
            ) from None
        if present.id == person.id or present.on_leave(day):
            raise RefusedError(
                said(N_("On {day} {name} is away too. Please choose somebody else."), day=day, name=present.name)
            )
        day += timedelta(days=1)


def tell_deputy(turn: Turn, person: Person, deputy: Person, span: tuple[date, date]) -> None:
    """The deputy hears who, from when to when, and which cases come along."""
    first, last = span
    cases = turn.uow.cases.open_of(owner=person.id)
    title = said(
        N_("You stand in for {name}, {first} to {last}. Open cases: {n}."),
        name=person.name,
        first=first,
        last=last,
        n=len(cases),
    )
    lines = tuple(people(case.number or "") for case in cases[:MOST])
    key = f"leave/{person.id}/{first:%Y%m%d}"
    send(turn, Notice("leave", title, lines), [Address(f"person:{deputy.id}", "deputy")], How(key=key))


def tick(database: Database, company: Company) -> None:
    """On the first day back: what was done in the person's place, and what waits. Safe to call at any time."""

    def look(uow: UnitOfWork) -> None:
        turn = Turn(uow, company)
        for person in uow.organisation.people():
            if person.leave_to is not None and person.leave_to < turn.today:
                _hand_back(turn, person, person.leave_to)

    database.do(look)


def _hand_back(turn: Turn, person: Person, last: date) -> None:
    done = turn.uow.cases.done_for(person.id)
    waiting = turn.uow.cases.open_of(owner=person.id)
    title = said(
        N_("Welcome back. In your place {done} things were done; {n} cases wait for you."),
        done=len(done),
        n=len(waiting),
    )
    lines: list[Said] = [people(number) for number in dict.fromkeys(number for number, _ in done)][:MOST]
    lines += [people(case.number or "") for case in waiting if case.number not in {n for n, _ in done}][:MOST]
    key = f"back/{person.id}/{last:%Y%m%d}"
    send(turn, Notice("leave", title, tuple(lines)), [Address(f"person:{person.id}", "owner")], How(key=key))
    person.leave_from = person.leave_to = None
    turn.uow.audit.write(f"person:{person.id}", "back", "clock")
