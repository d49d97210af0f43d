"""What happened to one past complaint of the sample company, and when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

Triple: TypeAlias = tuple[str, str, str]
"""Customer, product and defect: what must be the same to call a complaint recurring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One measure: proposed, talked over with the customer, judged. Texts only where they are its own."""

    proposed: datetime
    contact: datetime
    judged: datetime
    satisfied: bool
    remedy: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrective:
    """The corrective action that a complaint led to; ``open`` when it is still being worked on."""

    title: str
    due: date
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One complaint from the first word to closing. Without ``accepted`` sales handled it alone."""

    customer: str
    product: str
    defect: str
    impact: str
    severity: str = "general"
    quantity: int
    received: datetime
    accepted: datetime | None = None
    meeting: datetime | None = None
    remedies: tuple[Remedy, ...]
    planned: date | None = None
    implemented: datetime
    analysed: datetime
    closed: datetime
    corrective: Corrective | None = None

    @property
    def limit(self) -> timedelta:
        """How long the first measure may take: 48 hours, for 凌岳 24 since its requirement TY-2026-0001."""
        required = self.customer == "K01" and self.received.year >= 2026
        return timedelta(hours=24 if required else 48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What a defect looks like: what people say, and what was found and done."""

    code: str
    products: tuple[str, ...]
    category: str
    department: str
    quantities: tuple[int, ...]
    said: str
    remedy: str
    cause: str
    escape: str
    prevention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The file of the past: counts by month, what must be in a month, cases told, looks of defects."""

    cases_from: str
    months: dict[str, int]
    weights: dict[str, int]
    given: dict[str, tuple[Triple, ...]]
    told: tuple[Course, ...]
    looks: dict[str, Looks]
