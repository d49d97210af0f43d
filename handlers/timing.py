"""A case's deadlines: begun, met, paused and ended by what was recorded, and by nothing else."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from conversations import procedure as declared_by
from conversations.deadlines import Basis, Pause, Term
from conversations.deadlines import due as due_instant
from conversations.explanation import Ground, explain
from conversations.facts import CaseFacts, Running
from conversations.levels import Fate, LevelTime, chain
from conversations.plain import Json, dump, load
from conversations.procedure import Procedure
from conversations.rules import Override, Resolved, number, resolve
from handlers.turn import Turn
from storage.cases import Case
from storage.deadlines import Deadline

LIVE = ("running", "paused")


@dataclass(frozen=True, slots=True)
class Ended:
    """A deadline that was met just now; late ones are told to whoever was told before."""

    row: Deadline
    needs: str
    late: bool


def retime(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts) -> tuple[Ended, ...]:
    """Ask every declared deadline about the action just recorded. Give back those that were met."""
    ended: list[Ended] = []
    rows = list(turn.uow.deadlines.of(case.id))
    over = case.closed_at is not None
    for declared in procedure.deadlines:
        live = next((row for row in reversed(rows) if row.key == declared.key and row.state in LIVE), None)
        if live is not None:
            ended += _change(turn, live, declared, facts, over=over)
        start = None if over or (live is not None and live.state in LIVE) else declared.starts(facts)
        if start is not None:
            row = _begin(turn, case, procedure, _Beginning(declared, facts, start))
            if declared.met(facts):
                ended += _change(turn, row, declared, facts, over=over)
            rows.append(row)
            facts = replace(facts, deadlines=(*facts.deadlines, _running(row)))
    case.due_at = min((row.due_at for row in rows if row.state == "running"), default=None)
    return tuple(ended)


def _running(row: Deadline) -> Running:
    return Running(row.key, row.round, row.started_at, row.due_at, row.state)


def _change(
    turn: Turn, row: Deadline, declared: declared_by.Deadline, facts: CaseFacts, *, over: bool
) -> tuple[Ended, ...]:
    if declared.met(facts):
        late = turn.now > row.due_at
        _end(turn, row, "breached_met" if late else "met")
        return (Ended(row, declared.needs, late),)
    if declared.cancelled(facts) or over:
        _end(turn, row, "cancelled")
    elif declared.paused(facts) != (row.state == "paused"):
        _pause_or_go_on(turn, row, declared)
    return ()


def _end(turn: Turn, row: Deadline, state: str) -> None:
    """End it. A breach stays a fact, whatever comes after it."""
    if turn.now > row.due_at and row.breached_at is None:
        row.breached_at = row.due_at
    row.state, row.ended_at = state, turn.now
    row.next_level = row.next_level_at = None
    turn.uow.outbox.cancel_subject(f"deadline:{row.id}")


def _pause_or_go_on(turn: Turn, row: Deadline, declared: declared_by.Deadline) -> None:
    """The ball goes to the customer, or comes back: pauses are kept as intervals (U-06)."""
    pauses = [list(cast("list[str | None]", pause)) for pause in row.pauses]
    now = turn.now.isoformat()
    if row.state == "running":
        row.pauses = [*pauses, [now, None]]
        row.state, row.next_level, row.next_level_at = "paused", None, None
        return
    pauses[-1][1] = now
    row.pauses, row.state = list(pauses), "running"
    span = timedelta(minutes=row.span_minutes)
    row.due_at = due_instant(row.started_at, span, Basis(row.basis), turn.calendar, _pauses(row))
    _arm(turn, row, declared, urgent=False)


def _pauses(row: Deadline) -> tuple[Pause, ...]:
    return tuple(
        Pause(datetime.fromisoformat(str(start)), datetime.fromisoformat(str(end)) if end else None)
        for start, end in cast("list[list[str | None]]", row.pauses)
    )


@dataclass(frozen=True, slots=True)
class _Beginning:
    declared: declared_by.Deadline
    facts: CaseFacts
    start: datetime


def _begin(turn: Turn, case: Case, procedure: Procedure, beginning: _Beginning) -> Deadline:
    """Make the row: due instant, the rule that gave it, why, and when its levels come."""
    declared, facts, start = beginning.declared, beginning.facts, beginning.start
    rule = rule_for(turn, procedure, declared.rule_for(facts), case.customer)
    due = _due(turn, declared, facts, start, rule)
    term = Term(start, due, rule.basis)
    row = Deadline(
        case_id=case.id,
        key=declared.key,
        round=facts.round,
        basis=rule.basis.value,
        span_minutes=int(rule.span.total_seconds() // 60),
        started_at=start,
        due_at=due,
        rule_key=rule.rule.key,
        rule_version=rule.version,
        source=rule.source or "declaration",
        explanation=cast("list[object]", dump(explain(Ground.of(rule), term, turn.calendar))),
    )
    turn.uow.deadlines.add(row)
    limit = facts.deadline(declared.within) if declared.within else None
    _arm(turn, row, declared, urgent=bool(procedure.urgent(facts)), silent_from=limit.due_at if limit else None)
    return row


def rule_for(turn: Turn, procedure: Procedure, key: str, customer: str) -> Resolved:
    """The number that holds for this customer today (design 8: requirement, version, declaration)."""
    declared = next(rule for rule in procedure.rules if rule.key == key)
    theirs = [
        Override(rule.key, number(rule.value), rule.unit or declared.unit, declared.basis, rule.source)
        for rule in (turn.uow.customers.rules(customer, key) if customer else ())
    ]
    version = turn.uow.rules.at(key, turn.today)
    ours = []
    if version is not None:
        basis = Basis(version.basis) if version.basis else declared.basis
        source = f"{version.edition} {version.reason}".strip()
        ours.append(
            Override(key, number(version.value), version.unit or declared.unit, basis, source, version.effective_from,
                     version.id)
        )  # fmt: skip
    return resolve(declared, customer=theirs, versions=ours, on=turn.today)


def _due(turn: Turn, declared: declared_by.Deadline, facts: CaseFacts, start: datetime, rule: Resolved) -> datetime:
    named = declared.due(facts) if declared.due else None
    if isinstance(named, datetime):
        due = named
    elif isinstance(named, date):
        due = end_of_day(turn, named)
    else:
        due = due_instant(start, rule.span, rule.basis, turn.calendar)
    limit = facts.deadline(declared.within) if declared.within else None
    return min(due, limit.due_at) if limit else due


def end_of_day(turn: Turn, day: date) -> datetime:
    """When work ends on a day; at its last minute when nobody works then."""
    worked = turn.calendar.intervals(day)
    if worked:
        return worked[-1][1]
    return datetime.combine(day, datetime.max.time().replace(microsecond=0), turn.company.zone)


def _arm(
    turn: Turn, row: Deadline, declared: declared_by.Deadline, *, urgent: bool, silent_from: datetime | None = None
) -> None:
    """Set the instants of the levels; those that another deadline speaks for are left out (2.0-1)."""
    term = Term(row.started_at, row.due_at, Basis(row.basis), _pauses(row))
    times = chain(term, turn.calendar, urgent=urgent, levels=declared.levels)
    times = tuple(time for time in times if silent_from is None or time.at < silent_from)
    reached = {escalation.level for escalation in turn.uow.deadlines.reached(row.id)}
    row.levels = [_level(time) for time in times]
    set_next(row, [time for time in times if time.name not in reached])


def _level(time: LevelTime) -> dict[str, object]:
    return {
        "name": time.name,
        "at": time.at.isoformat(),
        "fate": time.fate.value,
        "group_at": time.group_at.isoformat() if time.group_at else None,
    }


def level_times_of(row: Deadline) -> tuple[LevelTime, ...]:
    """The levels that a row keeps, as they were set."""
    return tuple(
        LevelTime(
            str(level["name"]),
            datetime.fromisoformat(str(level["at"])),
            Fate(str(level["fate"])),
            datetime.fromisoformat(str(level["group_at"])) if level["group_at"] else None,
        )
        for level in row.levels
    )


def set_next(row: Deadline, left: list[LevelTime], not_before: datetime | None = None) -> None:
    """Arm the earliest level that is left; a promise may hold it until its own time."""
    due = sorted((time for time in left if time.fate is Fate.DUE), key=lambda time: time.at)
    row.next_level = due[0].name if due else None
    row.next_level_at = max(due[0].at, not_before or due[0].at) if due else None


def explanation_of(row: Deadline) -> tuple[object, ...]:
    """The sentences that explain a due time."""
    return cast("tuple[object, ...]", load(cast("Json", row.explanation)))
