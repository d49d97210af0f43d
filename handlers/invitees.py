"""Who was invited by a survey, by name: whose answers can still be entered, and whose were."""

from conversations.fields import Option, named
from storage.cases import Case
from storage.organisation import Person
from storage.surveys import INVITED, Invitation
from storage.unit_of_work import UnitOfWork

MOST = 8
"""So many are offered; the others are found by their name."""


def waiting(uow: UnitOfWork, case: Case | None, person: Person | None) -> tuple[Option, ...]:
    """Those who have not answered, the person's own customers first."""
    mine = person.id if person is not None else 0

    def others(invitation: Invitation) -> bool:
        customer = uow.customers.get(invitation.customer)
        return customer is None or customer.owner_sales_id != mine

    found = sorted(_invited(uow, case, INVITED), key=others)
    return tuple(named(each.id, name_of(uow, each)) for each in found[:MOST])


def everyone(uow: UnitOfWork, case: Case | None, text: str) -> tuple[Option, ...]:
    """All who have not answered, to be found by their names; and whoever has this identifier, answered or not."""
    found = [each for each in _invited(uow, case, "") if each.state == INVITED or each.id == text]
    return tuple(named(each.id, name_of(uow, each)) for each in found)


def name_of(uow: UnitOfWork, invitation: Invitation) -> str:
    """The contact with their company."""
    customer, contact = uow.customers.get(invitation.customer), uow.customers.contact(invitation.contact_id or 0)
    names = (customer.short or customer.name if customer else "", contact.name if contact else "")
    return " ".join(name for name in names if name)


def _invited(uow: UnitOfWork, case: Case | None, state: str) -> list[Invitation]:
    campaign = uow.surveys.of_case(case.id) if case is not None else None
    return list(uow.surveys.invitations(campaign, state)) if campaign is not None else []
