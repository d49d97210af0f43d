"""Names for codes: what a summary calls a customer, a product, a defect, a person, a step."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.procedures import complaint_forms, complaint_intake
from conversations.procedures.complaint import COMPLAINT
from conversations.procedures.corrective_action import CORRECTIVE_ACTION
from conversations.procedures.task import TASK
from conversations.words import N_, Said, people
from storage.customers import Customer, Defect, Product
from storage.organisation import Department, Person

BRIEF, CHINESE = 24, 3
"""Room of a short name in Latin letters, and how many of those a Chinese character takes."""
UNKNOWN = ("", "unknown")
"""What stands for a product or a defect that nobody has named yet."""
CLOSED_SINCE = "closed_since"
"""Where an open case of an earlier day stands today, when it is closed by now."""
CATEGORIES = {option.key: option.label for option in complaint_intake.CATEGORIES}
SEVERITIES = {option.key: option.label for option in complaint_forms.SEVERITIES}
STEPS = {CLOSED_SINCE: Said(N_("closed since"))} | {step.key: Said(step.label) for step in COMPLAINT.steps}
CORRECTIVE_STEPS = {step.key: Said(step.label) for step in (*TASK.steps, *CORRECTIVE_ACTION.steps)} | {
    "open": Said(N_("in progress"))
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
        {row.code: row.name for row in session.execute(select(Product.code, Product.name))},
        {row.code: row.name for row in session.execute(select(Defect.code, Defect.name))},
        {row.code: row.name for row in session.execute(select(Department.code, Department.name))},
        {row.id: row.name for row in session.execute(select(Person.id, Person.name))},
    )


def category(key: str) -> Said:
    """Say a category: ours in the reader's language, a text from a spreadsheet as it was written."""
    return _known(CATEGORIES, key)


def severity(key: str) -> Said:
    """Say a severity; one that is not judged yet says nothing."""
    return _known(SEVERITIES, key)


def step(key: str) -> Said:
    """Say where a complaint stands."""
    return _known(STEPS, key)


def corrective_step(key: str) -> Said:
    """Say where a corrective action stands."""
    return _known(CORRECTIVE_STEPS, key)


def named(text: str) -> Said:
    """Show a name as people wrote it, or say that nobody has said it yet."""
    flat = " ".join(text.split())
    return people(flat) if flat else Said(N_("not stated"))


def brief(text: str) -> Said:
    """A name as a title has room for it: eight Chinese characters, or twenty-four Latin letters.

    A long name goes without what stands in brackets or after a comma (CHRYSLER (FCA US, LLC): CHRYSLER);
    if it is long still, it ends after a whole word.
    """
    flat = " ".join(text.split())
    if len(_in_room(flat)) == len(flat):
        return named(flat)
    head = re.split(r"[(,(,]", flat)[0].strip() or flat
    kept = _in_room(head)
    if kept == head:
        return named(head)
    words = kept.rpartition(" ")[0] if head[len(kept)] != " " else kept
    return named(f"{(words or kept).rstrip(' /-·&')}…")


def _in_room(text: str) -> str:
    """As much of a text as a title has room for."""
    room = BRIEF
    for at, character in enumerate(text):
        room -= CHINESE if unicodedata.east_asian_width(character) in "WF" else 1
        if room < 0:
            return text[:at]
    return text


def _known(labels: Mapping[str, Said], key: str) -> Said:
    return labels.get(key) or people(key)


def _name(names: Mapping[str, str], text: str | None) -> str:
    return "" if text is None or text in UNKNOWN else names.get(text, text)
