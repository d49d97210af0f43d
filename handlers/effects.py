"""What some actions do besides recording themselves: a closed set, declared by name."""

from collections.abc import Mapping
from datetime import datetime

from conversations.escalation import CANNOT_BE_MUTED
from conversations.plain import dump
from conversations.procedure import Action, Effect
from conversations.words import N_, said
from handlers import invitations, jointly, posting, questionnaires, responses, telling
from handlers.addresses import told_before
from handlers.facts import write_columns
from handlers.outgoing import How
from handlers.refusals import RefusedError
from handlers.timing import level_times_of, set_next
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case
from storage.deadlines import Deadline, Escalation


def apply(turn: Turn, case: Case, action: Action, answers: Mapping[str, object]) -> None:
    """Do the declared effect of an action, if it has one."""
    match action.effect:
        case Effect.EDIT:
            _edit(turn, case, answers)
        case Effect.MERGE:
            _merge(turn, case, answers)
        case Effect.HAND_OVER:
            _hand_over(turn, case, answers)
        case Effect.PROMISE:
            _promise(turn, case, answers)
        case Effect.POST if action.key == "correct":
            posting.correct(turn, case, answers)
        case Effect.POST:
            posting.post(turn, case, confirmed=action.key == "confirm")
        case Effect.APPROVE_ALL | None:
            return
        case effect:
            _survey(turn, case, effect, answers)


def _survey(turn: Turn, case: Case, effect: Effect, answers: Mapping[str, object]) -> None:
    match effect:
        case Effect.APPROVE_QUESTIONNAIRE:
            questionnaires.approve(turn.uow, str(case.answers.get("questionnaire") or ""), turn.actor)
        case Effect.LAUNCH:
            invitations.launch(turn, case)
        case Effect.REOPEN_SURVEY:
            invitations.reopen(turn, case, answers)
        case Effect.TAKE_ANSWERS:
            responses.enter(turn, case, answers)
        case _:
            invitations.close_links(turn, case)


def _edit(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """Write the new answer over the old one; the action row keeps both the reason and the new value."""
    corrected = {str(answers["what"]): answers["to"]}
    write_columns(case, corrected)
    case.answers = {**case.answers, **{key: dump(value) for key, value in corrected.items()}}
    turn.uow.case_terms.remember(case)


def _merge(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """Into an open case of the same procedure; what is said about this one later belongs there (U-25)."""
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


def may_apply(turn: Turn, case: Case, action: Action, answers: Mapping[str, object]) -> None:
    """Refuse before anything is written: a merge into what is not open, a promise where none is wanted (2.0-18)."""
    if action.effect is Effect.MERGE and "target" in answers:
        _may_merge(turn, case, str(answers["target"]))
    if action.effect is Effect.PROMISE:
        _may_promise(turn, case)
    if action.effect is Effect.APPROVE_ALL:
        jointly.may_approve(turn, case)
    if action.effect is Effect.LAUNCH:
        invitations.may_launch(turn, case)
    if action.effect is Effect.TAKE_ANSWERS and "invitation" in answers:
        responses.entered_for(turn, case, answers)


def _may_merge(turn: Turn, case: Case, number: str) -> None:
    target = turn.uow.cases.find(number)
    if target is None or target.closed_at is not None or target.procedure != case.procedure:
        raise RefusedError(said(N_("{n} is not open: nothing can be merged into it."), n=number))


def _may_promise(turn: Turn, case: Case) -> None:
    """Nothing is overdue, or its level was answered before."""
    raised = _raised(turn, case)
    if not raised:
        raise RefusedError(said(N_("Nothing of {n} is overdue: no promised time is needed."), n=case.number or ""))
    if all(level.promised_at is not None for _, level in raised):
        raise RefusedError(TOO_MANY_PROMISES)


TOO_MANY_PROMISES = said(N_("This level was already answered with a promised time. Please finish it, or hand it over."))


def _raised(turn: Turn, case: Case) -> list[tuple[Deadline, Escalation]]:
    """The running deadlines that were told to be overdue, each with the level that was told last."""
    found = []
    for row in turn.uow.deadlines.running(case.id):
        fired = [level for level in turn.uow.deadlines.reached(row.id) if level.state == "fired"]
        if fired and fired[-1].level in CANNOT_BE_MUTED:
            found.append((row, fired[-1]))
    return found


def _promise(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """A promised time holds the levels that are due meanwhile; when it lapses the next one fires (2.0-18)."""
    until = answers["until"]
    if not isinstance(until, datetime):
        return
    for row, told in _raised(turn, case):
        if told.promised_at is not None:
            continue
        names = {level.level for level in turn.uow.deadlines.reached(row.id)}
        set_next(row, [time for time in level_times_of(row) if time.name not in names], promised=until)
        told.acknowledged_by = turn.person.id if turn.person else None
        told.acknowledged_at, told.promised_at = turn.now, until
        _tell_promise(turn, case, (row.key, told.addresses), until)


def _tell_promise(turn: Turn, case: Case, raised: tuple[str, list[str]], until: datetime) -> None:
    procedure = turn.company.handbook[case.procedure]
    key, addresses = raised
    needs = said(procedure.deadline[key].needs)
    name = turn.person.name if turn.person else ""
    notice = notices.acknowledged(telling.about(turn, case, procedure), name, until, needs)
    telling.queue(
        turn, case, notice, told_before(addresses), How(key=f"promise/{case.number}/{key}/{until:%Y%m%d%H%M}")
    )
