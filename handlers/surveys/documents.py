"""A survey's report as a document: a page, a workbook or a PDF, as it stands or as it was archived."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.filing import NoFormError, form_of
from handlers.sheets import Issue, sheet_of, voice_of
from handlers.surveys.drawn import PROCEDURES
from handlers.turn import Turn
from reports.documents.filed import filed_of
from reports.documents.render import page
from reports.documents.satisfaction_pdf import satisfaction_pdf
from reports.documents.satisfaction_workbook import satisfaction_workbook
from reports.documents.sheet import Sheet
from reports.voice import Voice
from storage.cases import Case

KINDS: Mapping[str, Callable[[Sheet, Voice], bytes]] = {
    "html": page,
    "pdf": satisfaction_pdf,
    "xlsx": satisfaction_workbook,
}


def document(turn: Turn, case: Case, kind: str, language: str | None = None) -> bytes:
    """The report of a survey; raises NoFormError for a case that has none."""
    form = form_of(turn, case)
    if form is None or case.procedure not in PROCEDURES:
        raise NoFormError(f"{case.number} has no report of a survey")
    spoken = replace(turn, company=replace(turn.company, language=language or turn.company.language))
    filed = filed_of(turn.uow.session, case.id)
    issue = Issue(0, None, form.edition)
    if filed:
        issue = Issue(len(filed), filed[-1].at, filed[-1].edition, before=filed[-1].attachment)
    return KINDS[kind](sheet_of(spoken, case, form, issue), voice_of(spoken))
