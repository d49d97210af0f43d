"""The auditor's look at the audit trail: the hashes worked out anew, a piece at a time, and its end."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

PIECE = text("""
    SELECT id, at, subject, actor, on_behalf_of, action, data, seq, prev_hash, hash FROM audit
    WHERE seq > :after ORDER BY seq LIMIT :most""")
BEFORE = text("SELECT hash FROM audit WHERE seq = :seq")
END = text("SELECT MAX(seq), (SELECT value FROM state WHERE key = 'audit.head') FROM audit")
NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class Chain:
    """Up to where the trail was followed."""

    seq: int = 0
    hash: str = NOTHING


START = Chain()


def follow(session: Session, start: Chain, most: int) -> tuple[Chain, list[tuple[str, str, str]]]:
    """Follow so many seals behind ``start``; at the end begin again at the first. What is broken: the first thing."""
    broken = list(_end(session))
    known = session.execute(BEFORE, {"seq": start.seq}).scalar()
    if start.seq and known != start.hash:
        return START, [*broken, ("chain_broken", f"seal {start.seq}", "it is another than before")]
    chain, rows = start, session.execute(PIECE, {"after": start.seq, "most": most}).all()
    for row in rows:
        fault = _fault(chain, row)
        if fault:
            return START, [*broken, ("chain_broken", f"seal {row[7]}", fault)]
        chain = Chain(int(row[7]), str(row[9]))
    return (chain if len(rows) == most else START), broken


def _fault(chain: Chain, row: Sequence[object]) -> str:
    if row[7] != chain.seq + 1:
        return f"{chain.seq + 1} is missing"
    if row[8] != chain.hash:
        return "it does not follow the one before it"
    return "" if _hash(row) == row[9] else "it is not what was sealed"


def _hash(row: Sequence[object]) -> str:
    """SHA-256 over the row as one JSON object with sorted keys and no spaces; its data are kept in that form."""
    at = row[1] if isinstance(row[1], datetime) else datetime.fromisoformat(str(row[1]))
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    words = {"action": row[5], "actor": row[3], "on_behalf_of": row[4], "prev_hash": row[8], "subject": row[2]}
    quoted = {key: json.dumps(str(value), ensure_ascii=False) for key, value in words.items()}
    parts = {**quoted, "at": f'"{at.isoformat()}"', "data": str(row[6]), "id": str(row[0]), "seq": str(row[7])}
    plain = ",".join(f'"{key}":{parts[key]}' for key in sorted(parts))
    return hashlib.sha256(f"{{{plain}}}".encode("utf-8", "surrogatepass")).hexdigest()


def _end(session: Session) -> Iterator[tuple[str, str, str]]:
    """The newest seal is the one that was kept apart: nothing was cut off."""
    last, kept = session.execute(END).one()
    head = json.loads(kept)["seq"] if kept else 0
    if (last or 0) != head:
        yield "chain_cut", f"seal {head}", str(last or 0)
