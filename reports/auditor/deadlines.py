"""The auditor's look at deadlines that run: due when their own explanation says, and armed with the right level."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

RUNNING = text("""
    SELECT d.id, COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)) || ' ' || d.key, d.basis, d.span_minutes,
        d.started_at, d.due_at, d.explanation, d.levels, d.next_level, d.next_level_at, d.source, d.pauses
    FROM deadlines d JOIN cases c ON c.id = d.case_id
    WHERE d.id > :low AND d.id <= :high AND d.state = 'running' AND c.closed_at IS NULL""")
REACHED = text("""
    SELECT e.deadline_id, e.level, e.promised_at FROM escalations e JOIN deadlines d ON d.id = e.deadline_id
    WHERE d.id > :low AND d.id <= :high AND d.state = 'running'""")
DUE = '{"$said":"Due {at}.","values":{"at":{"$at":"'
"""How an explanation writes down what was worked out, behind it the instant."""

Piece = tuple[int, int]
"""Rows behind one number, up to another."""

Reached = Mapping[int, Mapping[str, datetime | None]]


def instant(value: object) -> datetime | None:
    """An instant as either database gives it to plain SQL, in UTC."""
    if value is None or value == "":
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def deadlines(session: Session, piece: Piece) -> Iterator[tuple[str, str, str]]:
    """What is wrong with deadlines that run: kind, subject, detail."""
    between = {"low": piece[0], "high": piece[1]}
    reached: dict[int, dict[str, datetime | None]] = defaultdict(dict)
    for deadline, level, promised in session.execute(REACHED, between):
        reached[deadline][level] = instant(promised)
    for row in session.execute(RUNNING, between):
        yield from _edited(row)
        yield from _armed(row, reached.get(row[0], {}))


def _edited(row: Sequence[object]) -> Iterator[tuple[str, str, str]]:
    """The due instant is that of the explanation, and plain hours add up."""
    _, subject, basis, minutes, started, due, explanation, *_, source, pauses = row
    begun, ends = instant(started), instant(due)
    if begun is None or ends is None:
        yield "deadline_edited", str(subject), "no instant"
        return
    written = str(explanation)
    if DUE in written and f'{DUE}{ends.isoformat()}"' not in written:
        yield "deadline_edited", str(subject), ends.isoformat()
    elif (basis, pauses) == ("natural", "[]") and source != "agreed" and ends > begun + _minutes(minutes):
        yield "deadline_edited", str(subject), ends.isoformat()  # another limit can only shorten it


def _minutes(span: object) -> timedelta:
    return timedelta(minutes=int(str(span)))


def _armed(row: Sequence[object], reached: Mapping[str, datetime | None]) -> Iterator[tuple[str, str, str]]:
    """The next level is the earliest that is to be told and was not, at its time or when a promise lapses."""
    subject, levels, name, at = str(row[1]), json.loads(str(row[7])), row[8], instant(row[9])
    left = [each for each in levels if each["fate"] == "due" and each["name"] not in reached]
    first = min(left, key=lambda each: instant(each["at"]) or datetime.max.replace(tzinfo=UTC), default=None)
    expected = first["name"] if first else None
    if name != expected:
        yield "level_wrong", subject, f"{name or '-'} / {expected or '-'}"
        return
    if first is None or at is None:
        return
    own = instant(first["at"])
    promised = [each for each in reached.values() if each is not None]
    if own is not None and at != own and at not in promised:
        yield "level_moved", subject, f"{name} {at.isoformat()}"
