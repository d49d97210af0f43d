"""A procedure as people look at it (M-54): its steps in their order, and which action leads where, in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from conversations.plain import Json
from conversations.procedure import OPEN, Action, Deadline, Procedure, Step
from conversations.rules import Rule
from conversations.sign_off import Needs, SignOff
from conversations.words import N_, Said, said
from reports.words import Words

ANY_DAY = datetime(1970, 1, 1, tzinfo=UTC)
LANGUAGES = ("zh", "en")
NEEDS = {
    Needs.ALL: N_("all approve"),
    Needs.ANY: N_("one decides"),
    Needs.MAJORITY: N_("majority"),
    Needs.QUORUM: N_("quorum of {n}"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """One step: its name, what stands under it, whether cases begin or end there, and whether one stands there now."""

    key: str
    label: str
    notes: tuple[str, ...]
    first: bool
    ending: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """From step to step, by which actions."""

    source: str
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A procedure, ready to be drawn: steps, ways, and what can be done at every step."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    anywhere: tuple[str, ...]


def flow_of(procedure: Procedure, language: str, departments: dict[str, str], here: str = "") -> Flow:
    """The real state machine of a declaration, in one language; ``here`` is the step where a case stands."""
    words = Words(ZoneInfo("UTC"))

    def say(sentence: Said) -> str:
        return words.say(sentence, language, ANY_DAY)

    ways: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    anywhere = []
    for action in procedure.actions:
        label = say(said(action.label))
        if OPEN in action.at and not action.leads_from:
            anywhere += [say(said(N_("At every step: {action} → {step}"), action=said(action.label),
                                  step=said(procedure.step[to].label))) for to in action.destinations]  # fmt: skip
            continue
        for step in procedure.steps:
            if action in procedure.at(step.key):
                for to in action.moves_from(step.key):
                    if to != step.key:
                        ways[step.key, to].append(label)
    nodes = tuple(
        Node(step.key, say(said(step.label)), tuple(map(say, _notes(step, departments))),
             step.key in procedure.first_steps, step.ending, step.key == here)
        for step in procedure.steps
    )  # fmt: skip
    joined = {pair: say(said("{items}", items=tuple(dict.fromkeys(labels)))) for pair, labels in ways.items()}
    return Flow(say(said(procedure.title)), nodes, tuple(Edge(*pair, text) for pair, text in joined.items()),
                tuple(anywhere))  # fmt: skip


def _notes(step: Step, departments: dict[str, str]) -> list[Said]:
    notes = []
    holder = step.holder if isinstance(step.holder, str) else ""
    parts = [departments.get(holder, holder), step.clause]
    text = " · ".join(part for part in parts if part)
    if text:
        notes.append(Said("{text}", {"text": text}))
    if step.sign_off is not None:
        notes.append(said(N_("Sign-off: {needs}"), needs=said(NEEDS[step.sign_off.needs], n=step.sign_off.quorum)))
    return notes


def as_json(procedure: Procedure) -> dict[str, Json]:
    """A declared procedure as a program reads it: steps, actions, deadlines and roles, names in both languages."""
    return {
        "key": procedure.key,
        "name": _both(procedure.title),
        "prefix": procedure.prefix,
        "form": procedure.form_number,
        "clause": procedure.clause,
        "starts_with": list(procedure.first_steps),
        "steps": [_step(step) for step in procedure.steps],
        "actions": [_action(action) for action in procedure.actions],
        "deadlines": [_deadline(procedure, deadline) for deadline in procedure.deadlines],
        "roles": _roles(procedure),
    }  # fmt: skip


def _action(action: Action) -> dict[str, Json]:
    return {
        "key": action.key,
        "name": _both(action.label),
        "at": [*action.at],
        "by": [*sorted(map(str, action.by))],
        "leads_to": [*action.destinations],
        "clause": action.clause,
    }


def _both(message: str) -> dict[str, Json]:
    words = Words(ZoneInfo("UTC"))
    return {language: words.say(said(message), language, ANY_DAY) for language in LANGUAGES}


def _step(step: Step) -> dict[str, Json]:
    return {
        "key": step.key,
        "name": _both(step.label),
        "owner": step.holder if isinstance(step.holder, str) else step.holder.__name__,
        "clause": step.clause,
        "ending": step.ending,
        "sign_off": _sign_off(step.sign_off) if step.sign_off else None,
    }


def _sign_off(declared: SignOff) -> dict[str, Json]:
    asked: list[Json] = (
        [declared.signers.__name__]
        if callable(declared.signers)
        else [
            signer.role or signer.head_of or signer.named_in or f"person {signer.person}" for signer in declared.signers
        ]
    )
    return {
        "signers": asked,
        "needs": declared.needs.value,
        "quorum": declared.quorum or None,
        "shows": list(declared.shows),
        "proposed_by": list(declared.proposed_by),
        "approved": declared.approved,
        "refused": declared.refused,
        "deadline": declared.deadline,
    }


def _deadline(procedure: Procedure, deadline: Deadline) -> dict[str, Json]:
    rule: Rule = next(rule for rule in procedure.rules if rule.key == deadline.rule)
    return {
        "key": deadline.key,
        "needs": _both(deadline.needs),
        "rule": rule.key,
        "value": str(rule.value),
        "unit": rule.unit,
        "basis": rule.basis.value,
        "clause": rule.clause,
        "within": deadline.within or None,
    }


def _roles(procedure: Procedure) -> list[Json]:
    """Everyone who can do anything in it: the capacities of its actions, and the roles that its sign-offs name."""
    capacities = {str(capacity) for action in procedure.actions for capacity in action.by}
    asked = (step.sign_off.signers for step in procedure.steps if step.sign_off is not None)
    named = {signer.role for signers in asked if not callable(signers) for signer in signers if signer.role}
    return [*sorted({*capacities, *map(str, procedure.starts), *named})]
