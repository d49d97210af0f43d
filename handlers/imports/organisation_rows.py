"""The stored organisation, read from its tables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from handlers.imports.organisation_model import (
    Contact,
    Customer,
    CustomerRule,
    Defect,
    Department,
    Group,
    OnDuty,
    Organisation,
    Person,
    Product,
)
from storage import customers as c
from storage import organisation as o
from storage.bulk import Session, all_of


def stored(session: Session) -> Organisation:
    """Read the whole organisation, inactive people and contacts as well."""
    names = {row.id: row.name for row in all_of(session, o.Person)}
    return Organisation(
        departments=tuple(_departments(session, names)),
        people=tuple(_person(row, names) for row in all_of(session, o.Person)),
        groups=tuple(
            Group(code=g.code, name=g.name, members=tuple(names[member] for member in g.members), quorum=g.quorum)
            for g in all_of(session, o.Group)
        ),
        customers=tuple(_customers(session, names)),
        products=tuple(_products(session)),
        defects=tuple(
            Defect(code=d.code, name=d.name, group=d.grp, said=tuple(d.said)) for d in all_of(session, c.Defect)
        ),
        duty=tuple(_duty(session, names)),
    )


def _departments(session: Session, names: Mapping[int, str]) -> Iterator[Department]:
    aliases = defaultdict[str, list[str]](list)
    for row in all_of(session, o.DepartmentAlias):
        aliases[row.department].append(row.alias)
    for d in all_of(session, o.Department):
        yield Department(
            code=d.code,
            name=d.name,
            aliases=tuple(aliases[d.code]),
            lead=_name(d.lead_id, names),
            deputy=_name(d.deputy_id, names),
            channel_name=d.channel_name,
            channels=tuple(sorted(d.channels.items())),
        )


def _person(row: o.Person, names: Mapping[int, str]) -> Person:
    return Person(
        name=row.name,
        department=row.department,
        post=row.post,
        roles=tuple(row.roles),
        skills=tuple(row.skills),
        site=row.site,
        leave_from=row.leave_from,
        leave_to=row.leave_to,
        delegate=_name(row.delegate_id, names),
        email=row.email,
        slack=row.slack_id or "",
        wecom=row.wecom_id or "",
        language=row.language,
        active=row.active,
    )


def _customers(session: Session, names: Mapping[int, str]) -> Iterator[Customer]:
    contacts, rules = defaultdict[str, list[Contact]](list), defaultdict[str, list[CustomerRule]](list)
    for row in all_of(session, c.Contact):
        contacts[row.customer].append(_contact(row))
    for rule in all_of(session, c.CustomerRule):
        rules[rule.customer].append(
            CustomerRule(key=rule.key, value=rule.value, source=rule.source, unit=rule.unit, text=rule.text)
        )
    for k in all_of(session, c.Customer):
        yield Customer(
            code=k.code,
            name=k.name,
            short=k.short,
            grade=k.customer_class,
            kind=k.kind,
            language=k.language,
            automotive=k.automotive,
            sales=_name(k.owner_sales_id, names),
            service=_name(k.service_engineer_id, names),
            address=k.address,
            phone=k.phone,
            contacts=tuple(contacts[k.code]),
            rules=tuple(rules[k.code]),
        )


def _contact(row: c.Contact) -> Contact:
    return Contact(
        name=row.name,
        business_relation=row.business_relation,
        post=row.post,
        phone=row.phone,
        email=row.email,
        language=row.language,
        is_user_rep=row.is_user_rep,
        active=row.active,
    )


def _products(session: Session) -> Iterator[Product]:
    buyers = defaultdict[str, list[str]](list)
    for row in all_of(session, c.ProductCustomer):
        buyers[row.product].append(row.customer)
    for p in all_of(session, c.Product):
        yield Product(
            code=p.code,
            name=p.name,
            unit=p.unit,
            monthly_quantity=p.monthly_quantity,
            ppm_target=p.ppm_target,
            customers=tuple(buyers[p.code]),
        )


def _duty(session: Session, names: Mapping[int, str]) -> Iterator[OnDuty]:
    days = defaultdict[date, list[str]](list)
    for row in all_of(session, o.Duty):
        days[row.day].append(names[row.person_id])
    return (OnDuty(day=day, people=tuple(people)) for day, people in days.items())


def _name(person_id: int | None, names: Mapping[int, str]) -> str:
    return names[person_id] if person_id is not None else ""
