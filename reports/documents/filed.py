"""Which forms were filed of a case, as the audit trail tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.audit_rows import AuditRow, case_subject

FORM = "form"
"""The key under which the audit row of an ending names the form that was filed with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One form as it was filed: of which edition, and the hashes of its file and of its content."""

    form: str
    edition: str
    issue: int
    attachment: int
    sha256: str
    content: str
    at: datetime


def filed_of(session: Session, case_id: int) -> tuple[Filed, ...]:
    """Every form that was filed of a case, the oldest first."""
    told = select(AuditRow.at, AuditRow.data).where(AuditRow.subject == case_subject(case_id)).order_by(AuditRow.id)
    return tuple(_filed(at, form) for at, data in session.execute(told) if isinstance(form := data.get(FORM), Mapping))


def _filed(at: datetime, form: Mapping[str, object]) -> Filed:
    return Filed(
        form=str(form["number"]),
        edition=str(form["edition"]),
        issue=int(str(form["issue"])),
        attachment=int(str(form["attachment"])),
        sha256=str(form["sha256"]),
        content=str(form["content"]),
        at=at,
    )
