"""An organisation as plain values in the shape of its file, and two of them laid side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, fields, replace
from datetime import date
from typing import ClassVar, Protocol, TypeAlias, TypeVar

from handlers.imports.organisation_model import Customer, Item, Organisation, identity

Plain: TypeAlias = dict[str, object]
X = TypeVar("X", bound=Item)

IN_FILE = {"grade": "class"}
"""What a field is called in the file where its name is taken in Python."""

SECTIONS = ("departments", "people", "groups", "customers", "products", "defects", "duty")

UNORDERED = frozenset({"aliases", "customers", "skills", "people"})
"""Lists whose order says nothing."""


class _Described(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[object]]]


def plain(organisation: Organisation) -> Plain:
    """Give everything in the shape of the file: what is empty or as usual is left out, days are text."""
    sections: Plain = {name: [_plain_item(item) for item in getattr(organisation, name)] for name in SECTIONS[:-1]}
    duty = {on_duty.day.isoformat(): list(on_duty.people) for on_duty in organisation.duty}
    return {**{name: items for name, items in sections.items() if items}, **({"duty": duty} if duty else {})}


def flat(organisation: Organisation, section: str) -> dict[str, dict[str, object]]:
    """Give one section by identity, each item as path -> value, to be compared with another."""
    return {identity(item): dict(_paths(_plain_item(item), "")) for item in getattr(organisation, section)}


def merged(before: Organisation, file: Organisation) -> Organisation:
    """Give what will be stored: the file, and what only the store knows.

    People and contacts that the file does not name become inactive; everything else stays.
    """
    gone = [replace(person, active=False, slack="", wecom="") for person in _others(before.people, file.people)]
    known = {customer.code: customer for customer in before.customers}
    customers = [_with_contacts(customer, known.get(customer.code)) for customer in file.customers]
    return Organisation(
        departments=(*file.departments, *_others(before.departments, file.departments)),
        people=(*file.people, *gone),
        groups=(*file.groups, *_others(before.groups, file.groups)),
        customers=(*customers, *_others(before.customers, file.customers)),
        products=(*file.products, *_others(before.products, file.products)),
        defects=(*file.defects, *_others(before.defects, file.defects)),
        duty=(*file.duty, *_others(before.duty, file.duty)),
    )


def _with_contacts(customer: Customer, before: Customer | None) -> Customer:
    named = {contact.name for contact in customer.contacts}
    stored = before.contacts if before else ()
    gone = [replace(contact, active=False) for contact in stored if contact.name not in named]
    return replace(customer, contacts=(*customer.contacts, *gone))


def _others(before: Sequence[X], file: Sequence[X]) -> Iterator[X]:
    named = {identity(item) for item in file}
    return (item for item in before if identity(item) not in named)


def _plain_item(item: _Described) -> Plain:
    return {
        IN_FILE.get(field.name, field.name): _plain_value(field.name, value)
        for field in fields(item)
        if (value := getattr(item, field.name)) != field.default
    }


def _plain_value(name: str, value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, tuple):
        return value
    if name == "channels":
        return dict(value)
    if name in UNORDERED:
        return sorted(value)
    return [item if isinstance(item, str) else _plain_item(item) for item in value]


def _paths(value: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, inner in value.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            for item in inner:
                name = item.get("name") or item.get("key")
                yield from _paths(item, f"{prefix}{key}[{name}].")
        else:
            yield f"{prefix}{key}", inner
