"""Looking for a case by what people remember of it: whose, what, when and which words, as far as they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy import case as either
from sqlalchemy.orm import Session

from conversations.similarity import rarity
from storage.case_terms import SEEN_AT_MOST, CaseTerm, CaseTerms, rarest
from storage.cases import Case
from storage.customers import Contact, Customer, Product
from storage.similar import VOID

NEWEST = 20_000
"""Where no index helps, only so many of the newest cases are looked through."""

LOOKED_THROUGH = 4_000
"""So many that fit are looked through for some that the asker may see."""

CANDIDATES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What somebody may see: their own cases, those of departments, and those of customers."""

    people: frozenset[int]
    departments: frozenset[str]
    customers: frozenset[str]

    def holds(self, found: "Found") -> bool:
        """Whether a case is among them."""
        return (
            found.owner_id in self.people
            or found.reporter_id in self.people
            or found.department in self.departments
            or found.responsible in self.departments
            or found.customer in self.customers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of what is looked for; an empty part says nothing. ``since`` and ``until`` are of the receipt."""

    customers: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    defects: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class Found(NamedTuple):
    """A case that may be meant, and as much of it as tells how well it fits."""

    id: int
    customer: str
    product: str
    defect: str
    title: str
    received_at: datetime
    closed_at: datetime | None
    owner_id: int | None
    reporter_id: int | None
    department: str
    responsible: str


Asked: TypeAlias = "Select[int, str, str, str, str, datetime, datetime | None, int | None, int | None, str, str]"
FOUND = select(
    Case.id, Case.customer, Case.product, Case.defect, Case.title, Case.received_at, Case.closed_at, Case.owner_id,
    Case.reporter_id, Case.department, Case.responsible,
).where(Case.step != VOID)  # fmt: skip


class Named(NamedTuple):
    """What something is called: a customer's code with a name, a contact or a phone of theirs, or a product's."""

    code: str
    words: tuple[str, ...]
    phones: tuple[str, ...] = ()


class Finding:
    """Gather what may be meant; the caller ranks it."""

    def __init__(self, session: Session, index: CaseTerms) -> None:
        self._session = session
        self._index = index

    def customers(self) -> list[Named]:
        """What every customer is called, those of the past too whom no code stands for; contacts and phones."""
        known = self._session.execute(select(Customer.code, Customer.name, Customer.short, Customer.phone)).all()
        named = [Named(code, (code, name, short), (phone,)) for code, name, short, phone in known]
        codes = {each.code for each in named}
        texts = self._session.scalars(select(Case.customer).distinct())
        named += [Named(text, (text,)) for text in texts if text and text not in codes]
        people = select(Contact.customer, Contact.name, Contact.phone).where(Contact.active)
        return named + [Named(code, (name,), (phone,)) for code, name, phone in self._session.execute(people)]

    def products(self) -> list[Named]:
        """What every product is called."""
        products = self._session.execute(select(Product.code, Product.name))
        return [Named(code, (code, name)) for code, name in products]

    def gather(self, wanted: Wanted, scope: Scope | None) -> list[Found]:
        """Cases that fit one part of it at least: those with the words, and the newest of whose and what."""
        rows = self._read(self._with_words(wanted, scope), scope)
        if wanted.customers or wanted.products or wanted.defects or wanted.since:
            rows += self._rows(self._newest(wanted), scope)
        if wanted.customers:
            rows += self._rows(self._newest(wanted).where(Case.closed_at.is_(None)), scope)
        return list({row.id: row for row in rows}.values())

    def _read(self, ids: Sequence[int], scope: Scope | None) -> list[Found]:
        """The first of these that may be seen, in their order."""
        found: list[Found] = []
        for start in range(0, len(ids), CANDIDATES):
            asked = FOUND.where(Case.id.in_(ids[start : start + CANDIDATES]))
            found += [
                row for row in map(Found._make, self._session.execute(asked)) if scope is None or scope.holds(row)
            ]
            if len(found) >= CANDIDATES:
                break
        return found

    def _rows(self, asked: Asked, scope: Scope | None) -> list[Found]:
        """The first that may be seen; who may see what is no condition for the database, whose plans it upsets."""
        if scope is None:
            return [Found._make(row) for row in self._session.execute(asked.limit(CANDIDATES))]
        rows = map(Found._make, self._session.execute(asked.limit(LOOKED_THROUGH)))
        return list(islice((row for row in rows if scope.holds(row)), CANDIDATES))

    def _newest(self, wanted: Wanted) -> Asked:
        asked = FOUND.order_by(Case.received_at.desc(), Case.id.desc())
        if wanted.customers:
            asked = asked.where(Case.customer.in_(wanted.customers))
        else:
            asked = asked.where(Case.id > self._index.total() - NEWEST)
        if wanted.products:
            asked = asked.where(Case.product.in_(wanted.products))
        if wanted.defects and not wanted.customers and not wanted.products:
            asked = asked.where(Case.defect.in_(wanted.defects))
        if wanted.since is not None and wanted.until is not None:
            asked = asked.where(Case.received_at >= wanted.since, Case.received_at < wanted.until)
        return asked

    def _with_words(self, wanted: Wanted, scope: Scope | None) -> Sequence[int]:
        """The cases that hold most of the words, by weight; common words alone find the newest of theirs."""
        counts = {term: self._index.seen(term).everywhere for term in wanted.terms}
        chosen = rarest(counts)
        if not chosen:
            return ()
        total = self._index.total()
        weights = {term: rarity(counts[term], total) for term in chosen}
        weight = func.sum(either(weights, value=CaseTerm.term, else_=0.0))
        held = select(CaseTerm.case_id).where(CaseTerm.term.in_(chosen)).group_by(CaseTerm.case_id)
        held = held.order_by(weight.desc(), CaseTerm.case_id.desc())
        if wanted.customers:
            held = held.where(CaseTerm.customer.in_(wanted.customers))
        elif counts[chosen[0]] >= SEEN_AT_MOST:
            held = held.where(CaseTerm.case_id > total - NEWEST)
        if scope is None:
            return self._session.scalars(held.limit(CANDIDATES)).all()
        theirs = self._session.scalars(held.where(CaseTerm.customer.in_(scope.customers)).limit(CANDIDATES))
        return [*theirs, *self._session.scalars(held.limit(LOOKED_THROUGH))]
