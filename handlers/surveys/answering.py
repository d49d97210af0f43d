"""Answering a survey by its link: what the link opens, what is kept meanwhile, and what counts once (M-117, S2).

A customer's answers wait on the server until they are submitted. Of an employee nothing is written down before the
ballot is cast, and then nothing that has a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from conversations.questionnaire import Item, Questionnaire
from conversations.words import N_, Said, said
from handlers import responses
from handlers.company import Company
from handlers.invitations import owner_of
from handlers.refusals import RefusedError
from handlers.responses import Given, Invited
from handlers.surveys import ballots
from handlers.tokens import Purpose
from handlers.turn import LANGUAGES, Guest, Turn
from storage.database import Database
from storage.links import AccessLink
from storage.surveys import ANSWERED, INVITED, Campaign, Invitation
from storage.unit_of_work import UnitOfWork

SURFACE = "link"
SUBJECT = "invitation:"
NOBODY = "-" * 24

EVERY, BURST = timedelta(seconds=2), 40
"""How often a customer's answers may be kept by one link."""

TOO_OFTEN = said(N_("That was a lot in a short time. Please wait a minute; what you ticked is still here."))
TOO_LONG = N_("That is too long: at most {most} characters.")

TAKEN, KEPT, OPEN, TO_MEND, GONE = "taken", "kept", "open", "mend", "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A questionnaire as its invitee sees it, with what was kept so far. ``about`` is the case it asks about."""

    link: str
    language: str
    number: str
    period: str
    about: str
    asked: Questionnaire
    until: datetime
    anonymous: bool
    longest: int
    owner: str
    kept: Given


@dataclass(frozen=True, slots=True)
class Heard:
    """How it went: taken, kept, left open with the items that are missing, to be mended, or gone with the link."""

    outcome: str
    missing: tuple[Item, ...] = ()
    sentence: Said | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    whose: Invited
    turn: Turn


def look(database: Database, company: Company, link_id: str) -> Sheet | None:
    """What a link opens now; None when it opens nothing, for whatever reason. Nothing is changed, whoever looks."""
    with database.reading() as session:
        uow = UnitOfWork(session, database.clock(), Path())
        opened = _opened(uow, company, link_id)
        return _sheet(opened.turn, opened.whose, link_id) if opened is not None else None


def answered(database: Database, link_id: str) -> bool:
    """Whether a link was used up by an answer: told only to whoever has its cookie."""
    with database.reading() as session:
        found = _found(UnitOfWork(session, database.clock(), Path()), link_id)
        return found is not None and found[1].state == ANSWERED


def keep(database: Database, company: Company, link_id: str, given: Given) -> Heard:
    """Keep a customer's answers, to go on later. Of an employee nothing is kept."""

    def job(opened: _Opened) -> Heard:
        fault = _fault(opened, given)
        return Heard(TO_MEND, sentence=fault) if fault is not None else _keep(opened, given)

    return _done(database, company, link_id, job)


def submit(database: Database, company: Company, link_id: str, given: Given, *, sure: bool = False) -> Heard:
    """Submit the answers; with items left out only if that is meant, and never nothing at all."""

    def job(opened: _Opened) -> Heard:
        fault = _fault(opened, given) or (None if given else responses.NOTHING)
        if fault is not None:
            return Heard(TO_MEND, sentence=fault)
        left_out = responses.missing(opened.whose.asked, given)
        if left_out and not sure:
            kept = _keep(opened, given)
            return Heard(OPEN, left_out) if kept.outcome == KEPT else kept
        return Heard(TAKEN, left_out) if _counted(opened, given) else Heard(GONE)

    return _done(database, company, link_id, job)


def _done(database: Database, company: Company, link_id: str, job: Callable[[_Opened], Heard]) -> Heard:
    def once(uow: UnitOfWork) -> Heard:
        opened = _opened(uow, company, link_id)
        return job(opened) if opened is not None else Heard(GONE)

    try:
        return database.do(once)
    except RefusedError:
        return Heard(GONE)


def _counted(opened: _Opened, given: Given) -> bool:
    turn, whose = opened.turn, opened.whose
    if whose.invitation.person_id is not None:
        return ballots.cast(turn, whose.invitation, given.grades, given.texts)
    return responses.submit(turn, whose, given)


def _keep(opened: _Opened, given: Given) -> Heard:
    turn, whose = opened.turn, opened.whose
    if whose.invitation.person_id is not None:
        return Heard(KEPT)
    if turn.uow.rates.take(f"survey/{whose.invitation.id}", every=EVERY, burst=BURST) is not None:
        return Heard(TO_MEND, sentence=TOO_OFTEN)
    responses.keep(turn, whose, given)
    return Heard(KEPT, responses.missing(whose.asked, given))


def _fault(opened: _Opened, given: Given) -> Said | None:
    most = _longest(opened.whose.invitation)
    return said(TOO_LONG, most=most) if any(len(text) > most for text in given.texts.values()) else None


def _longest(invitation: Invitation) -> int:
    return ballots.LONGEST_COMMENT if invitation.person_id is not None else responses.LONGEST


def _opened(uow: UnitOfWork, company: Company, link_id: str) -> _Opened | None:
    found = _found(uow, link_id)
    if found is None:
        return None
    link, invitation, campaign = found
    if not link.opens(uow.now) or invitation.state != INVITED or not campaign.takes(uow.now):
        return None
    whose = responses.invited(uow, invitation, campaign)
    return _Opened(whose, _turn(uow, company, whose)) if whose is not None else None


def _found(uow: UnitOfWork, link_id: str) -> tuple[AccessLink, Invitation, Campaign] | None:
    """A link with what it was made for; as much is looked up whatever is missing, so that it takes as long."""
    link = uow.access_links.get(link_id)
    ours = link is not None and link.purpose == Purpose.SURVEY and link.subject.startswith(SUBJECT)
    invitation = uow.surveys.invitation(link.subject.removeprefix(SUBJECT) if link is not None and ours else NOBODY)
    campaign = uow.surveys.campaign(invitation.campaign_id if invitation is not None else 0)
    if link is None or invitation is None or campaign is None:
        return None
    return link, invitation, campaign


def _turn(uow: UnitOfWork, company: Company, whose: Invited) -> Turn:
    """An employee acts as nobody: nothing that is written down knows who it was."""
    contact = uow.customers.contact(whose.invitation.contact_id or 0)
    if whose.invitation.person_id is not None or contact is None:
        return Turn(uow, company, None, SURFACE)
    return Turn(uow, company, None, SURFACE, guest=Guest(contact.name, whose.case.id, whose.invitation.language))


def _sheet(turn: Turn, whose: Invited, link_id: str) -> Sheet:
    invitation, case = whose.invitation, whose.case
    anonymous = invitation.person_id is not None
    customer = turn.uow.customers.get(invitation.customer) if invitation.customer else None
    owner = owner_of(turn, case, customer) if customer is not None else None
    about = turn.uow.cases.get(invitation.about_case) if invitation.about_case else None
    return Sheet(
        link=link_id,
        language=invitation.language if invitation.language in LANGUAGES else turn.company.language,
        number=case.number or "",
        period=str(case.answers.get("period") or ""),
        about=(about.number or "") if about is not None else "",
        asked=whose.asked,
        until=whose.campaign.closes_at,
        anonymous=anonymous,
        longest=_longest(invitation),
        owner=owner.name if owner is not None else "",
        kept=Given() if anonymous else responses.kept(turn, whose),
    )
