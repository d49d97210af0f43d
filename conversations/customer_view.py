"""What a customer's contact sees of a case: its stages in the customer's words, and what the customer was told.

Declared by a procedure. What is not declared is not shown: a new action stays inside until somebody says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from conversations.facts import CaseFacts
from conversations.words import Said


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what passed between us: when, whether the customer said it, and the customer's own words."""

    at: datetime
    text: Said
    theirs: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What we offer, and by which day it is done."""

    text: str
    planned: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A procedure as its customer sees it.

    ``stage`` tells which of the stages a case has reached; the last one means that it is settled.
    ``satisfied``, ``not_satisfied`` and ``message`` name the actions that the customer can do.
    ``proposed`` is the stage that a remedy which is shown brings about, whatever the step.
    ``life`` names the rule of how many days a link opens.
    """

    stages: tuple[str, ...]
    stage: Callable[[CaseFacts], int]
    proposed: int
    remedy: Callable[[CaseFacts, datetime], Remedy | None]
    told: Callable[[CaseFacts, datetime], tuple[Told, ...]]
    satisfied: str
    not_satisfied: str
    message: str
    waiting: str
    life: str
    closed_to: frozenset[str]
    """The steps at which links open nothing: withdrawn, for example."""
