"""How a case stood before an action, and putting it back so."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from conversations.procedure import VOID
from handlers.timing import level_times_of, set_next
from handlers.turn import Turn
from storage.cases import Action, Case
from storage.deadlines import Deadline

TEXTS = (
    "step", "department", "kind", "customer", "product", "lot", "category", "impact", "defect", "severity", "title",
    "responsible",
)  # fmt: skip
NUMBERS = ("owner_id", "quantity", "priority")
INSTANTS = ("due_at", "promised_at", "closed_at")
DEADLINE_INSTANTS = ("due_at", "ended_at")


def snapshot(turn: Turn, case: Case) -> dict[str, object]:
    """The case's columns, answers and live deadlines as plain JSON."""
    return {
        **{name: getattr(case, name) for name in (*TEXTS, *NUMBERS)},
        **{name: _text(getattr(case, name)) for name in INSTANTS},
        "answers": dict(case.answers),
        "links": [link.id for link in turn.uow.cases.links_of(case.id)],
        "deadlines": [_deadline(row) for row in turn.uow.deadlines.of(case.id)],
    }


def restore(turn: Turn, case: Case, action: Action) -> None:
    """Put the case back as it stood before an action.

    Deadlines begun since then are cancelled, the others run on as they did. A promised time is none any more,
    and files that came with the action belong to nothing, as before they were sent along.
    """
    before = action.before or {}
    for name in (*TEXTS, *NUMBERS):
        setattr(case, name, before[name])
    for name in INSTANTS:
        setattr(case, name, _instant(before[name]))
    case.answers = dict(cast("Mapping[str, object]", before["answers"]))
    _release_files(turn, case, action)
    for link in turn.uow.cases.links_of(case.id):
        if link.id not in cast("list[int]", before["links"]) and link.kind == "merged_into":
            turn.uow.cases.unlink(link)
    kept = {int(str(row["id"])): row for row in cast("list[dict[str, object]]", before["deadlines"])}
    for row in turn.uow.deadlines.of(case.id):
        if row.id in kept:
            _forget_promise(turn, row, action)
            _restore_deadline(turn, row, kept[row.id])
        elif row.state in ("running", "paused"):
            _cancel(turn, row)


def void(turn: Turn, case: Case, action: Action) -> None:
    """A case that should not have been opened: 作废. Its number is used up, and nothing runs for it."""
    _release_files(turn, case, action)
    case.step, case.closed_at = VOID, turn.now
    case.owner_id = case.due_at = case.promised_at = None
    for row in turn.uow.deadlines.of(case.id):
        if row.state in ("running", "paused"):
            _cancel(turn, row)


def _release_files(turn: Turn, case: Case, action: Action) -> None:
    """What was sent along is loose again: the next form that asks for photos takes it up."""
    sent = {each for value in action.answers.values() if isinstance(value, list) for each in value}
    for file in turn.uow.files.of_case(case.id):
        if file.id in sent:
            file.case_id = None


def _forget_promise(turn: Turn, row: Deadline, action: Action) -> None:
    for level in turn.uow.deadlines.reached(row.id):
        if level.acknowledged_at == action.at and level.acknowledged_by == action.by_id:
            level.acknowledged_by = level.acknowledged_at = level.promised_at = None


def _cancel(turn: Turn, row: Deadline) -> None:
    row.state, row.ended_at, row.next_level, row.next_level_at = "cancelled", turn.now, None, None
    turn.uow.outbox.cancel_subject(f"deadline:{row.id}")


def _deadline(row: Deadline) -> dict[str, object]:
    return {"id": row.id, "state": row.state, "pauses": list(row.pauses), "levels": list(row.levels)} | {
        name: _text(getattr(row, name)) for name in DEADLINE_INSTANTS
    }


def _restore_deadline(turn: Turn, row: Deadline, kept: Mapping[str, object]) -> None:
    """The due time returns; a level that fired stays, and those that passed meanwhile come with the next sweep.

    What still waited to be told about it, and was called off when it ended, waits again.
    """
    ended = row.state not in ("running", "paused")
    row.state = str(kept["state"])
    row.pauses = cast("list[object]", kept["pauses"])
    row.levels = cast("list[dict[str, object]]", kept["levels"])
    for name in DEADLINE_INSTANTS:
        setattr(row, name, _instant(kept[name]))
    if row.state != "running":
        return
    reached = {escalation.level: escalation for escalation in turn.uow.deadlines.reached(row.id)}
    promised = max((at for level in reached.values() if (at := level.promised_at) and at > turn.now), default=None)
    set_next(row, [time for time in level_times_of(row) if time.name not in reached], promised)
    if ended:
        turn.uow.outbox.wait_again(f"deadline:{row.id}")


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text is not None else None
