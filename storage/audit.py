"""The audit trail: who did what to what, chained by hashes so that no row can be changed unseen.

Rows are written in the transaction of what they tell. ``seal`` chains them later, in order, under the
tick's lease; the newest sealed hash is kept apart, so that cutting the end off is seen as well.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from storage.audit_rows import (
    BEGINNING,
    STORED,
    AuditRow,
    CaseFacts,
    Entry,
    Stored,
    case_entry,
    case_facts,
    case_subject,
    chain_hash,
)
from storage.cases import Case
from storage.state import State, StateRow
from storage.upsert import insert_missing, table_of

HEAD = "audit.head"
STREAM = {"yield_per": 2000}
DENIED = "denied"
MOST = 100
"""After so many faults the rest would tell nothing new."""


class AuditTrail:
    """Write and seal."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self.changes = 0

    def write(
        self, subject: str, action: str, actor: str = "", on_behalf_of: str = "",
        data: Mapping[str, object] | None = None,
    ) -> None:  # fmt: skip
        """Write down one thing in this transaction."""
        entry = Entry(subject=subject, action=action, actor=actor, on_behalf_of=on_behalf_of, data=data or {})
        self.write_all([entry])

    def write_case(
        self, case: CaseFacts, action: str, actor: str = "", on_behalf_of: str = "",
        data: Mapping[str, object] | None = None,
    ) -> None:  # fmt: skip
        """Write down a change of a case, with its step, number and received time as they are now."""
        self._session.flush()
        self.write_all([case_entry(case, action, data, actor=actor, on_behalf_of=on_behalf_of)])

    def write_all(self, entries: Sequence[Entry]) -> None:
        """Write down many things at once; ``changes`` counts those that were not mere attempts."""
        self.changes += sum(entry.action != DENIED for entry in entries)
        rows = [
            {
                "at": self._now,
                "subject": entry.subject,
                "actor": entry.actor,
                "on_behalf_of": entry.on_behalf_of,
                "action": entry.action,
                "data": dict(entry.data),
            }
            for entry in entries
        ]
        if rows:
            self._session.connection().execute(insert(table_of(AuditRow)), rows)

    def seal(self, limit: int = 5000) -> int:
        """Chain the oldest unsealed rows; say how many. Two that seal at once take turns."""
        insert_missing(self._session, StateRow, [{"key": HEAD, "value": {"seq": 0, "hash": BEGINNING}}])
        seq, last_hash = _head(State(self._session).held(HEAD))
        unsealed = select(*STORED).where(AuditRow.seq.is_(None)).order_by(AuditRow.id).limit(limit)
        seals = []
        for stored in self._session.execute(unsealed):
            seq, previous = seq + 1, last_hash
            last_hash = chain_hash(seq, previous, _stored(stored))
            seals.append({"row": stored[0], "seq": seq, "prev_hash": previous, "hash": last_hash})
        if seals:
            table = table_of(AuditRow)
            mark = update(table).where(table.c.id == bindparam("row"), table.c.seq.is_(None))
            self._session.connection().execute(mark, seals)
            State(self._session).put(HEAD, {"seq": seq, "hash": last_hash})
        return len(seals)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """How many rows are chained, how many wait for it, and what is wrong, each in a sentence."""

    sealed: int
    unsealed: int
    faults: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the trail is whole and agrees with the cases."""
        return not self.faults


def verify(session: Session) -> AuditReport:
    """Check every seal in order, the end of the chain, and every case against its last row."""
    check = _Check()
    for step in (check.chain, check.tail, check.cases):
        try:
            step(session)
        except ValueError:
            check.fault(f"a row after seal {check.seq} holds what cannot be read")
    return AuditReport(check.sealed, check.unsealed, tuple(check.faults[:MOST]))


@dataclass(slots=True)
class _Check:
    """One pass over the trail."""

    seq: int = 0
    last_hash: str = BEGINNING
    sealed: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)
    last_of_case: dict[str, tuple[int, str]] = field(default_factory=dict)

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence)

    def chain(self, session: Session) -> None:
        """Every sealed row is where it was, and as it was; none is missing up to the newest seal."""
        sealed = select(*STORED, AuditRow.seq, AuditRow.prev_hash, AuditRow.hash).where(AuditRow.seq.is_not(None))
        with session.execute(sealed.order_by(AuditRow.seq), execution_options=STREAM) as rows:
            for row in rows:
                self.sealed += 1
                self._link(_stored(row), row[7] or 0, str(row[8]), str(row[9]))
        head = session.execute(select(StateRow.value).where(StateRow.key == HEAD)).scalar_one_or_none()
        if (self.seq, self.last_hash) != _head(head):
            self.fault(f"the chain ends at seal {self.seq}, and the newest seal was {_head(head)[0]}")

    def tail(self, session: Session) -> None:
        """Rows that are not sealed yet count for their cases."""
        unsealed = select(*STORED).where(AuditRow.seq.is_(None)).order_by(AuditRow.id)
        with session.execute(unsealed, execution_options=STREAM) as rows:
            for row in rows:
                self.unsealed += 1
                self._remember(_stored(row))

    def cases(self, session: Session) -> None:
        """Every case stands as its last row says, and no case of the trail is gone."""
        facts = select(Case.id, Case.number, Case.step, Case.received_at).order_by(Case.id)
        with session.execute(facts, execution_options=STREAM) as rows:
            for case in rows:
                self._compare(case)
        for subject in self.last_of_case:
            self.fault(f"{subject} is in the audit trail, and the case is gone")

    def _compare(self, case: CaseFacts) -> None:
        name = case.number or case_subject(case.id)
        _, data = self.last_of_case.pop(case_subject(case.id), (0, ""))
        if not data:
            self.fault(f"{name} has no row in the audit trail")
            return
        written = json.loads(data)
        for key, found in case_facts(case).items():
            if written.get(key) != found:
                self.fault(f"{name}: {key} is {found}, and the audit trail says {written.get(key)}")

    def _link(self, stored: Stored, seq: int, prev_hash: str, own_hash: str) -> None:
        if seq != self.seq + 1:
            self.fault(f"after seal {self.seq} comes {seq}: what was between is missing")
        elif prev_hash != self.last_hash:
            self.fault(f"seal {seq} does not follow the one before it")
        if chain_hash(seq, prev_hash, stored) != own_hash:
            self.fault(f"seal {seq} ({stored[2]}, {stored[5]}) is not what was sealed")
        self.seq, self.last_hash = seq, own_hash
        self._remember(stored)

    def _remember(self, stored: Stored) -> None:
        row_id, subject = stored[0], stored[2]
        if subject.startswith("case:") and row_id >= self.last_of_case.get(subject, (0, ""))[0]:
            self.last_of_case[subject] = (row_id, stored[6])


def _head(value: object) -> tuple[int, str]:
    return (int(value["seq"]), str(value["hash"])) if isinstance(value, dict) else (0, BEGINNING)


def _stored(row: Sequence[object]) -> Stored:
    """The first columns of a row that was selected by ``STORED``."""
    return cast("Stored", tuple(row[:7]))
