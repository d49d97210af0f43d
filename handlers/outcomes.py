"""What people are answered when something was done: the number, until when, and what to tap next."""

from conversations.facts import CaseFacts
from conversations.procedure import Action
from conversations.replies import Button, Reply, say
from conversations.words import N_, Left, Over, Said, people, said
from handlers import telling
from handlers.addresses import person_address
from handlers.facts import facts_of
from handlers.lateness import span_of
from handlers.outgoing import How
from handlers.standing import allowed
from handlers.timing import AGREED
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case
from storage.deadlines import Deadline

MOST_BUTTONS = 5
UNDO = Button("undo", said(N_("Undo")))
"""The way back, offered with every confirmation; it works for five minutes."""


def filed(turn: Turn, case: Case) -> Reply:
    """The number and the deadline, and the receipt to pass on (domain A8 submitted, A7 receipt)."""
    procedure = turn.company.handbook[case.procedure]
    card = telling.about(turn, case, procedure)
    lines = [_registered(turn, case), *_by_requirement(turn, case)]
    forward = None
    if procedure.receipt:
        forward = telling.forward_text(turn, case, procedure.receipt)
        notice = notices.receipt(card, forward)
        if turn.person is not None and not turn.told:
            to = [person_address(turn, turn.person, "reporter")]
            telling.queue(turn, case, notice, to, How(key=f"receipt/{case.number}"))
        lines.append(notice.title)
    return say(*lines, buttons=(*_receipt_buttons(turn, case), *next_buttons(turn, case), UNDO), forward=forward)


def _receipt_buttons(turn: Turn, case: Case) -> tuple[Button, ...]:
    if not turn.company.handbook[case.procedure].receipt:
        return ()
    return notices.buttons(case.number or "", "sent", "told_by_phone")


def _registered(turn: Turn, case: Case) -> Said:
    procedure = turn.company.handbook[case.procedure]
    deadline = nearest(turn, case)
    number = case.number or ""
    if deadline is None:
        return said(N_("Registered, number {n}."), n=number)
    needs = said(procedure.deadline[deadline.key].needs)
    left = Left(max(deadline.due_at - turn.now, deadline.due_at - deadline.due_at))
    own = turn.person is not None and case.department == turn.person.department
    if own:
        return said(
            N_("Registered, number {n}. Please {t} before {due} ({left})."), n=number, t=needs, due=deadline.due_at,
            left=left,
        )  # fmt: skip
    department = turn.uow.organisation.department(case.department)
    return said(
        N_("Registered, number {n}, handed to {department}, which is to {t} before {due}."),
        n=number, department=department.name if department else case.department, t=needs, due=deadline.due_at,
    )  # fmt: skip


def _by_requirement(turn: Turn, case: Case) -> list[Said]:
    """The customer's own limit, where a requirement of theirs shortens ours (domain C6, thread 2)."""
    promise = turn.company.handbook[case.procedure].promise
    rows = [row for row in turn.uow.deadlines.running(case.id) if row.key in promise]
    return [
        said(N_("Time limit {span}, by {source}: due {due}."), span=span_of(row), source=row.source, due=row.due_at)
        for row in rows
        if row.source not in ("declaration", AGREED) and row.rule_version is None
    ]


def nearest(turn: Turn, case: Case) -> Deadline | None:
    """The running deadline that the present step is about."""
    procedure = turn.company.handbook[case.procedure]
    running = [row for row in turn.uow.deadlines.running(case.id) if procedure.deadline[row.key].shown]
    wanted = procedure.step[case.step].deadline
    return next((row for row in running if row.key == wanted), running[0] if running else None)


def done(turn: Turn, case: Case, action: Action, facts: CaseFacts) -> Reply:
    """What was recorded, where the case stands now, and what can be tapped next."""
    procedure = turn.company.handbook[case.procedure]
    number, ways = case.number or "", next_buttons(turn, case)
    lines = [said(N_("{n}: {action} recorded."), n=number, action=said(action.label))]
    if action.refuses and facts.round > 1:
        again = N_("Measure no. {round} is needed.") if procedure.promise else N_("Round {round} begins.")
        lines.append(said(again, round=facts.round))
    step = procedure.step[case.step]
    lines.append(said(N_("Now: {step}."), step=said(step.label)))
    deadline = nearest(turn, case)
    if deadline is not None:
        needs = said(procedure.deadline[deadline.key].needs)
        plain = step.sign_off is not None or any(way.main for way in ways)
        lines.append(_next(turn, case, needs, deadline, plain=plain))
    opened = _opened(turn, action, facts)
    lines += [*_asked(turn, case, action), *(_opened_line(turn, each) for each in opened)]
    forward = telling.forward_text(turn, case, action.forward) if action.forward else None
    if forward is not None:
        lines.append(said(N_("Text for the customer, ready to forward:")))
    there = tuple(Button("details", people(each.number or ""), each.number or "") for each in opened)
    return say(*lines, buttons=(*ways, *there, *((UNDO,) if action.undoable else ())), forward=forward)


def _opened(turn: Turn, action: Action, facts: CaseFacts) -> list[Case]:
    """The case that this action opened just now."""
    spawned = [other.number for other in facts.linked if other.link == "spawned" and action.spawns and not other.closed]
    found = (turn.uow.cases.find(number) for number in spawned[-1:])
    return [case for case in found if case is not None]


def _opened_line(turn: Turn, case: Case) -> Said:
    """What was opened; at which level and why, where there are levels."""
    procedure = turn.company.handbook[case.procedure]
    known = [key for key in ("level", "level_reason") if case.answers.get(key)]
    if not known:
        return said(N_("Opened: {n}."), n=case.number or "")
    level = tuple(telling.value_of(turn, case, procedure, key) for key in known)
    return said(N_("Opened: {n} ({level})."), n=case.number or "", level=level)


def _asked(turn: Turn, case: Case, action: Action) -> list[Said]:
    """Whose decision is waited for: on the case itself, or on the task done with it."""
    links = turn.uow.cases.links_of(case.id) if action.completes else ()
    tasks = (turn.uow.cases.get(link.other_id) for link in links if link.case_id == case.id)
    about = [case, *(task for task in tasks if task is not None and task.kind == action.completes)]
    found = (turn.uow.sign_offs.open_of(each.id) for each in about)
    signers = (request.signer_id for asked in found if asked for request in turn.uow.sign_offs.waiting(asked))
    names = tuple(person.name for each in signers if (person := turn.uow.organisation.person(each)) is not None)
    return [said(N_("Asked to decide: {names}."), names=names)] if names else []


def _next(turn: Turn, case: Case, needs: Said, deadline: Deadline, *, plain: bool) -> Said:
    """What has to be done next and until when; by whom, unless that is plain: whoever reads it, or those asked."""
    if deadline.due_at < turn.now:
        over = Over(turn.now - deadline.due_at)
        return said(N_("Next: {t}. It was due {due}, {over}."), t=needs, due=deadline.due_at, over=over)
    owner, department = turn.uow.organisation.person(case.owner_id or 0), case.department
    mine = turn.person is None or turn.person.id == case.owner_id
    if plain or mine or (owner is None and turn.person is not None and turn.person.department == department):
        return said(N_("Next: {t}, before {due}."), t=needs, due=deadline.due_at)
    held = turn.uow.organisation.department(department)
    who = owner.name if owner is not None else held.name if held is not None else department
    return said(N_("Next, {who}: {t}, before {due}."), who=who, t=needs, due=deadline.due_at)


def next_buttons(turn: Turn, case: Case) -> tuple[Button, ...]:
    """The main actions that this person may do now, the details, and the way to everything else there is to do."""
    procedure = turn.company.handbook[case.procedure]
    number, facts = case.number or "", facts_of(turn, case, procedure)
    possible = [action for action in procedure.at(case.step) if allowed(turn, case, action.by) is not None]
    main = [action for action in possible if action.is_main(facts)][:MOST_BUTTONS]
    taps = tuple(Button(action.key, said(action.label), number, main=True) for action in main)
    more = any(action.is_offered(facts) and action not in main for action in possible)
    details = Button("details", said(N_("Details")), number)
    return (*taps, details, Button("actions", said(N_("More")), number)) if more else (*taps, details)


def all_buttons(turn: Turn, case: Case) -> tuple[Button, ...]:
    """Every action that this person may do now."""
    procedure = turn.company.handbook[case.procedure]
    number, facts = case.number or "", facts_of(turn, case, procedure)
    return tuple(
        Button(action.key, said(action.label), number, action.main)
        for action in procedure.at(case.step)
        if action.is_offered(facts) and allowed(turn, case, action.by) is not None
    )
