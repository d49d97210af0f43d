"""What people add to the figures of a summary: conclusions, rectifications, who prepared and who confirmed it."""

import hashlib
from collections.abc import Mapping
from datetime import date

from conversations.words import Said, people
from handlers.facts import answers_of, done_on
from handlers.turn import Turn
from reports.figures import Rectification, Remarks
from reports.summary_text import endings
from storage.cases import Case

SUGGESTED = "suggested"
CONFIRMED = "confirmed"


def remarks_of(turn: Turn, case: Case | None) -> Remarks:
    """What has been added so far; nothing for a summary that is not drafted yet."""
    if case is None:
        return Remarks()
    answers = answers_of(case)
    comment = str(answers.get("comment") or "")
    confirmed = answers.get(CONFIRMED)
    return Remarks(
        conclusions=[people(line.strip()) for line in comment.splitlines() if line.strip()],
        rectifications=_rectifications(turn, case),
        prepared_by=_editor(turn, case),
        reviewed_by=str(answers.get("confirmed_by") or ""),
        confirmed_on=confirmed if isinstance(confirmed, date) else None,
    )


def mark_of(remarks: Remarks) -> str:
    """Tell whether pictures show these conclusions and rectifications; empty for a draft nobody has touched."""
    parts = [str(each.values) for each in remarks.conclusions]
    parts += [f"{each.department} {each.content} {each.due} {each.number}" for each in remarks.rectifications]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16] if parts else ""


def ends(turn: Turn, case: Case) -> tuple[Said, ...]:
    """结论, 整改 and the signature, as they stand now: the lines below the figures (domain B4)."""
    suggested = answers_of(case).get(SUGGESTED)
    found = [each for each in suggested if isinstance(each, Said)] if isinstance(suggested, tuple | list) else []
    return tuple(endings(found, remarks_of(turn, case)))


def signed(turn: Turn) -> Mapping[str, object]:
    """What the summary keeps of its confirmation."""
    name = turn.person.name if turn.person else ""
    return {"confirmed_by": name, CONFIRMED: turn.today}


def _text(value: object) -> str:
    """People's own words, whether kept bare or as a sentence."""
    return str(value.values.get("text", "")) if isinstance(value, Said) else str(value or "")


def _editor(turn: Turn, case: Case) -> str:
    """Who wrote the conclusions; where nobody did, nobody prepared it."""
    rows = [row for row in done_on(turn, case) if row.key == "comment" and row.by_id]
    editor = turn.uow.organisation.person(rows[-1].by_id or 0) if rows else None
    return editor.name if editor else ""


def _rectifications(turn: Turn, case: Case) -> list[Rectification]:
    """The tasks that the summary led to, as they were asked for."""
    found = []
    for link in turn.uow.cases.links_of(case.id):
        task = turn.uow.cases.get(link.other_id) if link.case_id == case.id and link.kind == "spawned" else None
        if task is None or task.kind != "rectification" or task.step == "cancelled":
            continue
        department = turn.uow.organisation.department(task.department)
        asked = answers_of(task)
        due, title = asked.get("due"), _text(asked.get("title"))
        name = department.name if department else task.department
        found.append(Rectification(name, title, due if isinstance(due, date) else None, task.number or ""))
    return found
