"""What signers are shown: the answers that a sign-off names, as data that is hashed and as lines that are read."""

from typing import cast

from conversations.facts import CaseFacts
from conversations.fields import Field, Kind
from conversations.plain import Json, load
from conversations.procedure import Procedure
from conversations.readers import shown
from conversations.sign_off import SignOff as Declared
from conversations.words import N_, Said, people, said
from handlers.facts import answers_of
from handlers.turn import Turn
from storage.cases import Case


def content_of(turn: Turn, case: Case, procedure: Procedure, declared: Declared, facts: CaseFacts) -> dict[str, object]:
    """Exactly what is shown, as plain JSON: number, round, and every answer with its question; files by their hash."""
    fields = [procedure.fields[key] for key in declared.shows if key in case.answers]
    lines = [
        {"key": field.key, "label": field.label, "value": _plain(turn, field, case.answers[field.key])}
        for field in fields
    ]
    return {"case": case.number, "round": facts.round, "lines": lines}


def _plain(turn: Turn, field: Field, value: object) -> object:
    if field.kind is not Kind.FILES or not isinstance(value, list):
        return value
    files = (turn.uow.files.get(int(str(each))) for each in value)
    return {"files": [file.remote or file.sha256 for file in files if file is not None]}


def lines_of(turn: Turn, case: Case, procedure: Procedure, content: dict[str, object]) -> tuple[Said, ...]:
    """The same for people: one line to each answer, in the order of the declaration."""
    answers, look = answers_of(case), turn.looking(case)
    lines = []
    for line in cast("list[dict[str, object]]", content["lines"]):
        field, value = procedure.fields[str(line["key"])], line["value"]
        if isinstance(value, dict) and "files" in value:
            told = said(N_("{n} photos"), n=len(value["files"]))
        elif field.kind in (Kind.TEXT, Kind.LONG_TEXT):
            told = people(value) if isinstance(value, str) else shown(field, load(cast("Json", value)), look, answers)
        else:
            told = shown(field, load(cast("Json", value)), look, answers)
        lines.append(said(N_("{label}: {value}"), label=said(str(line["label"])), value=told))
    return tuple(lines)
