"""Who was invited by a survey, by name: whose answers can still be entered, and whose were."""

from conversations.fields import Option, UnacceptableError, folded, named
from conversations.words import N_, said
from storage.cases import Case
from storage.organisation import Person
from storage.surveys import INVITED, Invitation
from storage.unit_of_work import UnitOfWork

NOT_ONESELF = said(N_("You handled this complaint yourself: somebody else asks the customer by phone."))
HANDLING = frozenset({"accept", "propose_remedy", "log_contact", "implemented", "close"})
"""What is done by whoever handles a complaint."""

MOST = 8
"""So many are offered; the others are found by their name."""


def waiting(uow: UnitOfWork, case: Case | None, person: Person | None) -> tuple[Option, ...]:
    """Those who have not answered, the person's own customers first."""
    mine = person.id if person is not None else 0

    def others(invitation: Invitation) -> bool:
        customer = uow.customers.get(invitation.customer)
        return customer is None or customer.owner_sales_id != mine

    free = (each for each in _invited(uow, case, INVITED) if mine not in rated(uow, each))
    found = sorted(free, key=others)
    return tuple(named(each.id, name_of(uow, each)) for each in found[:MOST])


def everyone(uow: UnitOfWork, case: Case | None, person: Person | None, text: str) -> tuple[Option, ...]:
    """All who have not answered, to be found by their names; and whoever has this identifier, answered or not.

    Raises UnacceptableError where somebody is meant who is asked about what the person did.
    """
    mine = person.id if person is not None else 0
    found = [each for each in _invited(uow, case, "") if each.state == INVITED or each.id == text]
    barred = [each for each in found if each.id != text and mine in rated(uow, each)]
    free = [each for each in found if each not in barred]
    if _called(uow, barred, text) and not _called(uow, free, text):
        raise UnacceptableError(NOT_ONESELF)
    return tuple(named(each.id, name_of(uow, each)) for each in free)


def _called(uow: UnitOfWork, found: list[Invitation], text: str) -> bool:
    return any(each.id == text or folded(text) in folded(name_of(uow, each)) for each in found)


def rated(uow: UnitOfWork, invitation: Invitation) -> set[int | None]:
    """Who handled the complaint that somebody is asked about: nobody enters what is said of themselves (U-14)."""
    about = uow.cases.get(invitation.about_case) if invitation.about_case is not None else None
    if about is None:
        return set()
    return {about.owner_id, *(row.by_id for row in uow.cases.actions_of(about.id) if row.key in HANDLING)}


def name_of(uow: UnitOfWork, invitation: Invitation) -> str:
    """The contact with their company."""
    customer, contact = uow.customers.get(invitation.customer), uow.customers.contact(invitation.contact_id or 0)
    names = (customer.short or customer.name if customer else "", contact.name if contact else "")
    return " ".join(name for name in names if name)


def _invited(uow: UnitOfWork, case: Case | None, state: str) -> list[Invitation]:
    campaign = uow.surveys.of_case(case.id) if case is not None else None
    return list(uow.surveys.invitations(campaign, state)) if campaign is not None else []
