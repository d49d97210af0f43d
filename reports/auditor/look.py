"""The independent auditor: looks with its own SQL for what the engine missed, and knows nothing of how that works.

It may import neither the procedures, the handlers nor the storage rows (a contract sees to it): a fault that both
share would be seen by neither. It changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from reports.auditor.chain import START, Chain, follow
from reports.auditor.deadlines import deadlines
from reports.auditor.facts import files, months, steps, summaries
from reports.auditor.questions import answers

__all__ = ["Chain", "Finding", "Look", "Scope", "look"]

MOST = 200
"""So many findings at once tell that everything is wrong; more would not be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: its kind, what it is about, and a detail where there is one."""

    kind: str
    subject: str
    detail: str = ""

    @property
    def key(self) -> str:
        """What it is known by: the same thing is told once."""
        return f"{self.kind}/{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at: as of when, in which zone, with which folder of files, and from which seal on."""

    now: datetime
    zone: ZoneInfo
    attachments: Path
    chain: Chain = START
    seals: int = 2_000
    """So many rows of the audit trail are followed at most; the next look goes on behind them."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and up to where the audit trail was followed."""

    findings: tuple[Finding, ...]
    chain: Chain


def look(session: Session, scope: Scope) -> Look:
    """Ask every question once; open cases and what waits always, the audit trail a piece at a time."""
    chain, broken = follow(session, scope.chain, scope.seals)
    found = [Finding(*each) for each in (*_facts(session, scope), *broken)]
    once = {each.key: each for each in found}
    return Look(tuple(once.values())[:MOST], chain)


def _facts(session: Session, scope: Scope) -> Iterator[tuple[str, str, str]]:
    now = scope.now.astimezone(UTC)
    yield from answers(session, now)
    yield from deadlines(session, now)
    yield from steps(session, now)
    yield from months(session, now, scope.zone)
    yield from summaries(session, now, scope.zone)
    yield from files(session, scope.attachments)
