"""What some actions do besides recording themselves: a closed set, declared by name."""

from collections.abc import Mapping
from datetime import datetime

from conversations.plain import dump
from conversations.procedure import Action, Effect
from conversations.words import N_, said
from handlers import posting, telling
from handlers.addresses import Address
from handlers.facts import write_columns
from handlers.timing import level_times_of, set_next
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case


def apply(turn: Turn, case: Case, action: Action, answers: Mapping[str, object]) -> None:
    """Do the declared effect of an action, if it has one."""
    match action.effect:
        case Effect.EDIT:
            _edit(case, answers)
        case Effect.MERGE:
            _merge(turn, case, answers)
        case Effect.HAND_OVER:
            _hand_over(turn, case, answers)
        case Effect.PROMISE:
            _promise(turn, case, answers)
        case Effect.POST:
            posting.post(turn, case, confirmed=action.key == "confirm")
        case None:
            return


def _edit(case: Case, answers: Mapping[str, object]) -> None:
    """Write the new answer over the old one; the action row keeps both the reason and the new value."""
    corrected = {str(answers["what"]): answers["to"]}
    write_columns(case, corrected)
    case.answers = {**case.answers, **{key: dump(value) for key, value in corrected.items()}}


def _merge(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    target = turn.uow.cases.find(str(answers["target"]))
    if target is not None:
        turn.uow.cases.link(case.id, target.id, "merged_into")


def _hand_over(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """The case goes to another person, with everything that still runs."""
    person = turn.uow.organisation.person_by_name(str(answers["to_person"]))
    if person is None:
        return
    case.owner_id = person.id
    if person.department:
        case.department = person.department


def _promise(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """A promised time holds the levels that are due meanwhile; when it lapses the next one fires (2.0-18)."""
    until = answers["until"]
    if not isinstance(until, datetime):
        return
    for row in turn.uow.deadlines.running(case.id):
        reached = turn.uow.deadlines.reached(row.id)
        names = {escalation.level for escalation in reached}
        set_next(row, [time for time in level_times_of(row) if time.name not in names], not_before=until)
        if reached:
            newest = reached[-1]
            newest.acknowledged_by = turn.person.id if turn.person else None
            newest.acknowledged_at, newest.promised_at = turn.now, until
            _tell_promise(turn, case, (row.key, newest.addresses), until)


def _tell_promise(turn: Turn, case: Case, raised: tuple[str, list[str]], until: datetime) -> None:
    procedure = turn.company.handbook[case.procedure]
    key, addresses = raised
    needs = said(procedure.deadline[key].needs)
    name = turn.person.name if turn.person else ""
    notice = notices.acknowledged(telling.about(turn, case, procedure), name, until, needs)
    to = [Address(address, "lead") for address in addresses]
    telling.queue(turn, case, notice, to, f"promise/{case.number}/{key}/{until:%Y%m%d%H%M}")


def promised_already(turn: Turn, case: Case) -> bool:
    """Whether the level that fired last was answered with a promise before: one promise per level."""
    for row in turn.uow.deadlines.running(case.id):
        reached = turn.uow.deadlines.reached(row.id)
        if reached and reached[-1].promised_at is not None:
            return True
    return False


TOO_MANY_PROMISES = said(N_("This level was already answered with a promised time. Please finish it, or hand it over."))
