"""One person's turn: the unit of work, the company, who is acting, and what the questions may look up."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from conversations.calendar import Calendar
from conversations.facts import CaseFacts
from conversations.fields import Answers, Kind, Option, folded, named
from conversations.words import Said, said
from handlers import invitees, questionnaires
from handlers.company import Company
from storage.cases import Case
from storage.customers import Customer
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork

LATEST = 5
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Guest:
    """A customer's contact who came by a link: may act on that case, as the customer, and on nothing else."""

    name: str
    case_id: int
    language: str = "zh"


@dataclass(frozen=True)
class Turn:
    """What every handler is given. ``person`` is None when the clock acts, or a customer's contact (``guest``).

    ``seen`` is the hash of what the person was shown before deciding on it; ``told`` says that what is answered to a
    change is sent as a message as well.
    """

    uow: UnitOfWork
    company: Company
    person: Person | None = None
    surface: str = "clock"
    via: str = ""
    event_key: str = ""
    guest: Guest | None = None
    seen: str = ""
    told: bool = False
    _offered: dict[tuple[Kind, str, int | None], tuple[Option, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _reporters: dict[int, frozenset[int | None]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def now(self) -> datetime:
        """The instant of the transaction."""
        return self.uow.now

    @property
    def today(self) -> date:
        """The day it is in the company."""
        return self.company.today(self.uow.now)

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar."""
        return self.company.calendar(self.uow)

    @property
    def language(self) -> str:
        """The language of the person acting."""
        if self.guest is not None:
            return self.guest.language
        return self.person.language if self.person else self.company.language

    @property
    def actor(self) -> str:
        """Who acts, for the audit trail: the person, and the account that acted for them."""
        if self.guest is not None:
            return f"{self.guest.name} (customer)"
        name = self.person.name if self.person else "clock"
        return f"{name} ({self.via})" if self.via else name

    def say(self, sentence: Said) -> str:
        """The sentence in the language of the person acting."""
        return self.company.words.say(sentence, self.language, self.now)

    def looking(self, case: Case | None = None) -> "Looking":
        """What questions may look up, about a case if there is one."""
        return Looking(self, case)


@dataclass(frozen=True)
class Looking:
    """The lookups of a form that is being asked (conversations.fields.Lookups)."""

    turn: Turn
    case: Case | None = None
    facts: CaseFacts | None = None

    @property
    def now(self) -> datetime:
        """The instant of the transaction."""
        return self.turn.now

    @property
    def calendar(self) -> Calendar:
        """The working calendar."""
        return self.turn.calendar

    def spoken(self, label: Said) -> tuple[str, ...]:
        """A label in both languages."""
        return tuple(self.turn.company.words.say(label, language, self.now) for language in LANGUAGES)

    def offered(self, kind: Kind, answers: Answers) -> tuple[Option, ...]:
        """The likeliest values, likeliest first; looked up once in a turn, however often the form asks."""
        looked_up = self.turn._offered  # noqa: SLF001 - a turn and its lookups are one
        of = str(answers.get("kind")) if kind is Kind.QUESTIONNAIRE else self._customer_of(answers)
        asked = (kind, of, self.case.id if self.case else None)
        if asked not in looked_up:
            looked_up[asked] = self._offers(kind, answers)
        return looked_up[asked]

    def _offers(self, kind: Kind, answers: Answers) -> tuple[Option, ...]:
        match kind:
            case Kind.CUSTOMER:
                return tuple(_customer(customer) for customer in self._customers())
            case Kind.PRODUCT:
                products = self.turn.uow.customers.products_of(self._customer_of(answers))
                return tuple(_product(p.code, p.name) for p in products)
            case Kind.CONTACT:
                contacts = self.turn.uow.customers.contacts(self._customer_of(answers))
                return tuple(named(contact.name, contact.name) for contact in contacts)
            case Kind.DEFECT:
                return tuple(named(d.code, f"{d.code} {d.name}") for d in self.turn.uow.customers.defects())
            case Kind.DEPARTMENT:
                return tuple(named(d.code, d.name) for d in self.turn.uow.organisation.departments())
            case Kind.PERSON:
                return tuple(named(person.name, person.name) for person in self._colleagues())
            case Kind.INVITATION:
                return invitees.waiting(self.turn.uow, self.case, self.turn.person)
            case _:
                return self._questionnaires(answers) if kind is Kind.QUESTIONNAIRE else ()

    def _questionnaires(self, answers: Answers) -> tuple[Option, ...]:
        rows = questionnaires.newest(self.turn.uow, str(answers.get("kind")))
        return tuple(Option(questionnaires.name_of(row.key, row.version), questionnaires.title(row)) for row in rows)

    def found(self, kind: Kind, text: str, answers: Answers) -> tuple[Option, ...]:
        """What a person may mean by what was typed."""
        match kind:
            case Kind.CUSTOMER:
                return tuple(_customer(c) for c in self.turn.uow.customers.search(text))
            case Kind.PRODUCT:
                options = tuple(_product(p.code, p.name) for p in self.turn.uow.customers.products())
            case Kind.DEFECT:
                return self._defects(text)
            case Kind.INVITATION:
                options = invitees.everyone(self.turn.uow, self.case, self.turn.person, text)
            case Kind.DEPARTMENT:
                department = self.turn.uow.organisation.department(text)
                return (named(department.code, department.name),) if department else ()
            case Kind.PERSON:
                options = tuple(named(p.name, p.name) for p in self.turn.uow.organisation.people())
            case Kind.CASE:
                cases = self.turn.uow.cases.tail(text)
                return tuple(named(c.number, c.number) for c in cases if c.number)
            case _:
                options = self.offered(kind, answers)
        wanted = folded(text)
        exact = tuple(o for o in options if wanted in (folded(o.key), *map(folded, self.spoken(o.label))))
        return exact or tuple(o for o in options if any(wanted in folded(word) for word in self.spoken(o.label)))

    def _customer_of(self, answers: Answers) -> str:
        return str(answers.get("customer") or (self.case.customer if self.case else ""))

    def _customers(self) -> list[Customer]:
        """The reporter's latest five, then those the reporter looks after."""
        uow, person = self.turn.uow, self.turn.person
        latest = uow.cases.customers_of_reporter(person.id, LATEST) if person else []
        everyone = {customer.code: customer for customer in uow.customers.all()}
        mine = [c.code for c in everyone.values() if person and c.owner_sales_id == person.id]
        ordered = dict.fromkeys([*latest, *mine, *everyone])
        return [everyone[code] for code in ordered if code in everyone][:LATEST]

    def _colleagues(self) -> list[Person]:
        department = self.case.department if self.case else (self.turn.person.department if self.turn.person else "")
        return [p for p in self.turn.uow.organisation.people() if p.department == department]

    def _defects(self, text: str) -> tuple[Option, ...]:
        wanted = folded(text)
        defects = self.turn.uow.customers.defects()
        exact = [d for d in defects if wanted in (folded(d.code), folded(d.name))]
        close = [d for d in defects if any(wanted in folded(word) for word in (d.name, *d.said))]
        return tuple(named(d.code, f"{d.code} {d.name}") for d in exact or close)


def _customer(customer: Customer) -> Option:
    return named(customer.code, customer.short or customer.name)


def _product(code: str, name: str) -> Option:
    return Option(code, said("{code} {name}", code=code, name=name))
