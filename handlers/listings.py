"""Looking: my cases, what is overdue, one case in full, why it is due when it is, the steps, the rules."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from conversations.procedure import Procedure
from conversations.replies import Button, Reply, say
from conversations.rules import cited
from conversations.words import N_, Left, Over, Said, Value, people, said
from handlers import flows, happened, receipts, sign_offs, telling
from handlers.facts import facts_of
from handlers.forms import form_of
from handlers.lateness import amount
from handlers.outcomes import all_buttons, next_buttons
from handlers.planned import SURVEYS
from handlers.standing import acting_as, may_see
from handlers.surveys import running
from handlers.timing import explanation_of, rule_for
from handlers.turn import Turn
from notifications import surveys
from storage.cases import Case
from storage.deadlines import Deadline

MOST = 10
NOTHING_DUE = said(N_("There is nothing for you to handle at present."))


def mine(turn: Turn) -> Reply:
    """我的事项: what waits for me, then what I reported, the nearest deadline first."""
    if turn.person is None:
        return say(NOTHING_DUE)
    cases = turn.uow.cases
    mine = [*to_sign(turn), *cases.open_of(owner=turn.person.id), *_unowned(turn)]
    waiting = list({case.id: case for case in mine}.values())
    reported = [case for case in cases.open_of(reporter=turn.person.id) if case not in waiting]
    if not waiting and not reported:
        return say(NOTHING_DUE)
    lines = [said(N_("Waiting for you: {n}"), n=len(waiting)), *_rows(turn, waiting)]
    if reported:
        lines += [said(N_("Reported by you: {n}"), n=len(reported)), *_rows(turn, reported)]
    return say(*lines, buttons=_details(*waiting[:MOST]))


def near(turn: Turn) -> list[Case]:
    """The open cases that a person has to do with: has, reported, or are their department's; each once."""
    if turn.person is None:
        return []
    cases = turn.uow.cases
    found = [
        *cases.open_of(owner=turn.person.id),
        *cases.open_of(reporter=turn.person.id),
        *cases.open_of(department=turn.person.department),
        *to_sign(turn),
    ]
    return list({case.id: case for case in found}.values())


def to_sign(turn: Turn) -> list[Case]:
    """What the person is asked to decide, in their own right or for somebody who is away."""
    waiting = turn.uow.sign_offs.waiting_for(person.id for person in acting_as(turn))
    return [case for case_id in waiting if (case := turn.uow.cases.get(case_id)) is not None]


def _unowned(turn: Turn) -> list[Case]:
    department = turn.person.department if turn.person else ""
    return [case for case in turn.uow.cases.open_of(department=department) if case.owner_id is None]


def overdue(turn: Turn) -> Reply:
    """本部门超期: what the department has and should have done already."""
    department = turn.person.department if turn.person else ""
    late = [case for case in turn.uow.cases.open_of(department=department) if case.due_at and case.due_at < turn.now]
    if not late:
        return say(said(N_("Nothing of your department is overdue.")))
    return say(
        said(N_("Overdue in your department: {n}"), n=len(late)), *_rows(turn, late), buttons=_details(*late[:MOST])
    )


def _rows(turn: Turn, cases: Sequence[Case]) -> list[Said]:
    rows = [row_of(turn, case) for case in cases[:MOST]]
    if len(cases) > MOST:
        rows.append(said(N_("… and {n} more."), n=len(cases) - MOST))
    return rows


def row_of(turn: Turn, case: Case) -> Said:
    """One case in a line: number, whose, what, where it stands, the time left."""
    procedure = turn.company.handbook[case.procedure]
    card = telling.about(turn, case, procedure, taps=False)
    values: dict[str, Value] = {"n": card.number, "c": people(card.customer), "h": card.headline, "step": card.step}
    if case.due_at is None:
        return Said(N_("{n} {c} · {h} · {step}"), values)
    span = Left(case.due_at - turn.now) if case.due_at >= turn.now else Over(turn.now - case.due_at)
    return Said(N_("{n} {c} · {h} · {step} · {span}"), {**values, "span": span})


def _details(*cases: Case) -> tuple[Button, ...]:
    return tuple(Button("details", people(case.number or ""), case.number or "") for case in cases)


def find(turn: Turn, text: str) -> list[Case]:
    """The cases a person may mean by a number or its tail, as far as that person may see them.

    That somebody asked for one they may not see is written down, as whatever else is denied.
    """
    exact = turn.uow.cases.find(text.strip().upper())
    found = [exact] if exact else [*turn.uow.cases.tail(text)]
    seen = [case for case in found if may_see(turn, case)]
    for case in found if not seen else ():
        turn.uow.audit.write_case(case, "denied", turn.actor, data={"denied": "look"})
    return seen


def followed(turn: Turn, case: Case) -> Case:
    """The case that a merged one was merged into, and so on; the case itself when it was not (U-25)."""
    while (target := merged_into(turn, case)) is not None:
        case = target
    return case


def merged_into(turn: Turn, case: Case) -> Case | None:
    """Where a merged case went."""
    gone = [link for link in turn.uow.cases.links_of(case.id) if (link.kind, link.case_id) == ("merged_into", case.id)]
    return turn.uow.cases.get(gone[-1].other_id) if gone else None


def _repeated(turn: Turn, case: Case) -> list[str]:
    """The numbers of the cases that this one repeats."""
    ties = [tie for tie in turn.uow.cases.links_of(case.id) if (tie.kind, tie.case_id) == ("repeat_of", case.id)]
    return [found.number or "" for tie in ties if (found := turn.uow.cases.get(tie.other_id)) is not None]


def not_found(text: str) -> Reply:
    """Nothing that this person may see is called so."""
    return say(said(N_("No case “{text}” that you may see. Type its number, for example 82."), text=text))


def details(turn: Turn, case: Case) -> Reply:
    """One case: what it is, where it stands, its deadlines, and what was done."""
    procedure = turn.company.handbook[case.procedure]
    card = telling.about(turn, case, procedure, facts_of(turn, case, procedure))
    lines = [
        said(N_("{n} {c} · {step}"), n=card.number, c=people(card.customer), step=card.step),
        card.headline,
    ]
    target = merged_into(turn, case)
    if target is not None:
        lines.append(said(N_("Merged into {n}"), n=target.number or ""))
    lines += [said(N_("Repeats {n}"), n=number) for number in _repeated(turn, case)]
    if card.owner:
        lines.append(said(N_("Handler: {name}"), name=card.owner))
    lines += _answered_lines(turn, case)
    lines += _corrective_lines(turn, case)
    lines += [_standing_line(turn, procedure, row) for row in turn.uow.deadlines.of(case.id)]
    lines += sign_offs.told(turn, case)
    lines += receipts.told(turn, case)
    lines += happened.lines_of(turn, case, procedure)
    return say(*lines, buttons=next_buttons(turn, case))


def _answered_lines(turn: Turn, case: Case) -> list[Said]:
    """Of a survey that was sent how many have answered, never who of our own people, or what."""
    campaign = turn.uow.surveys.of_case(case.id) if case.procedure in SURVEYS else None
    if campaign is None:
        return []
    period, rate = str(case.answers.get("period") or ""), turn.uow.surveys.rate(campaign)
    return [surveys.standing(case.number or "", period, rate, running.wanted_rate(turn, case))]


def _corrective_lines(turn: Turn, case: Case) -> list[Said]:
    """What was done against it and where that stands, for ever; and what should have kept it from coming back."""
    lines = []
    for link in turn.uow.cases.links_of(case.id):
        other = turn.uow.cases.get(link.other_id)
        if link.case_id != case.id or other is None or not (other.number or "").startswith("JZ-"):
            continue
        step = said(turn.company.handbook[other.procedure].step[other.step].label)
        known = N_("Corrective action {n}: {step}") if link.kind == "spawned" else N_("Back in spite of {n}: {step}")
        lines.append(said(known, n=other.number or "", step=step))
    return lines


STATES = {
    "running": N_("within the time"),
    "late": N_("overdue"),
    "paused": N_("paused (waiting for the customer)"),
    "met": N_("met"),
    "breached_met": N_("done overdue"),
    "cancelled": N_("cancelled"),
}


def _standing_line(turn: Turn, procedure: Procedure, row: Deadline) -> Said:
    late = row.state == "running" and row.due_at < turn.now
    state = said(STATES["late" if late else row.state])
    needs = said(procedure.deadline[row.key].needs)
    return said(N_("{t}: {due} · {state}"), t=needs, due=row.due_at, state=state)


def actions(turn: Turn, case: Case) -> Reply:
    """Everything that can be done with a case now, by this person."""
    buttons = all_buttons(turn, case)
    if not buttons:
        return say(said(N_("There is nothing for you to do on {n} now."), n=case.number or ""))
    return say(said(N_("What would you like to do with {n}?"), n=case.number or ""), buttons=buttons)


def why(turn: Turn, case: Case) -> Reply:
    """为什么: every running due time of a case explained step by step; the ended ones when none runs."""
    procedure = turn.company.handbook[case.procedure]
    rows = turn.uow.deadlines.running(case.id) or turn.uow.deadlines.of(case.id)
    lines: list[Said] = []
    for row in rows:
        lines.append(_standing_line(turn, procedure, row))
        lines += cast("tuple[Said, ...]", explanation_of(row))
    return say(*(lines or [said(N_("{n} has no deadline."), n=case.number or "")]))


def flow(turn: Turn, case: Case | None) -> Reply:
    """流程图: the real steps of the procedure and what leads where (M-54)."""
    procedure = turn.company.handbook[case.procedure if case else "complaint"]
    lines = [said(procedure.title)]
    for step in procedure.steps:
        ways = [
            said(N_("{action} → {steps}"), action=said(a.label), steps=_labels(procedure, a.moves_from(step.key)))
            for a in procedure.at(step.key)
            if a.moves_from(step.key)
        ]
        here = case is not None and case.step == step.key
        mark = N_("▶ {step}: {ways}") if here else N_("· {step}: {ways}")
        if ways:
            lines.append(said(mark, step=said(step.label), ways=tuple(ways)))
    if flows.want(turn, procedure.key, case):
        lines.append(said(N_("The picture follows.")))
    return say(*lines)


def _labels(procedure: Procedure, steps: tuple[str, ...]) -> tuple[Said, ...]:
    return tuple(said(procedure.step[step].label) for step in steps)


def rules(turn: Turn) -> Reply:
    """规则: every number with its clause; the company's own ones are marked."""
    lines = [said(N_("Rules in force today"))]
    for procedure in turn.company.handbook.procedures:
        for rule in procedure.rules:
            held = rule_for(turn, procedure, rule.key, "")
            clause = cited(rule.clause)
            span = amount(held)
            lines.append(said(N_("{label}: {span} ({clause})"), label=said(rule.label), span=span, clause=clause))
    return say(*lines)


DUTY_DAYS = 7


def duty(turn: Turn) -> Reply:
    """值班: who is on duty today and in the next days."""
    lines = []
    for ahead in range(DUTY_DAYS):
        day = turn.today + timedelta(days=ahead)
        names = tuple(people(person.name) for person in turn.uow.organisation.on_duty(day))
        if names:
            lines.append(said(N_("On duty {day}: {names}"), day=day, names=names))
    return say(*(lines or [said(N_("Nobody is on duty in the next {n} days."), n=DUTY_DAYS)]))


def drafts(turn: Turn) -> Reply:
    """草稿: what was begun and not filed."""
    rows = turn.uow.drafts.of(turn.person.id) if turn.person else []
    if not rows:
        return say(said(N_("You have no drafts.")))
    lines = []
    for row in rows:
        title = said(form_of(turn, row).title)
        lines.append(said(N_("{form}, last changed {time}"), form=title, time=row.updated_at))
    return say(*lines, buttons=(Button("resume", said(N_("Go on"))),))
