"""Answering a survey by its link: what the link opens, what is kept meanwhile, and what counts once (M-117, S2).

A customer's answers wait on the server until they are submitted. Of an employee nothing is written down before the
ballot is cast, and then nothing that has a time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from conversations.questionnaire import Item, Questionnaire
from conversations.words import N_, Said, said
from handlers import questionnaires, responses
from handlers.company import Company
from handlers.invitations import owner_of
from handlers.refusals import RefusedError
from handlers.responses import Given, Invited
from handlers.surveys import ballots
from handlers.tokens import Purpose
from handlers.turn import LANGUAGES, Guest, Turn
from storage.database import Database
from storage.survey_links import Behind
from storage.surveys import ANSWERED, INVITED, Invitation
from storage.unit_of_work import UnitOfWork

SURFACE = "link"

EVERY, BURST = timedelta(seconds=2), 40
"""How often a customer's answers may be kept by one link."""

TOO_OFTEN = said(N_("That was a lot in a short time. Please wait a minute; what you ticked is still here."))
TOO_LONG = N_("That is too long: at most {most} characters.")

TAKEN, KEPT, OPEN, TO_MEND, GONE = "taken", "kept", "open", "mend", "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A questionnaire as its invitee sees it, with what was kept so far. ``about`` is the case it asks about."""

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
    """How it went: taken, kept, left open with the items that are missing, to be mended, or gone with the link.

    Unless it is gone ``sheet`` is the questionnaire with what came in.
    """

    outcome: str
    missing: tuple[Item, ...] = ()
    sentence: Said | None = None
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    behind: Behind
    whose: Invited
    turn: Turn


def look(database: Database, company: Company, link_id: str) -> Sheet | None:
    """What a link opens now; None when it opens nothing, for whatever reason. Nothing is changed, whoever looks."""
    with database.reading() as session:
        opened = _opened(UnitOfWork(session, database.clock(), Path()), company, link_id)
        if opened is None:
            return None
        anonymous = opened.whose.invitation.person_id is not None
        return _sheet(opened, Given() if anonymous else responses.kept(opened.turn, opened.whose))


def answered(database: Database, link_id: str) -> bool:
    """Whether a link was used up by an answer: told only to whoever has its cookie."""
    with database.reading() as session:
        behind = UnitOfWork(session, database.clock(), Path()).survey_links.behind(link_id, Purpose.SURVEY)
        return behind is not None and behind.invitation.state == ANSWERED


def keep(database: Database, company: Company, link_id: str, came: Given) -> Heard:
    """Keep a customer's answers, to go on later. Of an employee nothing is kept."""

    def job(opened: _Opened, given: Given) -> Heard:
        fault = _fault(opened, given)
        return Heard(TO_MEND, sentence=fault) if fault is not None else _keep(opened, given)

    return _done(database, company, link_id, (job, came))


def submit(database: Database, company: Company, link_id: str, came: Given, *, sure: bool = False) -> Heard:
    """Submit the answers; with items left out only if that is meant, and never nothing at all."""

    def job(opened: _Opened, given: Given) -> Heard:
        fault = _fault(opened, given) or (None if given else responses.NOTHING)
        if fault is not None:
            return Heard(TO_MEND, sentence=fault)
        left_out = responses.missing(opened.whose.asked, given)
        if left_out and not sure:
            kept = _keep(opened, given)
            return Heard(OPEN, left_out) if kept.outcome == KEPT else kept
        return Heard(TAKEN, left_out) if _counted(opened, given) else Heard(GONE)

    return _done(database, company, link_id, (job, came))


def _done(
    database: Database, company: Company, link_id: str, what: tuple[Callable[[_Opened, Given], Heard], Given]
) -> Heard:
    """Read what came in as the questionnaire asks it, and do something with it, in one transaction."""
    job, came = what

    def once(uow: UnitOfWork) -> Heard:
        opened = _opened(uow, company, link_id, hold=True)
        if opened is None:
            return Heard(GONE)
        given = responses.read(opened.whose.asked, came.grades, came.texts)
        sheet, heard = _sheet(opened, given), job(opened, given)
        return heard if heard.outcome == GONE else replace(heard, sheet=sheet)

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


def _opened(uow: UnitOfWork, company: Company, link_id: str, *, hold: bool = False) -> _Opened | None:
    behind = uow.survey_links.behind(link_id, Purpose.SURVEY, hold=hold)
    if behind is None or not behind.link.opens(uow.now) or not behind.campaign.takes(uow.now):
        return None
    if behind.invitation.state != INVITED:
        return None
    asked = questionnaires.asked_by(behind.questionnaire)
    whose = Invited(behind.invitation, behind.campaign, behind.case, asked)
    return _Opened(behind, whose, _turn(uow, company, behind))


def _turn(uow: UnitOfWork, company: Company, behind: Behind) -> Turn:
    """An employee acts as nobody: nothing that is written down knows who it was."""
    if behind.invitation.person_id is not None or behind.contact is None:
        return Turn(uow, company, None, SURFACE)
    guest = Guest(behind.contact.name, behind.case.id, behind.invitation.language)
    return Turn(uow, company, None, SURFACE, guest=guest)


def _sheet(opened: _Opened, kept: Given) -> Sheet:
    turn, behind = opened.turn, opened.behind
    invitation, case = behind.invitation, behind.case
    owner = owner_of(turn, case, behind.customer) if behind.customer is not None else None
    about = turn.uow.cases.get(invitation.about_case) if invitation.about_case else None
    return Sheet(
        language=invitation.language if invitation.language in LANGUAGES else turn.company.language,
        number=case.number or "",
        period=str(case.answers.get("period") or ""),
        about=(about.number or "") if about is not None else "",
        asked=opened.whose.asked,
        until=behind.campaign.closes_at,
        anonymous=invitation.person_id is not None,
        longest=_longest(invitation),
        owner=owner.name if owner is not None else "",
        kept=kept,
    )
