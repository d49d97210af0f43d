"""Who hears at which escalation level, as data (domain A6, requirements 2.4)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias


class Target(StrEnum):
    """A place in the company that a level speaks to; the handlers find the person or channel."""

    OWNER = "owner"
    REPORTER = "reporter"
    DEPUTY = "deputy"
    DUTY = "duty"
    LEAD = "lead"
    CHANNEL = "channel"
    SUPERVISOR = "supervisor"
    DEPUTY_GM = "deputy_gm"
    BOTH_LEADS = "both_leads"
    GM = "gm"
    SIGNERS = "signers"


Tells: TypeAlias = Mapping[str, tuple[Target, ...]]

STANDARD_TELLS: Tells = {
    "R1": (Target.OWNER,),
    "R2": (Target.OWNER, Target.DEPUTY),
    "R2b": (Target.OWNER, Target.DEPUTY, Target.DUTY),
    "L1": (Target.LEAD, Target.CHANNEL),
    "L2": (Target.SUPERVISOR, Target.CHANNEL),
    "L3": (Target.DEPUTY_GM, Target.BOTH_LEADS),
    "L4.1": (Target.GM,),
    "L4.2": (Target.GM,),
    "L4.3": (Target.GM,),
    "L4.4": (Target.GM,),
    "L4.5": (Target.GM,),
}
"""In rest time L1 also goes to the person on duty; an urgent R1 goes to the lead (2.4)."""

RECEIPT_TELLS: Tells = {
    **STANDARD_TELLS,
    "R1": (Target.REPORTER,),
    "R2": (Target.REPORTER,),
    "R2b": (Target.REPORTER, Target.DUTY),
    "L1": (Target.REPORTER, Target.BOTH_LEADS),
}
"""The receipt is passed on by whoever reported the case, whichever department has it (M-111)."""

CANNOT_BE_MUTED = frozenset(level for level in STANDARD_TELLS if level.startswith("L"))
"""Breach notices are never muted (N-15)."""
