"""How a question, and all answers for a last look, become a reply."""

from conversations.fields import LOOKED_UP, Answers, Field, Kind
from conversations.forms import Draft, Form
from conversations.readers import shown
from conversations.replies import Button, Choice, Reply, Together
from conversations.runs import run
from conversations.words import N_, Said, said
from handlers import planned
from handlers.lateness import amount
from handlers.timing import foreseen
from handlers.turn import Turn
from storage.cases import Case

BACK = Button("back", said(N_("Back")))
SKIP = Button("skip", said(N_("Skip")))
CANCEL = Button("cancel", said(N_("Cancel")))
DONE = Button("done_files", said(N_("That is all")))


def ask(turn: Turn, draft_id: str, draft: Draft, case: Case | None, first: Said | None = None) -> Reply:
    """Ask the next question; what was wrong with the last answers is said before it."""
    look = turn.looking(case)
    question = draft.next(look)
    if draft.faults:
        key, fault = next(iter(draft.faults.items()))
        question = draft.form.by_key[key]
        options = fault.options or question.choices(draft.settled(look), look)
        buttons = tuple(Button(f"option:{option.key}", option.label) for option in options)
        lines = (fault.sentence, *(_helper(turn) if key in draft.stuck else ()))
        faults = {name: each.sentence for name, each in draft.faults.items()}
        taps = (*buttons, *_ways(draft, question), CANCEL)
        return Reply(lines, taps, draft_id, key, faults, choice=_choice(question))
    if question is None:
        return Reply((said(N_("Nothing is left to ask.")),), (CANCEL,), draft_id)
    return _question(turn, draft_id, draft, (question, case, first))


def _question(turn: Turn, draft_id: str, draft: Draft, what: tuple[Field, Case | None, Said | None]) -> Reply:
    question, case, first = what
    look = turn.looking(case)
    known = draft.settled(look)
    lines = [first] if first is not None else []
    prompt = said(question.prompt) if question.key != draft.form.confirm else None
    if prompt is None:
        lines += _summary(turn, draft, case)
    else:
        lines += [_heading(turn, draft, question, case), prompt]
    options = tuple(
        Button(f"option:{option.key}", option.label, main=index == 0 and question.key == draft.form.confirm)
        for index, option in enumerate(question.choices(known, look))
    )
    taps = (*options, *_ways(draft, question), CANCEL)
    together = tuple(
        Together(field.key, said(field.label), tuple((option.key, option.label) for option in options))
        for field, options in run(draft, look)
    )
    return Reply(tuple(lines), taps, draft_id, question.key, choice=_choice(question), run=together, prompt=prompt)


def _choice(question: Field) -> Choice:
    """Whether nothing but its options answers a question; where a number may be meant itself, it does not count."""
    if question.kind is Kind.MULTI_CHOICE:
        return "several"
    return "one" if question.kind in {Kind.CHOICE, Kind.YES_NO, *LOOKED_UP} and not question.typed else ""


def _ways(draft: Draft, question: Field) -> tuple[Button, ...]:
    """Where a person can go from a question besides answering it."""
    ways: tuple[Button, ...] = (DONE,) if question.kind is Kind.FILES and question.key in draft.answers else ()
    ways += (SKIP,) if not question.required else ()
    return (*ways, BACK) if draft.began else ways


def _helper(turn: Turn) -> list[Said]:
    """Whom to ask when the same question goes wrong again: the head of the department, else the administrator."""
    organisation, person = turn.uow.organisation, turn.person
    if person is None:
        return []
    lead = organisation.lead(person.department) if person.department else None
    known = [*([organisation.stand_in(lead, turn.today)] if lead else []), *organisation.people_with("admin")]
    other = next((each for each in known if each.id != person.id), None)
    return [said(N_("If you are not sure, ask {name}."), name=other.name)] if other is not None else []


def _heading(turn: Turn, draft: Draft, question: Field, case: Case | None) -> Said:
    look = turn.looking(case)
    title = said(draft.form.title)
    number, total = draft.progress(question, look)
    if case is not None:
        title = said(N_("{form} · {n}"), form=title, n=case.number or "")
    if total < 2 or number == 0:
        return title
    return said(N_("{form} · question {i} of {total}"), form=title, i=number, total=total)


def _summary(turn: Turn, draft: Draft, case: Case | None) -> list[Said]:
    """All answers for a last look, each can be corrected (修改 and the question's name)."""
    look = turn.looking(case)
    known = draft.settled(look)
    lines = [said(N_("Please check, then submit."))]
    for field in draft.form.fields:
        if field.key == draft.form.confirm:
            break
        if field.when(known):
            value = shown(field, known.get(field.key), look, known)
            lines.append(said(N_("{label}: {value}"), label=said(field.label), value=value))
    lines += time_limit(turn, draft.form, known)
    suggestion = draft.form.by_key[draft.form.confirm].choices(known, look)
    if suggestion:
        lines.append(said(N_("Suggested: {choice}"), choice=suggestion[0].label))
    lines.append(said(N_("To correct an answer type “correct” and its name.")))
    return lines


def time_limit(turn: Turn, form: Form, answers: Answers) -> list[Said]:
    """Until when the customer has to be answered, as it would be if this were filed now (domain A2)."""
    procedure = turn.company.handbook.by_key.get(form.key)
    found = foreseen(turn, procedure, answers) if procedure is not None else None
    if found is None:
        return planned.preview(turn, form.key, answers)
    due, rule = found
    if rule.source:
        return [said(N_("Time limit: {due} ({span}, {source})"), due=due, span=amount(rule), source=rule.source)]
    return [said(N_("Time limit: {due} ({span})"), due=due, span=amount(rule))]
