"""Customers, their contacts and rules, the products they buy and the defects we know."""

from collections.abc import Sequence
from typing import TypeVar, cast

from sqlalchemy import ForeignKey, Select, UniqueConstraint, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from storage.base import Identifier, Key, Row


class Customer(Row):
    """A customer, and who of ours looks after it."""

    __tablename__ = "customers"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    short: Mapped[str] = mapped_column(default="")
    customer_class: Mapped[str] = mapped_column("class", default="")
    kind: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="zh")
    automotive: Mapped[bool] = mapped_column(default=True)
    owner_sales_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    service_engineer_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")


class Contact(Row):
    """A person at a customer."""

    __tablename__ = "contacts"

    id: Mapped[Key] = mapped_column(init=False)
    customer: Mapped[str] = mapped_column(ForeignKey("customers.code"), index=True)
    name: Mapped[str]
    post: Mapped[str] = mapped_column(default="")
    business_relation: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="zh")
    is_user_rep: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class CustomerRule(Row):
    """What a customer's special requirement changes for us, with its source (TY-2026-0001)."""

    __tablename__ = "customer_rules"
    __table_args__ = (UniqueConstraint("customer", "key", "source"),)

    id: Mapped[Key] = mapped_column(init=False)
    customer: Mapped[str] = mapped_column(ForeignKey("customers.code"))
    key: Mapped[str]
    value: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")


class Product(Row):
    """A product, with the quantity that parts per million refer to."""

    __tablename__ = "products"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    monthly_quantity: Mapped[int | None] = mapped_column(default=None)
    ppm_target: Mapped[int | None] = mapped_column(default=None)


class ProductCustomer(Row):
    """Who buys what."""

    __tablename__ = "product_customers"

    product: Mapped[str] = mapped_column(ForeignKey("products.code"), primary_key=True)
    customer: Mapped[str] = mapped_column(ForeignKey("customers.code"), primary_key=True)


class Defect(Row):
    """A defect code, its group, and what people say when they mean it."""

    __tablename__ = "defects"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    grp: Mapped[str] = mapped_column(default="")
    said: Mapped[list[str]] = mapped_column(default_factory=list, insert_default=list)


CUSTOMERS = select(Customer).order_by(Customer.code)
CONTACTS = select(Contact).where(Contact.customer == bindparam("customer"), Contact.active).order_by(Contact.id)
RULES = select(CustomerRule).where(CustomerRule.customer == bindparam("customer")).order_by(CustomerRule.id)
PRODUCTS = select(Product).order_by(Product.code)
PRODUCTS_OF = (
    select(Product)
    .join(ProductCustomer, ProductCustomer.product == Product.code)
    .where(ProductCustomer.customer == bindparam("customer"))
    .order_by(Product.code)
)
DEFECTS = select(Defect).order_by(Defect.code)
"""Made once: every question of a form asks."""

T = TypeVar("T")


class Customers:
    """Find customers and what belongs to them; lists are read once in a unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[tuple[object, str], Sequence[object]] = {}

    def add(self, *rows: Row) -> None:
        """Keep new customers, contacts, rules, products or defects, in the order given."""
        self._read.clear()
        for row in rows:
            self._session.add(row)
            self._session.flush()

    def _once(self, asked: Select[T], customer: str = "") -> Sequence[T]:
        if (asked, customer) not in self._read:
            self._read[asked, customer] = self._session.scalars(asked, {"customer": customer}).all()
        return cast("Sequence[T]", self._read[asked, customer])

    def get(self, code: str) -> Customer | None:
        """The customer with this code."""
        return self._session.get(Customer, code)

    def all(self) -> Sequence[Customer]:
        """Every customer, by code."""
        return self._once(CUSTOMERS)

    def search(self, said: str) -> Sequence[Customer]:
        """Customers meant by a code, a short name or part of a name; a whole match stands alone."""
        wanted = said.strip().lower()
        if not wanted:
            return []
        whole = or_(*(func.lower(column) == wanted for column in _names(Customer)))
        exact = self._session.scalars(select(Customer).where(whole).order_by(Customer.code)).all()
        part = or_(*(func.lower(column).contains(wanted, autoescape=True) for column in _names(Customer)))
        return exact or self._session.scalars(select(Customer).where(part).order_by(Customer.code)).all()

    def contacts(self, customer: str) -> Sequence[Contact]:
        """The active contacts at a customer."""
        return self._once(CONTACTS, customer) if customer else ()

    def contact(self, contact_id: int) -> Contact | None:
        """The contact with this identifier."""
        return self._session.get(Contact, contact_id)

    def rules(self, customer: str, key: str | None = None) -> Sequence[CustomerRule]:
        """What a customer's special requirements change, for one rule key when it is given."""
        return [rule for rule in self._once(RULES, customer) if key in (None, rule.key)]

    def product(self, code: str) -> Product | None:
        """The product with this code."""
        return self._session.get(Product, code)

    def products(self) -> Sequence[Product]:
        """Every product, by code."""
        return self._once(PRODUCTS)

    def products_of(self, customer: str) -> Sequence[Product]:
        """The products a customer buys, by code."""
        return self._once(PRODUCTS_OF, customer) if customer else ()

    def defects(self) -> Sequence[Defect]:
        """Every defect code, in order."""
        return self._once(DEFECTS)

    def defect(self, code: str) -> Defect | None:
        """The defect with this code."""
        return self._session.get(Defect, code)


def _names(row: type[Customer]) -> tuple[InstrumentedAttribute[str], ...]:
    return (row.code, row.short, row.name)
