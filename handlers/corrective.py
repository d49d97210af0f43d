"""Opening a corrective action: at which level, and with what it takes over (requirements 2.2, N-03)."""

from collections.abc import Mapping
from datetime import timedelta

from conversations.procedures.corrective_forms import EIGHT_D, SIMPLE
from conversations.words import people
from handlers.turn import Turn
from reports.statistics import is_recurring
from storage.cases import Case

PROCEDURE = "corrective_action"
FORMAT = "corrective.format"
WINDOW = timedelta(days=90)


def prepared(turn: Turn, answers: Mapping[str, object]) -> dict[str, object]:
    """The answers with the level that holds and why: 8D where severity, the customer or recurrence requires it."""
    level, reason, source = _level(turn, answers)
    title = answers.get("title")
    why = {key: text for key, text in (("level_reason", reason), ("level_source", source)) if text}
    return {**answers, **why, "level": level, "title": people(title) if isinstance(title, str) else title}


def _level(turn: Turn, answers: Mapping[str, object]) -> tuple[str, str, str]:
    if answers.get("severity") == "major":
        return EIGHT_D, "severity", ""
    customer = str(answers.get("customer") or "")
    wanted = (
        [rule for rule in turn.uow.customers.rules(customer, FORMAT) if rule.value.upper() == "8D"] if customer else []
    )
    if wanted and answers.get("source", "complaint") == "complaint":
        return EIGHT_D, "requirement", wanted[0].source
    if _recurs(turn, answers):
        return EIGHT_D, "recurring", ""
    if answers.get("level") == EIGHT_D:
        return EIGHT_D, "decision", ""
    return SIMPLE, "", ""


def _recurs(turn: Turn, answers: Mapping[str, object]) -> bool:
    """经常性: the same customer, product and defect, so often that it is no accident (M-18)."""
    problem = (str(answers.get("customer") or ""), str(answers.get("product") or ""), str(answers.get("defect") or ""))
    if not all(part and part != "unknown" for part in problem):
        return False
    first = turn.now.astimezone(turn.company.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    window = turn.uow.correctives.times(problem, turn.now - WINDOW)
    return is_recurring(window, turn.uow.correctives.times(problem, first))


def carry_photos(turn: Turn, parent: Case, action: Case) -> None:
    """The complaint's photos are the action's too: the same bytes, kept once, under both."""
    copied = [
        turn.uow.files.also_of(file, action.id)
        for file in turn.uow.files.of_case(parent.id)
        if file.mime.startswith("image/")
    ]
    if copied:
        action.answers = {**action.answers, "photos": [file.id for file in copied]}
