"""A change of the working calendar: open deadlines follow it, those concerned hear, and unknown years are told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.attention import Settings, not_before
from conversations.escalation import Target
from conversations.words import Said
from handlers.addresses import Address, person_address, resolve
from handlers.company import Company
from handlers.facts import facts_of
from handlers.outgoing import How, send
from handlers.timing import Moved, recount
from handlers.turn import Turn
from notifications import notices
from storage.cases import Case
from storage.database import Database
from storage.unit_of_work import UnitOfWork

AHEAD = timedelta(days=61)
"""From November on the days of the next year are expected to be known."""

BATCH = 100
CHECKED = "calendar.checked"


@dataclass(frozen=True, slots=True)
class Followed:
    """A case whose due time moved with the calendar."""

    number: str
    moved: Moved


def follow(turn: Turn) -> tuple[Followed, ...]:
    """Count every running deadline of every open case anew, and tell those concerned, each in one message."""
    told: dict[str, tuple[Address, list[Said]]] = {}
    followed: list[Followed] = []
    for case in _running(turn):
        procedure = turn.company.handbook[case.procedure]
        facts = facts_of(turn, case, procedure)
        moved = recount(turn, case, procedure, facts)
        if not moved:
            continue
        followed += [Followed(case.number or "", each) for each in moved]
        lines = [notices.moved_line(case.number or "", each.needs, each.old, each.new) for each in moved]
        for address in _concerned(turn, case):
            told.setdefault(address.to, (address, []))[1].extend(lines)
        turn.uow.audit.write(f"case:{case.number}", "recounted", turn.actor, data={"moved": list(map(_plain, moved))})
    revision = turn.uow.calendar.revision()
    for address, lines in told.values():
        how = How(key=f"calendar/{revision}", waits_until=not_before(turn.now, turn.calendar, Settings()))
        send(turn, notices.deadlines_moved(len(lines), tuple(lines)), [address], how)
    return tuple(followed)


def _running(turn: Turn) -> Iterator[Case]:
    """Every open case with a running deadline, read a few at a time."""
    ids = turn.uow.deadlines.cases_running()
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        turn.uow.cases.read_ahead(some)
        turn.uow.deadlines.read_ahead(some)
        cases = [turn.uow.cases.get(case_id) for case_id in some]
        yield from (case for case in cases if case is not None and case.closed_at is None)


def _concerned(turn: Turn, case: Case) -> Iterable[Address]:
    """Who has it, or the head of the department that does, and who reported it."""
    targets = (Target.OWNER, Target.REPORTER) if case.reporter_id is not None else (Target.OWNER,)
    return resolve(turn, case, targets)


def _plain(moved: Moved) -> list[str]:
    return [moved.needs, moved.old.isoformat(), moved.new.isoformat()]


def unknown(known: Iterable[int], today: date) -> tuple[int, ...]:
    """The years whose days ought to be known by a day, and are not."""
    return tuple(sorted({today.year, (today + AHEAD).year} - set(known)))


def tick(database: Database, company: Company) -> None:
    """Once a month for each year that is unknown the administrators hear of it. Safe to call at any time."""

    def look(uow: UnitOfWork) -> None:
        turn = Turn(uow, company)
        if uow.state.held(CHECKED) == turn.today.isoformat():
            return
        uow.state.put(CHECKED, turn.today.isoformat())
        to = [person_address(turn, person, "admin") for person in uow.organisation.people_with("admin")]
        for year in unknown(uow.calendar.known_years(), turn.today):
            waits = not_before(turn.now, turn.calendar, Settings())
            how = How(key=f"calendar/{year}/{turn.today:%Y-%m}", waits_until=waits)
            send(turn, notices.year_unknown(year), to, how)

    database.do(look)
