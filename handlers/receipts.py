"""Who has read a report that was distributed, and which departments have not (M-45)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from conversations.words import N_, Said, people, said
from handlers.facts import done_on
from handlers.turn import Turn
from storage.cases import Case
from storage.organisation import Department, Person

READ = "read_report"
DISTRIBUTED = "distributed_at"
"""In a case's answers: since when every department has the report, and may look at its case."""


def departments(turn: Turn) -> Sequence[Department]:
    """The departments that a report goes to: those that somebody leads."""
    return [each for each in turn.uow.organisation.departments() if each.lead_id is not None]


def readers(turn: Turn, case: Case) -> dict[int, datetime]:
    """Who has read it, by when first."""
    found: dict[int, datetime] = {}
    for row in done_on(turn, case):
        if row.key == READ and row.by_id is not None:
            found.setdefault(row.by_id, row.at)
    return found


def missing(turn: Turn, case: Case) -> list[Department]:
    """The departments in which nobody has read it: neither one of theirs nor their lead or deputy."""
    read = readers(turn, case)
    people_who_read = [each for each in map(turn.uow.organisation.person, read) if each is not None]
    return [each for each in departments(turn) if not any(_speaks_for(person, each) for person in people_who_read)]


def _speaks_for(person: Person, department: Department) -> bool:
    return person.department == department.code or person.id in (department.lead_id, department.deputy_id)


def told(turn: Turn, case: Case) -> Iterator[Said]:
    """Who has read it and who has not, as its details show it; nothing of what is not distributed."""
    if DISTRIBUTED not in case.answers:
        return
    names = [
        said(N_("{name} ({time})"), name=people(person.name), time=at)
        for by, at in readers(turn, case).items()
        if (person := turn.uow.organisation.person(by)) is not None
    ]
    if names:
        yield said(N_("Read by: {names}"), names=tuple(names))
    lacking = tuple(people(each.name) for each in missing(turn, case))
    if lacking:
        yield said(N_("Not read yet by: {names}"), names=lacking)
