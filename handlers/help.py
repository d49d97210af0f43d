"""帮助: what this person can do here, in at most twelve lines."""

from conversations.replies import Button, Reply, say
from conversations.words import N_, said
from handlers.standing import allowed
from handlers.turn import Turn


def menu(turn: Turn) -> Reply:
    """The top tasks of a person's roles, with a button for each."""
    lines = [said(N_("You can tap, or type:"))]
    buttons: list[Button] = []
    for procedure in turn.company.handbook.procedures:
        if procedure.words and procedure.key != "monthly_summary" and allowed(turn, None, procedure.starts):
            word = _first_word(procedure.words, turn.language)
            lines.append(said(N_("{word} · {title}"), word=word, title=said(procedure.intake.title)))
            buttons.append(Button(f"start:{procedure.key}", said(procedure.intake.title)))
    lines += [
        said(N_("mine · my cases and those I reported")),
        said(N_("82 · the case TS-…-0082, what was done and what is next")),
        said(N_("overdue · what is overdue in my department")),
        said(N_("why 82 · how its due times came about")),
        said(N_("monthly · the monthly summary")),
        said(N_("rules · the numbers in force; flow · the steps")),
        said(N_("In a form: back, skip, cancel; “continue” goes on with a draft.")),
    ]
    buttons += [Button("mine", said(N_("My cases"))), Button("overdue", said(N_("Overdue")))]
    return say(*lines[:12], buttons=tuple(buttons))


def _first_word(words: tuple[str, ...], language: str) -> str:
    """The word to type, in the reader's language: Chinese words stand first in a declaration."""
    return words[0] if language == "zh" else next((word for word in words if word.isascii()), words[0])


def not_understood(turn: Turn, text: str) -> Reply:
    """Never a dead end: what was not understood, and the menu."""
    first = said(N_("“{text}” was not understood."), text=text[:40])
    return say(first, *menu(turn).lines, buttons=menu(turn).buttons)
