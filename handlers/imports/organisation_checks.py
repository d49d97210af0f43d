"""What must hold inside an organisation: every name leads somewhere, and no name to two places."""

from collections import Counter
from collections.abc import Iterable, Iterator

from conversations.permissions import ROLES
from conversations.procedures.complaint import COMPLAINT
from handlers.imports.organisation_model import CustomerRule, Organisation, Person
from handlers.imports.tables import nearest

LANGUAGES = ("zh", "en")
EFFECTS = (
    *(rule.key for rule in COMPLAINT.rules),
    "corrective.D3",
    "corrective.format",
    "corrective.language",
    "change.consent",
    "delivery.label",
    "records.retention",
)
"""What a customer's special requirement may change: a closed set (design 4, customer rules)."""


def departments_by_name(organisation: Organisation) -> dict[str, str]:
    """Code, name and every alias of a department, each leading to its code."""
    named: dict[str, str] = {}
    for department in organisation.departments:
        for name in (department.code, department.name, *department.aliases):
            named.setdefault(name, department.code)
    return named


def check(organisation: Organisation) -> Iterator[str]:
    """Yield every fault: what stands twice, what leads nowhere, what contradicts itself."""
    yield from _twice(organisation)
    yield from _aliases(organisation)
    yield from _unknown_people(organisation)
    for person in organisation.people:
        yield from _person(person, organisation)
    yield from _delegates(organisation.people)
    yield from _groups(organisation)
    yield from _customers(organisation)


def _twice(organisation: Organisation) -> Iterator[str]:
    people = organisation.people
    for where, names in (
        ("departments", [department.code for department in organisation.departments]),
        ("people", [person.name for person in people]),
        ("people.slack", [person.slack for person in people if person.slack]),
        ("people.wecom", [person.wecom for person in people if person.wecom]),
        ("groups", [group.code for group in organisation.groups]),
        ("customers", [customer.code for customer in organisation.customers]),
        ("products", [product.code for product in organisation.products]),
        ("defects", [defect.code for defect in organisation.defects]),
    ):
        yield from _repeated(where, names)


def _repeated(where: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{where}: “{name}” stands {times} times; keep one, or give the others their own"


def _aliases(organisation: Organisation) -> Iterator[str]:
    owners: dict[str, str] = {}
    for department in organisation.departments:
        for name in dict.fromkeys((department.name, *department.aliases)):
            other = owners.setdefault(name, department.code)
            if other != department.code:
                yield (
                    f"departments[{department.code}].aliases: “{name}” belongs to {other} already;"
                    " an alias leads to one department only (A-07), take it out of one of them"
                )


def _unknown_people(organisation: Organisation) -> Iterator[str]:
    known = [person.name for person in organisation.people]
    for path, name in _references(organisation):
        if name and name not in known:
            yield f"{path}: nobody in [[people]] is called “{name}”{nearest(name, known)}"


def _references(organisation: Organisation) -> Iterator[tuple[str, str]]:
    for department in organisation.departments:
        yield f"departments[{department.code}].lead", department.lead
        yield f"departments[{department.code}].deputy", department.deputy
    for person in organisation.people:
        yield f"people[{person.name}].delegate", person.delegate
    for group in organisation.groups:
        yield from ((f"groups[{group.code}].members", name) for name in group.members)
    for customer in organisation.customers:
        yield f"customers[{customer.code}].sales", customer.sales
        yield f"customers[{customer.code}].service", customer.service
    for on_duty in organisation.duty:
        yield from ((f"duty.{on_duty.day}", name) for name in on_duty.people)


def _person(person: Person, organisation: Organisation) -> Iterator[str]:
    path = f"people[{person.name}]"
    departments = departments_by_name(organisation)
    if person.department not in departments:
        meant = nearest(person.department, list(departments))
        yield f"{path}.department: “{person.department}” is no department{meant}"
    for role in person.roles:
        if role not in ROLES:
            yield f"{path}.roles: “{role}” is no role{nearest(role, sorted(ROLES))}"
    yield from _language(path, person.language)
    if (person.leave_from is None) != (person.leave_to is None):
        yield f"{path}: leave needs both leave_from and leave_to"
    if person.leave_from and person.leave_to and person.leave_to < person.leave_from:
        yield f"{path}.leave_to: the leave ends before it begins"


def _delegates(people: Iterable[Person]) -> Iterator[str]:
    delegates = {person.name: person.delegate for person in people}
    told: set[str] = set()
    for start in delegates:
        chain = [start]
        while (name := delegates.get(chain[-1], "")) and name not in chain:
            chain.append(name)
        if name == start and start not in told:
            told.update(chain)
            circle = " → ".join((*chain, start))
            yield f"people[{start}].delegate: the delegates go in a circle ({circle}); nobody would act"


def _groups(organisation: Organisation) -> Iterator[str]:
    for group in organisation.groups:
        if not 1 <= group.quorum <= len(group.members):
            yield f"groups[{group.code}].quorum must be between 1 and its {len(group.members)} members"


def _customers(organisation: Organisation) -> Iterator[str]:
    codes = [customer.code for customer in organisation.customers]
    for customer in organisation.customers:
        path = f"customers[{customer.code}]"
        yield from _repeated(f"{path}.contacts", [contact.name for contact in customer.contacts])
        yield from _repeated(f"{path}.rules", [rule.key for rule in customer.rules])
        if customer.grade not in ("", "A", "B", "C"):
            yield f'{path}.class must be "A", "B" or "C"'
        yield from _language(path, customer.language)
        for contact in customer.contacts:
            yield from _language(f"{path}.contacts[{contact.name}]", contact.language)
        for rule in customer.rules:
            yield from _rule(f"{path}.rules[{rule.key}]", rule)
    for product in organisation.products:
        for code in product.customers:
            if code not in codes:
                yield f"products[{product.code}].customers: “{code}” is no customer{nearest(code, codes)}"


def _rule(path: str, rule: CustomerRule) -> Iterator[str]:
    if rule.key not in EFFECTS:
        yield f"{path}.key: “{rule.key}” is nothing a requirement can change{nearest(rule.key, EFFECTS)}"
    if rule.key.startswith("complaint.") and (rule.unit not in ("h", "d") or not rule.value.isdigit()):
        yield f'{path}: a time limit needs a whole number and a unit, for example value = "24", unit = "h"'


def _language(path: str, language: str) -> Iterator[str]:
    if language not in LANGUAGES:
        yield f'{path}.language must be "zh" or "en"'
