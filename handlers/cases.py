"""Cases: opened by a full form, changed by actions, each in one transaction with its notices and deadlines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from conversations.facts import CaseFacts, Happened
from conversations.permissions import Capacity
from conversations.plain import dump
from conversations.procedure import Action, Attempt, Effect, Procedure, Spawn
from conversations.words import N_, Said, said
from handlers import after_close, corrective, effects, jointly, planned, returns, sign_offs, telling, watchers
from handlers.facts import done_on, facts_of, write_columns
from handlers.filing import file_form
from handlers.lateness import tell_cleared
from handlers.refusals import RefusedError
from handlers.snapshots import snapshot
from handlers.standing import acting_as, allowed
from handlers.timing import retime
from handlers.turn import Turn
from storage import cases as rows
from storage.cases import Case
from storage.organisation import Person


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a new case beside its answers: its draft, and who has it where no step says so."""

    draft: str | None = None
    department: str = ""
    owner: int | None = None


def open_case(turn: Turn, procedure: Procedure, answers: Mapping[str, object], given: Opening | None = None) -> Case:
    """Open a case: number, row, first step, deadlines, audit and notices, all in this transaction."""
    given = given or Opening()
    answers = planned.prepared(turn, procedure, answers)
    received = answers.get("received_at")
    received_at = received if isinstance(received, datetime) else turn.now
    case = Case(
        procedure=procedure.key,
        number=_number(turn, procedure, answers),
        draft_id=given.draft,
        step=procedure.first_steps[0],
        department=given.department or str(answers.get("department") or ""),
        reporter_id=turn.person.id if turn.person else None,
        received_at=received_at,
        received_month=turn.company.month(received_at),
        answers=_plain(answers),
        created_at=turn.now,
        updated_at=turn.now,
    )
    write_columns(case, answers)
    filed = Happened("file", "", 1, turn.now, answers, turn.person.id if turn.person else None)
    facts = CaseFacts(
        number=case.number or "", step="", department="", severity=case.severity, received_at=received_at,
        filed_at=turn.now, answers=answers, history=(filed,), refusals=procedure.refusals,
    )  # fmt: skip
    _enter(turn, case, procedure, facts, procedure.first(facts))
    case.owner_id = given.owner or case.owner_id
    turn.uow.cases.add(case)
    turn.uow.case_terms.remember(case)
    turn.uow.cases.record(case, _action_row(turn, case, filed, moved=False))
    if (other := turn.uow.cases.find(str(answers.get("about") or ""))) is not None:
        turn.uow.cases.link(case.id, other.id, "about")
    facts = facts_of(turn, case, procedure)
    retime(turn, case, procedure, facts)
    sign_offs.ask(turn, case, procedure)
    turn.uow.audit.write_case(case, "file", turn.actor, data={"answers": case.answers})
    telling.tell_filed(turn, case, procedure, facts)
    returns.look(turn, case, "file")
    return case


def act(turn: Turn, case: Case, action: Action, answers: Mapping[str, object]) -> CaseFacts:
    """Do an action: permission and guards first, then everything it means, in this transaction.

    Raises RefusedError with the sentence for the person.
    """
    procedure = turn.company.handbook[case.procedure]
    principal = check(turn, case, procedure, action, answers)
    before, stood = facts_of(turn, case, procedure), snapshot(turn, case)
    kept = action.kept(answers)
    happened = Happened(action.key, case.step, before.round, turn.now, kept, turn.person.id if turn.person else None)
    # whatever may refuse comes before anything is written: what was refused leaves no trace
    signed = sign_offs.weigh(turn, case, action, principal) if action.signs else None
    _write(case, action, kept)
    facts = replace(before, history=(*before.history, happened), answers={**before.answers, **kept},
                    severity=case.severity)  # fmt: skip
    step = signed.leads_to if signed else action.to(facts) if callable(action.to) else action.to
    row = _action_row(turn, case, happened, moved=step is not None, principal=principal)
    row.before = stood
    if action.takes and turn.person is not None:
        case.owner_id = turn.person.id
    if step is not None:
        case.visit += 1
        _enter(turn, case, procedure, facts, step)
    effects.apply(turn, case, action, answers)
    case.updated_at = turn.now
    turn.uow.cases.record(case, row)
    if signed is not None:
        sign_offs.write(turn, row, action, signed)
    sign_offs.follow(turn, case, procedure, row)
    _settle(turn, case, procedure, action, hurried=bool(procedure.urgent(before)) != bool(procedure.urgent(facts)))
    told = {"answers": _plain(kept), **file_form(turn, case)}
    turn.uow.audit.write_case(case, action.key, turn.actor, principal.name if principal else "", data=told)
    facts = facts_of(turn, case, procedure)
    sign_offs.ask(turn, case, procedure)
    telling.tell_moved(turn, case, procedure, facts)
    watchers.tell(turn, case, procedure, facts)
    after_close.look(turn, case, facts)
    returns.look(turn, case, action.key)
    return facts


def check(
    turn: Turn, case: Case, procedure: Procedure, action: Action, answers: Mapping[str, object] | None = None
) -> Person | None:
    """Refuse what may not be done; otherwise say in whose place it is done, if in somebody's."""
    if action not in procedure.at(case.step):
        raise RefusedError(_too_late(turn, case, procedure, action))
    held: frozenset[Capacity] = frozenset()
    principal = None
    if turn.person is not None or turn.guest is not None:
        found = allowed(turn, case, action.by)
        if found is None:
            raise RefusedError(sign_offs.too_late(turn, case, action) or _denied(turn, case, action))
        held, principal = found.held, found.principal
    attempt = Attempt(now=turn.now, held=held, person=turn.person.id if turn.person else None, answers=answers or {})
    facts = facts_of(turn, case, procedure)
    for guard in action.guards:
        sentence = guard(facts, attempt)
        if sentence is not None:
            raise RefusedError(sentence)
    sign_offs.check(turn, case, action, acting=answers is not None)
    effects.may_apply(turn, case, action, attempt.answers)
    for deciding, other, decision in _signed_too(turn, case, action):
        check(deciding, other, turn.company.handbook[other.procedure], decision, {})
    return principal


def _too_late(turn: Turn, case: Case, procedure: Procedure, action: Action) -> Said:
    """Somebody else was faster (domain A5), or it belongs to another step."""
    last = next((row for row in reversed(done_on(turn, case)) if row.visit is not None), None)
    doer = turn.uow.organisation.person(last.by_id) if last is not None and last.by_id else None
    others = doer is not None and (turn.person is None or doer.id != turn.person.id)
    if last is not None and doer is not None and others and action in procedure.at(last.step):
        result = said(procedure.action[last.key].label)
        return said(N_("{name} dealt with it already, {time}: {result}."), name=doer.name, time=last.at, result=result)
    step = said(procedure.step[case.step].label)
    return said(N_("{n} is now at “{step}”; {action} is not possible there."), n=case.number or "", step=step,
                action=said(action.label))  # fmt: skip


CAPACITY_NAMES = {
    Capacity.HANDLER: N_("the handler"),
    Capacity.REPORTER: N_("the reporter"),
    Capacity.MEMBER: N_("the department"),
    Capacity.HOLDER_LEAD: N_("the head of the department"),
    Capacity.SALES: N_("sales"),
    Capacity.SALES_LEAD: N_("the sales lead"),
    Capacity.QA: N_("quality"),
    Capacity.QA_LEAD: N_("the quality lead"),
    Capacity.SERVICE_ENGINEER: N_("the service engineer"),
    Capacity.OFFICE: N_("the office"),
    Capacity.OFFICE_LEAD: N_("the head of the office"),
    Capacity.DEPUTY_GM: N_("the deputy general manager"),
    Capacity.GM: N_("the general manager"),
    Capacity.ADMIN: N_("the administrator"),
    Capacity.CUSTOMER: N_("the customer"),
    Capacity.SIGNER: N_("whoever is asked to decide"),
    Capacity.ANYONE: N_("anyone"),
}


def _denied(turn: Turn, case: Case, action: Action) -> Said:
    """Say who may do it; that somebody tried is written down."""
    turn.uow.audit.write_case(case, "denied", turn.actor, data={"denied": action.key})
    owner = turn.uow.organisation.person(case.owner_id) if case.owner_id else None
    department = turn.uow.organisation.department(case.department)
    holder = owner.name if owner else (department.name if department else "")
    needed = tuple(said(CAPACITY_NAMES[capacity]) for capacity in Capacity if capacity in action.by)
    return said(N_("This is for {role} to do; {owner} has the case now."), role=needed, owner=holder)


def _enter(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts, key: str) -> None:
    """Stand at a step: its department has the case; without an owner of its own, whoever takes it there."""
    step = procedure.step[key]
    holder = step.holder(facts) if callable(step.holder) else step.holder
    changed = bool(holder) and holder != case.department
    case.step = key
    if holder:
        case.department = holder
    case.closed_at = turn.now if step.ending else None
    if step.ending:
        return
    if changed:
        case.owner_id = _natural_owner(turn, case, facts) if step.owned else None


def _natural_owner(turn: Turn, case: Case, facts: CaseFacts) -> int | None:
    """Back in a department: whoever acts if they belong there, else the reporter, else nobody yet."""
    for person in (turn.person, turn.uow.organisation.person(case.reporter_id or 0)):
        if person is not None and person.department == case.department:
            return person.id
    return None


def _write(case: Case, action: Action, answers: Mapping[str, object]) -> None:
    if action.form is not None and action.effect is None:
        write_columns(case, answers)
        case.answers = {**case.answers, **_plain(answers)}


def _settle(turn: Turn, case: Case, procedure: Procedure, action: Action, *, hurried: bool) -> None:
    """Spawn what it calls for, complete what it completes, and let the deadlines see it."""
    facts = facts_of(turn, case, procedure)
    for spawn in action.spawns(facts) if action.spawns else ():
        _spawn(turn, case, spawn)
    if action.also is not None:
        _also(turn, case, *action.also)
    for deciding, other, decision in _signed_too(turn, case, action):
        act(deciding, other, decision, {})
    if action.completes:
        _complete(turn, case, action.completes, facts.latest.answers)
    for kind in action.drops(facts) if action.drops else ():
        _end_tasks(turn, case, kind, ("cancel_task", "cancelled"))
    facts = facts_of(turn, case, procedure)
    for ended in retime(turn, case, procedure, facts, hurried=hurried):
        if ended.late:
            tell_cleared(turn, case, procedure, ended)


def _spawn(turn: Turn, case: Case, spawn: Spawn) -> Case:
    answers = {"kind": spawn.kind, "title": spawn.title, "due": spawn.due, "for_case": case.number, **spawn.answers}
    procedure = turn.company.handbook[spawn.procedure]
    task = open_case(turn, procedure, answers, Opening(department=spawn.department))
    turn.uow.cases.link(case.id, task.id, "spawned")
    telling.tell_receipt(turn, task, procedure)
    if procedure.key == corrective.PROCEDURE:
        corrective.carry_photos(turn, case, task)
    return task


def _also(turn: Turn, case: Case, kind: str, key: str) -> None:
    """The same is done on the cases that are linked so, where it can be; undone together with it."""
    for link in turn.uow.cases.links_of(case.id):
        other = turn.uow.cases.get(link.other_id)
        if link.case_id != case.id or link.kind != kind or other is None:
            continue
        procedure = turn.company.handbook[other.procedure]
        action = procedure.action.get(key)
        if action is None or not isinstance(action.to, str) or action not in procedure.at(other.step):
            continue
        _move(turn, other, (key, action.to), {"by_case": case.number})
        telling.tell_moved(turn, other, procedure, facts_of(turn, other, procedure))


def _signed_too(turn: Turn, case: Case, action: Action) -> list[tuple[Turn, Case, Action]]:
    """A decision on several cases is one on each of them that waits for it; all were shown on one card."""
    if action.effect is not Effect.APPROVE_ALL or action.also is None:
        return []
    found = []
    for waiting in jointly.waiting(turn, case, {person.id for person in acting_as(turn)}):
        decision = turn.company.handbook[waiting.case.procedure].action[action.also[1]]
        found.append((replace(turn, seen=waiting.asked.sha256), waiting.case, decision))
    return found


def _move(turn: Turn, case: Case, how: tuple[str, str], answers: Mapping[str, object]) -> None:
    """A case moves with what was done on another, in this transaction."""
    key, step = how
    procedure = turn.company.handbook[case.procedure]
    facts = facts_of(turn, case, procedure)
    happened = Happened(key, case.step, facts.round, turn.now, answers, turn.person.id if turn.person else None)
    stood = snapshot(turn, case)
    row = _action_row(turn, case, happened, moved=True)
    row.before = stood
    case.visit += 1
    _enter(turn, case, procedure, facts, step)
    turn.uow.cases.record(case, row)
    sign_offs.follow(turn, case, procedure, row)
    retime(turn, case, procedure, facts_of(turn, case, procedure))
    sign_offs.ask(turn, case, procedure)
    turn.uow.audit.write_case(case, key, turn.actor, data=dict(answers))


def _complete(turn: Turn, case: Case, kind: str, answers: Mapping[str, object]) -> None:
    """The linked tasks of a kind are done with this action, and take its answers over: in this transaction."""
    for task in _open_tasks(turn, case, kind):
        procedure = turn.company.handbook[task.procedure]
        task.answers = {**task.answers, **_plain(answers)}
        to = procedure.action["done"].to
        step = to(facts_of(turn, task, procedure)) if callable(to) else to
        _move(turn, task, ("done", step or task.step), {**answers, "by_case": case.number})


def _end_tasks(turn: Turn, case: Case, kind: str, how: tuple[str, str]) -> None:
    """The linked tasks of a kind are not needed any more: ended in this transaction."""
    for task in _open_tasks(turn, case, kind):
        _move(turn, task, how, {"by_case": case.number})


def _open_tasks(turn: Turn, case: Case, kind: str) -> Iterator[Case]:
    for link in turn.uow.cases.links_of(case.id):
        task = turn.uow.cases.get(link.other_id)
        if link.case_id == case.id and task is not None and task.kind == kind and task.closed_at is None:
            yield task


def _action_row(
    turn: Turn, case: Case, happened: Happened, *, moved: bool, principal: Person | None = None
) -> rows.Action:
    return rows.Action(
        step=happened.step,
        visit=case.visit if moved else None,
        key=happened.key,
        round=happened.round,
        answers=_plain(happened.answers),
        by_id=happened.by,
        on_behalf_of_id=principal.id if principal else None,
        surface=turn.surface,
        event_key=turn.event_key,
        at=turn.now,
    )


def _number(turn: Turn, procedure: Procedure, answers: Mapping[str, object]) -> str:
    if procedure.numbered is not None:
        return procedure.numbered(answers)
    prefix = procedure.prefixes.get(str(answers.get("kind", "")), procedure.prefix)
    return turn.uow.numbers.issue(f"{prefix}-{turn.today.year}")


def _plain(answers: Mapping[str, object]) -> dict[str, object]:
    return cast("dict[str, object]", dump(dict(answers)))
