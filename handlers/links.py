"""Links for customers: given with the texts that staff pass on, and what such a link opens."""

from dataclasses import dataclass

from conversations.customer_view import CustomerView
from conversations.fields import UNKNOWN
from conversations.words import LinkPlace
from handlers.company import Company
from handlers.facts import answers_of
from handlers.timing import rule_for
from handlers.tokens import Purpose
from handlers.turn import Guest, Turn
from storage.cases import Case
from storage.links import AccessLink
from storage.unit_of_work import UnitOfWork

MOST_MERGES = 5
"""How often a merged case was merged again before we stop to follow."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens: the case as it goes on, the one that it was given for, and who comes by it."""

    link: AccessLink
    case: Case
    given_for: Case
    view: CustomerView
    guest: Guest


def give(turn: Turn, case: Case) -> LinkPlace | None:
    """The place of the customer's link to a case, open for its full time from now; the same one as before if it opens.

    None where no customer could use it: the company has no address on the net, or the procedure shows nothing.
    """
    procedure = turn.company.handbook[case.procedure]
    if turn.company.links is None or procedure.shown is None or not case.customer:
        return None
    until = turn.now + rule_for(turn, procedure, procedure.shown.life, case.customer).span
    subject, contact = _subject(case), contact_of(case)
    link = turn.uow.access_links.live(Purpose.CUSTOMER, subject, contact, turn.now)
    if link is None:
        link = turn.uow.access_links.add(
            AccessLink(
                purpose=Purpose.CUSTOMER.value, subject=subject, case_id=case.id, contact=contact,
                created_at=turn.now, expires_at=until,
            )
        )  # fmt: skip
    link.expires_at = max(link.expires_at, until)
    return LinkPlace(link.id, Purpose.CUSTOMER.value, link.expires_at)


def revoke(turn: Turn, case: Case) -> int:
    """Close every link to a case for good. Returns how many were open."""
    return turn.uow.access_links.revoke(_subject(case), turn.now)


def opened(uow: UnitOfWork, company: Company, link_id: str) -> Opened | None:
    """What a customer's link opens now; None when it opens nothing, for whatever reason."""
    link = uow.access_links.get(link_id)
    # its case is not even looked for: that nothing opens takes as long whatever the reason
    if link is None or link.case_id is None or link.purpose != Purpose.CUSTOMER or not link.opens(uow.now):
        return None
    case = uow.cases.get(link.case_id)
    goes_on = _followed(uow, case) if case is not None else None
    view = company.handbook[goes_on.procedure].shown if goes_on is not None else None
    if case is None or goes_on is None or view is None or goes_on.step in view.closed_to:
        return None
    customer = uow.customers.get(goes_on.customer)
    name = link.contact or (customer.short or customer.name if customer else goes_on.customer)
    guest = Guest(name, goes_on.id, _language(uow, company, goes_on, link.contact))
    return Opened(link, goes_on, case, view, guest)


def contact_of(case: Case) -> str:
    """The customer's contact whom a text about a case is for; empty when nobody is known."""
    answers = answers_of(case)
    name = str(answers.get("contact") or answers.get("with_contact") or "")
    return "" if name == UNKNOWN else name


def _subject(case: Case) -> str:
    return f"case:{case.id}"


def _followed(uow: UnitOfWork, case: Case) -> Case | None:
    """Where a merged case goes on. Never at another customer's: then the link opens nothing."""
    customer = case.customer
    for _ in range(MOST_MERGES):
        if case.step != "merged":
            return case
        ties = [tie for tie in uow.cases.links_of(case.id) if tie.case_id == case.id and tie.kind == "merged_into"]
        target = uow.cases.get(ties[-1].other_id) if ties else None
        if target is None or target.customer != customer:
            return None
        case = target
    return None


def _language(uow: UnitOfWork, company: Company, case: Case, contact: str) -> str:
    """The contact's own, else the customer's, else ours."""
    for known in uow.customers.contacts(case.customer):
        if known.name == contact:
            return known.language
    customer = uow.customers.get(case.customer)
    return customer.language if customer is not None else company.language
