"""Why something was said or done: from any code to the chain event, decision, message, out of the records alone.

What is done in one transaction has one instant: that, and the keys that rows carry, is what holds a chain together.
What people wrote is not shown, only who did what and when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from storage.audit_rows import AuditRow, case_subject
from storage.cases import Action, Case, Cases
from storage.deadlines import Deadline, Escalation
from storage.inbox import InboxRow
from storage.organisation import Person
from storage.outbox_rows import MessageState, OutboxRow

KINDS = ("error", "event", "clock", "decision", "deadline", "level", "message", "delivery", "note")
"""In the order in which they follow from each other within one instant."""

TIME = "the tick found that it was time"
ERROR = "error:"
MESSAGE = "message:"
MOST = 200
"""So many steps of a case are shown; of a longer story the newest."""


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain: when, what kind, in words, and the code under which it can be traced itself."""

    at: datetime
    kind: str
    what: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What a code stands for, and everything that led to it and followed from it, in order."""

    about: str
    steps: tuple[Step, ...]


def traces(session: Session, code: str) -> list[Trace]:
    """Everything that a code may stand for: a case, a message, an event or an error; nothing when nobody knows it."""
    asked = code.strip()
    found = [_case(session, case) for case in Cases(session).tail(asked)]
    found += [_message(session, row) for row in _messages(session, asked)]
    found += [_error(session, row) for row in _audited(session, f"{ERROR}{asked.upper()}")]
    event = _event(session, asked)
    return [*found, *([event] if event else [])]


def _ordered(steps: Iterator[Step]) -> tuple[Step, ...]:
    unique = dict.fromkeys(steps)
    return tuple(sorted(unique, key=lambda step: (step.at, KINDS.index(step.kind))))[-MOST:]


# ------------------------------------------------------------ what a code may stand for


def _case(session: Session, case: Case) -> Trace:
    """The whole story of a case."""

    def steps() -> Iterator[Step]:
        yield from _decided(session, case)
        yield from _times(session, case)
        for row in _about(session, case):
            yield from _sent(session, row)

    return Trace(f"{case.procedure} {case.number or ''}, at step {case.step}", _ordered(steps()))


def _message(session: Session, row: OutboxRow) -> Trace:
    """Why a message was queued, and what became of it."""
    return Trace(f"message {row.short} to {row.address} on {row.platform}", _ordered(_led_to(session, row)))


def _led_to(session: Session, row: OutboxRow) -> Iterator[Step]:
    causes = list(_causes(session, row))
    yield from causes or [Step(row.created_at, "clock", TIME)]
    yield from _sent(session, row)


def _causes(session: Session, row: OutboxRow) -> Iterator[Step]:
    """What happened in the transaction that queued a message."""
    at = row.created_at
    case = session.get(Case, row.case_id) if row.case_id else None
    if case is not None:
        yield from (step for step in _decided(session, case) if step.at == at)
        yield from _levels_told(session, case, row)
    done = session.scalars(select(InboxRow.key).where(InboxRow.at == at)).all()
    for key in done:
        # another event may have come in the same instant: the one that the message names is its own
        if key in row.key or (len(done) == 1 and case is None):
            yield Step(at, "event", f"taken and answered: {key}", key)


def _levels_told(session: Session, case: Case, row: OutboxRow) -> Iterator[Step]:
    if row.level is None:
        return
    for deadline in _deadlines(session, case):
        levels = [each for each in _levels(session, deadline) if (each.at, row.level) == (row.created_at, each.code)]
        if levels:
            yield Step(row.created_at, "clock", "the tick found that a level was due")
            yield _deadline(deadline)
            yield from levels


def _event(session: Session, key: str) -> Trace | None:
    """What an event did: the actions it led to, and the messages of the same instant."""
    seen = session.get(InboxRow, key)
    # a partial index serves only who says that the key is not empty
    done = select(Action).where(Action.event_key == key, Action.event_key != literal_column("''"))
    actions = session.scalars(done).all() if key else []
    if seen is None and not actions:
        return None

    def steps() -> Iterator[Step]:
        if seen is not None:
            yield Step(seen.at, "event", f"taken and answered: {key}", key)
        for action in actions:
            case = session.get(Case, action.case_id)
            if case is None:
                continue
            yield from (step for step in _decided(session, case) if step.at == action.at)
            for row in _about(session, case):
                if row.created_at == action.at:
                    yield from _sent(session, row)
        for row in session.scalars(select(OutboxRow).where(OutboxRow.key == f"reply/{key}")):
            yield from _sent(session, row)

    return Trace(f"event {key}", _ordered(steps()))


def _error(session: Session, row: AuditRow) -> Trace:
    """An error that somebody saw, and whether the event was taken after all when it came again."""
    key = str(row.data.get("event") or "")
    where = f"{row.data.get('kind')} at {row.data.get('place')}, while {row.action}"

    def steps() -> Iterator[Step]:
        yield Step(row.at, "error", where, key)
        later = _event(session, key) if key else None
        if later is not None:
            yield from later.steps
        elif key:
            yield Step(row.at, "note", f"nothing was changed: {key} was not taken, and did not come again")

    return Trace(f"error {row.subject.removeprefix(ERROR)}", _ordered(steps()))


# ------------------------------------------------------------ the links of a chain


def _decided(session: Session, case: Case) -> Iterator[Step]:
    """What was done on a case, each with the event that asked for it."""
    entries = _audited(session, case_subject(case.id))
    actors = {(entry.at, entry.action): entry for entry in entries}
    actions = session.scalars(select(Action).where(Action.case_id == case.id).order_by(Action.id)).all()
    for action in actions:
        if action.event_key:
            what = f"{action.surface or 'event'}: {action.event_key}"
            yield Step(action.at, "event", what, action.event_key)
        entry = actors.pop((action.at, action.key), None)
        yield Step(action.at, "decision", _said(session, case, action, entry))
    for entry in actors.values():
        yield Step(entry.at, "decision", f"{case.number or ''} {entry.action}, by {entry.actor}")


def _said(session: Session, case: Case, action: Action, entry: AuditRow | None) -> str:
    person = session.get(Person, action.by_id) if action.by_id else None
    by = entry.actor if entry is not None else (person.name if person else "the system")
    behalf = f" for {entry.on_behalf_of}" if entry is not None and entry.on_behalf_of else ""
    undone = ", taken back later" if action.undone_at else ""
    where = f" at {action.step}" if action.step else ""
    return f"{case.number or ''} {action.key}{where}, by {by}{behalf}{undone}"


def _times(session: Session, case: Case) -> Iterator[Step]:
    for deadline in _deadlines(session, case):
        yield _deadline(deadline)
        yield from _levels(session, deadline)


def _deadline(row: Deadline) -> Step:
    version = f"version {row.rule_version}" if row.rule_version is not None else row.source
    due = f"due {row.due_at:%Y-%m-%d %H:%M} UTC by rule {row.rule_key or row.key} ({version})"
    what = f"deadline {row.key} round {row.round}: {due}, {row.state}"
    return Step(row.started_at, "deadline", what)


def _levels(session: Session, deadline: Deadline) -> Iterator[Step]:
    for level in session.scalars(select(Escalation).where(Escalation.deadline_id == deadline.id)):
        told = f", told to {', '.join(level.addresses)}" if level.addresses else ""
        what = f"level {level.level} of {deadline.key} round {deadline.round} {level.state}{told}"
        yield Step(level.fired_at, "level", what, level.level)


def _sent(session: Session, row: OutboxRow) -> Iterator[Step]:
    """A message and what became of it."""
    what = f"{row.topic} to {row.address} on {row.platform} queued: {row.key}"
    yield Step(row.created_at, "message", what, row.short)
    if row.sent_at is not None:
        receipt = f", receipt {row.receipt}" if row.receipt else ""
        yield Step(row.sent_at, "delivery", f"{row.platform} took it at attempt {row.attempts}{receipt}", row.short)
    elif row.state == MessageState.MERGED:
        yield Step(row.created_at, "note", f"said by another message: {row.reason}", row.short)
        for other in session.scalars(select(OutboxRow).where(OutboxRow.key == row.reason)):
            yield from _sent(session, other)
    else:
        because = f", because: {row.reason}" if row.reason else ""
        until = f" until {row.next_at:%Y-%m-%d %H:%M:%S} UTC" if row.state == MessageState.PENDING else ""
        what = f"{row.state}{until} after {row.attempts} attempts{because}"
        yield Step(row.created_at, "delivery", what, row.short)
    for entry in _audited(session, f"{MESSAGE}{row.id}"):
        yield Step(entry.at, "decision", " ".join((entry.action, "by", entry.actor, str(entry.data.get("reason", "")))))


# ------------------------------------------------------------ the rows


def _messages(session: Session, code: str) -> Sequence[OutboxRow]:
    """The messages of a short number, a key, or ``message:17``."""
    number = code.lower().removeprefix(MESSAGE)
    if number != code.lower() and number.isdecimal():
        row = session.get(OutboxRow, int(number))
        return [row] if row is not None else []
    by_key = session.scalars(select(OutboxRow).where(OutboxRow.key == code)).all()
    return by_key or session.scalars(select(OutboxRow).where(OutboxRow.short == code.upper())).all()


def _about(session: Session, case: Case) -> Sequence[OutboxRow]:
    theirs = select(OutboxRow).where(OutboxRow.case_id == case.id)
    return session.scalars(theirs.order_by(OutboxRow.id)).all()


def _deadlines(session: Session, case: Case) -> Sequence[Deadline]:
    return session.scalars(select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.id)).all()


def _audited(session: Session, subject: str) -> Sequence[AuditRow]:
    return session.scalars(select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.id)).all()
