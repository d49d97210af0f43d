"""Looking for a case by what people remember of it: whose, what, when and which words, as far as they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy import case as either
from sqlalchemy.orm import Session

from conversations.similarity import rarity
from storage.case_terms import SEEN_AT_MOST, CaseTerm, CaseTerms, rarest
from storage.cases import Case
from storage.customers import Contact, Customer, Product
from storage.similar import VOID

NEWEST = 20_000
"""Where no index helps, only so many of the newest cases are looked through."""

CANDIDATES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What somebody may see: their own cases, those of departments, and those of customers."""

    people: frozenset[int]
    departments: frozenset[str]
    customers: frozenset[str]

    def holds(self) -> ColumnElement[bool]:
        """The same as a condition."""
        return or_(
            Case.owner_id.in_(self.people),
            Case.reporter_id.in_(self.people),
            Case.department.in_(self.departments),
            Case.responsible.in_(self.departments),
            Case.customer.in_(self.customers),
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


Asked: TypeAlias = "Select[int, str, str, str, str, datetime, datetime | None]"
FOUND = select(
    Case.id, Case.customer, Case.product, Case.defect, Case.title, Case.received_at, Case.closed_at
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
        ids = self._with_words(wanted, scope)
        rows = [*self._rows(FOUND.where(Case.id.in_(ids)), None)] if ids else []
        if wanted.customers or wanted.products or wanted.defects or wanted.since:
            rows += self._rows(self._newest(wanted), scope)
        if wanted.customers:
            rows += self._rows(self._newest(wanted).where(Case.closed_at.is_(None)), scope)
        return list({row.id: row for row in rows}.values())

    def _rows(self, asked: Asked, scope: Scope | None) -> list[Found]:
        if scope is not None:
            asked = asked.where(scope.holds())
        return [Found(*row) for row in self._session.execute(asked.limit(CANDIDATES))]

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
        if wanted.customers:
            held = held.where(CaseTerm.customer.in_(wanted.customers))
        elif counts[chosen[0]] >= SEEN_AT_MOST:
            held = held.where(CaseTerm.case_id > total - NEWEST)
        if scope is not None:
            held = held.join(Case, Case.id == CaseTerm.case_id).where(scope.holds())
        return self._session.scalars(held.order_by(weight.desc(), CaseTerm.case_id.desc()).limit(CANDIDATES)).all()
