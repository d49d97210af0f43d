"""The audit trail's chain after a person was taken out of it: sealed again, and what it was before is on record."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage.audit import HEAD
from storage.audit_rows import BEGINNING, STORED, AuditRow, Stored, chain_hash
from storage.state import State
from storage.upsert import table_of

AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Resealed:
    """From which seal on the chain is another, and how it ended before and ends now."""

    first: int
    rows: int
    ended: str
    ends: str
    changed: tuple[tuple[int, str, str], ...]
    """Each row whose words were changed: its seal, its hash before, its hash now."""


def reseal(session: Session, changed: frozenset[int]) -> Resealed | None:
    """Chain every row anew from the first of these on, each at the seal it had. None when none of them was sealed.

    Whoever kept an older end of the chain finds it in what is written down of this (``ended``).
    """
    head = State(session).held(HEAD)
    oldest = select(AuditRow.seq).where(AuditRow.id.in_(changed), AuditRow.seq.is_not(None)).order_by(AuditRow.seq)
    first = session.scalar(oldest.limit(1))
    if first is None or not isinstance(head, dict):
        return None
    before = session.scalar(select(AuditRow.hash).where(AuditRow.seq == first - 1)) if first > 1 else None
    link, at, count = str(before or BEGINNING), first, 0
    told: list[tuple[int, str, str]] = []
    while rows := _sealed(session, at):
        seals = []
        for stored, seq, former in rows:
            now = chain_hash(seq, link, stored)
            seals.append({"row": stored[0], "prev": link, "now": now})
            if stored[0] in changed:
                told.append((seq, former, now))
            link = now
        _write(session, seals)
        count, at = count + len(rows), rows[-1][1] + 1
    State(session).put(HEAD, {"seq": at - 1, "hash": link})
    return Resealed(first, count, str(head["hash"]), link, tuple(told))


def _sealed(session: Session, at: int) -> list[tuple[Stored, int, str]]:
    """The rows from a seal on: what is hashed of each, its seal, and its hash so far."""
    following = select(*STORED, AuditRow.seq, AuditRow.hash).where(AuditRow.seq >= at).order_by(AuditRow.seq)
    rows = session.execute(following.limit(AT_ONCE)).all()
    return [(cast("Stored", tuple(row[:7])), row[7] or 0, str(row[8])) for row in rows]


def _write(session: Session, seals: list[dict[str, object]]) -> None:
    table = table_of(AuditRow)
    mark = update(table).where(table.c.id == bindparam("row"))
    session.connection().execute(mark.values(prev_hash=bindparam("prev"), hash=bindparam("now")), seals)
