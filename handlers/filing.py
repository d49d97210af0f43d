"""Filing: a case that ends leaves its form behind, laid out, hashed and never changed again (M-15, D9 4.1.5)."""

import hashlib
from dataclasses import dataclass

from handlers.sheets import Issue, sheet_of, voice_of
from handlers.turn import Turn
from reports.documents.filed import FORM, Filed, filed_of
from reports.documents.registry import FORMS, Form
from reports.documents.render import page
from storage.cases import Case
from storage.errors import DamagedFileError
from storage.files import Belongs

HTML = "text/html"


class NoFormError(Exception):
    """A case whose procedure has no form to write; the message names both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A form written out again, and what it was compared with.

    ``filed`` is None for a case that was never filed: then it is the form as it would be now.
    ``intact`` says whether the kept file has the hash of the audit trail, ``agrees`` whether the records
    still say what was filed; None where they cannot, because the case was opened again since.
    """

    content: bytes
    sha256: str
    filed: Filed | None
    intact: bool = True
    agrees: bool | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against what was written."""
        return self.intact and self.agrees is not False


def file_form(turn: Turn, case: Case) -> dict[str, object]:
    """File the form of a case that has just ended; give what its audit row is to keep, nothing for no form.

    The file is an attachment of the case, on the disk before the transaction commits. A case that is
    closed a second time is filed beside the first, as the next issue.
    """
    form = form_of(turn, case)
    if case.closed_at is None or form is None:
        return {}
    issue = Issue(len(filed_of(turn.uow.session, case.id)) + 1, turn.now, form.edition)
    sheet = sheet_of(turn, case, form, issue)
    content = page(sheet, voice_of(turn))
    name = f"{case.number}-{form.number}-{issue.number}.html"
    kept = turn.uow.files.put(content, name=name, mime=HTML, to=Belongs(case_id=case.id))
    return {
        FORM: {
            "number": form.number, "edition": form.edition, "issue": issue.number, "attachment": kept.id,
            "sha256": kept.sha256, "content": sheet.content_hash,
        }
    }  # fmt: skip


def form_of(turn: Turn, case: Case) -> Form | None:
    """The form of a case's procedure, if there is a template for it."""
    procedure = turn.company.handbook[case.procedure]
    return FORMS.get(procedure.form_number or procedure.key)


def write_again(turn: Turn, case: Case, issue: int | None = None) -> Written:
    """Write the form that was filed (the newest unless an issue is named), and compare it with what is known.

    Raises NoFormError where there is none. A kept file that is gone or changed is laid out anew from the records.
    """
    form = form_of(turn, case)
    if form is None:
        raise NoFormError(f"{case.number} belongs to a procedure that has no form to write")
    every = filed_of(turn.uow.session, case.id)
    if issue is not None and issue not in [filed.issue for filed in every]:
        raise NoFormError(f"{case.number} has no filing no. {issue}; filings: {len(every)}")
    filed = next((one for one in reversed(every) if issue in (None, one.issue)), None)
    if filed is None:
        content = page(sheet_of(turn, case, form, Issue(0, None, form.edition)), voice_of(turn))
        return Written(content=content, sha256=_sha256(content), filed=None)
    now = sheet_of(turn, case, form, Issue(filed.issue, filed.at, filed.edition, before=filed.attachment))
    newest = filed == every[-1] and case.closed_at is not None
    agrees = now.content_hash == filed.content if newest else None
    kept = _kept(turn, filed)
    content = page(now, voice_of(turn)) if kept is None else kept
    return Written(content=content, sha256=_sha256(content), filed=filed, intact=kept is not None, agrees=agrees)


def _kept(turn: Turn, filed: Filed) -> bytes | None:
    """The bytes as they were filed; None when they are gone, were changed, or the row names others."""
    row = turn.uow.files.get(filed.attachment)
    try:
        return turn.uow.files.read(filed.sha256) if row is not None and row.sha256 == filed.sha256 else None
    except DamagedFileError:
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
