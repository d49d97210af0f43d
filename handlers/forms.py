"""Forms: asked question by question or all at once, kept as drafts, filed when they are full."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from conversations.fields import LOOKED_UP, NEW, Kind, UnacceptableError
from conversations.forms import Draft, Form, Given, files_in
from conversations.permissions import Capacity
from conversations.personal import PERSONAL, SUBJECT
from conversations.plain import Json, dump, load
from conversations.procedure import Action, Procedure
from conversations.replies import Button, Reply, say
from conversations.words import N_, Said, people, said
from handlers import asking, cases, outcomes, personal, sign_offs, similar
from handlers.cases import Opening
from handlers.facts import facts_of
from handlers.refusals import RefusedError
from handlers.standing import allowed
from handlers.turn import Turn
from storage.cases import Case
from storage.customers import Customer
from storage.drafts import DraftRow

DRAFT_LIFE = timedelta(days=7)
RECENT_FILES = timedelta(hours=1)
SEEN = "$seen"
"""Under which a draft keeps the hash of what its writer was shown and decides on."""

NOTHING_OPEN = said(N_("No form is open. Type “help” to see what I can do."))


def start(turn: Turn, procedure: Procedure, *, afresh: bool = False) -> Reply:
    """Open the intake of a procedure; a draft that is there is offered first."""
    if turn.person is None or allowed(turn, None, procedure.starts) is None:
        turn.uow.audit.write(f"procedure:{procedure.key}", "denied", turn.actor, data={"denied": "file"})
        return say(_for_others(procedure.title, procedure.starts))
    found = turn.uow.drafts.find(turn.person.id, procedure.key)
    if found is not None and not afresh:
        turn.uow.drafts.activate(found)
        draft = draft_of(turn, found)
        if draft.answers:
            return _found_again(turn, found)
        return go_on(turn, found, _with_recent_files(turn, found, draft))
    if found is not None:
        turn.uow.drafts.end(found)
    row = _new_row(turn, procedure.intake, procedure.key)
    draft = _with_recent_files(turn, row, Draft(procedure.intake))
    return go_on(turn, row, draft)


def begin(turn: Turn, case: Case, action: Action) -> Reply:
    """Begin an action on a case: done at once when it asks nothing, otherwise its form is opened."""
    cases.check(turn, case, turn.company.handbook[case.procedure], action)
    if action.signs is not None and not sign_offs.has_seen(turn, case):
        return sign_offs.show(turn, case)
    if action.form is None:
        facts = cases.act(turn, case, action, {})
        return outcomes.done(turn, case, action, facts)
    person = turn.person
    if person is None:
        return say(NOTHING_OPEN)
    row = turn.uow.drafts.find(person.id, action.form.key, case.id)
    if row is None:
        row = _new_row(turn, action.form, case.procedure, case, action.key)
    else:
        turn.uow.drafts.activate(row)
    draft = _with_recent_files(turn, row, draft_of(turn, row))
    return go_on(turn, row, draft.keep(SEEN, turn.seen, turn.now, turn.surface) if turn.seen else draft)


def about_me(turn: Turn, key: str) -> Reply:
    """Open a form that is about no case."""
    if turn.person is None:
        return say(NOTHING_OPEN)
    form, by = PERSONAL[key].form, PERSONAL[key].by
    if allowed(turn, None, by) is None:
        turn.uow.audit.write(f"form:{key}", "denied", turn.actor, data={"denied": "file"})
        return say(_for_others(form.title, by))
    row = turn.uow.drafts.find(turn.person.id, form.key) or _new_row(turn, form, SUBJECT, action=key)
    turn.uow.drafts.activate(row)
    return go_on(turn, row, draft_of(turn, row))


def _for_others(title: str, by: frozenset[Capacity]) -> Said:
    roles = tuple(said(cases.CAPACITY_NAMES[capacity]) for capacity in Capacity if capacity in by)
    return said(N_("{form} is for {role} to report."), form=said(title), role=roles)


def answer(turn: Turn, row: DraftRow, given: Mapping[str, str]) -> Reply:
    """Take answers into a draft: the good ones are kept, the others explained beside their questions."""
    draft = draft_of(turn, row)
    draft = draft.take(given, turn.looking(case_of(turn, row)), turn.surface)
    return go_on(turn, row, draft)


def answer_next(turn: Turn, row: DraftRow, text: str) -> Reply:
    """Take a line of text as the answer to the question that is being asked."""
    draft = draft_of(turn, row)
    question = draft.next(turn.looking(case_of(turn, row)))
    if question is None:
        return go_on(turn, row, draft)
    if question.kind is Kind.FILES and question.key in draft.answers:
        return go_on(turn, row, draft)
    return answer(turn, row, {question.key: text})


def asks_no_text(turn: Turn, row: DraftRow) -> bool:
    """Whether the question being asked is answered by a tap, a number or a day: letters can then be a word of ours."""
    question = draft_of(turn, row).next(turn.looking(case_of(turn, row)))
    return question is not None and question.kind not in {Kind.TEXT, Kind.LONG_TEXT, *LOOKED_UP}


def still_asks(turn: Turn, row: DraftRow, key: str) -> bool:
    """Whether this is the question that is being asked."""
    question = draft_of(turn, row).next(turn.looking(case_of(turn, row)))
    return question is not None and question.key == key


def reask(turn: Turn, row: DraftRow, key: str) -> Reply:
    """Ask one question again, a preset one too; its answer stays until another is given."""
    return go_on(turn, row, draft_of(turn, row).reopen(key, turn.now, turn.surface))


def noted(turn: Turn, row: DraftRow, kept: tuple[str, str], first: Said) -> Reply:
    """Keep something with the answers that no question asks for, and go on."""
    key, value = kept
    return go_on(turn, row, draft_of(turn, row).keep(key, value, turn.now, turn.surface), first)


def back(turn: Turn, row: DraftRow) -> Reply:
    """上一步: the newest answer is cleared and asked again."""
    return go_on(turn, row, draft_of(turn, row).back())


def skip(turn: Turn, row: DraftRow) -> Reply:
    """跳过: leave the question out, if it may be left out."""
    draft = draft_of(turn, row).skip(turn.looking(case_of(turn, row)), turn.surface)
    return go_on(turn, row, draft)


def cancel(turn: Turn, row: DraftRow) -> Reply:
    """取消: drop the draft."""
    title = said(draft_of(turn, row).form.title)
    turn.uow.drafts.end(row)
    return say(said(N_("{form} is dropped."), form=title))


def attach(turn: Turn, row: DraftRow, ids: tuple[int, ...], faults: Sequence[Said] = ()) -> Reply:
    """Add files to the question for files of an open form; the count is said, and what was not taken."""
    draft = draft_of(turn, row)
    field = next((field for field in draft.form.fields if field.kind is Kind.FILES), None)
    if field is None:
        return say(said(N_("{form} takes no photos."), form=said(draft.form.title)))
    before = draft.answers.get(field.key)
    files = (*(before if isinstance(before, tuple) else ()), *ids)
    draft = draft.keep(field.key, files, turn.now, turn.surface)
    got = said(N_("{k} photos received."), k=len(files))
    if faults:
        got = said("{sentence} {faults}", sentence=got, faults=tuple(faults))
    return go_on(turn, row, draft, got)


def draft_of(turn: Turn, row: DraftRow) -> Draft:
    """The draft that a row keeps."""
    given = tuple(
        Given(
            str(kept["key"]),
            load(cast("Json", kept["value"])),
            datetime.fromisoformat(str(kept["at"])),
            str(kept["surface"]),
            bool(kept["skipped"]),
        )
        for kept in row.answers
    )
    return Draft(form_of(turn, row), given)


def form_of(turn: Turn, row: DraftRow) -> Form:
    """The form of a draft: its procedure's intake, or an action's."""
    if row.subject == SUBJECT:
        return PERSONAL[row.action].form
    procedure = turn.company.handbook[row.subject]
    action = procedure.action.get(row.action)
    case = case_of(turn, row) if action is not None and action.form_of is not None else None
    if action is not None and case is not None:
        return action.asks(facts_of(turn, case, procedure)) or procedure.intake
    return action.form if action is not None and action.form is not None else procedure.intake


def _new_row(turn: Turn, form: Form, procedure: str, case: Case | None = None, action: str = "") -> DraftRow:
    return turn.uow.drafts.add(
        DraftRow(
            person_id=turn.person.id if turn.person else 0,
            form=form.key,
            action=action,
            case_id=case.id if case else None,
            subject=procedure,
            started_at=turn.now,
            updated_at=turn.now,
            expires_at=turn.now + DRAFT_LIFE,
        )
    )


def case_of(turn: Turn, row: DraftRow) -> Case | None:
    """The case that a draft is about; None for an intake."""
    return turn.uow.cases.get(row.case_id) if row.case_id is not None else None


def _with_recent_files(turn: Turn, row: DraftRow, draft: Draft) -> Draft:
    """Photos sent just before the form was opened belong to it (domain A2)."""
    field = next((field for field in draft.form.fields if field.kind is Kind.FILES), None)
    if field is None or field.key in draft.answers or turn.person is None:
        return draft
    loose = turn.uow.files.loose_of(turn.person.id, turn.now - RECENT_FILES)
    if not loose:
        return draft
    for file in loose:
        file.draft_id = row.id
    return draft.keep(field.key, tuple(file.id for file in loose), turn.now, turn.surface)


def _found_again(turn: Turn, row: DraftRow) -> Reply:
    draft = draft_of(turn, row)
    customer = draft.answers.get("customer")
    name = turn.uow.customers.get(str(customer)) if customer else None
    line = said(
        N_("You have a draft that was not submitted ({c}, {time}). Go on with it, or start again?"),
        c=people(name.short if name else "—"),
        time=row.updated_at,
    )
    return say(
        line,
        buttons=(Button("resume", said(N_("Go on"))), Button(f"restart:{row.subject}", said(N_("Start again")))),
    )


def keep(turn: Turn, row: DraftRow, draft: Draft) -> None:
    """Keep the answers so far, for another seven days."""
    kept = [
        {
            "key": given.key,
            "value": dump(given.value),
            "at": given.at.isoformat(),
            "surface": given.surface,
            "skipped": given.skipped,
        }
        for given in draft.given
    ]
    turn.uow.drafts.keep(row, cast("list[dict[str, object]]", kept), turn.now + DRAFT_LIFE)


def go_on(turn: Turn, row: DraftRow, draft: Draft, first: Said | None = None) -> Reply:
    """Keep the answers; ask what comes next, or file the form when it is full."""
    described = similar.just_described(row, draft)
    keep(turn, row, draft)
    case = case_of(turn, row)
    look = turn.looking(case)
    if draft.full(look):
        return _file(turn, row, draft)
    reply = asking.ask(turn, row.id, draft, case, first)
    return similar.beside(turn, row, draft, reply) if described else reply


def _file(turn: Turn, row: DraftRow, draft: Draft) -> Reply:
    """The form is full: do what it was for. What may not be done leaves the answers where they are."""
    case = case_of(turn, row)
    answers = draft.filed(turn.looking(case))
    if row.subject == SUBJECT:
        turn.uow.drafts.end(row)
        return personal.COMPLETE[row.action](turn, answers)
    procedure = turn.company.handbook[row.subject]
    if case is None:
        case = cases.open_case(turn, procedure, _with_new_customer(turn, answers), Opening(draft=row.id))
        similar.link(turn, draft, case)
        reply = outcomes.filed(turn, case)
    else:
        action = procedure.action[row.action]
        try:
            facts = cases.act(replace(turn, seen=str(draft.answers.get(SEEN, ""))), case, action, answers)
        except RefusedError as refused:
            turn.uow.cases.as_read()
            return _refused(turn, row, draft, refused.sentence)
        reply = outcomes.done(turn, case, action, facts)
    keep_files(turn, case, files_in(draft.form, answers))
    turn.uow.drafts.end(row)
    return reply


def _refused(turn: Turn, row: DraftRow, draft: Draft, sentence: Said) -> Reply:
    """An answer was refused: its question is asked again. Where the case itself is in the way, the answers wait."""
    case = case_of(turn, row)
    if case is not None and _possible(turn, case, row.action):
        texts = [field.key for field in draft.asked(turn.looking(case)) if field.kind is not Kind.FILES]
        if texts:
            fault = {texts[-1]: UnacceptableError(sentence)}
            again = draft.without(texts[-1]).refused(fault, turn.looking(case), turn.surface)
            return go_on(turn, row, again)
    row.active = False
    return say(sentence, said(N_("Your answers are kept: “continue” goes on with them.")))


def _possible(turn: Turn, case: Case, key: str) -> bool:
    """Whether other answers could be taken now; a decision is never mended by answering again."""
    procedure = turn.company.handbook[case.procedure]
    try:
        cases.check(turn, case, procedure, procedure.action[key])
    except RefusedError:
        return False
    return procedure.action[key].signs is None


def keep_files(turn: Turn, case: Case, ids: tuple[str, ...]) -> None:
    """Files of a draft belong to its case now."""
    for file_id in ids:
        file = turn.uow.files.get(int(file_id))
        if file is not None:
            file.case_id, file.draft_id = case.id, None


def _with_new_customer(turn: Turn, answers: dict[str, object]) -> dict[str, object]:
    """A new customer gets a code of its own, to be completed by the administrator; a known name is no new one."""
    if answers.get("customer") != NEW or not answers.get("new_customer"):
        return answers
    name = str(answers["new_customer"])
    known = next((each for each in turn.uow.customers.search(name) if each.name == name), None)
    if known is not None:
        return {**answers, "customer": known.code}
    code = f"N{turn.uow.numbers.next('customer'):03}"
    owner = turn.person.id if turn.person else None
    turn.uow.customers.add(Customer(code=code, name=name, short=name[:6], owner_sales_id=owner))
    turn.uow.audit.write(f"customer:{code}", "new customer", turn.actor)
    return {**answers, "customer": code}
