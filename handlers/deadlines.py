"""What the clock asks once a minute: every level whose time has come, told once, however many sweep."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from conversations.levels import LevelTime
from conversations.words import Said
from handlers import telling
from handlers.company import Company
from handlers.lateness import Raised, compose
from handlers.timing import level_times_of, set_next
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case
from storage.database import Database
from storage.deadlines import Deadline, Escalation
from storage.outbox_rows import Message
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

BATCH = 100
FLOOD = timedelta(hours=1)
"""After a longer silence one combined message goes to each address instead of a flood (R6, N-12)."""


@dataclass(frozen=True)
class Downtime:
    """A silence of the bot, and what should have been told meanwhile, by address."""

    since: datetime
    until: datetime
    missed: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))

    @property
    def floods(self) -> bool:
        """Whether it was so long that messages are combined."""
        return self.until - self.since > FLOOD


def sweep(database: Database, company: Company, downtime: Downtime | None = None) -> int:
    """Let every deadline that is due reach its level. Returns how many levels were reached."""
    total = 0
    while True:
        try:
            reached = database.do(lambda uow: _sweep_batch(Turn(uow, company), downtime))
        except Exception:  # one broken case must not keep the others from being heard
            log.exception("a batch of deadlines could not be escalated; each goes alone")
            return total + _one_by_one(database, company, downtime)
        total += reached
        if reached < BATCH:
            break
    if downtime is not None and downtime.missed:
        database.do(lambda uow: _combine(Turn(uow, company), downtime))
    return total


def _sweep_batch(turn: Turn, downtime: Downtime | None) -> int:
    due = turn.uow.deadlines.due(turn.now, BATCH)
    for level in due:
        _reach(turn, level.deadline_id, downtime)
    return len(due)


def _one_by_one(database: Database, company: Company, downtime: Downtime | None) -> int:
    total = 0
    for level in database.do(lambda uow: uow.deadlines.due(uow.now, BATCH)):

        def alone(uow: UnitOfWork, deadline_id: int = level.deadline_id) -> None:
            _reach(Turn(uow, company), deadline_id, downtime)

        try:
            database.do(alone)
            total += 1
        except Exception:  # the broken case is in the log; the next sweep tries it again
            log.exception("deadline %s could not be escalated", level.deadline_id)
    return total


def _reach(turn: Turn, deadline_id: int, downtime: Downtime | None) -> None:
    """Reach the highest level that is due; those below it that were never told count as missed or folded."""
    deadline = turn.uow.deadlines.get(deadline_id)
    if deadline is None or deadline.state != "running":
        return
    case = turn.uow.cases.get(deadline.case_id)
    if case is None:
        return
    reached = {escalation.level for escalation in turn.uow.deadlines.reached(deadline.id)}
    times = [time for time in level_times_of(deadline) if time.name not in reached]
    promised = deadline.next_level_at or turn.now
    passed = [time for time in times if time.at <= max(turn.now, promised) and time.at <= turn.now]
    due = [time for time in passed if time.fate == "due"] or _next_in(times, deadline)
    if due:
        _fire(turn, case, deadline, (due, passed), downtime)
    told = {time.name for time in (*passed, *due)}
    set_next(deadline, [time for time in times if time.name not in told])


def _next_in(times: list[LevelTime], deadline: Deadline) -> list[LevelTime]:
    """A promise has lapsed before the next level was due: that level fires at once (2.0-18)."""
    return [time for time in times if time.name == deadline.next_level]


def _fire(
    turn: Turn, case: Case, deadline: Deadline, times: tuple[list[LevelTime], list[LevelTime]],
    downtime: Downtime | None,
) -> None:  # fmt: skip
    due, passed = times
    top = due[-1]
    if turn.now >= deadline.due_at and deadline.breached_at is None:
        deadline.breached_at = deadline.due_at
    raised = compose(turn, case, deadline, top.name)
    quiet = downtime is not None and downtime.floods
    first = turn.uow.deadlines.reach(_escalation(turn, deadline, top, [a.to for a in raised.to]))
    for lower in passed:
        if lower.name != top.name:
            state = "missed" if downtime and lower.fate == "due" else "folded"
            turn.uow.deadlines.reach(_escalation(turn, deadline, lower, [], state))
    if not first:
        return
    if quiet and downtime is not None:
        for address in raised.to:
            downtime.missed[address.to].append(raised.notice.title)
        return
    _queue_level(turn, case, deadline, top, raised)


def _queue_level(turn: Turn, case: Case, deadline: Deadline, top: LevelTime, raised: Raised) -> None:
    breach = top.name.startswith("L")
    later = compose(turn, case, deadline, top.name, top.group_at) if top.group_at else raised
    for address in raised.to:
        told = later if address.to.startswith("channel:") else raised
        notice = told.notice.because(notices.why(address.reason, raised.rule, address.standing_in_for))
        waits = top.group_at if address.to.startswith("channel:") else None
        telling.queue(
            turn, case, notice, [address], f"level/{deadline.id}/{deadline.round}/{top.name}",
            level=top.name, subject=f"deadline:{deadline.id}", not_before=waits,
            priority=telling.URGENT if breach else telling.STEP,
        )  # fmt: skip


def _escalation(
    turn: Turn, deadline: Deadline, time: LevelTime, addresses: Sequence[str], state: str = "fired"
) -> Escalation:
    return Escalation(
        deadline_id=deadline.id,
        level=time.name,
        due_at=time.at,
        fired_at=turn.now,
        state=state,
        addresses=list(addresses),
    )


def _combine(turn: Turn, downtime: Downtime) -> None:
    """One message to each address: what should have come while the bot was down."""
    for address, titles in sorted(downtime.missed.items()):
        notice = notices.catch_up(downtime.since, downtime.until, tuple(titles[:20]))
        turn.uow.outbox.add(
            Message(
                key=f"catch_up/{downtime.until:%Y%m%d%H%M%S}/{address}",
                platform=turn.company.platform,
                address=address,
                topic="catch_up",
                payload=notice.payload(),
                priority=telling.URGENT,
            )
        )
