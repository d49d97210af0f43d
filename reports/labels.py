"""Names for codes: what a summary calls a customer, a product, a defect, a person, a step."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.words import N_, Said, people
from storage.customers import Customer, Defect, Product
from storage.organisation import Department, Person

UNKNOWN = ("", "unknown")
"""What stands for a product or a defect that nobody has named yet."""
CATEGORIES = {
    "quality": N_("product quality"),
    "packaging": N_("packaging and marking"),
    "delivery": N_("delivery"),
    "service": N_("service"),
    "price": N_("price"),
    "safety": N_("safety and environment"),
}
SEVERITIES = {"major": N_("major"), "general": N_("general")}
CLOSED_SINCE = "closed_since"
STEPS = {
    CLOSED_SINCE: N_("closed since"),
    "sales_handling": N_("sales at work"),
    "handed_over": N_("waiting for quality"),
    "qa_handling": N_("quality at work"),
    "meeting_pending": N_("meeting to be held"),
    "awaiting_customer": N_("waiting for the customer"),
    "implementing": N_("measure being implemented"),
    "analysing": N_("cause being analysed"),
    "closed": N_("closed"),
    "open": N_("in progress"),
    "done": N_("done"),
    "verified": N_("verified"),
    "verified_ok": N_("verified"),
    "to_claim": N_("turned into a claim"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Code -> name, as the company has them today; a text that is no code stays as it is."""

    customers: Mapping[str, str]
    products: Mapping[str, str]
    defects: Mapping[str, str]
    departments: Mapping[str, str]
    people: Mapping[int, str]

    def customer(self, text: str | None) -> str:
        """The short name of a customer, whether it was given by code, by name or freely."""
        return _name(self.customers, text)

    def product(self, text: str | None) -> str:
        """The name of a product."""
        return _name(self.products, text)

    def defect(self, text: str | None) -> str:
        """The name of a defect."""
        return _name(self.defects, text)

    def department(self, text: str | None) -> str:
        """The name of a department."""
        return _name(self.departments, text)


def names(session: Session) -> Names:
    """Read the names once, so that counting groups by codes alone."""
    shorts = session.execute(select(Customer.code, Customer.name, Customer.short)).all()
    customers = {name: short or name for _, name, short in shorts}
    customers |= {code: short or name for code, name, short in shorts}
    return Names(
        customers,
        dict(session.execute(select(Product.code, Product.name)).tuples().all()),
        dict(session.execute(select(Defect.code, Defect.name)).tuples().all()),
        dict(session.execute(select(Department.code, Department.name)).tuples().all()),
        dict(session.execute(select(Person.id, Person.name)).tuples().all()),
    )


def category(key: str) -> Said:
    """Say a category: ours in the reader's language, a text from a spreadsheet as it was written."""
    return _known(CATEGORIES, key)


def severity(key: str) -> Said:
    """Say a severity; one that is not judged yet says nothing."""
    return _known(SEVERITIES, key)


def step(key: str) -> Said:
    """Say where a case stands."""
    return _known(STEPS, key)


def named(text: str) -> Said:
    """Show a name as people wrote it, or say that nobody has said it yet."""
    return people(text) if text else Said(N_("not stated"))


def _known(labels: Mapping[str, str], key: str) -> Said:
    return Said(labels[key]) if key in labels else people(key)


def _name(names: Mapping[str, str], text: str | None) -> str:
    return "" if text is None or text in UNKNOWN else names.get(text, text)
