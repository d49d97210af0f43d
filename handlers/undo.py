"""撤回: a compensating action within five minutes (design 8).

The step and the original due times return, notices that were sent get a correction, and a level
that fired stays fired. What was recorded stays recorded, and counts for nothing.
"""

from dataclasses import replace
from datetime import timedelta

from conversations.procedure import VOID
from conversations.replies import Reply, say
from conversations.words import N_, Said, said
from handlers import after_close, sign_offs, spent, telling
from handlers.addresses import Address
from handlers.facts import done_on
from handlers.outcomes import next_buttons
from handlers.outgoing import How
from handlers.refusals import RefusedError
from handlers.snapshots import restore, void
from handlers.turn import Turn
from notifications import notices
from notifications.places import OF_CARDS
from storage.cases import Action, Case

WITHIN = timedelta(minutes=5)
NOTHING = said(N_("Nothing of yours can be undone: five minutes have passed, or somebody went on."))


def undo(turn: Turn) -> Reply:
    """Take back the last thing that this person did, if it is the last that was done on its case."""
    person = turn.person.id if turn.person else 0
    action = turn.uow.cases.newest_of(person, turn.now - WITHIN)
    case = turn.uow.cases.get(action.case_id) if action is not None else None
    if action is None or case is None or done_on(turn, case)[-1].id != action.id:
        return say(NOTHING)
    label = _label(turn, case, action)
    _check(turn, case, action)
    spawned = _spawned_with(turn, case, action)
    _take_back(turn, case, action)
    for other, done in spawned:
        _take_back(turn, other, done)
    turn.uow.audit.write_case(case, "undo", turn.actor, data={"undone": action.key, "action": action.id})
    _correct(turn, case, action, label)
    number = case.number or ""
    if case.step == VOID:
        return say(said(N_("{n} is void: it was taken back. Its number is not given again."), n=number))
    step = turn.company.handbook[case.procedure].step[case.step]
    lines = [
        said(N_("{n}: {action} was taken back."), n=number, action=label),
        said(N_("Now: {step}."), step=said(step.label)),
    ]
    return say(*lines, buttons=next_buttons(turn, case))


def _label(turn: Turn, case: Case, action: Action) -> Said:
    declared = turn.company.handbook[case.procedure].action.get(action.key)
    return said(declared.label) if declared is not None else said(N_("Registered"))


def _check(turn: Turn, case: Case, action: Action) -> None:
    """Refuse what went out for good, and what others have built on."""
    declared = turn.company.handbook[case.procedure].action.get(action.key)
    if declared is not None and not declared.undoable:
        label, instead = _label(turn, case, action), said(declared.instead)
        raise RefusedError(said(N_("{action} cannot be undone: {instead}"), action=label, instead=instead))
    for other, done in _spawned_with(turn, case, action):
        if done_on(turn, other)[-1].id != done.id:
            raise RefusedError(said(N_("{n} was worked on meanwhile; cancel it there first."), n=other.number or ""))


def _spawned_with(turn: Turn, case: Case, action: Action) -> list[tuple[Case, Action]]:
    """The linked cases that the same instant opened or completed, and what was done on them then."""
    found = []
    for link in turn.uow.cases.links_of(case.id):
        other = turn.uow.cases.get(link.other_id)
        if link.case_id != case.id or link.kind not in ("spawned", "repeat_of") or other is None:
            continue
        once = (action.at, action.by_id, action.event_key)
        same = [done for done in done_on(turn, other) if (done.at, done.by_id, done.event_key) == once]
        found += [(other, same[0])] if same else []
    return found


def _take_back(turn: Turn, case: Case, action: Action) -> None:
    action.undone_at = turn.now
    if action.before is None:
        void(turn, case, action)
    else:
        restore(turn, case, action)
    case.visit += 1
    case.updated_at = turn.now
    turn.uow.cases.record(
        case,
        Action(
            step=action.step, key="undo", round=action.round, answers={"action": action.id},
            by_id=turn.person.id if turn.person else None, surface=turn.surface, event_key=turn.event_key,
            undone_at=turn.now, at=turn.now,
        ),
    )  # fmt: skip
    sign_offs.taken_back(turn, case, action)
    after_close.opened_again(turn, case)
    if action.before is None:
        turn.uow.audit.write_case(case, "undo", turn.actor, data={"undone": action.key})


def _correct(turn: Turn, case: Case, action: Action, label: Said) -> None:
    """What is still pending is taken back; who heard already gets a correction, with a card where theirs was closed."""
    procedure = turn.company.handbook[case.procedure]
    heard: list[str] = []
    closed: list[str] = []
    for message in turn.uow.outbox.of_case(case.id):
        # a level stays; a card shows by itself what is true again, but for one that is closed for good
        shut = message.key.startswith(spent.SHUT)
        if message.created_at != action.at or (message.topic in ("level", *OF_CARDS) and not shut):
            continue
        if message.state == "pending":
            turn.uow.outbox.cancel(message.key)
        elif message.state in ("sent", "sending", "unknown", "merged"):
            (closed if shut else heard).append(message.address)
    about = telling.about(turn, case, procedure)
    what = said(N_("{what} was taken back"), what=label)
    notice = notices.moved(about, what, turn.person.name if turn.person else "")
    again = replace(notice, buttons=(*about.next, *notice.buttons))
    me = f"person:{turn.person.id}" if turn.person else ""
    asked = [address for address in dict.fromkeys(closed) if address != me]
    others = [address for address in dict.fromkeys(heard) if address not in asked]
    for told, addresses in ((notice, others), (again, asked)):
        to = [Address(address, "owner") for address in addresses]
        telling.queue(turn, case, told, to, How(key=f"undo/{case.number}/{action.id}"))
