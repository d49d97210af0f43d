"""What a customer's contact sees and does by a link: progress, a verdict, a message, photos (N-18, M-97)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

from conversations.customer_view import Remedy, Told
from conversations.facts import CaseFacts
from conversations.fields import cleaned
from conversations.plain import Json, dump, load
from conversations.words import N_, Said, said
from handlers import cases, customer_photos, links, spent, uploads
from handlers.company import Company
from handlers.events import Upload
from handlers.facts import answers_of, facts_of
from handlers.links import Opened
from handlers.refusals import RefusedError
from handlers.turn import Turn
from storage.cases import Case
from storage.database import Database
from storage.files import Attachment
from storage.unit_of_work import UnitOfWork

SURFACE = "link"
SATISFIED, NOT_SATISFIED, MESSAGE, UNSETTLED = "satisfied", "not_satisfied", "message", "unsettled"
"""What can be sent; the last is what a customer says of a case that is closed: reopening stays ours to decide."""

SHORTEST, LONGEST = 2, 2000
MOST_A_DAY = 30
"""How often a link may be spoken by in a day: more is no conversation."""

EVERY, BURST = timedelta(minutes=1), 15
"""How often a form may come by a link, whatever became of it: its photos are unpacked and kept each time."""

TAKEN, TO_MEND, GONE = "taken", "mend", "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A case as its customer sees it; nothing else of it leaves the house."""

    link: str
    language: str
    company: str
    phone: str
    owner: str
    number: str
    given_for: str
    reported: str
    reported_at: datetime
    stages: tuple[str, ...]
    stage: int
    promised: datetime | None
    remedy: Remedy | None
    round: int
    may_answer: bool
    settled: bool
    told: tuple[Told, ...]
    thanks: Said | None
    photos: int
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What came in by the page. ``seen`` names the state that the customer was looking at."""

    link: str
    nonce: str
    seen: str
    what: str
    words: str = ""
    photos: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """How it went: taken, to be mended with a sentence that says how, or gone with the link."""

    outcome: str
    sentence: Said | None = None


def look(database: Database, company: Company, link_id: str) -> Page | None:
    """The page of a link as it is now; None when the link opens nothing. Nothing is changed, whoever looks."""
    with database.reading() as session:
        uow = UnitOfWork(session, database.clock(), Path())
        opened = links.opened(uow, company, link_id)
        return _page(_turn(uow, company, opened), opened) if opened is not None else None


def speak(database: Database, company: Company, spoken: Spoken) -> Heard:
    """Take what the customer sent, once: sent a second time, the first answer comes again."""
    wait = database.do(lambda uow: uow.rates.take(f"page/{spoken.link}", every=EVERY, burst=BURST))
    if wait is not None:
        return Heard(TO_MEND, TOO_OFTEN)
    few = spoken.photos[: customer_photos.MOST_PHOTOS + 1]
    looked = replace(spoken, photos=tuple(map(uploads.looked_at, few)))
    return database.do(partial(_hear, company=company, spoken=looked))


def _turn(uow: UnitOfWork, company: Company, opened: Opened, key: str = "") -> Turn:
    return Turn(uow, company, None, SURFACE, event_key=key, guest=opened.guest)


def _page(turn: Turn, opened: Opened) -> Page:
    case, view = opened.case, opened.view
    facts = facts_of(turn, case, turn.company.handbook[case.procedure])
    owner = turn.uow.organisation.person(case.owner_id or case.reporter_id or 0)
    stage = view.stage(facts)
    remedy = view.remedy(facts, turn.now)
    told = view.told(facts, turn.now)
    handled = remedy is None and case.closed_at is None
    return Page(
        link=opened.link.id,
        language=opened.guest.language,
        company=turn.company.name,
        phone=turn.company.phone,
        owner=owner.name if owner else "",
        number=case.number or "",
        given_for=(opened.given_for.number or "") if opened.given_for.id != case.id else "",
        reported=str(answers_of(opened.given_for).get("description") or ""),
        reported_at=opened.given_for.received_at,
        stages=view.stages,
        stage=max(stage, view.proposed) if remedy is not None else stage,
        promised=case.promised_at if handled else None,
        remedy=remedy,
        round=facts.round,
        may_answer=case.step == view.waiting,
        settled=case.closed_at is not None,
        told=told,
        thanks=_thanks(case, facts, told),
        photos=len(customer_photos.kept_with(turn, _draft(opened))),
        seen=_seen(case),
    )


def _thanks(case: Case, facts: CaseFacts, told: tuple[Told, ...]) -> Said | None:
    """What the customer said last by the link is confirmed until something else happens (domain A7)."""
    latest = next((h for h in reversed(facts.history) if told and h.at == told[-1].at), None)
    if latest is None or latest.by is not None or not told[-1].theirs:
        return None
    if latest.key == NOT_SATISFIED and case.promised_at is not None:
        return said(
            N_("Received. We will propose another remedy and get in touch with you before {promise}."),
            promise=case.promised_at,
        )
    if latest.key in (SATISFIED, NOT_SATISFIED):
        return said(N_("We have received your answer, thank you."))
    return said(N_("We have received your message, thank you."))


def _hear(uow: UnitOfWork, company: Company, spoken: Spoken) -> Heard:
    key = f"page/{spoken.link}/{spoken.nonce}"
    answered = uow.inbox.seen(key)
    if answered is not None:
        return _read(answered)
    opened = links.opened(uow, company, spoken.link)
    if opened is None:
        return Heard(GONE)
    turn = _turn(uow, company, opened, key)
    fault = customer_photos.keep(turn, _draft(opened), spoken.photos) or _fault(turn, opened, spoken)
    if fault is not None:
        return Heard(TO_MEND, fault)
    try:
        _do(turn, opened, spoken)
    except RefusedError:
        # its sentence is for our own people: it may name them
        return Heard(TO_MEND, CHANGED)
    spent.close(turn)
    heard = Heard(TAKEN)
    uow.inbox.record(key, dump({"outcome": heard.outcome, "sentence": heard.sentence}))
    return heard


def _read(kept: object) -> Heard:
    answer = cast("Mapping[str, object]", load(cast("Json", kept)))
    return Heard(str(answer["outcome"]), cast("Said | None", answer["sentence"]))


CHANGED = said(
    N_("Something has changed meanwhile. Please read what stands here now and answer again; your words are kept.")
)


TOO_OFTEN = said(N_("That was a lot in a short time. Please wait a few minutes, or call us; your words are kept."))


def _fault(turn: Turn, opened: Opened, spoken: Spoken) -> Said | None:
    """What is to be mended before it can be taken."""
    text = cleaned(spoken.words).strip()
    photos = customer_photos.kept_with(turn, _draft(opened))
    if len(text) > LONGEST:
        return said(N_("That is too long: at most {most} characters."), most=LONGEST)
    if _spoken_today(turn, opened.case) >= MOST_A_DAY:
        return said(N_("That was a lot for one day. Please call us instead."))
    if spoken.what in (SATISFIED, NOT_SATISFIED) and spoken.seen != _seen(opened.case):
        return CHANGED
    if spoken.what == NOT_SATISFIED and len(text) < SHORTEST:
        return said(N_("Please tell us why you are not satisfied, so that we can do better."))
    if spoken.what == UNSETTLED and len(text) < SHORTEST:
        return said(N_("Please tell us what is not settled."))
    if spoken.what == MESSAGE and not text and not photos:
        return said(N_("Please write something or choose a photo."))
    return None


def _spoken_today(turn: Turn, case: Case) -> int:
    since = turn.now - timedelta(days=1)
    return sum(row.surface == SURFACE and row.at > since for row in turn.uow.cases.actions_of(case.id))


def _do(turn: Turn, opened: Opened, spoken: Spoken) -> None:
    """Record it as the action it is; the photos belong to it. Raises RefusedError when it is too late for it."""
    case, view = opened.case, opened.view
    procedure = turn.company.handbook[case.procedure]
    named = {SATISFIED: view.satisfied, NOT_SATISFIED: view.not_satisfied}.get(spoken.what, view.message)
    action = procedure.action[named]
    photos = customer_photos.kept_with(turn, _draft(opened))
    answers = _answers(turn, opened, spoken, photos)
    cases.check(turn, case, procedure, action, answers)
    for photo in photos:
        photo.case_id, photo.draft_id = case.id, None
    cases.act(turn, case, action, answers)
    done = turn.uow.cases.actions_of(case.id)[-1]
    for photo in photos:
        photo.action_id = done.id


def _answers(turn: Turn, opened: Opened, spoken: Spoken, photos: Sequence[Attachment]) -> dict[str, object]:
    """The answers as the procedure's own form has them: who, by which way, when, in which words."""
    text = cleaned(spoken.words).strip()
    came: dict[str, object] = {}
    files = tuple(str(photo.id) for photo in photos)
    if files:
        came["customer_photos"] = files
    if spoken.what in (MESSAGE, UNSETTLED):
        unsettled = {"unsettled": True} if spoken.what == UNSETTLED else {}
        return {**came, "message": text, **unsettled}
    came |= {"contact": opened.guest.name, "channel": "portal", "at": turn.now}
    key = "reason" if spoken.what == NOT_SATISFIED else "words"
    return {**came, key: text} if text else came


def _draft(opened: Opened) -> str:
    """Under which name photos wait that belong to nothing yet."""
    return f"link:{opened.link.id}"


def _seen(case: Case) -> str:
    """What the customer is looking at: another remedy is another visit."""
    return f"{case.id}-{case.visit}"
