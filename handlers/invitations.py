"""Inviting people to a survey: its roster frozen, each of them once, by a link of their own (D1 4.2.1, U-16)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from conversations.plain import dump
from conversations.procedures.survey_forms import ASKED
from conversations.words import N_, LinkPlace, Value, people, said
from handlers import questionnaires, roster
from handlers.addresses import Address, person_address
from handlers.facts import answers_of
from handlers.outgoing import How, send
from handlers.refusals import RefusedError
from handlers.timing import end_of_day
from handlers.tokens import Purpose
from handlers.turn import Turn
from notifications import surveys as notices
from storage.cases import Case
from storage.customers import Customer
from storage.links import AccessLink
from storage.organisation import Person
from storage.survey_links import SUBJECT
from storage.surveys import Campaign, Invitation

GRACE = timedelta(days=60)
"""So long after its day a link is still known, should the survey be kept open longer."""


def may_launch(turn: Turn, case: Case) -> None:
    """Refuse before anything is written: nobody to ask, a questionnaire nobody approved, no address on the net."""
    if turn.company.links is None:
        raise RefusedError(said(N_("Links need this company's address on the net: the administrator sets public_url.")))
    row = questionnaires.find(turn.uow, str(case.answers.get("questionnaire") or ""))
    if row is None or row.approved_at is None:
        raise RefusedError(said(N_("The weights and scores of this questionnaire are not approved yet.")))
    plan = answers_of(case)
    if not roster.as_they_come(plan) and not roster.roster(turn, case.procedure, plan).invited:
        raise RefusedError(said(N_("There is nobody to invite: no contact has a known business relation.")))
    if _closes_at(turn, case) <= turn.now:
        raise RefusedError(said(N_("Its closing day is over. Please change the plan.")))


def launch(turn: Turn, case: Case) -> Campaign:
    """Freeze the roster, and invite everyone on it once."""
    answers = answers_of(case)
    row = questionnaires.find(turn.uow, str(answers["questionnaire"]))
    if row is None:
        raise RefusedError(said(N_("The questionnaire is not there any more.")))
    campaign = Campaign(
        case_id=case.id, kind=row.kind, questionnaire=row.key, version=row.version, opened_at=turn.now,
        closes_at=_closes_at(turn, case),
    )  # fmt: skip
    case.answers = {**case.answers, ASKED: dump(row.body)}
    turn.uow.surveys.launch(campaign, roster.roster(turn, case.procedure, answers).invited)
    # their ids are at random; one customer after another is easier to pass on
    for invitation in sorted(turn.uow.surveys.invitations(campaign), key=lambda each: each.customer):
        invite(turn, case, campaign, invitation)
    return campaign


def reopen(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """Another closing day; a survey that was closed for too few answers takes them again."""
    day = answers["closes_on"]
    campaign = turn.uow.surveys.of_case(case.id)
    if campaign is None or not isinstance(day, date):
        return
    # the plan stays as it was approved: another last day is no other plan
    case.answers = {**case.answers, "extended_to": dump(day)}
    campaign.closes_at, campaign.closed_at = end_of_day(turn, day), None


def close_links(turn: Turn, case: Case) -> None:
    """A survey that was cancelled takes no answers any more, and its links open nothing."""
    campaign = turn.uow.surveys.of_case(case.id)
    if campaign is not None:
        campaign.closed_at = turn.now


def invite(turn: Turn, case: Case, campaign: Campaign, invitation: Invitation, *, again: bool = False) -> None:
    """Send one invitation: to one of ours directly, to a customer's contact through whoever looks after them."""
    place = link_of(turn, campaign, invitation)
    period = str(case.answers.get("period") or "")
    how = How(key=f"survey/{invitation.id}/{invitation.reminded}", case_id=case.id)
    if invitation.person_id is not None:
        person = turn.uow.organisation.person(invitation.person_id)
        if person is not None:
            notice = notices.to_employee(case.number or "", period, place, campaign.closes_at, again=again)
            # to themselves alone, whoever stands in for them: nobody votes for another
            send(turn, notice, [Address(f"person:{person.id}", "everyone")], how)
        return
    contact = turn.uow.customers.contact(invitation.contact_id or 0)
    customer = turn.uow.customers.get(invitation.customer)
    if contact is None or customer is None:
        return
    owner = owner_of(turn, case, customer)
    values: dict[str, Value] = {
        "contact": people(contact.name), "period": people(period), "until": campaign.closes_at, "link": place,
        "company": turn.company.name, "owner": owner.name if owner else "",
    }  # fmt: skip
    about = turn.uow.cases.get(invitation.about_case) if invitation.about_case else None
    if about is not None:
        values["n"] = about.number or ""
    text = turn.company.words.settle(notices.text_for(values, again=again), invitation.language, turn.now)
    whom = (customer.short or customer.name, contact.name)
    notice = notices.to_forward(case.number or "", whom, text, again=again)
    if about is not None:
        notice = notices.after_close((case.number or "", about.number or ""), whom, text, invitation.id)
        how = replace(how, subject=about_subject(about.id), waits_until=max(turn.now, about_from(turn, about)))
    if owner is not None:
        send(turn, notice, [person_address(turn, owner, "customer")], how)


HELD = timedelta(minutes=5)
"""So long what was done can be taken back; before, nothing goes out that a customer is to get."""


def about_from(turn: Turn, about: Case) -> datetime:
    """From when a customer may be asked about a case that was closed; nobody passes it on at night."""
    return turn.calendar.next_start((about.closed_at or turn.now) + HELD)


def about_subject(case_id: int) -> str:
    """What the messages that ask about a case have in common."""
    return f"after_close:{case_id}"


def link_of(turn: Turn, campaign: Campaign, invitation: Invitation) -> LinkPlace:
    """The place of an invitation's link: one for each invitation, the same whenever it is sent."""
    subject = f"{SUBJECT}{invitation.id}"
    link = turn.uow.access_links.live(Purpose.SURVEY, subject, "", turn.now)
    if link is None:
        link = turn.uow.access_links.add(
            AccessLink(
                purpose=Purpose.SURVEY.value, subject=subject, created_at=campaign.opened_at,
                expires_at=campaign.closes_at + GRACE,
            )
        )  # fmt: skip
    return LinkPlace(link.id, Purpose.SURVEY.value, link.expires_at)


def owner_of(turn: Turn, case: Case, customer: Customer) -> Person | None:
    """Who passes it on: whoever looks after the customer, else whoever runs the survey."""
    for person_id in (customer.owner_sales_id, case.owner_id, case.reporter_id):
        person = turn.uow.organisation.person(person_id) if person_id else None
        if person is not None and person.active:
            return person
    return next(iter(turn.uow.organisation.people_with("sales_lead")), None)


def _closes_at(turn: Turn, case: Case) -> datetime:
    day = answers_of(case).get("closes_on")
    return end_of_day(turn, day) if isinstance(day, date) else turn.now
