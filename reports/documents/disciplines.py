"""A corrective action's report in its parts: D1 to D8, or plan, proof and consolidation; for page and workbook."""

from dataclasses import dataclass

from conversations.words import N_, said
from reports.documents.sheet import Done, Sheet, Term
from reports.voice import Voice

APPROVED, VERIFIED = ("approve", "return"), ("verify_ok", "verify_bad")

EIGHT_D = (
    (N_("D1 team"), ("d1",), "K8D-D3"),
    (N_("D2 problem"), ("d2",), "K8D-D3"),
    (N_("D3 containment"), ("d3",), "K8D-D3"),
    (N_("D4 root cause"), ("d4",), "K8D-D4"),
    (N_("D5 measures chosen"), ("d5", "change_plan", *APPROVED), "K8D-D5"),
    (N_("D6 carried out"), ("d6", *VERIFIED), "K8D-D6"),
    (N_("D7 prevention"), ("d7",), "KA4"),
    (N_("D8 closing"), ("d8",), "K8D-D8"),
)
SIMPLE = (
    (N_("Plan and approval"), ("plan", "change_plan", *APPROVED), "KA1"),
    (N_("Carried out and verified"), ("done", *VERIFIED), "KA2"),
    (N_("Consolidation"), ("consolidate",), "KA4"),
)
BESIDE = ("set_level", "returned", "lapse", "cancel_action", "support", "need_tech")

HEAD = (
    "title", "department", "source", "for_case", "customer", "product", "lot", "defect", "problem_at", "problem",
    "level", "level_reason", "level_source", "due", "cause_occur", "cause_escape", "containment", "scope",
)  # fmt: skip
"""What stands at the top, in this order; what is not known is left out."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the report: what was recorded for it, by when it was due, and whether it came late."""

    title: str
    due: str
    late: bool
    done: tuple[Done, ...]


def is_8d(sheet: Sheet) -> bool:
    """Whether the report has eight disciplines."""
    answers = sheet.plain.get("answers")
    return isinstance(answers, dict) and answers.get("level") == "8d"


def parts(sheet: Sheet, voice: Voice) -> tuple[Part, ...]:
    """The parts in their order, those that nothing was recorded for too; what was done beside them comes last."""
    declared = EIGHT_D if is_8d(sheet) else SIMPLE
    found = tuple(
        Part(voice.say(said(title)), due.due if due else "", due.breached if due else False, sheet.all(*keys))
        for title, keys, deadline in declared
        for due in [_term(sheet, deadline)]
    )
    beside = sheet.all(*BESIDE)
    return (*found, Part(voice.say(said(N_("Beside the parts"))), "", False, beside)) if beside else found


def _term(sheet: Sheet, key: str) -> Term | None:
    return next((term for term in reversed(sheet.terms) if term.key == key), None)
