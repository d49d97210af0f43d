"""Reading an organisation from its file: every fault is found in one run, with its path."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace

from handlers.imports.organisation_checks import check, departments_by_name
from handlers.imports.organisation_model import (
    Contact,
    Customer,
    CustomerRule,
    Defect,
    Department,
    Group,
    OnDuty,
    Organisation,
    OrganisationError,
    Person,
    Product,
)
from handlers.imports.tables import Table


def read_organisation(text: str) -> Organisation:
    """Read and check an organisation from TOML, or from the JSON of an export.

    Raises OrganisationError with every fault and its mend.

    A person's department may be given by code, name or alias; what is returned has its code.
    """
    faults: list[str] = []
    file = Table(_parsed(text), "", faults)
    organisation = Organisation(
        departments=tuple(_department(table) for table in file.each("departments")),
        people=tuple(_person(table) for table in file.each("people")),
        groups=tuple(_group(table) for table in file.each("groups")),
        customers=tuple(_customer(table) for table in file.each("customers")),
        products=tuple(_product(table) for table in file.each("products")),
        defects=tuple(_defect(table) for table in file.each("defects")),
        duty=_duty(file.inner("duty")),
    )
    file.done()
    # names can only be followed once every table could be read
    faults = faults or list(check(organisation))
    if faults:
        raise OrganisationError(faults)
    codes = departments_by_name(organisation)
    people = tuple(replace(person, department=codes[person.department]) for person in organisation.people)
    return replace(organisation, people=people)


def _parsed(text: str) -> Mapping[str, object]:
    try:
        if not text.lstrip().startswith("{"):
            return tomllib.loads(text)
        parsed = json.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OrganisationError([f"this is not TOML: {error}"]) from error
    except json.JSONDecodeError as error:
        raise OrganisationError([f"this is not JSON: {error}"]) from error
    return {str(key): value for key, value in parsed.items()}


def _department(table: Table) -> Department:
    return Department(
        code=table.text("code"),
        name=table.text("name"),
        aliases=table.texts("aliases"),
        lead=table.text("lead"),
        deputy=table.text("deputy", ""),
        channel_name=table.text("channel_name", ""),
        channels=table.pairs("channels"),
    )


def _person(table: Table) -> Person:
    return Person(
        name=table.text("name"),
        department=table.text("department"),
        post=table.text("post", ""),
        roles=table.texts("roles"),
        skills=table.texts("skills"),
        site=table.text("site", ""),
        leave_from=table.day("leave_from"),
        leave_to=table.day("leave_to"),
        delegate=table.text("delegate", ""),
        email=table.text("email", ""),
        slack=table.text("slack", ""),
        wecom=table.text("wecom", ""),
        language=table.text("language", "zh"),
        active=table.flag("active", default=True),
    )


def _group(table: Table) -> Group:
    return Group(
        code=table.text("code"),
        name=table.text("name"),
        members=table.texts("members"),
        quorum=table.whole("quorum") or 0,
    )


def _customer(table: Table) -> Customer:
    return Customer(
        code=table.text("code"),
        name=table.text("name"),
        short=table.text("short"),
        grade=table.text("class", ""),
        kind=table.text("kind", ""),
        language=table.text("language", "zh"),
        automotive=table.flag("automotive", default=False),
        sales=table.text("sales", ""),
        service=table.text("service", ""),
        address=table.text("address", ""),
        phone=table.text("phone", ""),
        contacts=tuple(_contact(inner) for inner in table.each("contacts")),
        rules=tuple(_rule(inner) for inner in table.each("rules")),
    )


def _contact(table: Table) -> Contact:
    relation = table.text("business_relation", "")
    if not relation:
        table.fault(
            "business_relation",
            'is missing: write what connects this contact with us, for example "质量" or "采购" (M-39)',
        )
    return Contact(
        name=table.text("name"),
        business_relation=relation,
        post=table.text("post", ""),
        phone=table.text("phone", ""),
        email=table.text("email", ""),
        language=table.text("language", "zh"),
        is_user_rep=table.flag("is_user_rep", default=False),
        active=table.flag("active", default=True),
    )


def _rule(table: Table) -> CustomerRule:
    return CustomerRule(
        key=table.text("key"),
        value=table.text("value"),
        source=table.text("source"),
        unit=table.text("unit", ""),
        text=table.text("text", ""),
    )


def _product(table: Table) -> Product:
    return Product(
        code=table.text("code"),
        name=table.text("name"),
        unit=table.text("unit", ""),
        monthly_quantity=table.whole("monthly_quantity"),
        ppm_target=table.whole("ppm_target"),
        customers=table.texts("customers"),
    )


def _defect(table: Table) -> Defect:
    return Defect(
        code=table.text("code"),
        name=table.text("name"),
        group=table.text("group", ""),
        said=table.texts("said"),
    )


def _duty(table: Table) -> tuple[OnDuty, ...]:
    roster = []
    for key in table.written():
        people = table.texts(key)
        day = table.day_named(key)
        if day is not None:
            roster.append(OnDuty(day=day, people=people))
    return tuple(sorted(roster, key=lambda on_duty: on_duty.day))
