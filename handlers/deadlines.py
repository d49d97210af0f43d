"""What the clock asks once a minute: every level whose time has come, told once, however many sweep."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from conversations.levels import LevelTime
from conversations.words import Said
from handlers import afterwards, telling
from handlers.addresses import Address
from handlers.company import Company
from handlers.lateness import Raised, compose
from handlers.outgoing import STEP, URGENT, How, send
from handlers.timing import level_times_of, set_next
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case
from storage.database import Database
from storage.deadlines import Deadline, DueLevel, Escalation
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

BATCH = 100
MANY = 2000
"""So many at once after a silence, so that one message says it all."""

FLOOD = timedelta(hours=1)
"""After a longer silence one combined message goes to each address instead of a flood (R6, N-12)."""


ACTING = frozenset({"lead", "supervisor", "both_leads", "deputy_gm", "gm"})
"""Why somebody hears who is asked to see to it, and not only to know."""


@dataclass(frozen=True, slots=True)
class Downtime:
    """A silence of the bot: from the last tick to this one."""

    since: datetime
    until: datetime

    @property
    def floods(self) -> bool:
        """Whether it was so long that messages are combined."""
        return self.until - self.since > FLOOD


@dataclass(frozen=True)
class Sweep:
    """One batch: what the bot slept through, and what it would have told meanwhile, by address."""

    downtime: Downtime | None = None
    missed: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))

    @property
    def combines(self) -> bool:
        """Whether each address gets one message for all it missed."""
        return self.downtime is not None and self.downtime.floods


def sweep(database: Database, company: Company, downtime: Downtime | None = None) -> int:
    """Let every deadline that is due reach its level. Returns how many levels were reached."""
    total, most = 0, MANY if downtime else BATCH
    while True:
        try:
            reached = database.do(lambda uow: _sweep_batch(Turn(uow, company), Sweep(downtime), most))
        except Exception:  # one broken case must not keep the others from being heard
            log.exception("a batch of deadlines could not be escalated; each goes alone")
            return total + _one_by_one(database, company, downtime)
        total += reached
        if reached < most:
            return total


def _sweep_batch(turn: Turn, sweep: Sweep, most: int) -> int:
    """Levels and what they tell are one transaction: nothing reached is ever untold."""
    due = turn.uow.deadlines.due(turn.now, most)
    if len(due) > 1:
        ids = list({level.case_id for level in due})
        turn.uow.cases.read_ahead(ids)
        turn.uow.deadlines.read_ahead(ids)
    with turn.uow.outbox.together():
        for level in due:
            _reach(turn, level.deadline_id, sweep)
    if sweep.downtime is not None and sweep.missed:
        _combine(turn, sweep.downtime, sweep.missed, f"{due[0].deadline_id}-{due[0].level}")
    return len(due)


def _one_by_one(database: Database, company: Company, downtime: Downtime | None) -> int:
    total = 0
    for level in database.do(lambda uow: uow.deadlines.due(uow.now, MANY)):

        def alone(uow: UnitOfWork, level: DueLevel = level) -> None:
            turn, sweep = Turn(uow, company), Sweep(downtime)
            _reach(turn, level.deadline_id, sweep)
            if downtime is not None and sweep.missed:
                _combine(turn, downtime, sweep.missed, f"{level.deadline_id}-{level.level}")

        try:
            database.do(alone)
            total += 1
        except Exception:  # the broken case is in the log; the next sweep tries it again
            log.exception("deadline %s could not be escalated", level.deadline_id)
    return total


def _reach(turn: Turn, deadline_id: int, sweep: Sweep) -> None:
    """Reach the highest level that is due; those below it that were never told count as missed or folded.

    Where a promise held the levels and has lapsed, the next one alone is told (2.0-18).
    """
    deadline = turn.uow.deadlines.get(deadline_id)
    case = turn.uow.cases.get(deadline.case_id) if deadline is not None else None
    if deadline is None or case is None or deadline.state != "running":
        return
    reached = turn.uow.deadlines.reached(deadline.id)
    names = {escalation.level for escalation in reached}
    times = sorted((t for t in level_times_of(deadline) if t.name not in names), key=lambda time: time.at)
    passed = [time for time in times if time.at <= turn.now]
    due = [time for time in passed if time.fate == "due"]
    if not due or (reached and reached[-1].promised_at is not None):
        due = passed = [time for time in times if time.name == deadline.next_level]
    if due:
        _fire(turn, case, deadline, (due, passed), sweep)
    told = {time.name for time in passed}
    set_next(deadline, [time for time in times if time.name not in told])


def _fire(
    turn: Turn, case: Case, deadline: Deadline, times: tuple[list[LevelTime], list[LevelTime]], sweep: Sweep
) -> None:
    due, passed = times
    top = due[-1]
    if turn.now >= deadline.due_at and deadline.breached_at is None:
        deadline.breached_at = deadline.due_at
    raised = compose(turn, case, deadline, top.name, top.group_at)
    reached = []
    for lower in passed:
        if lower.name != top.name:
            state = "missed" if sweep.downtime and lower.fate == "due" else "folded"
            reached.append(_escalation(turn, deadline, lower, [], state))
    reached.append(_escalation(turn, deadline, top, [a.to for a in raised.to]))
    if top.name not in turn.uow.deadlines.reach(*reached):
        return
    afterwards.renew(turn, case)
    if sweep.combines:
        for address in raised.to:
            sweep.missed[address.to].append(raised.notice.title)
        return
    _queue_level(turn, case, deadline, top, raised)


def _queue_level(turn: Turn, case: Case, deadline: Deadline, top: LevelTime, raised: Raised) -> None:
    """To people as it is read now, to the channel as it is read when work starts, calling those who must act."""
    breach, urgent = top.name.startswith("L"), raised.urgent
    for address in raised.to:
        to_all = address.to.startswith("channel:")
        told = replace(raised.later, mentions=_called(raised.to)) if to_all else raised.notice
        notice = told.because(notices.why(address.reason, raised.rule, address.standing_in_for))
        waits = top.group_at if to_all else None
        how = How(
            key=f"level/{deadline.id}/{deadline.round}/{top.name}",
            level=top.name,
            subject=f"deadline:{deadline.id}",
            waits_until=waits,
            priority=URGENT if breach or urgent else STEP,
            at_once=urgent,
        )
        if to_all:
            afterwards.stand(turn, case, address.to, how)
        telling.queue(turn, case, notice, [address], how)


def _called(to: Sequence[Address]) -> tuple[str, ...]:
    """Those among the addresses who are asked to act."""
    return tuple(address.to for address in to if address.reason in ACTING)


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


def _combine(turn: Turn, downtime: Downtime, missed: Mapping[str, Sequence[Said]], batch: str) -> None:
    """One message to each address: what should have come while the bot was down."""
    for address, titles in sorted(missed.items()):
        notice = notices.catch_up(downtime.since, downtime.until, tuple(titles))
        key = f"catch_up/{downtime.since:%Y%m%d%H%M%S}/{batch}"
        send(turn, notice, [Address(address, "owner")], How(key=key, priority=URGENT))
