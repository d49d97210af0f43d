"""Rule numbers: what a procedure's text says, what the company overrides, and for whom (N-16)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from conversations.deadlines import Basis
from conversations.words import N_, Said, people, said

ADDITION = N_("company addition")
"""The clause of a number the procedures are silent on: 公司补充规定, marked [+] wherever shown."""

PROCEDURES = {"D9": N_("Customer management procedure"), "D1": N_("Customer satisfaction management procedure")}
"""The procedures that clauses cite, by their letters here."""

SPANS = {
    ("h", Basis.NATURAL): timedelta(hours=1),
    ("h", Basis.WORKING): timedelta(hours=1),
    ("d", Basis.NATURAL): timedelta(days=1),
    ("d", Basis.WORKING): timedelta(hours=8),
}
"""What one unit of a rule is; a working day is 8 working hours (requirements 2.0-18)."""

NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")


class RuleError(ValueError):
    """A rule number that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A number of a procedure: its default, unit (h, d, %), basis and clause."""

    key: str
    value: Decimal
    unit: str
    basis: Basis
    clause: str
    label: str

    @property
    def addition(self) -> bool:
        """Whether the procedures are silent and the number is the company's own."""
        return self.clause == ADDITION


@dataclass(frozen=True, slots=True)
class Override:
    """A number that wins over a declaration: a customer's special requirement or a rule version."""

    key: str
    value: Decimal
    unit: str
    basis: Basis
    source: str
    effective_from: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The number that holds for one case, and where it comes from."""

    rule: Rule
    value: Decimal
    unit: str
    basis: Basis
    source: str
    version: int | None = None

    @property
    def span(self) -> timedelta:
        """The number as a span of time; raises RuleError for a number that is none."""
        try:
            return SPANS[self.unit, self.basis] * float(self.value)
        except KeyError:
            raise RuleError(f"{self.rule.key} is not a span of time: {self.unit}") from None


def rule(key: str, amount: tuple[int, str, Basis], clause: str, label: str) -> Rule:
    """Declare a number: its key, (value, unit, basis), clause and label."""
    value, unit, basis = amount
    return Rule(key, Decimal(value), unit, basis, clause, label)


def resolve(declared: Rule, *, customer: Iterable[Override], versions: Iterable[Override], on: date) -> Resolved:
    """Say which number holds: the customer's special requirement, then the company's version, then ours.

    Of a customer's requirements the strictest wins; of the versions the newest that is effective.
    """
    for_customer = [o for o in customer if o.key == declared.key]
    if for_customer:
        strictest = min(for_customer, key=lambda o: SPANS.get((o.unit, o.basis), timedelta(1)) * float(o.value))
        return _resolved(declared, strictest)
    effective = [o for o in versions if o.key == declared.key and (o.effective_from or on) <= on]
    if effective:
        return _resolved(declared, max(effective, key=lambda o: (o.effective_from or date.min, o.version or 0)))
    return Resolved(declared, declared.value, declared.unit, declared.basis, "")


def _resolved(declared: Rule, override: Override) -> Resolved:
    return Resolved(declared, override.value, override.unit, override.basis, override.source, override.version)


def cited(clause: str) -> Said:
    """A clause as people cite it: 顾客管理程序 4.1.2; a number without one is the company's own."""
    if clause == ADDITION:
        return said(ADDITION)
    source, _, paragraph = clause.partition(" ")
    if source in PROCEDURES:
        return said("{source} {paragraph}", source=said(PROCEDURES[source]), paragraph=paragraph)
    return people(clause)


def number(text: str) -> Decimal:
    """Read a rule's number; raises RuleError for anything but a plain decimal."""
    if not NUMBER.fullmatch(text.strip()):
        raise RuleError(f"not a number: {text[:20]!r}")
    return Decimal(text.strip())
