"""The report of a corrective action, as it stands: a page or a workbook, in the language of its customer."""

from dataclasses import replace

from handlers.filing import NoFormError, form_of
from handlers.sheets import Issue, sheet_of, voice_of
from handlers.turn import Turn
from reports.documents.filed import filed_of
from reports.documents.render import page
from reports.documents.workbook import workbook
from storage.cases import Case

LANGUAGE = "corrective.language"


def language_of(turn: Turn, case: Case) -> str:
    """The customer's: by its special requirement, else its own; the company's where there is no customer."""
    if case.customer:
        required = turn.uow.customers.rules(case.customer, LANGUAGE)
        customer = turn.uow.customers.get(case.customer)
        if required:
            return required[0].value
        if customer is not None:
            return customer.language
    return turn.company.language


def report(turn: Turn, case: Case, *, table: bool, language: str | None = None) -> bytes:
    """The report as XLSX (``table``) or as one HTML page; raises NoFormError for a case that has none."""
    form = form_of(turn, case)
    if form is None or case.procedure != "corrective_action":
        raise NoFormError(f"{case.number} has no corrective action report")
    spoken = replace(turn, company=replace(turn.company, language=language or language_of(turn, case)))
    filed = filed_of(turn.uow.session, case.id)
    issue = Issue(0, None, form.edition)
    if filed:
        issue = Issue(len(filed), filed[-1].at, filed[-1].edition, before=filed[-1].attachment)
    sheet = sheet_of(spoken, case, form, issue)
    return workbook(sheet, voice_of(spoken)) if table else page(sheet, voice_of(spoken))
