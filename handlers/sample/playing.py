"""Past events as the rows they would have left behind: actions in their order, deadlines quiet by now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, cast

from conversations.calendar import Calendar
from conversations.deadlines import Basis, Term, due
from conversations.explanation import Ground, explain
from conversations.plain import dump
from conversations.procedures.complaint import COMPLAINT
from conversations.procedures.task import TASK
from conversations.rules import Override, Resolved, resolve
from handlers.sample.course import Looks
from storage.cases import Action, Case
from storage.deadlines import Deadline

RULES: Final = {rule.key: rule for rule in (*COMPLAINT.rules, *TASK.rules)}
QUALITY, MANAGER = "梁可欣", "沈知衡"
SURFACE = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the records need to know of the company: who is who, by name or code, and when it works."""

    people: Mapping[str, int]
    sales: Mapping[str, str]
    contacts: Mapping[str, str]
    leads: Mapping[str, str]
    looks: Mapping[str, Looks]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Event:
    """One action: when, what, by whom, with which answers, and the step it led to if it moved the case."""

    at: datetime
    key: str
    by: str
    answers: Mapping[str, object]
    to: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """When a deadline began and ended (None: it still runs), in which round, and the day that was planned."""

    start: datetime
    end: datetime | None
    round: int = 1
    planned: date | None = None


@dataclass(slots=True)
class Record:
    """A case and its deadlines; these learn the case's identifier once it is written."""

    case: Case
    deadlines: list[Deadline] = field(default_factory=list)


def play(case: Case, events: Iterable[Event], people: Mapping[str, int]) -> None:
    """Let the events happen to a case in their order: its actions, its step and its answers."""
    case.visit, round_ = 0, 1
    answers: dict[str, object] = {}
    for event in sorted(events, key=lambda event: event.at):
        action = Action(
            step=case.step,
            visit=case.visit if event.to else None,
            key=event.key,
            round=round_,
            answers=_plain(event.answers),
            by_id=people[event.by],
            surface=SURFACE,
            at=event.at.astimezone(UTC),
        )
        case.actions.append(action)
        answers |= action.answers
        round_ += event.key in COMPLAINT.refusals
        if event.to:
            case.step, case.visit = event.to, case.visit + 1
    case.answers = answers


def own(key: str) -> Resolved:
    """Give a rule's declared number."""
    return resolve(RULES[key], customer=(), versions=(), on=date.min)


def required(key: str, override: Override) -> Resolved:
    """Give a rule's number as a customer requires it."""
    return resolve(RULES[key], customer=(override,), versions=(), on=date.min)


def deadline(key: str, rule: Resolved, ran: Ran, calendar: Calendar) -> Deadline:
    """Make the row of a deadline that raises nothing any more; a breach in it is a fact."""
    due_at = due(ran.start, rule.span, rule.basis, calendar)
    if ran.planned is not None:
        due_at = calendar.intervals(ran.planned)[-1][1]
    late = ran.end is not None and ran.end > due_at
    state = "running" if ran.end is None else "breached_met" if late else "met"
    return Deadline(
        case_id=0,
        key=key,
        round=ran.round,
        basis=Basis(rule.basis).value,
        span_minutes=int(rule.span.total_seconds()) // 60,
        started_at=ran.start.astimezone(UTC),
        due_at=due_at.astimezone(UTC),
        state=state,
        breached_at=due_at.astimezone(UTC) if late else None,
        ended_at=ran.end.astimezone(UTC) if ran.end else None,
        rule_key=rule.rule.key,
        source=rule.source or "declaration",
        explanation=cast("list[object]", dump(explain(Ground.of(rule), Term(ran.start, due_at, rule.basis), calendar))),
    )


def _plain(answers: Mapping[str, object]) -> dict[str, object]:
    return cast("dict[str, object]", dump(dict(answers)))
