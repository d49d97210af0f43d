"""Sign-offs: people are asked side by side, and what they decide holds for exactly what they were shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from conversations.facts import CaseFacts
from conversations.procedure import Action, Procedure
from conversations.replies import Reply, say
from conversations.sign_off import Decision, Needs, Tally, verdict
from conversations.sign_off import SignOff as Declared
from conversations.words import N_, Said, Value, people, said
from handlers import jointly, telling
from handlers.addresses import person_address
from handlers.facts import facts_of
from handlers.outgoing import STEP, URGENT, How
from handlers.refusals import RefusedError
from handlers.shown import content_of, lines_of
from handlers.signers import signers_of
from handlers.standing import acting_as
from handlers.turn import Turn
from notifications import decisions
from notifications.notices import Notice
from storage import cases as rows
from storage.cases import Case
from storage.organisation import Person
from storage.sign_offs import APPROVED, OPEN, OVER, REFUSED, VOID, SignOff, SignOffDecision, content_hash

ENDS = {Decision.APPROVE: APPROVED, Decision.REFUSE: REFUSED}


@dataclass(frozen=True, slots=True)
class Signed:
    """A decision about to be written: on what, of which request, and what all decisions then come to."""

    sign_off: SignOff
    request: int
    joint: Decision | None
    leads_to: str | None


def declared_at(turn: Turn, case: Case) -> Declared | None:
    """The sign-off of the step where a case stands."""
    step = turn.company.handbook[case.procedure].step.get(case.step)
    return step.sign_off if step is not None else None


def check(turn: Turn, case: Case, action: Action, *, acting: bool) -> None:
    """Refuse whoever proposed it and, when it is done, whoever did not see what is decided."""
    current = turn.uow.sign_offs.open_of(case.id)
    if action.signs is None or turn.person is None or current is None:
        return
    declared = declared_at(turn, case)
    if declared is not None and turn.person.id in _barred(case, declared, current.proposer_id):
        raise RefusedError(said(N_("You proposed it or did it yourself: somebody else decides.")))
    if acting and turn.seen != current.sha256:
        raise RefusedError(CHANGED)


CHANGED = said(N_("It was changed since it was shown to you. Please look at it again, then decide."))


def has_seen(turn: Turn, case: Case) -> bool:
    """Whether the person was shown exactly what is to be decided now."""
    current = turn.uow.sign_offs.open_of(case.id)
    return current is not None and turn.seen == current.sha256


def show(turn: Turn, case: Case) -> Reply:
    """What is to be decided, with its two buttons; nobody decides on what they have not been shown."""
    current = turn.uow.sign_offs.open_of(case.id)
    if current is None:
        raise RefusedError(said(N_("You are not asked to sign {n}."), n=case.number or ""))
    notice = card(turn, case, current)
    head = (CHANGED,) if turn.seen else ()
    return say(*head, notice.title, *notice.lines, buttons=notice.buttons)


def too_late(turn: Turn, case: Case, action: Action) -> Said | None:
    """Who decided in this person's place already, when and what; None when nobody did."""
    current = turn.uow.sign_offs.open_of(case.id)
    if action.signs is None or current is None or turn.person is None:
        return None
    theirs = {person.id for person in acting_as(turn)}
    mine = {request.id for request in turn.uow.sign_offs.requests(current) if request.signer_id in theirs}
    given = [decision for decision in turn.uow.sign_offs.decisions(current) if decision.request_id in mine]
    if not given:
        return None
    doer = turn.uow.organisation.person(given[-1].by_id)
    name = doer.name if doer is not None else ""
    return said(N_("{name} dealt with it already, {time}: {result}."), name=name, time=given[-1].at,
                result=said(DECIDED[given[-1].decision]))  # fmt: skip


DECIDED = {"approve": N_("Approved"), "refuse": N_("Refused")}


def weigh(turn: Turn, case: Case, action: Action, principal: Person | None) -> Signed:
    """What this decision makes of the sign-off, before it is written."""
    sign_offs, person = turn.uow.sign_offs, principal or turn.person
    current = sign_offs.open_of(case.id)
    waiting = sign_offs.waiting(current) if current is not None else []
    request = next((asked for asked in waiting if person is not None and asked.signer_id == person.id), None)
    if current is None or request is None or action.signs is None:
        raise RefusedError(said(N_("You are not asked to sign {n}."), n=case.number or ""))
    said_so = [Decision(given.decision) for given in sign_offs.decisions(current)]
    every = [*said_so, action.signs]
    tally = Tally(len(waiting) + len(said_so), every.count(Decision.APPROVE), every.count(Decision.REFUSE))
    joint, declared = verdict(Needs(current.needs), current.quorum, tally), declared_at(turn, case)
    return Signed(current, request.id, joint, declared.leads_to(joint) if declared and joint else None)


def write(turn: Turn, row: rows.Action, action: Action, signed: Signed) -> None:
    """Write a decision down beside its action; the last one that was needed ends the sign-off."""
    if action.signs is None or row.by_id is None:
        return
    turn.uow.sign_offs.decide(
        SignOffDecision(
            request_id=signed.request, action_id=row.id, decision=action.signs.value, comment=_comment(row),
            by_id=row.by_id, on_behalf_of_id=row.on_behalf_of_id, sha256=signed.sign_off.sha256, at=turn.now,
        )
    )  # fmt: skip
    if signed.joint is not None:
        _end(turn, signed.sign_off, ENDS[signed.joint])


def _comment(row: rows.Action) -> str:
    """The words that came with a decision."""
    return " · ".join(value for value in row.answers.values() if isinstance(value, str) and value)


def follow(turn: Turn, case: Case, procedure: Procedure, row: rows.Action | None = None) -> None:
    """Keep what was asked in step with the case: void what was changed, end what nobody waits for.

    What was approved and then changed needs its approval again: the case goes back to that step.
    """
    if not any(step.sign_off for step in procedure.steps):
        return
    current = turn.uow.sign_offs.open_of(case.id)
    if current is not None and current.step != case.step:
        _end(turn, current, OVER)
    facts = facts_of(turn, case, procedure)
    changed = [asked for asked in _standing(turn, case, facts.round) if _changed(turn, case, procedure, asked, facts)]
    for asked in changed:
        _void(turn, case, procedure, asked)
    # where several count for nothing now, everybody is asked again in the order of before
    if changed and row is not None and changed[0].step != case.step and case.closed_at is None:
        case.step = changed[0].step
        if row.visit is None:
            row.visit, case.visit = case.visit, case.visit + 1


def _changed(turn: Turn, case: Case, procedure: Procedure, asked: SignOff, facts: CaseFacts) -> bool:
    """Whether what is to be signed is no more what was shown."""
    declared = procedure.step[asked.step].sign_off if asked.step in procedure.step else None
    if declared is None:
        return False
    return content_hash(content_of(turn, case, procedure, declared, facts)) != asked.sha256


def ask(turn: Turn, case: Case, procedure: Procedure) -> None:
    """Ask everyone, where the case stands at a sign-off and nobody is asked yet; its deadline runs by then."""
    declared = declared_at(turn, case)
    if declared is not None and turn.uow.sign_offs.open_of(case.id) is None and case.closed_at is None:
        _ask(turn, case, procedure, declared)


def _standing(turn: Turn, case: Case, round_: int) -> list[SignOff]:
    """The newest of each step that is open, or was approved in this round."""
    newest = {asked.step: asked for asked in turn.uow.sign_offs.of(case.id)}
    return [asked for asked in newest.values() if asked.state in (OPEN, APPROVED) and asked.round == round_]


def _end(turn: Turn, asked: SignOff, state: str) -> None:
    asked.state, asked.ended_at = state, turn.now
    turn.uow.outbox.cancel_subject(f"sign_off:{asked.id}")


def _void(turn: Turn, case: Case, procedure: Procedure, asked: SignOff) -> None:
    """Whoever decided hears that it counts for nothing now, and why."""
    _end(turn, asked, VOID)
    notice = decisions.void(telling.about(turn, case, procedure))
    for given in turn.uow.sign_offs.decisions(asked):
        person = turn.uow.organisation.person(given.by_id)
        if person is not None and (turn.person is None or person.id != turn.person.id):
            to = [person_address(turn, person, "signers")]
            telling.queue(turn, case, notice, to, How(key=f"sign_off/{asked.id}/void"))
    turn.uow.audit.write_case(case, "sign-off void", turn.actor, data={"sign_off": asked.id, "sha256": asked.sha256})


def _ask(turn: Turn, case: Case, procedure: Procedure, declared: Declared) -> None:
    """Ask everyone at once, each by a card that shows what is to be decided and is bound to it."""
    facts = facts_of(turn, case, procedure)
    shown = content_of(turn, case, procedure, declared, facts)
    proposer = _proposer(facts, declared)
    asked = SignOff(
        case_id=case.id, revision=len(turn.uow.sign_offs.of(case.id)) + 1, step=case.step, round=facts.round,
        needs=declared.needs.value, quorum=declared.quorum, proposer_id=proposer, shown=shown,
        sha256=content_hash(shown), opened_at=turn.now,
    )  # fmt: skip
    signers = signers_of(turn, case, declared.asked(facts), _barred(case, declared, proposer))
    turn.uow.sign_offs.ask(asked, {person.id: role for person, role in signers})
    survey = jointly.survey_of(turn, case)
    together = jointly.card(turn, survey, [person for person, _ in signers]) if survey is not None else None
    notice = together or card(turn, case, asked)
    how = How(
        key=f"sign_off/{asked.id}", subject=f"sign_off:{asked.id}", card=f"sign_off:{(survey or case).id}",
        priority=URGENT if procedure.urgent(facts) else STEP,
    )  # fmt: skip
    telling.queue(turn, case, notice, [person_address(turn, person, "signers") for person, _ in signers], how)
    audited = {"sign_off": asked.id, "sha256": asked.sha256, "signers": [person.name for person, _ in signers]}
    turn.uow.audit.write_case(case, "sign-off", turn.actor, data=audited)


def _barred(case: Case, declared: Declared, proposer: int | None) -> frozenset[int | None]:
    owner = None if declared.owner_may else case.owner_id
    return frozenset({proposer, owner}) - {None}


def _proposer(facts: CaseFacts, declared: Declared) -> int | None:
    proposed = [happened for happened in facts.history if happened.key in declared.proposed_by]
    return proposed[-1].by if proposed else None


def card(turn: Turn, case: Case, asked: SignOff) -> Notice:
    """The question with all that it is about, and the two buttons, bound to it."""
    procedure = turn.company.handbook[case.procedure]
    bound = [
        (f"{action.key}:{asked.sha256}", said(action.label))
        for action in procedure.at(asked.step)
        if action.signs is not None
    ]
    return decisions.sign(telling.about(turn, case, procedure), lines_of(turn, case, procedure, asked.shown),
                        tuple(bound), _due(turn, case, procedure, asked))  # fmt: skip


def _due(turn: Turn, case: Case, procedure: Procedure, asked: SignOff) -> datetime | None:
    """By when it is to be decided."""
    declared = procedure.step[asked.step].sign_off
    running = (row for row in turn.uow.deadlines.running(case.id) if declared and row.key == declared.deadline)
    return next((row.due_at for row in running), None)


def taken_back(turn: Turn, case: Case, action: rows.Action) -> None:
    """An action was undone: its decision counts no more, and what is asked follows the case as it stands again."""
    given = turn.uow.sign_offs.by_action(action.id)
    asked = turn.uow.sign_offs.of_decision(given) if given is not None else None
    if given is not None and asked is not None:
        given.undone_at = turn.now
        current = turn.uow.sign_offs.open_of(case.id)
        if current is not None and current.id != asked.id:
            _end(turn, current, OVER)
        asked.state, asked.ended_at = OPEN, None
    procedure = turn.company.handbook[case.procedure]
    follow(turn, case, procedure)
    ask(turn, case, procedure)


def told(turn: Turn, case: Case) -> Iterator[Said]:
    """Who is asked about a case and what each has said, as its details show it."""
    asked = turn.uow.sign_offs.open_of(case.id)
    every = turn.uow.sign_offs.of(case.id)
    asked = asked or (every[-1] if every and every[-1].state in (APPROVED, REFUSED) else None)
    if asked is None:
        return
    given = {decision.request_id: decision for decision in turn.uow.sign_offs.decisions(asked)}
    for request in turn.uow.sign_offs.requests(asked):
        person = turn.uow.organisation.person(request.signer_id)
        name = person.name if person is not None else ""
        if request.id in given:
            yield decided_line(turn, given[request.id])
        elif asked.state == OPEN:
            yield said(N_("Sign-off: {name} has not decided yet"), name=name)


def decided_line(turn: Turn, decision: SignOffDecision) -> Said:
    """One decision in a line: who, in whose place, what, when and why."""
    organisation = turn.uow.organisation
    doer, principal = organisation.person(decision.by_id), organisation.person(decision.on_behalf_of_id or 0)
    values: dict[str, Value] = {
        "name": people(doer.name if doer else ""), "result": said(DECIDED[decision.decision]), "time": decision.at,
    }  # fmt: skip
    if principal is not None:
        standing_in = N_("{name} (standing in for {principal})")
        values["name"] = said(standing_in, name=values["name"], principal=principal.name)
    if decision.comment:
        return Said(N_("Sign-off: {name}: {result}, {time} ({comment})"), {**values, "comment": decision.comment})
    return Said(N_("Sign-off: {name}: {result}, {time}"), values)
