"""The deadlines of a complaint and their numbers (requirements 2.0-1 to 2.0-7, 2.4)."""

from datetime import date, datetime, timedelta
from typing import Final

from conversations.deadlines import Basis
from conversations.escalation import RECEIPT_TELLS, STANDARD_TELLS, Target
from conversations.facts import CaseFacts
from conversations.levels import Level
from conversations.procedure import Deadline, after, when
from conversations.procedures.complaint_guards import cause_stands, measure_and_contact, urgency
from conversations.rules import ADDITION, rule
from conversations.words import N_

NATURAL, WORKING = Basis.NATURAL, Basis.WORKING

RULES: Final = (
    rule("complaint.K1", (48, "h", NATURAL), "D9 4.1.2", N_("Remedy and contact with the customer")),
    rule("complaint.KR", (48, "h", NATURAL), ADDITION, N_("The next remedy after a refusal")),
    rule("complaint.K-RCPT", (4, "h", WORKING), ADDITION, N_("Receipt to the customer")),
    rule("complaint.K2a", (4, "h", WORKING), ADDITION, N_("Acceptance by quality")),
    rule("complaint.K2b", (24, "h", NATURAL), ADDITION, N_("Meeting on a major problem")),
    rule("complaint.K2c", (48, "h", NATURAL), ADDITION, N_("Remedy by quality")),
    rule("complaint.K3", (14, "d", WORKING), ADDITION, N_("Waiting for the customer's answer")),
    rule("complaint.KIMPL", (5, "d", WORKING), ADDITION, N_("Carrying out the remedy")),
    rule("complaint.K4", (10, "d", WORKING), ADDITION, N_("Cause")),
    rule("complaint.K4.major", (5, "d", WORKING), ADDITION, N_("Cause of a major problem")),
    rule("complaint.KH", (4, "h", WORKING), ADDITION, N_("Taking over what was handed over")),
    rule("complaint.KCONT", (24, "h", NATURAL), ADDITION, N_("Containment")),
    rule("complaint.LINK", (30, "d", NATURAL), ADDITION, N_("How long the customer's page opens")),
)


def _received(facts: CaseFacts) -> datetime | None:
    return facts.received_at if facts.latest.key == "file" else None


def _is_major(facts: CaseFacts) -> bool:
    return urgency(facts) != ""


def _major_began(facts: CaseFacts) -> datetime | None:
    """From the filing when the impact says so, from quality's word otherwise (2.0-4)."""
    if _is_major(facts) and facts.latest.key in ("file", "accept", "set_severity"):
        return facts.latest.at
    return None


def _meeting_began(facts: CaseFacts) -> datetime | None:
    return None if facts.times("hold_meeting") or _counted(facts, "K2b") else _major_began(facts)


def _containment_began(facts: CaseFacts) -> datetime | None:
    return None if facts.times("containment") or _counted(facts, "KCONT") else _major_began(facts)


def _counted(facts: CaseFacts, key: str) -> bool:
    """It runs or was met; one that was cancelled may begin again."""
    found = facts.deadline(key)
    return found is not None and found.state != "cancelled"


def _lowered(facts: CaseFacts) -> bool:
    return not _is_major(facts)


def _accepted(facts: CaseFacts) -> datetime | None:
    """From the second round on KR counts alone (2.0-1)."""
    return facts.latest.at if facts.latest.key == "accept" and facts.round == 1 else None


def _refused(facts: CaseFacts) -> datetime | None:
    return facts.latest.at if facts.latest.key in ("not_satisfied", "reopen") else None


def _handed(facts: CaseFacts) -> datetime | None:
    handed = facts.latest.key == "transmit" or (
        facts.latest.key == "file" and facts.answers.get("handling") == "transmit"
    )
    return facts.latest.at if handed else None


def _waiting(facts: CaseFacts) -> datetime | None:
    arrived = facts.step == "awaiting_customer" and facts.latest.step != "awaiting_customer"
    return facts.latest.at if arrived else None


def _planned(facts: CaseFacts) -> date | None:
    planned = facts.answers.get("planned_done")
    return planned if isinstance(planned, date) else None


def _implementing(facts: CaseFacts) -> datetime | None:
    return facts.latest.at if facts.latest.key in ("satisfied", "no_answer") else None


def _analysing(facts: CaseFacts) -> datetime | None:
    arrived = facts.step == "analysing" and facts.latest.step != "analysing"
    return facts.latest.at if arrived and not cause_stands(facts) else None


def _first_round_done(facts: CaseFacts) -> bool:
    resolved = facts.latest.key == "file" and facts.answers.get("handling") == "resolved"
    return resolved or (measure_and_contact(facts) and facts.round == 1)


def _taken_over(facts: CaseFacts) -> bool:
    """Whoever got it has done something on it: anything but the one who handed it over counts."""
    handed = facts.last("hand_over")
    return handed is not None and facts.latest.key != "hand_over" and facts.latest.by not in (None, handed.by)


NUDGES = (
    Level(name="N1", share=3 / 14),
    Level(name="N2", share=7 / 14),
    Level(name="N3", after=timedelta(0)),
)
NUDGE_TELLS = {**STANDARD_TELLS, "N1": (Target.OWNER,), "N2": (Target.OWNER,), "N3": (Target.SUPERVISOR,)}

DEADLINES: Final = (
    Deadline(key="K1", needs=N_("propose a remedy and talk it over with the customer"), rule="complaint.K1",
             starts=_received, met=_first_round_done),
    Deadline(key="KR", needs=N_("propose the next remedy and talk it over with the customer"), rule="complaint.KR",
             starts=_refused, met=measure_and_contact),
    Deadline(key="K-RCPT", needs=N_("send the customer the receipt"), rule="complaint.K-RCPT",
             starts=when("file"), met=after("sent", "told_by_phone", "log_contact"), tells=RECEIPT_TELLS,
             shown=False),
    Deadline(key="K2a", needs=N_("accept it"), rule="complaint.K2a",
             starts=_handed, met=after("accept"), cancelled=after("return")),
    Deadline(key="K2b", needs=N_("hold the meeting and record its minutes"), rule="complaint.K2b",
             starts=_meeting_began, met=after("hold_meeting"), cancelled=_lowered),
    Deadline(key="K2c", needs=N_("propose a remedy and talk it over with the customer"), rule="complaint.K2c",
             starts=_accepted, met=_first_round_done, within="K1"),
    Deadline(key="KCONT", needs=N_("record containment"), rule="complaint.KCONT",
             starts=_containment_began, met=after("containment"), cancelled=_lowered),
    Deadline(key="KH", needs=N_("take it over"), rule="complaint.KH", starts=when("hand_over"),
             met=_taken_over, cancelled=after("hand_over"), shown=False),
    Deadline(key="K3", needs=N_("get the customer's answer"), rule="complaint.K3",
             starts=_waiting, met=after("satisfied", "not_satisfied", "no_answer"),
             levels=NUDGES, tells=NUDGE_TELLS),
    Deadline(key="KIMPL", needs=N_("carry out the remedy"), rule="complaint.KIMPL", starts=_implementing,
             due=_planned, met=after("done_implementing")),
    Deadline(key="K4", needs=N_("record the cause"), rule="complaint.K4", starts=_analysing,
             met=after("analyse"),
             hours=lambda facts: "complaint.K4.major" if facts.severity == "major" else "complaint.K4"),
)  # fmt: skip
