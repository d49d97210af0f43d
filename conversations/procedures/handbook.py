"""The handbook: every procedure the product knows. A new one is its file and its name here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from conversations.procedure import DeclarationError, Procedure
from conversations.procedures.complaint import COMPLAINT
from conversations.procedures.corrective_action import CORRECTIVE_ACTION
from conversations.procedures.customer_survey import CUSTOMER_SURVEY
from conversations.procedures.employee_survey import EMPLOYEE_SURVEY
from conversations.procedures.follow_up import FOLLOW_UP
from conversations.procedures.monthly_summary import MONTHLY_SUMMARY
from conversations.procedures.task import TASK
from conversations.retention import RETENTION
from conversations.rules import Rule


class UnknownProcedureError(KeyError):
    """No procedure of this name is declared."""


@dataclass(frozen=True, eq=False)
class Handbook:
    """The declared procedures, checked together: rule keys, prefixes and commands are unique.

    ``house`` are the numbers that belong to no procedure.

    One handbook is another's equal only if it is the same: what is worked out from one is kept by it.
    """

    procedures: tuple[Procedure, ...]
    house: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        _once("procedure", (p.key for p in self.procedures))
        _once("rule", (rule.key for rules in (self.house, *(p.rules for p in self.procedures)) for rule in rules))
        _once("number prefix", (x for p in self.procedures for x in {p.prefix, *p.prefixes.values()}))
        _once("command", (word.casefold() for p in self.procedures for word in p.words))

    @cached_property
    def by_key(self) -> Mapping[str, Procedure]:
        """The procedures by their keys."""
        return {procedure.key: procedure for procedure in self.procedures}

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every declared number by its key."""
        every = (*(procedure.rules for procedure in self.procedures), self.house)
        return {rule.key: rule for rules in every for rule in rules}

    def __getitem__(self, key: str) -> Procedure:
        try:
            return self.by_key[key]
        except KeyError:
            raise UnknownProcedureError(key) from None

    def and_also(self, *procedures: Procedure) -> "Handbook":
        """The same handbook with more procedures."""
        return Handbook((*self.procedures, *procedures), self.house)


def _once(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise DeclarationError(f"{what} {key} is declared twice")
        seen.add(key)


HANDBOOK = Handbook(
    (COMPLAINT, CORRECTIVE_ACTION, TASK, MONTHLY_SUMMARY, CUSTOMER_SURVEY, EMPLOYEE_SURVEY, FOLLOW_UP), RETENTION
)
