"""A form shown whole, as modals and pages show it: every question that applies, its answers kept and submitted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from conversations import readers
from conversations.fields import LOOKED_UP, Answers, Field, Kind, Option, UnacceptableError, cleaned, named
from conversations.forms import Draft, Form, Given
from conversations.replies import Reply, say
from conversations.words import N_, Said, said
from handlers import asking, forms, similar, uploads
from handlers.events import Answered, Quoted, Upload
from handlers.turn import Turn
from storage.drafts import DraftRow
from storage.files import Belongs

MOST_FOUND = 100
NOTHING = Reply(())
GONE = said(N_("This form was submitted or dropped already."))


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what can be chosen, and the answer there is (an own one, or a preset); None when there is none.

    ``options`` holds those with a hint too: chosen, they ask for typing. Of what is looked up it has the likeliest,
    and ``words`` says the answer to it.
    """

    field: Field
    options: tuple[Option, ...]
    value: object
    own: bool
    words: Said | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A form with its answers so far; ``number`` is that of the case it is about, if there is one.

    ``limit`` says until when the customer has to be answered, where it is confirmed; ``alike`` what is known of such
    a problem, once it was described.
    """

    draft: str
    form: Form
    number: str
    questions: tuple[Question, ...]
    language: str
    now: datetime
    limit: tuple[Said, ...] = ()
    alike: Reply = NOTHING


def shown(turn: Turn, draft_id: str, given: Mapping[str, str] | None = None) -> Whole | None:
    """The form of a draft as it is to be shown to its writer; None when there is no such draft of theirs.

    ``given`` are answers that are chosen there and not kept: what they bring is shown too.
    """
    row = _own(turn, draft_id)
    if row is None:
        return None
    draft, case = forms.draft_of(turn, row), forms.case_of(turn, row)
    look = turn.looking(case)
    draft = draft.take({key: text for key, text in (given or {}).items() if text}, look, turn.surface)
    known = draft.settled(look)
    questions = tuple(
        Question(
            field,
            field.choices(known, look),
            known.get(field.key),
            field.key in draft.answers,
            readers.shown(field, known[field.key], look, known) if _to_say(field, known) else None,
        )
        for field in draft.form.fields
        if field.when(known)
    )
    number = case.number or "" if case else ""
    limit = tuple(asking.time_limit(turn, draft.form, known)) if draft.form.confirm else ()
    alike = _alike(turn, row, draft)
    return Whole(row.id, draft.form, number, questions, turn.language, turn.now, limit, alike)


def _alike(turn: Turn, row: DraftRow, draft: Draft) -> Reply:
    """Cases that may be about the same problem, and the tap that adds this to one of them."""
    answers = draft.answers
    if row.case_id is not None or similar.DESCRIPTION not in answers or similar.SAME in answers:
        return NOTHING
    found = similar.beside(turn, row, draft, NOTHING)
    return replace(found, buttons=tuple(button for button in found.buttons if button.action != "resume"))


def _to_say(field: Field, known: Answers) -> bool:
    return field.kind in LOOKED_UP and bool(known.get(field.key))


def options(turn: Turn, draft_id: str, key: str, text: str) -> tuple[Option, ...]:
    """What a writer may mean by what was typed into a question that is looked up; the likeliest for no text."""
    row = _own(turn, draft_id)
    field = forms.form_of(turn, row).by_key.get(key) if row is not None else None
    if row is None or field is None or field.kind not in LOOKED_UP:
        return ()
    look = turn.looking(forms.case_of(turn, row))
    known = forms.draft_of(turn, row).settled(look)
    if not text.strip():
        return field.choices(known, look)
    found = look.found(field.kind, text, known)
    beside = tuple(option for option in field.options_beside() if option.hint is None)
    if field.typed and not readers.chosen_option(text, (*found, *beside), look):
        found = (*found, named(cleaned(text), cleaned(text)))
    return (*found[:MOST_FOUND], *beside)


def take(turn: Turn, row: DraftRow, event: Answered) -> Reply:
    """Keep what was filled in (``kept``), or submit it: faults beside their questions, else what comes next."""
    if event.kept:
        keep(turn, row, event)
        return Reply((), draft=row.id)
    draft, wrong = _read(turn, row, event)
    draft = _latest_alone(draft, turn.surface)
    if wrong:
        confirm = draft.form.confirm
        kept = tuple(given for given in draft.given if given.key != confirm)
        return forms.go_on(turn, row, replace(draft, given=kept, faults=wrong))
    return forms.go_on(turn, row, draft)


def keep(turn: Turn, row: DraftRow, event: Answered) -> Mapping[str, UnacceptableError]:
    """Keep what can be read of a form that is not submitted, and tell what was wrong with the rest."""
    draft, wrong = _read(turn, row, event)
    forms.keep(turn, row, _latest_alone(draft, turn.surface))
    return wrong


def faults(turn: Turn, row: DraftRow, event: Answered) -> Mapping[str, UnacceptableError]:
    """What would be wrong with a form if it were submitted so; nothing is kept. It brings no files."""
    return _read(turn, row, event)[1]


def quoted(turn: Turn, event: Quoted) -> Reply:
    """Begin a case with somebody's message: its photos, and its text as the description."""
    procedure = turn.company.handbook.by_key.get(event.procedure)
    if procedure is None or turn.person is None:
        return say(forms.NOTHING_OPEN)
    uploads.keep_all(turn, event.files, Belongs(person_id=turn.person.id))
    reply = forms.start(turn, procedure)
    row = turn.uow.drafts.active_of(turn.person.id)
    if row is None or row.form != procedure.intake.key or not procedure.quote:
        return reply
    draft = forms.draft_of(turn, row)
    if procedure.quote in draft.answers or not event.text.strip():
        return reply
    longest = draft.form.by_key[procedure.quote].longest
    return forms.go_on(turn, row, draft.keep(procedure.quote, event.text.strip()[:longest], turn.now, turn.surface))


def opened(turn: Turn, draft_id: str) -> Reply:
    """Go on with a form: what is typed and the photos that are sent belong to it; its next question, nothing filed."""
    row = _own(turn, draft_id)
    if row is None:
        return say(GONE)
    turn.uow.drafts.activate(row)
    return asking.ask(turn, row.id, forms.draft_of(turn, row), forms.case_of(turn, row))


def left(turn: Turn, draft_id: str) -> Reply:
    """A form was closed before it was submitted: its answers are kept, and what is typed now is no answer to it."""
    row = _own(turn, draft_id)
    if row is not None:
        row.active = False
    return NOTHING


def _own(turn: Turn, draft_id: str) -> DraftRow | None:
    row = turn.uow.drafts.get(draft_id)
    return row if row is not None and turn.person is not None and row.person_id == turn.person.id else None


def _read(turn: Turn, row: DraftRow, event: Answered) -> tuple[Draft, Mapping[str, UnacceptableError]]:
    """The draft with everything that could be read, and what was wrong with the rest."""
    draft, case = forms.draft_of(turn, row), forms.case_of(turn, row)
    look = turn.looking(case)
    for key, files in event.files.items():
        draft = _with_files(turn, row, draft, (key, files)) if not event.kept else draft
    texts = {key: text for key, text in event.given.items() if text.strip() and key in draft.form.by_key}
    if event.kept:
        texts.pop(draft.form.confirm, None)
    draft = draft.take(texts, look, turn.surface)
    faults = dict(draft.faults)
    blank = [key for key in draft.form.by_key if key in event.given and key not in texts]
    known = draft.settled(look)
    for key in blank:
        field = draft.form.by_key[key]
        if event.kept or not field.when(known) or (field.kind is Kind.FILES and key in draft.answers):
            continue
        if field.required:
            faults[key] = UnacceptableError(said(N_("Please answer {question}."), question=said(field.label)))
        else:
            draft = replace(draft, given=(*draft.given, Given(key, None, look.now, turn.surface, skipped=True)))
    return replace(draft, faults={}), faults


def _with_files(turn: Turn, row: DraftRow, draft: Draft, given: tuple[str, tuple[Upload, ...]]) -> Draft:
    """Files given to a question, once each: a form that is submitted again brings them again."""
    key, files = given
    if key not in draft.form.by_key or turn.person is None:
        return draft
    there = {file.remote for file in turn.uow.files.of_draft(row.id)}
    new = tuple(file for file in files if not file.remote or file.remote not in there)
    kept = uploads.keep_all(turn, new, Belongs(draft_id=row.id, person_id=turn.person.id))
    before = draft.answers.get(key)
    ids = (*(before if isinstance(before, tuple) else ()), *(file.id for file in kept))
    return draft.keep(key, ids, turn.now, turn.surface) if kept else draft


def _latest_alone(draft: Draft, surface: str) -> Draft:
    """Of the answers that were given here only the newest of each question: a form reports every letter typed."""
    newest = {given.key: given for given in draft.given if given.surface == surface}
    kept = tuple(given for given in draft.given if given.surface != surface or newest[given.key] is given)
    return replace(draft, given=kept)
