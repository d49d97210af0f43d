"""Somebody who does anything that may be done, in any order: what stories are told of is chosen by chance."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from conversations.fields import Answers, Field, Kind
from conversations.forms import Form
from conversations.plain import dump
from conversations.procedure import Action
from handlers import cases, undo
from handlers.events import Sender
from handlers.facts import facts_of
from handlers.refusals import RefusedError
from handlers.standing import allowed
from handlers.turn import Turn
from storage.cases import Case
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk

Pick = Callable[[int], int]
"""Chooses one of so many: the chance is the test's."""

TEXT = "按规定处理"


def turn_of(desk: Desk, uow: UnitOfWork, person: Person, key: str = "") -> Turn:
    """A person's turn."""
    return Turn(uow, desk.company, person, Sender("console", person.name).platform, event_key=key)


def answer(turn: Turn, case: Case, field: Field, known: Answers, pick: Pick) -> object:
    """An answer to a question, as its reader would give it."""
    today = turn.today
    match field.kind:
        case Kind.CHOICE | Kind.MULTI_CHOICE:
            options = field.choices(known, turn.looking(case))
            chosen = options[pick(len(options))].key
            return (chosen,) if field.kind is Kind.MULTI_CHOICE else chosen
        case Kind.DATE:
            return today + timedelta(days=1 + pick(20))
        case Kind.DATE_TIME:
            return turn.now + timedelta(hours=1) if field.key == "until" else turn.now
        case Kind.DEPARTMENT:
            return ("SC", "PB", "DD", "JS")[pick(4)]
        case Kind.PERSON:
            return ("方大勇", "梁可欣", "韩立群")[pick(3)]
        case Kind.DEFECT:
            return ("CC02", "GN01")[pick(2)]
        case Kind.YES_NO:
            return ("yes", "no")[pick(2)]
        case _:
            return f"{TEXT}{pick(3)}"


def answers(turn: Turn, case: Case, form: Form | None, pick: Pick) -> dict[str, object]:
    """A whole form."""
    known: dict[str, object] = {}
    for field in form.fields if form is not None else ():
        if field.when(known) and field.kind not in (Kind.FILES, Kind.CASE):
            known[field.key] = answer(turn, case, field, known, pick)
    return known


NEVER = ("merge", "edit", "withdraw", "customer_message", "returned")
"""Left to tests of their own: they need what only a person would say."""


def possible(desk: Desk, uow: UnitOfWork, case: Case) -> Iterator[tuple[Action, Person]]:
    """Every action that somebody may do on a case now, what is offered first more often."""
    procedure = desk.company.handbook[case.procedure]
    facts = facts_of(Turn(uow, desk.company), case, procedure)
    for action in procedure.at(case.step):
        if action.key in NEVER:
            continue
        for person in uow.organisation.people():
            if allowed(turn_of(desk, uow, person), case, action.by) is not None:
                yield from [(action, person)] * (8 if action.main and action.is_offered(facts) else 1)


def act(desk: Desk, number: str, pick: Pick, key: str) -> str:
    """Do something on a case; what was done, or the sentence that refused it."""

    def doing(uow: UnitOfWork) -> str:
        case = uow.cases.find(number)
        assert case is not None
        ways = list(possible(desk, uow, case))
        if not ways:
            return "nothing"
        action, person = ways[pick(len(ways))]
        asked = uow.sign_offs.open_of(case.id)
        turn = replace(turn_of(desk, uow, person, key), seen=asked.sha256 if asked else "")
        given = answers(turn, case, action.form, pick)
        dump(given)
        cases.act(turn, case, action, given)
        return action.key

    try:
        return desk.do(doing)
    except RefusedError as refused:
        return f"refused: {refused.sentence.message}"


def take_back(desk: Desk, name: str, key: str) -> None:
    """Somebody says 撤回."""

    def doing(uow: UnitOfWork) -> None:
        person = uow.organisation.person_by_name(name)
        assert person is not None
        undo.undo(turn_of(desk, uow, person, key))

    try:
        desk.do(doing)
    except RefusedError:
        return


def numbers(desk: Desk) -> list[str]:
    """Every case there is that people work on."""
    found: Mapping[str, None] = dict.fromkeys(
        number
        for procedure in ("complaint", "corrective_action", "task")
        for number in desk.do(lambda uow, p=procedure: _numbers(uow, p))  # type: ignore[misc]  # bound at once
    )
    return list(found)


def _numbers(uow: UnitOfWork, procedure: str) -> list[str]:
    return [str(case.number) for case in uow.session.query(Case).filter_by(procedure=procedure).order_by(Case.id)]
