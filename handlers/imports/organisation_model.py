"""The organisation as a file describes it: departments, people, customers, products, defects, duty."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department, the other names people call it by, who leads it, and where it talks."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    lead: str = ""
    deputy: str = ""
    channel_name: str = ""
    channels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the company; ``department`` is a code, ``delegate`` a name, leave in whole days."""

    name: str
    department: str
    post: str = ""
    roles: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    site: str = ""
    leave_from: date | None = None
    leave_to: date | None = None
    delegate: str = ""
    email: str = ""
    slack: str = ""
    wecom: str = ""
    language: str = "zh"
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People of several departments who decide together; the first one chairs."""

    code: str
    name: str
    members: tuple[str, ...]
    quorum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody at a customer's, and what connects that person with our business (M-39)."""

    name: str
    business_relation: str
    post: str = ""
    phone: str = ""
    email: str = ""
    language: str = "zh"
    is_user_rep: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRule:
    """A special requirement in force: the key it overrides, and the record it comes from."""

    key: str
    value: str
    source: str
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer, who looks after it with us, its contacts and its special requirements."""

    code: str
    name: str
    short: str
    grade: str = ""
    kind: str = ""
    language: str = "zh"
    automotive: bool = False
    sales: str = ""
    service: str = ""
    address: str = ""
    phone: str = ""
    contacts: tuple[Contact, ...] = ()
    rules: tuple[CustomerRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product, who buys it, how many a month, and the defective parts per million we aim at."""

    code: str
    name: str
    unit: str = ""
    monthly_quantity: int | None = None
    ppm_target: int | None = None
    customers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A defect code, its group, and what people say when they mean it."""

    code: str
    name: str
    group: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """The people on duty in the night or rest time of one day (值班人员)."""

    day: date
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A whole organisation whose names all lead somewhere: read, checked, and ready to be stored."""

    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    groups: tuple[Group, ...] = ()
    customers: tuple[Customer, ...] = ()
    products: tuple[Product, ...] = ()
    defects: tuple[Defect, ...] = ()
    duty: tuple[OnDuty, ...] = ()


class OrganisationError(ValueError):
    """An organisation that cannot be used; ``faults`` names every place with what to write there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


Item: TypeAlias = Department | Person | Group | Customer | Product | Defect | OnDuty


def identity(item: Item) -> str:
    """Say by what an item is known: its code, a person's name, a day on duty."""
    match item:
        case Person(name=name):
            return name
        case OnDuty(day=day):
            return day.isoformat()
        case _:
            return item.code
