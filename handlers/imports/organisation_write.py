"""Writing an organisation to its tables."""

from collections.abc import Mapping, Sequence

from handlers.imports.organisation_model import Customer, Department, Organisation, Person, Product
from storage import customers as c
from storage import organisation as o
from storage.bulk import Session, all_of, clear, put_all

Ids = Mapping[str, int]


def write(session: Session, organisation: Organisation) -> None:
    """Make the tables say what the organisation says; rows that it does not name are left alone."""
    ids = _people(session, organisation.people)
    clear(session, o.DepartmentAlias)
    for department in organisation.departments:
        _department(session, department, ids)
    for g in organisation.groups:
        members = [ids[name] for name in g.members]
        session.merge(o.Group(code=g.code, name=g.name, members=members, quorum=g.quorum))
    for customer in organisation.customers:
        _customer(session, customer, ids)
    for product in organisation.products:
        _product(session, product)
    for d in organisation.defects:
        session.merge(c.Defect(code=d.code, name=d.name, grp=d.group, said=list(d.said)))
    for on_duty in organisation.duty:
        clear(session, o.Duty, day=on_duty.day)
        put_all(session, (o.Duty(day=on_duty.day, person_id=ids[name]) for name in on_duty.people))
    session.flush()


def _people(session: Session, people: Sequence[Person]) -> Ids:
    rows = {row.name: row for row in all_of(session, o.Person)}
    for row in rows.values():
        # an id on a platform may go from one person to another: all let go before anyone takes
        row.slack_id = row.wecom_id = None
    session.flush()
    for person in people:
        if person.name not in rows:
            rows[person.name] = o.Person(name=person.name, department=person.department)
    put_all(session, rows.values())
    ids = {name: row.id for name, row in rows.items()}
    for person in people:
        _fill(rows[person.name], person, ids)
    session.flush()
    return ids


def _fill(row: o.Person, person: Person, ids: Ids) -> None:
    row.department, row.post, row.site = person.department, person.post, person.site
    row.roles, row.skills = list(person.roles), list(person.skills)
    row.leave_from, row.leave_to = person.leave_from, person.leave_to
    row.delegate_id = ids.get(person.delegate)
    row.email, row.language, row.active = person.email, person.language, person.active
    row.slack_id, row.wecom_id = person.slack or None, person.wecom or None


def _department(session: Session, department: Department, ids: Ids) -> None:
    session.merge(
        o.Department(
            code=department.code,
            name=department.name,
            lead_id=ids.get(department.lead),
            deputy_id=ids.get(department.deputy),
            channels=dict(department.channels),
            channel_name=department.channel_name,
        )
    )
    put_all(session, (o.DepartmentAlias(alias=alias, department=department.code) for alias in department.aliases))


def _customer(session: Session, customer: Customer, ids: Ids) -> None:
    session.merge(
        c.Customer(
            code=customer.code,
            name=customer.name,
            short=customer.short,
            customer_class=customer.grade,
            kind=customer.kind,
            language=customer.language,
            automotive=customer.automotive,
            owner_sales_id=ids.get(customer.sales),
            service_engineer_id=ids.get(customer.service),
            address=customer.address,
            phone=customer.phone,
        )
    )
    session.flush()
    _contacts(session, customer)
    clear(session, c.CustomerRule, customer=customer.code)
    put_all(
        session,
        (
            c.CustomerRule(customer=customer.code, key=r.key, value=r.value, unit=r.unit, source=r.source, text=r.text)
            for r in customer.rules
        ),
    )


def _contacts(session: Session, customer: Customer) -> None:
    rows = {row.name: row for row in all_of(session, c.Contact) if row.customer == customer.code}
    for contact in customer.contacts:
        row = rows.get(contact.name) or c.Contact(customer=customer.code, name=contact.name)
        row.post, row.business_relation = contact.post, contact.business_relation
        row.phone, row.email, row.language = contact.phone, contact.email, contact.language
        row.is_user_rep, row.active = contact.is_user_rep, contact.active
        put_all(session, [row])


def _product(session: Session, product: Product) -> None:
    session.merge(
        c.Product(
            code=product.code,
            name=product.name,
            unit=product.unit,
            monthly_quantity=product.monthly_quantity,
            ppm_target=product.ppm_target,
        )
    )
    clear(session, c.ProductCustomer, product=product.code)
    put_all(session, (c.ProductCustomer(product=product.code, customer=code) for code in product.customers))
