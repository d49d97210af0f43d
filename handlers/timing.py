"""A case's deadlines: begun, met, paused and ended by what was recorded, and by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from conversations import procedure as declared_by
from conversations.deadlines import Basis, Pause, Term
from conversations.deadlines import due as due_instant
from conversations.explanation import Ground, explain
from conversations.facts import CaseFacts, Running
from conversations.fields import Answers
from conversations.levels import Fate, LevelTime, chain
from conversations.plain import Json, dump, load
from conversations.procedure import Procedure
from conversations.rules import Override, Resolved, Rule, number, resolve
from conversations.words import N_, said
from handlers.turn import Turn
from storage.cases import Case
from storage.deadlines import Deadline, Escalation

AGREED = "agreed"
"""The source of a due time that people agreed on, instead of a number of hours."""

LIVE = ("running", "paused")


@dataclass(frozen=True, slots=True)
class Ended:
    """A deadline that was met just now; late ones are told to whoever was told before."""

    row: Deadline
    needs: str
    late: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A due time that followed the working calendar: what must be done, until when before, and until when now."""

    needs: str
    old: datetime
    new: datetime


RECOUNTED = N_("Counted anew on {at}, after a change of the working calendar; before, it was due {old}.")


def retime(
    turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts, *, hurried: bool = False
) -> tuple[Ended, ...]:
    """Ask every declared deadline about the action just recorded. Give back those that were met.

    ``hurried``: the action made the case urgent, or no longer so, and the levels follow it.
    """
    ended: list[Ended] = []
    rows = list(turn.uow.deadlines.of(case.id))
    over = case.closed_at is not None
    for declared in procedure.deadlines:
        live = next((row for row in reversed(rows) if row.key == declared.key and row.state in LIVE), None)
        if live is not None:
            known = about(turn, case, procedure, declared, facts)
            ended += _change(turn, live, known, over=over)
            if hurried and live.state == "running":
                recompute(turn, live, known)
        start = None if over or (live is not None and live.state in LIVE) else declared.starts(facts)
        if start is not None:
            beginning = about(turn, case, procedure, declared, facts)
            row = _begin(turn, case, start, beginning)
            if declared.met(facts):
                ended += _change(turn, row, beginning, over=over)
            rows.append(row)
            facts = replace(facts, deadlines=(*facts.deadlines, _running(row)))
    _show(case, procedure, facts, rows)
    return tuple(ended)


def recount(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts) -> tuple[Moved, ...]:
    """The working calendar was changed: every running deadline follows it. Those that moved (N-01).

    What is past its due instant stays due when it was; only its coming levels follow.
    """
    rows = list(turn.uow.deadlines.of(case.id))
    moved: list[Moved] = []
    for declared in procedure.deadlines:
        for row in rows:
            if row.key != declared.key or row.state != "running":
                continue
            old = row.due_at
            known = about(turn, case, procedure, declared, facts)
            recompute(turn, row, known, due=old if old <= turn.now else None)
            if row.due_at != old:
                row.explanation = [*row.explanation, dump(said(RECOUNTED, at=turn.now, old=old))]
                moved.append(Moved(declared.needs, old, row.due_at))
            facts = replace(facts, deadlines=tuple(_running(each) for each in rows))
    _show(case, procedure, facts, rows)
    return tuple(moved)


def _show(case: Case, procedure: Procedure, facts: CaseFacts, rows: Sequence[Deadline]) -> None:
    """What the case shows: the nearest due time, and by when the customer was promised an answer."""
    shown = [row for row in rows if row.state == "running" and procedure.deadline[row.key].shown]
    case.due_at = min((row.due_at for row in shown), default=None)
    promised = [row.due_at for row in shown if row.key in procedure.promise]
    if promised:
        case.promised_at = min((*promised, *_asked(facts, promised[0])))


def _asked(facts: CaseFacts, limit: datetime) -> tuple[datetime, ...]:
    """The time that the customer named: it can only shorten what is promised (2.0-1)."""
    asked = facts.answers.get("customer_due")
    named = isinstance(asked, datetime) and facts.received_at < asked < limit
    return (asked,) if isinstance(asked, datetime) and named and facts.round == 1 else ()


def _running(row: Deadline) -> Running:
    return Running(row.key, row.round, row.started_at, row.due_at, row.state)


def _change(turn: Turn, row: Deadline, about: "_About", *, over: bool) -> tuple[Ended, ...]:
    declared, facts = about.declared, about.facts
    if declared.met(facts):
        late = turn.now > row.due_at
        _end(turn, row, "breached_met" if late else "met")
        return (Ended(row, declared.needs, late),)
    if declared.cancelled(facts) or over:
        _end(turn, row, "cancelled")
    elif declared.paused(facts) != (row.state == "paused"):
        _pause_or_go_on(turn, row, about)
    return ()


def _end(turn: Turn, row: Deadline, state: str) -> None:
    """End it. A breach stays a fact, whatever comes after it."""
    if turn.now > row.due_at and row.breached_at is None:
        row.breached_at = row.due_at
    row.state, row.ended_at = state, turn.now
    row.next_level = row.next_level_at = None
    turn.uow.outbox.cancel_subject(f"deadline:{row.id}")


def _pause_or_go_on(turn: Turn, row: Deadline, about: "_About") -> None:
    """The ball goes to the customer, or comes back: pauses are kept as intervals (U-06)."""
    pauses = [list(cast("list[str | None]", pause)) for pause in row.pauses]
    now = turn.now.isoformat()
    if row.state == "running":
        row.pauses = [*pauses, [now, None]]
        row.state, row.next_level, row.next_level_at = "paused", None, None
        return
    pauses[-1][1] = now
    row.pauses, row.state = list(pauses), "running"
    recompute(turn, row, about)


def _pauses(row: Deadline) -> tuple[Pause, ...]:
    return tuple(
        Pause(datetime.fromisoformat(str(start)), datetime.fromisoformat(str(end)) if end else None)
        for start, end in cast("list[list[str | None]]", row.pauses)
    )


@dataclass(frozen=True, slots=True)
class _About:
    declared: declared_by.Deadline
    facts: CaseFacts
    rule: Resolved
    urgent: bool


def about(turn: Turn, case: Case, procedure: Procedure, declared: declared_by.Deadline, facts: CaseFacts) -> _About:
    """What the due time of a declared deadline of a case follows from."""
    rule = rule_for(turn, procedure, declared.rule_for(facts), case.customer)
    return _About(declared, facts, rule, bool(procedure.urgent(facts)))


def _begin(turn: Turn, case: Case, start: datetime, about: _About) -> Deadline:
    """Make the row: due instant, the rule that gave it, why, and when its levels come."""
    rule = about.rule
    same = turn.uow.deadlines.begun(case.id, about.declared.key, about.facts.round, start)
    row = same or Deadline(
        case_id=case.id,
        key=about.declared.key,
        round=about.facts.round,
        basis=rule.basis.value,
        span_minutes=int(rule.span.total_seconds() // 60),
        started_at=start,
        due_at=start,
        rule_key=rule.rule.key,
        rule_version=rule.version,
        source=AGREED if about.declared.due and about.declared.due(about.facts) else rule.source or "declaration",
    )
    row.state, row.ended_at = "running", None
    # a new one is written once it is whole
    _count(turn, row, about, turn.uow.deadlines.reached(same.id) if same else ())
    return turn.uow.deadlines.add(row)


def recompute(turn: Turn, row: Deadline, about: _About, due: datetime | None = None) -> None:
    """Set the due instant (or keep ``due``), its explanation and its levels; only a recorded event calls this."""
    _count(turn, row, about, turn.uow.deadlines.reached(row.id), due)


def _count(
    turn: Turn, row: Deadline, about: _About, reached: Sequence[Escalation], due: datetime | None = None
) -> None:
    declared, facts = about.declared, about.facts
    limit = facts.deadline(declared.within) if declared.within else None
    row.due_at = due or _due(turn, row, about, limit)
    term = Term(row.started_at, row.due_at, Basis(row.basis), _pauses(row))
    row.explanation = cast("list[object]", dump(explain(_ground(row, about), term, turn.calendar)))
    times = chain(term, turn.calendar, urgent=about.urgent, levels=declared.levels)
    times = tuple(time for time in times if limit is None or time.at < limit.due_at)
    names = {escalation.level for escalation in reached}
    promised = max((at for each in reached if (at := each.promised_at) and at > turn.now), default=None)
    row.levels = [_level(time) for time in times]
    set_next(row, [time for time in times if time.name not in names], promised)


def _ground(row: Deadline, about: _About) -> Ground:
    """What the row rests on: the number it began with, whatever holds by now."""
    ground = Ground.of(about.rule)
    if row.source == AGREED:
        return ground
    source = "" if row.source == "declaration" else row.source
    return replace(ground, span=timedelta(minutes=row.span_minutes), source=source)


def rule_for(turn: Turn, procedure: Procedure, key: str, customer: str) -> Resolved:
    """The number of a procedure that holds for this customer today."""
    return resolved(turn, next(rule for rule in procedure.rules if rule.key == key), customer)


def resolved(turn: Turn, declared: Rule, customer: str) -> Resolved:
    """The number that holds for this customer today (design 8: requirement, version, declaration)."""
    key = declared.key
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


def _due(turn: Turn, row: Deadline, about: _About, limit: Running | None) -> datetime:
    named = about.declared.due(about.facts) if about.declared.due else None
    if isinstance(named, datetime):
        due = named
    elif isinstance(named, date):
        due = end_of_day(turn, named)
    else:
        span = timedelta(minutes=row.span_minutes)
        due = due_instant(row.started_at, span, Basis(row.basis), turn.calendar, _pauses(row))
    return min(due, limit.due_at) if limit else due


def foreseen(turn: Turn, procedure: Procedure, answers: Answers) -> tuple[datetime, Resolved] | None:
    """By when the customer will be answered if this is filed as it stands, and the number behind it (domain A2)."""
    received = answers.get("received_at")
    if not procedure.promise or not isinstance(received, datetime):
        return None
    declared = procedure.deadline[procedure.promise[0]]
    rule = rule_for(turn, procedure, declared.rule, str(answers.get("customer") or ""))
    return due_instant(received, rule.span, rule.basis, turn.calendar), rule


def end_of_day(turn: Turn, day: date) -> datetime:
    """When work ends on a day; at its last minute when nobody works then."""
    worked = turn.calendar.intervals(day)
    if worked:
        return worked[-1][1]
    return datetime.combine(day, datetime.max.time().replace(microsecond=0), turn.company.zone)


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


def set_next(row: Deadline, left: list[LevelTime], promised: datetime | None = None) -> None:
    """Arm the earliest level that is left; where a time was promised it comes when that lapses, not before (2.0-18)."""
    due = sorted((time for time in left if time.fate is Fate.DUE), key=lambda time: time.at)
    row.next_level = due[0].name if due else None
    row.next_level_at = (promised or due[0].at) if due else None


def explanation_of(row: Deadline) -> tuple[object, ...]:
    """The sentences that explain a due time."""
    return cast("tuple[object, ...]", load(cast("Json", row.explanation)))
