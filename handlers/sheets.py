"""From the rows of a case to the sheet of its form: every answer, round, deadline, person and file of it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from conversations.fields import Answers, Field, Kind
from conversations.forms import files_in
from conversations.plain import Json
from conversations.procedure import Action as Declared
from conversations.procedure import Effect, Procedure
from conversations.readers import shown
from conversations.words import N_, Over, Said, people, said
from handlers import posting, questionnaires, telling
from handlers.facts import answers_of, done_on
from handlers.lateness import span_of
from handlers.timing import AGREED
from handlers.turn import Turn
from reports.documents.registry import Form
from reports.documents.sheet import Done, FileLine, Line, Linked, Picture, Sheet, Term
from reports.voice import Voice
from storage.cases import Action, Case, Link
from storage.deadlines import Deadline
from storage.errors import DamagedFileError
from storage.files import Attachment

ANY_DAY = datetime(1970, 1, 1, tzinfo=UTC)
"""A form is read on any day: no time on it is told as today or tomorrow."""

NOTHING = "—"
FILED = N_("Registered")
LINKS = {
    "meeting": N_("Meeting on a major problem"),
    "corrective": N_("Corrective action"),
    "support": N_("Support"),
    "repeat_of": N_("Action that was found effective before"),
    "technical": N_("Technical question"),
    "merged_into": N_("Merged"),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """Which filing a sheet is made for: the how manieth, when, of which edition, and before which file."""

    number: int
    at: datetime | None
    edition: str
    before: int | None = None


def voice_of(turn: Turn) -> Voice:
    """The company's language, and times that are told in full."""
    return Voice(turn.company.words, turn.company.language, ANY_DAY)


def sheet_of(turn: Turn, case: Case, form: Form, issue: Issue) -> Sheet:
    """Everything that stands on the form of a case now; what was taken back is left out."""
    writer = _Writer(turn, case, turn.company.handbook[case.procedure], pictures=form.pictures)
    history = done_on(turn, case)
    files = _files(turn, case, writer.procedure, history, issue.before)
    return Sheet(
        form=form,
        edition=issue.edition,
        company=turn.company.name,
        number=case.number or "",
        issue=issue.number,
        step=writer.say(said(writer.procedure.step[case.step].label)),
        filed_at=writer.instant(issue.at),
        answers=writer.report() if form.report else writer.lines(writer.procedure.intake.fields, _reported(history)),
        done=tuple(writer.done(history)),
        terms=tuple(writer.term(row) for row in turn.uow.deadlines.of(case.id)),
        linked=tuple(writer.linked()),
        files=tuple(FileLine(file.name, file.size, file.sha256) for file in files),
        plain=_plain(turn, case, issue, history, files),
        charts=tuple(_charts(turn, case)) if form.report else (),
    )


def _charts(turn: Turn, case: Case) -> Iterator[Picture]:
    for file, told in posting.pictures_of(turn, case):
        with suppress(DamagedFileError):
            yield Picture(told, file.sha256, turn.uow.files.read(file.sha256))


def _reported(history: list[Action]) -> dict[str, object]:
    """What was reported, with every later correction: contacts of later talks do not stand in its place."""
    reported: dict[str, object] = {}
    for action in history:
        answers = answers_of(action)
        if action.key == "file":
            reported |= answers
        elif action.key == "edit":
            reported[str(answers["what"])] = answers["to"]
    return reported


def _files(turn: Turn, case: Case, procedure: Procedure, history: list[Action], before: int | None) -> list[Attachment]:
    """The files of the case, and those of an answer that was given just now."""
    found = {file.id: file for file in turn.uow.files.of_case(case.id)}
    for action in history:
        declared = procedure.action.get(action.key)
        if declared is not None and declared.form is not None:
            for file_id in files_in(declared.form, answers_of(action)):
                file = turn.uow.files.get(int(file_id))
                if file is not None and file.sha256:
                    found[file.id] = file
    return [found[key] for key in sorted(found) if before is None or key < before]


def _plain(turn: Turn, case: Case, issue: Issue, history: list[Action], files: list[Attachment]) -> dict[str, Json]:
    """What the hash is made of: keys and values as they are kept, in no language."""
    procedure = turn.company.handbook[case.procedure]
    return {
        "form": procedure.form_number,
        "edition": issue.edition,
        "issue": issue.number,
        "number": case.number,
        "step": case.step,
        "received_at": case.received_at.isoformat(),
        "answers": cast("Json", dict(case.answers)),
        "actions": [
            {
                "key": action.key, "step": action.step, "round": action.round, "at": action.at.isoformat(),
                "by": _name(turn, action.by_id), "on_behalf_of": _name(turn, action.on_behalf_of_id),
                "answers": cast("Json", dict(action.answers)),
            }
            for action in history
        ],
        "deadlines": [
            {
                "key": row.key, "round": row.round, "state": row.state, "started_at": row.started_at.isoformat(),
                "due_at": row.due_at.isoformat(), "ended_at": _iso(row.ended_at), "breached_at": _iso(row.breached_at),
            }
            for row in turn.uow.deadlines.of(case.id)
        ],
        "linked": [
            {"kind": link.kind, "number": other.number}
            for link in turn.uow.cases.links_of(case.id)
            if _goes_out(link, case) and (other := turn.uow.cases.get(link.other_id)) is not None
        ],
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in files],
    }  # fmt: skip


def _goes_out(link: Link, case: Case) -> bool:
    """What the case itself called for or went into; what others tie to it later is not part of its form."""
    return link.case_id == case.id and link.kind in ("spawned", "merged_into")


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None


def _name(turn: Turn, person_id: int | None) -> str:
    person = turn.uow.organisation.person(person_id) if person_id is not None else None
    return person.name if person is not None else ""


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts the rows of one case into words."""

    turn: Turn
    case: Case
    procedure: Procedure
    pictures: bool = False

    def say(self, sentence: Said) -> str:
        return voice_of(self.turn).say(sentence)

    def instant(self, at: datetime | None) -> str:
        return f"{at.astimezone(self.turn.company.zone):%Y-%m-%d %H:%M}" if at is not None else ""

    def lines(self, fields: tuple[Field, ...], answers: Answers) -> Mapping[str, Line]:
        """The questions that were answered, in the order of the form."""
        return {
            field.key: Line(self.say(said(field.label)), self.value(field, answers[field.key], answers))
            for field in fields
            if field.key in answers
        }

    def report(self) -> Mapping[str, Line]:
        """The answers as they stand after every edit; the weights as approved, not as they were proposed."""
        answers = answers_of(self.case)
        row = questionnaires.find(self.turn.uow, str(answers.get("questionnaire") or ""))
        if row is not None:
            answers = {**answers, "weights": questionnaires.formula(row)}
        return self.lines(tuple(self.procedure.fields.values()), answers)

    def value(self, field: Field, value: object, answers: Answers) -> str:
        match value:
            case None | "" | ():
                return NOTHING
            case datetime():
                return self.instant(value)
            case date():
                return value.isoformat()
            case tuple() if field.kind is Kind.FILES:
                files = (self.turn.uow.files.get(int(str(item))) for item in value)
                return self.say(said("{files}", files=tuple(file.name for file in files if file is not None)))
            case str() if field.kind is Kind.CUSTOMER:
                customer = self.turn.uow.customers.get(value)
                return f"{customer.name}({customer.code})" if customer else value
            case _:
                return self.say(shown(field, value, self.turn.looking(self.case), answers))

    def done(self, history: list[Action]) -> Iterator[Done]:
        opening = 1
        for action in history:
            opening += action.key == "reopen"
            declared = self.procedure.action.get(action.key)
            yield Done(
                key=action.key,
                label=self.say(said(declared.label if declared else FILED)),
                opening=opening,
                round=action.round,
                at=self.instant(action.at),
                by=self.doer(action),
                lines=self.given(declared, answers_of(action)),
                pictures=tuple(self.photos(declared, answers_of(action))) if self.pictures else (),
            )

    def photos(self, declared: Declared | None, answers: Answers) -> Iterator[Picture]:
        """The photos of an answer, as far as there is a copy that can be shown."""
        form = declared.form if declared is not None and declared.form is not None else self.procedure.intake
        for file_id in files_in(form, answers):
            file = self.turn.uow.files.get(int(file_id))
            if file is not None and file.preview is not None:
                with suppress(DamagedFileError):
                    yield Picture(file.name, file.sha256, self.turn.uow.files.read(file.preview))

    def given(self, declared: Declared | None, answers: Answers) -> Mapping[str, Line]:
        """The answers of an action; a correction is read as the question it corrects."""
        if declared is None or declared.form is None:
            return {}
        lines = dict(self.lines(declared.form.fields, answers))
        if declared.effect is Effect.EDIT:
            field = self.procedure.fields[str(answers["what"])]
            lines["to"] = Line(lines["to"].label, self.value(field, answers["to"], _reported([])))
        return lines

    def doer(self, action: Action) -> str:
        name = _name(self.turn, action.by_id)
        if not name:
            return self.say(said(N_("the system")))
        principal = _name(self.turn, action.on_behalf_of_id)
        if not principal:
            return name
        return self.say(said(N_("{name} (standing in for {principal})"), name=name, principal=principal))

    def term(self, row: Deadline) -> Term:
        return Term(
            key=row.key,
            needs=self.say(said(self.procedure.deadline[row.key].needs)),
            rule=self.say(self.rule(row)),
            round=row.round,
            started=self.instant(row.started_at),
            due=self.instant(row.due_at),
            ended=self.instant(row.ended_at),
            outcome=self.say(_outcome(row)),
            breached=row.breached_at is not None,
        )

    def rule(self, row: Deadline) -> Said:
        rule = next(rule for rule in self.procedure.rules if rule.key == row.rule_key)
        if row.source == AGREED:
            return said(N_("the agreed day"))
        source = said(rule.clause) if rule.addition else people(rule.clause)
        if row.source != "declaration":
            source = people(row.source)
        return said(N_("{span} ({clause})"), span=span_of(row), clause=source)

    def linked(self) -> Iterator[Linked]:
        for link in self.turn.uow.cases.links_of(self.case.id):
            other = self.turn.uow.cases.get(link.other_id)
            if other is None or not _goes_out(link, self.case):
                continue
            procedure = self.turn.company.handbook[other.procedure]
            what = LINKS.get(other.kind if link.kind == "spawned" else link.kind, procedure.title)
            title = self.say(telling.headline(other, procedure))
            yield Linked(self.say(said(what)), other.number or "", title)


def _outcome(row: Deadline) -> Said:
    match row.state:
        case "met":
            return said(N_("done in time"))
        case "breached_met":
            return said(N_("done late, {over}"), over=Over((row.ended_at or row.due_at) - row.due_at))
        case "cancelled" if row.breached_at is not None:
            return said(N_("cancelled after it was breached"))
        case "cancelled":
            return said(N_("cancelled"))
        case _:
            return said(N_("still running"))
