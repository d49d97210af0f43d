"""What a corrective action insists on: who signs it, what comes before what, and when each part is due."""

from datetime import date, datetime
from typing import Final

from conversations.deadlines import Basis
from conversations.escalation import Target
from conversations.facts import CaseFacts
from conversations.procedure import Attempt, Deadline, Guard, Spawn, Test, after
from conversations.procedures.corrective_forms import EIGHT_D
from conversations.rules import ADDITION, rule
from conversations.sign_off import SIGNING_TELLS, Signer, Signers
from conversations.words import N_, Said, people, said

NATURAL, WORKING = Basis.NATURAL, Basis.WORKING
BEFORE_D5 = {"d1": N_("D1 team"), "d2": N_("D2 problem"), "d3": N_("D3 containment"), "d4": N_("D4 root cause")}
RISES: tuple[str, ...] = ("qa_lead", "deputy_gm", "gm")
"""Who approves the plan of the first round; each round that follows an ineffective one is signed one level higher."""

APPROVERS = {"employee": ("gm",), "survey": ("customer_representative",)}
VERIFIERS = {"employee": ("office_lead", "office"), "survey": ("sales_lead",)}
"""Who signs where quality does not: by what gave rise to the action (2.0-10, requirements 2.2)."""


def is_8d(facts: CaseFacts) -> bool:
    """Whether the eight disciplines are asked for."""
    return facts.answers.get("level") == EIGHT_D


def is_simple(facts: CaseFacts) -> bool:
    """Whether a plan, its proof and its verification are enough."""
    return not is_8d(facts)


def missing(*keys: str) -> Test:
    """8D, and one of these is not recorded in this round."""
    return lambda facts: is_8d(facts) and not all(_recorded(facts, key) for key in keys)


def _recorded(facts: CaseFacts, key: str) -> bool:
    """Team and description outlast a round; causes and measures are found anew after one that did not work."""
    return bool(facts.this_round(key)) if key in ("d4", "d5", "d6") else facts.times(key) > 0


def approvers(facts: CaseFacts) -> Signers:
    """Quality approves (D9 3.2); after every round without effect the next level signs too."""
    usual = APPROVERS.get(str(facts.answers.get("source")), RISES[:1])
    higher = RISES[1 : min(facts.round, len(RISES))]
    return tuple(Signer(role=role) for role in dict.fromkeys((*usual, *higher)))


def verifiers(facts: CaseFacts) -> Signers:
    """Quality verifies (D9 3.2), one of its people is enough."""
    return tuple(Signer(role=role) for role in VERIFIERS.get(str(facts.answers.get("source")), ("qa", "qa_lead")))


def responsible(facts: CaseFacts) -> str:
    """The department that plans and carries it out (D9 3.3)."""
    return str(facts.answers.get("department") or "PB")


def at_level(level: Test, sentence: str) -> Guard:
    """Refuse what belongs to the other level, and say what to do instead."""

    def guard(facts: CaseFacts, attempt: Attempt) -> Said | None:
        return None if level(facts) else said(sentence, n=facts.number)

    return guard


only_8d = at_level(is_8d, N_("{n} is at the simple level. Quality can raise it to 8D."))
only_simple = at_level(is_simple, N_("{n} is an 8D: please record its next discipline (D1 to D8) instead."))


def d1_to_d4_first(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """Team, problem, containment and root cause come before the measures are chosen."""
    lacking = tuple(said(label) for key, label in BEFORE_D5.items() if not _recorded(facts, key))
    return said(N_("Still missing: {list}. Add it, then choose the measures."), list=lacking) if lacking else None


def measures_next(facts: CaseFacts) -> bool:
    """Team, problem, containment and cause stand: what is left of the plan are the measures."""
    return is_8d(facts) and facts.step == "planning" and all(_recorded(facts, key) for key in BEFORE_D5)


def never_lower(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """What severity, a customer or recurrence requires, nobody waives; what quality decided, quality may change."""
    wanted = attempt.answers.get("level")
    if wanted is not None and wanted != EIGHT_D and facts.answers.get("level_reason") not in (None, "", "decision"):
        return said(N_("8D is required here, it cannot be lowered."))
    return None


def of_customers(facts: CaseFacts) -> bool:
    """Called for by what customers said in a survey (M-43)."""
    return facts.answers.get("source") == "survey"


def agreed_first(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """What customers asked for is consolidated once they agree with what was done (M-44)."""
    if not of_customers(facts) or facts.this_round("customer_agrees"):
        return None
    return said(N_("First the service engineer talks with the customer: “{action}”."),
                action=said(N_("Agreed with the customer")))  # fmt: skip


def agreement(facts: CaseFacts) -> tuple[Spawn, ...]:
    """M-44: the service engineer of sales tells the customer what was done."""
    if not of_customers(facts):
        return ()
    headline = facts.answers.get("title")
    what = headline if isinstance(headline, Said) else people(headline or "")
    title = said(N_("Tell customers what was done, and reach agreement: {what}"), what=what)
    return (Spawn(procedure="task", kind="agreement", title=title, department="XS"),)


def technical_question(facts: CaseFacts) -> tuple[Spawn, ...]:
    """D9 3.4: technology solves the technical problems (M-05)."""
    title = people(facts.latest.answers["question"])
    return (Spawn(procedure="task", kind="technical", title=title, department="JS"),)


def supporting_task(facts: CaseFacts) -> tuple[Spawn, ...]:
    """D9 3.3: the departments concerned help, each with a task of its own (M-04)."""
    answers = facts.latest.answers
    due = answers["support_due"]
    return (
        Spawn(
            procedure="task", kind="support", title=people(answers["support_task"]),
            department=str(answers["support_department"]), due=due if isinstance(due, date) else None,
        ),
    )  # fmt: skip


RULES: Final = (
    rule("corrective.KA1", (5, "d", WORKING), ADDITION, N_("Plan of a corrective action")),
    rule("corrective.KAP", (2, "d", WORKING), ADDITION, N_("Approval of a plan")),
    rule("corrective.KA2", (20, "d", WORKING), ADDITION, N_("Carrying out a corrective action")),
    rule("corrective.KA3", (30, "d", NATURAL), ADDITION, N_("Check of a corrective action's effect")),
    rule("corrective.KA4", (10, "d", WORKING), ADDITION, N_("Consolidating an effective action")),
    rule("corrective.D3", (24, "h", NATURAL), ADDITION, N_("8D: containment (D3)")),
    rule("corrective.D5", (10, "d", NATURAL), ADDITION, N_("8D: root cause and measures (D4, D5)")),
    rule("corrective.D6", (14, "d", NATURAL), ADDITION, N_("8D: measures carried out (D6)")),
    rule("corrective.D8", (60, "d", NATURAL), ADDITION, N_("8D: closing (D8)")),
)

APPROVAL_TELLS = {**SIGNING_TELLS, "L1": (Target.SIGNERS, Target.SUPERVISOR)}
STARTS = ("file", "verify_bad", "lapse")


def planned(facts: CaseFacts) -> date | None:
    """The day that the plan names; before there is one, the day that was asked for."""
    day = facts.answers.get("planned_done") or facts.answers.get("due")
    return day if isinstance(day, date) else None


def _arrived(step: str) -> "Test":
    return lambda facts: facts.step == step and facts.latest.step != step


def _entering(facts: CaseFacts, step: str) -> datetime | None:
    return facts.latest.at if _arrived(step)(facts) else None


def _plan_wanted(facts: CaseFacts) -> datetime | None:
    back = facts.step == "planning" and facts.latest.key in (*STARTS, "return")
    return facts.latest.at if back and is_simple(facts) else None


def _eight_d_began(facts: CaseFacts) -> datetime | None:
    """K8D counts from when the problem was received (2.0-6); raised later, or again, from that moment."""
    if not is_8d(facts):
        return None
    received = facts.answers.get("problem_at")
    if facts.latest.key == "file":
        return received if isinstance(received, datetime) else facts.received_at
    return facts.latest.at if facts.latest.key == "set_level" else None


def _again_or_began(facts: CaseFacts) -> datetime | None:
    again = facts.latest.key in ("verify_bad", "lapse") and is_8d(facts)
    return facts.latest.at if again else _eight_d_began(facts)


DEADLINES: Final = (
    Deadline(key="K8D-D3", needs=N_("record the containment (D3)"), rule="corrective.D3", starts=_eight_d_began,
             met=after("d3"), cancelled=is_simple),
    Deadline(key="K8D-D4", needs=N_("record the root cause (D4)"), rule="corrective.D5", starts=_again_or_began,
             met=after("d4"), cancelled=is_simple),
    Deadline(key="KA1", needs=N_("propose the plan"), rule="corrective.KA1", starts=_plan_wanted,
             met=after("plan"), cancelled=is_8d),
    Deadline(key="K8D-D5", needs=N_("choose the measures (D5)"), rule="corrective.D5", starts=_again_or_began,
             met=after("d5"), cancelled=is_simple),
    Deadline(key="KAP", needs=N_("decide on the plan"), rule="corrective.KAP",
             starts=lambda facts: _entering(facts, "approval"), met=lambda facts: facts.step != "approval",
             tells=APPROVAL_TELLS),
    Deadline(key="KA2", needs=N_("carry out the measures"), rule="corrective.KA2", due=planned,
             starts=lambda facts: _entering(facts, "executing"), met=after("done", "d6"),
             cancelled=lambda facts: facts.step != "executing"),
    Deadline(key="K8D-D6", needs=N_("carry out the measures (D6)"), rule="corrective.D6", starts=_again_or_began,
             met=after("d6"), cancelled=is_simple),
    Deadline(key="KA3", needs=N_("check the effect"), rule="corrective.KA3",
             starts=lambda facts: _entering(facts, "verifying"), met=after("verify_ok", "verify_bad"),
             tells=SIGNING_TELLS),
    Deadline(key="KA4", needs=N_("consolidate what was learnt"), rule="corrective.KA4",
             starts=lambda facts: _entering(facts, "effective"), met=after("consolidate", "d7"),
             cancelled=lambda facts: facts.step != "effective"),
    Deadline(key="K8D-D8", needs=N_("close the 8D (D8)"), rule="corrective.D8", starts=_eight_d_began,
             met=after("d8"), cancelled=is_simple),
)  # fmt: skip
