"""帮助: what this person can do here, in at most twelve lines."""

from collections.abc import Iterator

from conversations.fields import folded
from conversations.replies import Button, Reply, say
from conversations.words import N_, Said, people, said
from handlers.standing import SEES_ALL, acting_as, allowed
from handlers.turn import Turn

MOST_LINES = 12
MOST_TITLES = 3
"""So many procedures have a line of their own; the others have their button."""


def menu(turn: Turn) -> Reply:
    """What a person's roles do most, to tap or to type."""
    buttons: list[Button] = []
    lines = [said(N_("You can tap, or type:"))]
    for procedure in turn.company.handbook.procedures:
        if procedure.words and procedure.key != "monthly_summary" and allowed(turn, None, procedure.starts):
            word = _first_word(procedure.words, turn.language)
            if len(buttons) < MOST_TITLES:
                lines.append(_line(turn, word, said(procedure.title)))
            buttons.append(Button(f"start:{procedure.key}", said(procedure.intake.title)))
    lines += [said(N_("mine · my cases and those I reported")), *_of_role(turn), *GENERAL]
    return say(*lines[:MOST_LINES], buttons=(*buttons, *BUTTONS))


def _line(turn: Turn, word: str, title: Said) -> Said:
    """What to type and what it begins; once, where both are called the same."""
    same = folded(turn.say(title)) == folded(word)
    return people(word) if same else said(N_("{word} · {title}"), word=word, title=title)


GENERAL = (
    said(N_("82, a customer, a word of the matter · finds a case and what is next; more 82 · all you can do with it")),
    said(N_("why 82 · how its due times came about; flow · the steps; rules · the numbers in force")),
    said(N_("undo · takes back what you did in the last five minutes")),
    said(N_("drafts, duty, leave, settings · what you began, who is on duty, who stands in for you")),
    said(N_("In a form: back, skip, cancel; “continue” goes on with a draft.")),
)
BUTTONS = (
    Button("mine", said(N_("My cases"))),
    Button("overdue", said(N_("Overdue"))),
    Button("start:monthly_summary", said(N_("Monthly summary"))),
    Button("settings", said(N_("Settings"))),
)


def _of_role(turn: Turn) -> Iterator[Said]:
    """What only some do: accepting, answering, seeing to a department, reading the month."""
    people = list(acting_as(turn))
    roles = {role for person in people for role in person.roles}
    ids = {person.id for person in people}
    if roles & {"qa", "qa_lead"}:
        yield said(N_("accept 82, cause 82, close 82 · what quality does with a complaint"))
    if roles & {"sales", "sales_lead", "service_engineer"}:
        yield said(N_("remedy 82, contact 82, satisfied 82 · measure, talk, the customer's answer"))
    if roles & SEES_ALL or any(each.lead_id in ids for each in turn.uow.organisation.departments()):
        yield said(N_("overdue · what is overdue in my department"))
    yield said(N_("monthly · the monthly summary"))


def _first_word(words: tuple[str, ...], language: str) -> str:
    """The word to type, in the reader's language: Chinese words stand first in a declaration."""
    return words[0] if language == "zh" else next((word for word in words if word.isascii()), words[0])


def not_understood(turn: Turn, text: str) -> Reply:
    """Never a dead end: what was not understood, what can be typed, and the menu's buttons."""
    shown = menu(turn)
    first = said(N_("“{text}” was not understood, and no case you may see is called so."), text=text[:40])
    return say(first, *shown.lines[: MOST_LINES - 1], buttons=shown.buttons)
