"""The independent auditor at work: asked every few minutes; what it finds is logged, counted, and told once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from handlers.addresses import person_address
from handlers.company import Company
from handlers.outgoing import URGENT, How, send
from handlers.turn import Turn
from notifications import audited
from reports.auditor import look as auditor
from reports.auditor.look import Chain, Finding
from reports.gauges import AUDITOR
from storage.database import Database
from storage.unit_of_work import UnitOfWork

EVERY = timedelta(minutes=5)
ASLEEP = timedelta(minutes=15)
"""After a longer silence the house first gets one round to catch up with what was due meanwhile."""

FORGOTTEN = timedelta(days=2)
"""What was not seen for so long is gone: every piece of the records has had its turn by then."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered between two looks: when it was, up to where it went, what was seen last when."""

    at: datetime | None = None
    chain: Chain = field(default_factory=Chain)
    known: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, value: object) -> "Kept":
        """As it was kept; nothing at the first time."""
        if not isinstance(value, dict):
            return cls()
        known = value["known"]
        return cls(datetime.fromisoformat(value["at"]), Chain(int(value["seq"]), str(value["hash"])), dict(known))

    def plain(self) -> dict[str, object]:
        """As it is kept."""
        at = self.at.isoformat() if self.at else ""
        return {"at": at, "seq": self.chain.seq, "hash": self.chain.hash, "known": dict(self.known)}


def tick(database: Database, company: Company, attachments: Path) -> None:
    """Look, when five minutes have passed since the last time. Safe to call at any time."""
    now = database.clock()
    kept = Kept.read(database.look(lambda uow: uow.state.get(AUDITOR)))
    since = now - kept.at if kept.at else ASLEEP * 2
    if timedelta(0) <= since < EVERY:
        return
    if since > ASLEEP or since < timedelta(0):
        database.do(lambda uow: uow.state.put(AUDITOR, Kept(now, kept.chain, kept.known).plain()))
        return
    turn = int(now.timestamp() // EVERY.total_seconds())
    scope = auditor.Scope(now=now, zone=company.zone, attachments=attachments, chain=kept.chain, turn=turn)
    with database.reading() as session:
        seen = auditor.look(session, scope)
    database.do(lambda uow: _keep(Turn(uow, company), kept, seen))


def everything(database: Database, company: Company, attachments: Path) -> Sequence[Finding]:
    """Look at all there is now, the whole audit trail too; nothing is kept and nobody told."""
    scope = auditor.Scope(now=database.clock(), zone=company.zone, attachments=attachments, seals=1_000_000_000)
    with database.reading() as session:
        return auditor.look(session, scope).findings


def sealed_again(uow: UnitOfWork) -> None:
    """The trail was sealed anew, with a certificate: follow it from its beginning, as if none of it was seen before."""
    kept = Kept.read(uow.state.get(AUDITOR))
    if kept.at is not None:
        uow.state.put(AUDITOR, Kept(kept.at, Chain(), kept.known).plain())


def _keep(turn: Turn, kept: Kept, seen: auditor.Look) -> None:
    """Remember what was seen; what is new goes to the log and to every administrator, at any hour."""
    before = (turn.now - FORGOTTEN).isoformat()
    known = {key: seen_at for key, seen_at in kept.known.items() if seen_at > before}
    new = [each for each in seen.findings if each.key not in known]
    known |= {each.key: turn.now.isoformat() for each in seen.findings}
    turn.uow.state.put(AUDITOR, Kept(turn.now, seen.chain, known).plain())
    if not new:
        return
    for each in new:
        log.warning("the auditor found %s: %s %s", each.kind, each.subject, each.detail)
    turn.uow.audit.write("auditor", "found", data={"found": [each.key for each in new]})
    _tell(turn, new)


def _tell(turn: Turn, new: Sequence[Finding]) -> None:
    notice = audited.found([(each.kind, each.subject, each.detail) for each in new])
    to = [person_address(turn, person, "admin") for person in turn.uow.organisation.people_with("admin")]
    send(turn, notice, to, How(key=f"auditor/{turn.now:%Y%m%dT%H%M%S}", priority=URGENT))
