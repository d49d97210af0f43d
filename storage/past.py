"""Complaints of the past, many at once: which of them are there already, and taking in those that are not."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.audit import AuditTrail
from storage.audit_rows import case_entry
from storage.case_terms import CaseTerms
from storage.cases import Case
from storage.upsert import table_of

AT_ONCE = 500
"""How many keys one statement asks for: both databases limit the values of a statement."""

COMMON: dict[str, object] = {
    "procedure": "complaint",
    "kind": "complaint",
    "step": "closed",
    "imported": True,
    "visit": 1,
    "version": 1,
    "priority": 0,
    "lot": "",
    "impact": "",
    "department": "",
    "responsible": "",
    "answers": {},
}
"""What every past complaint has: it is closed, and nobody of ours holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastComplaint:
    """``count`` complaints that were received, and are closed, before anybody asked us.

    ``source_key`` makes it the same row whatever file it comes in. ``received_month`` is that of
    the company's zone; ``closed_at`` is None where nobody wrote down when.
    """

    source_key: str
    received_at: datetime
    received_month: str
    count: int = 1
    customer: str = ""
    product: str = ""
    category: str = ""
    defect: str = ""
    severity: str = ""
    title: str = ""
    closed_at: datetime | None = None


NAMES = tuple(field.name for field in fields(PastComplaint))


@dataclass(frozen=True, slots=True)
class Known:
    """What tells whether a row that is there is the one that comes again."""

    customer: str
    received_month: str
    count: int


class PastComplaints:
    """Ask for past complaints by their keys, and take in new ones."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, keys: Sequence[str]) -> dict[str, Known]:
        """Those of the keys that are there already, each with what it stands for."""
        columns = select(Case.source_key, Case.customer, Case.received_month, Case.count)
        found: dict[str, Known] = {}
        for start in range(0, len(keys), AT_ONCE):
            asked = columns.where(Case.source_key.in_(keys[start : start + AT_ONCE]))
            for key, customer, month, count in self._session.execute(asked):
                found[str(key)] = Known(customer, month, count)
        return found

    def take_in(self, rows: Sequence[PastComplaint], *, now: datetime, by: str) -> int:
        """Keep those whose keys are new, each with its line in the audit trail, and say how many they were.

        They take no number and start no deadline (design 8, imported history). Raises ConflictError
        where another import was first with one of the keys: run it again.
        """
        known = self.known([row.source_key for row in rows])
        fresh = [
            {**COMMON, **{name: getattr(row, name) for name in NAMES}, "created_at": now, "updated_at": now}
            for row in rows
            if row.source_key not in known
        ]
        if not fresh:
            return 0
        facts = (Case.id, Case.number, Case.step, Case.received_at, Case.title, Case.customer, Case.product)
        kept = self._session.connection().execute(insert(table_of(Case)).returning(*facts), fresh).all()
        AuditTrail(self._session, now).write_all([case_entry(case, "imported", actor=by) for case in kept])
        CaseTerms(self._session).remember_all(kept)
        return len(kept)
