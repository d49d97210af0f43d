"""What happened on a case, line by line, for the people who work on it; the customer's own words and photos too."""

from conversations.fields import Kind
from conversations.procedure import Procedure
from conversations.words import N_, Said, people, said
from handlers.facts import answers_of
from handlers.turn import Turn
from storage.cases import Action, Case

LATEST = 6
LONGEST = 120
CUSTOMER = "link"
"""The surface of what a customer did by the link."""

WORDS = ("reason", "words", "message")
TEXTS = (Kind.TEXT, Kind.LONG_TEXT)


def lines_of(turn: Turn, case: Case, procedure: Procedure) -> list[Said]:
    """The latest of what was done, oldest first, then what photos and files there are and whose."""
    done = turn.uow.cases.actions_of(case.id)
    lines = [_line(turn, action, procedure) for action in done[-LATEST:]]
    files = [file for file in turn.uow.files.of_case(case.id) if file.mime != "text/html"]
    theirs = {action.id for action in done if action.surface == CUSTOMER}
    from_customer = sum(file.action_id in theirs for file in files)
    if from_customer:
        lines.append(said(N_("Photos and files: {k}, {m} of them from the customer."), k=len(files), m=from_customer))
    elif files:
        lines.append(said(N_("Photos and files: {k}."), k=len(files)))
    return lines


def latest(turn: Turn, case: Case, procedure: Procedure) -> Said | None:
    """What was done last."""
    done = turn.uow.cases.actions_of(case.id)
    return _line(turn, done[-1], procedure) if done else None


def _line(turn: Turn, action: Action, procedure: Procedure) -> Said:
    label = procedure.action[action.key].label if action.key in procedure.action else N_("Registered")
    doer = turn.uow.organisation.person(action.by_id) if action.by_id else None
    name = people(doer.name) if doer else said(N_("the system"))
    theirs = action.surface == CUSTOMER
    words, who = _words(action, procedure), said(N_("the customer")) if theirs else name
    if not words:
        return said(N_("{at} {what} ({who})"), at=action.at, what=said(label), who=who)
    short = words if len(words) <= LONGEST else words[:LONGEST] + "…"
    return said(N_("{at} {what} ({who}): {words}"), at=action.at, what=said(label), who=who, words=short)


def _words(action: Action, procedure: Procedure) -> str:
    """What was written with it: the customer's own words, or the first text that its form asked for."""
    answers, declared = answers_of(action), procedure.action.get(action.key)
    asked = declared.form.fields if declared is not None and declared.form is not None else ()
    texts = WORDS if action.surface == CUSTOMER else tuple(field.key for field in asked if field.kind in TEXTS)
    return next((text for key in texts if isinstance(text := answers.get(key), str) and text), "")
