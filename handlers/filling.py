"""What a person sees and does on the page of a form: all its questions at once, kept meanwhile, submitted once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import cast

from conversations import readers
from conversations.fields import Kind, UnacceptableError
from conversations.plain import Json
from conversations.replies import Reply, from_plain
from conversations.words import N_, Said, said
from handlers import forms, pages, switchboard, uploads, whole
from handlers.company import Company
from handlers.events import Answered, Pressed, Sender, Upload
from handlers.pages import SURFACE
from handlers.standing import allowed
from handlers.turn import Turn
from handlers.whole import Whole
from storage.database import Database
from storage.drafts import DraftRow
from storage.files import Belongs
from storage.unit_of_work import UnitOfWork

EVERY, BURST = timedelta(seconds=1), 60
"""How often something may be sent from one person's pages, whatever became of it."""

SAME = "same:"
TOO_OFTEN = said(N_("That was a lot in a short time. Please wait a minute; what you typed is still here."))
ENOUGH = said(N_("At most 9 photos can be sent at a time; the first 9 are kept."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was sent from a page: the answers that were changed there, what stood there empty, files by question.

    ``choice`` is the button: nothing keeps what was filled in; a form is submitted with the option of its last
    question, or with its own title where it asks no such question; ``same:`` names a case that this is about.
    """

    person: int
    draft: str
    nonce: str
    given: Mapping[str, str]
    blank: frozenset[str] = frozenset()
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)
    submits: bool = False
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """How it went: what is wrong, by question; what is asked next; what is to be said; or that the form is gone."""

    faults: Mapping[str, UnacceptableError] = field(default_factory=dict)
    question: str = ""
    lines: tuple[Said, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is now: the form, and for the last look every answer with its question; or what became of it.

    ``asks`` is the question that would be asked next in chat.
    """

    language: str
    now: datetime
    whole: Whole | None = None
    answers: tuple[tuple[Said, Said], ...] = ()
    asks: str = ""
    filed: Reply | None = None


def opened(database: Database, link: str) -> tuple[int, str] | None:
    """The person and the draft that a link opens now; None when it opens nothing. Nothing is changed."""

    def look(uow: UnitOfWork) -> tuple[int, str] | None:
        found = pages.opened(uow, link)
        return (found[0].id, found[1].id) if found is not None else None

    return database.look(look)


def meant(database: Database, link: str) -> str:
    """The draft that a link was made for, whatever became of the link; nothing for one that never was."""
    return database.look(lambda uow: pages.meant(uow, link))


def once(database: Database, key: str) -> bool:
    """Whether something that is good once comes for the first time."""

    def job(uow: UnitOfWork) -> bool:
        if uow.inbox.seen(f"f/once/{key}") is not None:
            return False
        uow.inbox.record(f"f/once/{key}", ack=True)
        return True

    return database.do(job)


def look(database: Database, company: Company, person: int, draft: str) -> Sheet | None:
    """The page of a draft for its writer; None when there is none. Nothing is changed, whoever looks."""

    def at_it(uow: UnitOfWork) -> Sheet | None:
        turn = _turn(uow, company, person)
        if turn is None:
            return None
        filed = uow.inbox.seen(_filed(person, draft))
        if filed is not None:
            return Sheet(turn.language, turn.now, filed=from_plain(cast("Json", filed)))
        form, row = whole.shown(turn, draft), uow.drafts.get(draft)
        return _sheet(turn, form, row) if form is not None and row is not None else None

    return database.look(at_it)


def begin(database: Database, company: Company, userid: tuple[str, str], wanted: str) -> tuple[int, str] | Said:
    """The draft with which somebody whom a platform vouches for goes on; a sentence where there is none for them.

    Of the procedure that is wanted; else the form that is open, else a new one.
    """

    def job(uow: UnitOfWork) -> tuple[int, str] | Said:
        person = uow.organisation.person_by_platform(*userid)
        if person is None:
            return switchboard.UNKNOWN_PERSON
        turn = Turn(uow, company, person, SURFACE)
        row = uow.drafts.active_of(person.id) or next(iter(uow.drafts.newest_of(person.id, 1)[0]), None)
        if row is not None and not wanted:
            return person.id, row.id
        procedure = company.handbook.by_key.get(wanted or _first(turn))
        if procedure is None or not procedure.words or procedure.key == "monthly_summary":
            return NO_FORM
        answer = forms.start(turn, procedure)
        row = uow.drafts.find(person.id, procedure.key)
        return (person.id, row.id) if row is not None else answer.lines[0]

    return database.do(job)


NO_FORM = said(N_("There is no form here that you could fill in."))


def _first(turn: Turn) -> str:
    """What this person reports: the first procedure that they may begin."""
    mine = (
        each.key
        for each in turn.company.handbook.procedures
        if each.words and each.key != "monthly_summary" and allowed(turn, None, each.starts) is not None
    )
    return next(mine, "")


def send(database: Database, company: Company, filled: Filled) -> Heard:
    """Take what was sent from a page: kept, or submitted, which happens once however often it is sent."""
    few = {key: files[: uploads.MOST_AT_ONCE + 1] for key, files in filled.files.items()}
    looked = replace(filled, files={key: tuple(map(uploads.looked_at, files)) for key, files in few.items()})
    return database.do(partial(_sent, company=company, filled=looked))


def _sent(uow: UnitOfWork, company: Company, filled: Filled) -> Heard:
    turn = _turn(uow, company, filled.person)
    row = uow.drafts.held(filled.draft)
    if turn is None or row is None or row.person_id != filled.person:
        return Heard(gone=True)
    if uow.rates.take(f"f/{filled.person}", every=EVERY, burst=BURST) is not None:
        return Heard(lines=(TOO_OFTEN,))
    pages.used(turn, row)
    faults = {**_keep(turn, row, filled), **_keep_files(turn, row, filled.files)}
    if not filled.submits:
        return Heard(faults)
    if filled.choice.startswith(SAME):
        return _same(turn, row, filled)
    event = _event(turn, row, filled)
    faults = {**whole.faults(turn, row, event), **faults}
    return Heard(faults) if faults else _submit(turn, row, event)


def _submit(turn: Turn, row: DraftRow, event: Answered | Pressed) -> Heard:
    """Submit it as from anywhere else; once it is filed, the page shows the answer however often it is opened."""
    draft = row.id
    reply = switchboard.routed(turn.uow, turn.company, event, turn.person)
    if turn.uow.drafts.get(draft) is None:
        turn.uow.inbox.record(_filed(row.person_id, draft), reply.plain())
        return Heard(gone=True)
    faults = {key: UnacceptableError(sentence) for key, sentence in reply.faults.items()}
    return Heard(faults, reply.question, () if reply.draft else reply.lines)


def _same(turn: Turn, row: DraftRow, filled: Filled) -> Heard:
    """What is reported is a case that is known: it goes there."""
    turn.uow.drafts.activate(row)
    return _submit(turn, row, Pressed(_key(filled), _sender(turn), filled.choice))


def _keep(turn: Turn, row: DraftRow, filled: Filled) -> dict[str, UnacceptableError]:
    """Keep what was changed; an answer that was wiped out is none any more."""
    draft = forms.draft_of(turn, row)
    before = draft
    for key, text in filled.given.items():
        if not text.strip() and key in draft.answers and draft.form.by_key[key].kind is not Kind.FILES:
            draft = draft.without(key)
    if draft is not before:
        forms.keep(turn, row, draft)
    given = {key: text for key, text in filled.given.items() if text.strip()}
    if not given:
        return {}
    return dict(whole.keep(turn, row, Answered("", _sender(turn), row.id, given, kept=True)))


def _keep_files(turn: Turn, row: DraftRow, files: Mapping[str, tuple[Upload, ...]]) -> dict[str, UnacceptableError]:
    """Keep the good files with the draft, the same one once; why another was not taken stands beside the question."""
    wrong: dict[str, UnacceptableError] = {}
    if not files:
        return wrong
    kept = {file.sha256 for file in turn.uow.files.of_draft(row.id)}
    draft = forms.draft_of(turn, row)
    for key, sent in files.items():
        question = draft.form.by_key.get(key)
        if question is None or question.kind is not Kind.FILES:
            continue
        before = draft.answers.get(key)
        ids = list(before) if isinstance(before, tuple) else []
        faults = [file.fault for file in sent if file.fault is not None]
        new = [file for file in sent if file.fault is None and sha256(file.content).hexdigest() not in kept]
        room = max(uploads.MOST_AT_ONCE - len(ids), 0)
        rows = uploads.keep_all(turn, new[:room], Belongs(draft_id=row.id, person_id=row.person_id))
        ids += [file.id for file in rows]
        faults += [ENOUGH] * (len(new) > room)
        if faults:
            wrong[key] = UnacceptableError(faults[0])
        draft = draft.keep(key, tuple(ids), turn.now, SURFACE) if rows else draft
    forms.keep(turn, row, draft)
    return wrong


def _event(turn: Turn, row: DraftRow, filled: Filled) -> Answered:
    """A form that is submitted: what was changed is kept already, what nobody has answered anywhere stays open."""
    draft = forms.draft_of(turn, row)
    known = draft.settled(turn.looking(forms.case_of(turn, row)))
    shown = filled.blank | frozenset(filled.given)
    given = {key: "" for key in draft.form.by_key if key in shown and key not in known}
    if filled.choice:
        given[draft.form.confirm] = filled.choice
    else:
        given.pop(draft.form.confirm, None)
    return Answered(_key(filled), _sender(turn), row.id, given, whole=True)


def _sheet(turn: Turn, form: Whole, row: DraftRow) -> Sheet:
    """The form with every question before the last look, and its answer in words."""
    draft, look = forms.draft_of(turn, row), turn.looking(forms.case_of(turn, row))
    known, found = draft.settled(look), []
    for question in draft.form.fields:
        if question.key == draft.form.confirm:
            break
        if question.when(known):
            found.append((said(question.label), readers.shown(question, known.get(question.key), look, known)))
    following = draft.next(look)
    return Sheet(turn.language, turn.now, form, tuple(found), following.key if following else "")


def _turn(uow: UnitOfWork, company: Company, person_id: int) -> Turn | None:
    person = uow.organisation.person(person_id)
    return Turn(uow, company, person, SURFACE) if person is not None and person.active else None


def _sender(turn: Turn) -> Sender:
    return Sender(SURFACE, str(turn.person.id if turn.person else ""), told="changes")


def _key(filled: Filled) -> str:
    """The same form sent again is the same event; with another answer in it, it is another one."""
    what = repr((filled.choice, sorted(filled.given.items()), sorted(filled.blank)))
    return f"f/{filled.nonce}/{sha256(what.encode()).hexdigest()[:16]}"


def _filed(person: int, draft: str) -> str:
    """Under which key the answer is kept that a form got when it was filed from its page."""
    return f"f/filed/{person}/{draft}"
