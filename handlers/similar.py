"""可能是同一问题: cases like the one that is being reported, with their cause and measure (N-13, domain A8)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from conversations.fields import UNKNOWN, Answers, folded
from conversations.forms import Draft
from conversations.procedures.task import CHECKED
from conversations.replies import Button, Reply
from conversations.similarity import Problem, worth_showing
from conversations.words import N_, Said, Value, people, said
from handlers import telling
from handlers.facts import answers_of, facts_of
from handlers.standing import may_see
from handlers.turn import Turn
from storage.cases import Case
from storage.drafts import DraftRow

DESCRIPTION = "description"
"""The question whose answer is compared."""

SAME = "$same"
"""Under which a draft keeps the number of the case that its writer said it is the same as."""

AT_MOST = 3
LOOKED_AT = 30
"""So many of the likeliest are looked at for some that the asker may see."""


def just_described(row: DraftRow, draft: Draft) -> bool:
    """Whether the newest answers bring a description that was not there before."""
    before = [kept["value"] for kept in row.answers if kept["key"] == DESCRIPTION]
    return row.case_id is None and [given.key for given in draft.given].count(DESCRIPTION) > len(before)


def beside(turn: Turn, row: DraftRow, draft: Draft, reply: Reply) -> Reply:
    """The same reply, after what is already known of such a problem; unchanged when nothing is."""
    found = known(turn, row.subject, draft.settled(turn.looking()))
    if not found:
        return reply
    numbered = [case.number for case in found if case.number]
    one = said(N_("Same problem, attach"))
    buttons = tuple(
        Button(f"same:{number}", one if len(numbered) == 1 else said(N_("As {n}"), n=number)) for number in numbered
    )
    go_on = (Button("resume", said(N_("No, go on"))),) if buttons else ()
    lines = tuple(line_of(turn, case) for case in found)
    return replace(reply, lines=(*lines, *reply.lines), buttons=(*buttons, *go_on, *reply.buttons))


def known(turn: Turn, procedure: str, answers: Answers) -> list[Case]:
    """The cases that may be about the same problem and that the person may see, likeliest first."""
    text = str(answers.get(DESCRIPTION) or "")
    asked = Problem(
        text=text,
        customer=_answer(answers, "customer"),
        product=_answer(answers, "product"),
        category=_answer(answers, "category"),
        defects=_defects_said(turn, text),
    )
    found: list[Case] = []
    for alike in turn.uow.similar.closest(procedure, asked)[:LOOKED_AT]:
        if len(found) == AT_MOST or not worth_showing(alike.likeness, alike.text):
            break
        case = turn.uow.cases.get(alike.case_id)
        if case is not None and may_see(turn, case):
            found.append(case)
    return found


def _answer(answers: Answers, key: str) -> str:
    value = answers.get(key)
    return value if isinstance(value, str) and value != UNKNOWN else ""


def _defects_said(turn: Turn, text: str) -> frozenset[str]:
    """The defect codes whose name, or what people say for it, stands in the text."""
    line = folded(text)
    return frozenset(
        defect.code
        for defect in turn.uow.customers.defects()
        if any(folded(word) in line for word in (defect.name, *defect.said) if word)
    )


def line_of(turn: Turn, case: Case) -> Said:
    """One such case: its number, whose and when, what it was about, its cause and what was done about it."""
    procedure = turn.company.handbook[case.procedure]
    values: dict[str, Value] = {
        "n": people(case.number) if case.number else said(N_("history")),
        "c": people(telling.customer_name(turn, case)),
        "date": _day(turn, case),
        "h": people(case.title) if case.title else telling.headline(case, procedure),
    }
    known_of_it = tuple(_known_of_it(turn, case))
    if not known_of_it:
        return Said(N_("Perhaps the same problem: {n} ({c}, {date}) {h}"), values)
    return Said(N_("Perhaps the same problem: {n} ({c}, {date}) {h}. {known}"), {**values, "known": known_of_it})


def _day(turn: Turn, case: Case) -> date:
    return case.received_at.astimezone(turn.company.zone).date()


def _known_of_it(turn: Turn, case: Case) -> Iterator[Said]:
    answers = answers_of(case)
    if answers.get("cause_occur"):
        yield said(N_("Cause: {cause}"), cause=str(answers["cause_occur"]))
    elif case.number:
        yield said(N_("Cause: not known yet"))
    if answers.get("remedy"):
        yield said(N_("Measure: {remedy}"), remedy=str(answers["remedy"]))
    for linked in facts_of(turn, case, turn.company.handbook[case.procedure]).linked if case.number else ():
        if linked.kind in CHECKED and linked.closed:
            yield said(N_("{n} was completed: if it is the same problem, it did not help"), n=linked.number)
        elif linked.kind in CHECKED:
            yield said(N_("{n} is under way"), n=linked.number)


def link(turn: Turn, draft: Draft, case: Case) -> None:
    """Tie a new case to the one that its reporter said it repeats."""
    same = str(draft.answers.get(SAME) or "")
    other = turn.uow.cases.find(same) if same else None
    if other is not None and other.id != case.id:
        turn.uow.cases.link(case.id, other.id, "repeat_of")
