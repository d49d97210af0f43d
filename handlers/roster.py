"""Who is asked: only people who have business with us, and everyone who works here (M-39, D1 4.1.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversations.procedures.survey_forms import CLOSED, UNRELATED
from conversations.words import N_, Said, people, said
from handlers.turn import Turn
from storage.customers import Contact, Customer
from storage.surveys import Invitation

CUSTOMER, EMPLOYEE = "customer_survey", "employee_survey"
CLASSES = {"class_a": ("A",), "class_ab": ("A", "B")}
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Roster:
    """Who would be invited now, whose business relation is not known, and which customers have nobody."""

    invited: tuple[Invitation, ...]
    customers: int
    unrelated: tuple[tuple[Customer, Contact], ...] = ()
    without: tuple[Customer, ...] = ()


def roster(turn: Turn, procedure: str, answers: Mapping[str, object]) -> Roster:
    """Who is invited by a plan, as things stand now."""
    if procedure == EMPLOYEE:
        everyone = tuple(
            Invitation(campaign_id=0, subject=f"person:{person.id}", person_id=person.id, language=person.language)
            for person in turn.uow.organisation.people()
        )
        return Roster(everyone, 0)
    if as_they_come(answers):
        return Roster((), 0)
    return _of_customers(turn, list(_customers(turn, answers)))


def as_they_come(answers: Mapping[str, object]) -> bool:
    """Whether nobody is invited beforehand: each when a complaint of theirs is closed."""
    return answers.get("who") == CLOSED.key


def _of_customers(turn: Turn, customers: list[Customer]) -> Roster:
    invited, unrelated, without = [], [], []
    for customer in customers:
        contacts = turn.uow.customers.contacts(customer.code)
        asked = [each for each in contacts if each.is_user_rep] or list(contacts)
        unrelated += [(customer, each) for each in asked if not each.business_relation]
        able = [each for each in asked if each.business_relation]
        if not able:
            without.append(customer)
        invited += [
            Invitation(
                campaign_id=0, subject=f"contact:{each.id}", customer=customer.code, contact_id=each.id,
                language=each.language or customer.language,
            )
            for each in able
        ]  # fmt: skip
    return Roster(tuple(invited), len(customers), tuple(unrelated), tuple(without))


def _customers(turn: Turn, answers: Mapping[str, object]) -> Iterable[Customer]:
    who, every = str(answers.get("who") or "all"), turn.uow.customers.all()
    if who in CLASSES:
        return [each for each in every if each.customer_class in CLASSES[who]]
    if who == "chosen":
        names = str(answers.get("customers") or "").split("、")
        found = [turn.uow.customers.search(name) for name in names if name]
        return [each[0] for each in found if each]
    return every


def told(turn: Turn, procedure: str, answers: Mapping[str, object]) -> list[Said]:
    """The roster in words, as the plan shows it."""
    found = roster(turn, procedure, answers)
    if procedure == EMPLOYEE:
        return [said(N_("{k} people, everyone who works here; answers are kept without names."), k=len(found.invited))]
    if as_they_come(answers):
        return [said(N_("One contact for each complaint that is closed while it is open, as they come."))]
    lines = [said(N_("{k} people at {c} customers"), k=len(found.invited), c=found.customers)]
    if found.unrelated:
        names = tuple(people(f"{customer.short} {contact.name}") for customer, contact in found.unrelated[:MOST_NAMED])
        lines.append(said(UNRELATED, names=names))
    if found.without:
        none = tuple(people(customer.short or customer.name) for customer in found.without[:MOST_NAMED])
        lines.append(said(N_("Customers with nobody to ask: {names}."), names=none))
    return lines
