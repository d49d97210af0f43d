"""The index of what cases can be recognised by: written with every case, asked by ``storage.similar``."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, ForeignKey, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from conversations.similarity import terms
from storage.base import Identifier, Row
from storage.cases import Case
from storage.customers import Customer, Product
from storage.upsert import insert_missing, table_of

AT_ONCE = 10_000
SEEN_AT_MOST = 10_000
"""A term is counted up to this; what stands in more cases is common, however many they are."""

READ_AT_MOST = 20_000
"""So many entries of the index one question reads for its rarest terms; common terms only weigh."""


class CaseTerm(Row):
    """A term that the description of a case holds, with the customer whose it is.

    An entry that is out of date costs a look and nothing else: whoever finds it reads the case itself.
    """

    __tablename__ = "case_terms"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it once, as an instance's type

    term: Mapped[str] = mapped_column(primary_key=True)
    customer: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"), primary_key=True, autoincrement=False)


class Told(Protocol):
    """As much of a case as the index needs."""

    @property
    def id(self) -> int:
        """Its identifier."""

    @property
    def title(self) -> str:
        """Its description."""

    @property
    def customer(self) -> str:
        """Whose it is."""

    @property
    def product(self) -> str:
        """What it is about."""


class Seen(NamedTuple):
    """In how many cases a term stands: everybody's, and one customer's."""

    everywhere: int
    theirs: int


TERM, CUSTOMER = bindparam("term", type_=CaseTerm.term.type), bindparam("customer", type_=CaseTerm.customer.type)
_EVERYWHERE = select(CaseTerm.case_id).where(CaseTerm.term == TERM).limit(SEEN_AT_MOST).subquery()
_THEIRS = (
    select(CaseTerm.case_id).where(CaseTerm.term == TERM, CaseTerm.customer == CUSTOMER).limit(SEEN_AT_MOST).subquery()
)
COUNT = select(
    select(func.count()).select_from(_EVERYWHERE).scalar_subquery(),
    select(func.count()).select_from(_THEIRS).scalar_subquery(),
)


class Names:
    """What customers and products are called: in the description of a case of theirs this says nothing new."""

    def __init__(self, connection: Connection, of: tuple[str, str] | None = None) -> None:
        """Read all of them, or those of one customer and one product, by code."""
        customer, product = [Customer.code == of[0]] if of else [], [Product.code == of[1]] if of else []
        customers = connection.execute(select(Customer.code, Customer.name, Customer.short).where(*customer))
        products = connection.execute(select(Product.code, Product.name).where(*product))
        self._customers = {code: (code, name, short) for code, name, short in customers}
        self._products = {code: (code, name) for code, name in products}

    def of(self, customer: str, product: str) -> tuple[str, ...]:
        """Every name of a customer and a product, by code or as a file of the past wrote them."""
        return (*self._customers.get(customer, (customer,)), *self._products.get(product, (product,)))


class CaseTerms:
    """Keep the index."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._names: Names | None = None

    @property
    def names(self) -> Names:
        """The names as they are now; read once."""
        if self._names is None:
            self._names = Names(self._session.connection())
        return self._names

    def seen(self, term: str, customer: str = "") -> Seen:
        """In how many cases a term stands, counted up to a limit."""
        everywhere, theirs = self._session.execute(COUNT, {"term": term, "customer": customer}).one()
        return Seen(everywhere, theirs)

    def total(self) -> int:
        """About how many cases there are: the newest has this number."""
        return self._session.scalar(select(func.max(Case.id))) or 0

    def remember(self, told: Told) -> None:
        """Enter a case, or what was corrected of it."""
        names = self._names or Names(self._session.connection(), (told.customer, told.product))
        insert_missing(self._session, CaseTerm, entries(told, names))

    def remember_all(self, cases: Iterable[Told]) -> None:
        """Enter many cases; what stands in the index already is left alone."""
        rows: list[Mapping[str, object]] = []
        for told in cases:
            rows += entries(told, self.names)
            if len(rows) >= AT_ONCE:
                insert_missing(self._session, CaseTerm, rows)
                rows = []
        insert_missing(self._session, CaseTerm, rows)


def entries(told: Told, names: Names) -> list[dict[str, object]]:
    """The entries of one case."""
    found = terms(told.title, names.of(told.customer, told.product))
    return [{"term": term, "customer": told.customer, "case_id": told.id} for term in found]


def rarest(counts: Mapping[str, int]) -> list[str]:
    """Those terms that stand anywhere, the rarest first, as many as can be read at once; one at least."""
    chosen: list[str] = []
    read = 0
    for term, seen in sorted(counts.items(), key=lambda each: (each[1], each[0])):
        if seen == 0:
            continue
        if chosen and read + seen > READ_AT_MOST:
            break
        chosen.append(term)
        read += seen
    return chosen


def rebuild(connection: Connection) -> None:
    """Empty the index and enter every case anew; what a migration does, and whoever changed how texts are cut."""
    index, names, last = table_of(CaseTerm), Names(connection), 0
    connection.execute(delete(index))
    batch = select(Case.id, Case.title, Case.customer, Case.product).order_by(Case.id).limit(AT_ONCE)
    while cases := connection.execute(batch.where(Case.id > last)).all():
        last = cases[-1].id
        if rows := [entry for case in cases for entry in entries(case, names)]:
            connection.execute(index.insert(), rows)
