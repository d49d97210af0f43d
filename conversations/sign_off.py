"""Sign-offs: several people must decide, in parallel, on exactly what they were shown (design 4, 会签 and 审批)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from conversations.escalation import STANDARD_TELLS, Target, Tells
from conversations.facts import CaseFacts
from conversations.permissions import ROLES


class Decision(StrEnum):
    """What a signer says."""

    APPROVE = "approve"
    REFUSE = "refuse"


class Needs(StrEnum):
    """How many of those who are asked decide it."""

    ALL = "all"
    ANY = "any"
    MAJORITY = "majority"
    QUORUM = "quorum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who is asked: everyone with a role, a department's head, one person, or all whom an answer names."""

    role: str = ""
    head_of: str = ""
    person: int | None = None
    named_in: str = ""


Signers: TypeAlias = tuple[Signer, ...]

HIGHER: Mapping[str, str] = {
    "qa": "qa_lead",
    "sales": "sales_lead",
    "tech": "tech_lead",
    "production": "production_lead",
    "purchasing": "purchasing_lead",
    "finance": "finance_lead",
    "office": "office_lead",
    "production_lead": "production_vp",
    "deputy_gm": "gm",
    "gm": "deputy_gm",
}
"""Who decides instead where the approver is the proposer: never a dead end (requirements 2.0-14)."""


def next_level(role: str) -> str:
    """The role one level up; above a head of department stands the deputy general manager."""
    return HIGHER.get(role, "deputy_gm")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """What a step asks to be decided.

    ``shows`` names the answers that are shown, and that a decision is bound to; ``proposed_by`` the actions
    whose doer proposes and so cannot decide; ``deadline`` the one by which it is due. ``owner_may`` is False
    where whoever has the case may not decide either. Any: whoever decides first decides for all. Quorum: so
    many have decided, more than half of them for it.
    """

    signers: Signers | Callable[[CaseFacts], Signers]
    needs: Needs = Needs.ALL
    quorum: int = 0
    shows: tuple[str, ...]
    proposed_by: tuple[str, ...]
    owner_may: bool = True
    approved: str
    refused: str
    deadline: str

    def asked(self, facts: CaseFacts) -> Signers:
        """Who is asked about this case."""
        return self.signers(facts) if callable(self.signers) else self.signers

    def leads_to(self, decision: Decision) -> str:
        """The step that the joint decision leads to."""
        return self.approved if decision is Decision.APPROVE else self.refused


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were asked, and how many have said what."""

    asked: int
    approved: int
    refused: int

    @property
    def decided(self) -> int:
        """How many have said something."""
        return self.approved + self.refused


def verdict(needs: Needs, quorum: int, tally: Tally) -> Decision | None:
    """What the decisions so far come to; None while it is still open."""
    yes = no = False
    match needs:
        case Needs.ANY:
            yes, no = tally.approved > 0, tally.refused > 0
        case Needs.ALL:
            yes, no = tally.approved == tally.asked, tally.refused > 0
        case Needs.MAJORITY:
            yes, no = 2 * tally.approved > tally.asked, 2 * tally.refused >= tally.asked
        case Needs.QUORUM:
            held = tally.decided >= min(quorum, tally.asked)
            all_decided = tally.decided == tally.asked
            yes = held and tally.approved > tally.refused
            no = held and (tally.refused > tally.approved or (all_decided and not yes))
    if no:
        return Decision.REFUSE
    return Decision.APPROVE if yes else None


SIGNING_TELLS: Tells = {
    **STANDARD_TELLS,
    "R1": (Target.SIGNERS,),
    "R2": (Target.SIGNERS,),
    "R2b": (Target.SIGNERS, Target.DUTY),
    "L1": (Target.SIGNERS, Target.LEAD, Target.CHANNEL),
}
"""Reminders go to whoever has not decided yet; what is overdue climbs like any step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a sign-off is checked against: the names that its procedure knows, and the actions that sign at its step."""

    steps: frozenset[str]
    actions: frozenset[str]
    deadlines: frozenset[str]
    fields: frozenset[str]
    approving: tuple[str, ...]
    refusing: tuple[str, ...]


def faults(step: str, declared: SignOff, setting: Setting) -> Iterator[str]:
    """Everything about a sign-off that could lose a case or let somebody sign unseen."""
    yield from (f"step {step}: {fault}" for fault in _people(declared))
    for key in (declared.approved, declared.refused):
        if key not in setting.steps:
            yield f"step {step}: its sign-off leads to an unknown step {key}"
    if declared.approved == step:
        yield f"step {step}: its sign-off leads back to itself when it is approved"
    if not declared.shows:
        yield f"step {step}: its sign-off shows nothing"
    yield from (f"step {step}: its sign-off shows {key}, which no form asks" for key in declared.shows
                if key not in setting.fields)  # fmt: skip
    if not declared.proposed_by:
        yield f"step {step}: say in proposed_by who proposes, so that nobody decides alone"
    yield from (f"step {step}: its sign-off is proposed by an unknown action {key}" for key in declared.proposed_by
                if key not in setting.actions)  # fmt: skip
    if declared.deadline not in setting.deadlines:
        yield f"step {step}: its sign-off has an unknown deadline {declared.deadline or 'none'}"
    for what, keys in (("approves", setting.approving), ("refuses", setting.refusing)):
        if len(keys) != 1:
            yield f"step {step}: exactly one action {what} there, not {len(keys)}"


def _people(declared: SignOff) -> Iterator[str]:
    if (declared.needs is Needs.QUORUM) != (declared.quorum > 0):
        yield "a quorum is a number of people, and goes with the rule quorum alone"
    if callable(declared.signers):
        return
    if not declared.signers:
        yield "nobody is asked to sign"
    for signer in declared.signers:
        said = [signer.role, signer.head_of, signer.named_in, signer.person is not None]
        if sum(map(bool, said)) != 1:
            yield "a signer is one of role, head_of, person and named_in"
        if signer.role and signer.role not in ROLES:
            yield f"nobody can hold the role {signer.role}"
    every = all(signer.person is not None for signer in declared.signers)
    if every and declared.quorum > len(declared.signers):
        yield f"a quorum of {declared.quorum} cannot come from {len(declared.signers)} people"
