"""The independent auditor: looks with its own SQL for what the engine missed, and knows nothing of how that works.

It may import neither the procedures, the handlers nor the storage rows (a contract sees to it): a fault that both
share would be seen by neither. It changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from reports.auditor.chain import START, Chain, follow
from reports.auditor.deadlines import Piece, deadlines
from reports.auditor.facts import files, months, steps, summaries
from reports.auditor.questions import answers

__all__ = ["Chain", "Finding", "Look", "Scope", "look"]

AT_ONCE = 2_000
NEWEST = {name: text(f"SELECT MAX(id) FROM {name}") for name in ("outbox", "deadlines", "attachments")}  # noqa: S608 - our own names

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
    turn: int | None = None
    """Which look it is: each takes its piece of what is long, and without a turn all is taken at once."""


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
    newest = int(session.execute(NEWEST["outbox"]).scalar() or 0)
    yield from answers(session, now, 0 if scope.turn is None else newest - AT_ONCE, scope.turn)
    yield from deadlines(session, _piece(session, "deadlines", scope.turn))
    yield from steps(session)
    yield from months(session, now, scope.zone)
    yield from summaries(session, now, scope.zone)
    yield from files(session, scope.attachments, _piece(session, "attachments", scope.turn))


def _piece(session: Session, table: str, turn: int | None) -> Piece:
    """The rows of a table whose turn it is."""
    newest = int(session.execute(NEWEST[table]).scalar() or 0)
    if turn is None or newest <= AT_ONCE:
        return 0, newest
    low = turn % -(-newest // AT_ONCE) * AT_ONCE
    return low, low + AT_ONCE
