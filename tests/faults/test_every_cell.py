"""Nobody does what their role does not allow: forged clicks, rightly signed, through every door there is (S13)."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.types import ASGIApp

from storage.audit_rows import AuditRow
from storage.drafts import DraftRow
from storage.parts import Part
from storage.unit_of_work import UnitOfWork
from tests.support import LONG, doorstep, knocking
from tests.support.desk import Desk
from tests.support.doorstep import Cell
from tests.support.wecom import knocking as wecom

TRIED = 60
"""So many clicks through each door, half of them allowed; with GUKEBOT_LONG every cell."""


@dataclass
class Before:
    """What there was of a case before the click."""

    number: str
    case: int
    person: int
    step: str
    actions: int


class Doors:
    """The doors of one installation: Slack's, WeCom's, and the console."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.count = 0
        desk.do(knocking.known)
        desk.do(wecom.known)
        self.slack_room, self.slack_web = knocking.furnished(desk, folder)
        self.wecom_room, self.wecom_web = wecom.furnished(desk, folder)

    def close(self) -> None:
        """Everybody goes home."""
        self.slack_room.workspace.afters.settle()
        self.slack_room.stop()
        self.wecom_room.stop()
        self.desk.leave()

    def slack(self, person: str, action: str, number: str) -> None:
        """A tap, signed as Slack signs it, on a button that nobody was shown."""
        self._put(
            self.slack_web, knocking.tap(self._next(), f"U{self.desk.person_id(person):09}", f"{action}|{number}")
        )
        self.slack_room.workspace.afters.settle()

    def wecom(self, person: str, action: str, number: str) -> None:
        """A tap, sealed as WeCom seals it, on a card that was for somebody else."""
        task, stamp = f"task-{self._next()}", int(self.desk.clock().timestamp())
        card = Part(number=0, body={}, task=task, taps={"buttons": [[action, number, "x"]]})
        self.desk.do(lambda uow: uow.parts.keep(task, "person:1", [card]))
        tapped = wecom.tap(f"u{self.desk.person_id(person)}", task, "0", stamp)
        self._put(self.wecom_web, wecom.sealed(tapped, stamp))

    def console(self, person: str, action: str, number: str) -> None:
        """A tap at the console."""
        self.desk.tap(person, action, number)

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _put(self, web: ASGIApp, knock: knocking.Knock) -> None:
        [heard] = knocking.put(web, [knock])
        assert heard.status == 200, heard


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Desk:
    """The whole bot, with the sample company."""
    return Desk.furnished(sqlite_url, tmp_path)


def sample(desk: Desk, chance: random.Random) -> Sequence[Cell]:
    """Cells by chance, half of them allowed."""
    people = desk.do(lambda uow: [person.name for person in uow.organisation.people()])
    every = doorstep.cells(people)
    if LONG:
        return every
    chance.shuffle(every)
    picked: dict[bool, list[Cell]] = {True: [], False: []}
    for cell in every:
        kept = picked[doorstep.allowed(desk, cell)]
        if len(kept) < TRIED // 2:
            kept.append(cell)
        if all(len(each) == TRIED // 2 for each in picked.values()):
            break
    return [*picked[True], *picked[False]]


def denied(uow: UnitOfWork, case: int) -> list[tuple[str, object]]:
    """Who was denied what on a case, from the trail."""
    wanted = select(AuditRow.actor, AuditRow.data).where(
        AuditRow.action == "denied", AuditRow.subject == f"case:{case}"
    )
    return [(actor.partition(" ")[0], data["denied"]) for actor, data in uow.session.execute(wanted)]


def before(desk: Desk, cell: Cell, number: int) -> Before:
    """A case for one click."""

    def put(uow: UnitOfWork) -> Before:
        name = doorstep.put(uow, cell.place, number)
        case, person = uow.cases.find(name), uow.organisation.person_by_name(cell.person)
        assert case is not None
        assert person is not None
        return Before(name, case.id, person.id, case.step, len(uow.cases.actions_of(case.id)))

    return desk.do(put)


def as_documented(desk: Desk, cell: Cell, was: Before) -> str:
    """What is wrong with what a click came to; nothing where it is as the tables say."""

    def look(uow: UnitOfWork) -> tuple[list[tuple[str, object]], bool]:
        case = uow.cases.get(was.case)
        assert case is not None
        begun = uow.session.scalar(select(DraftRow.id).where(DraftRow.case_id == case.id)) is not None
        return denied(uow, case.id), begun or case.step != was.step or len(uow.cases.actions_of(case.id)) > was.actions

    refused, changed = desk.do(look)
    if doorstep.allowed(desk, cell):
        return "" if not refused else f"{cell}: allowed, and denied: {refused}"
    if changed:
        return f"{cell}: not allowed, and something was done"
    if not doorstep.sees(desk, cell):
        return "" if refused == [(cell.person, "look")] else f"{cell}: unseen, and the trail says {refused}"
    known = cell.place.step
    if doorstep.procedure_of(cell).action[cell.action] not in doorstep.procedure_of(cell).at(known):
        return ""  # refused by the step, whoever asks
    return "" if refused == [(cell.person, cell.action)] else f"{cell}: denied, and the trail says {refused}"


def tried(desk: Desk, doors: Doors, click: Callable[[str, str, str], None], seed: int) -> list[str]:
    """Every click of a sample, and what was wrong."""
    faults = []
    for at, cell in enumerate(sample(desk, random.Random(seed))):
        was = before(desk, cell, at)
        click(cell.person, cell.action, was.number)
        faults.append(as_documented(desk, cell, was))
    return [fault for fault in faults if fault]


@pytest.mark.parametrize("door", ["slack", "wecom", "console"])
def test_every_door_decides_by_the_table(desk: Desk, tmp_path: Path, door: str) -> None:
    """
    What the tables allow is done and all else is denied, at every door: nothing changes, nothing opens, and the try
    is in the trail; on a case that the person may not even see as well.
    """
    doors = Doors(desk, tmp_path)
    click: Any = getattr(doors, door)
    assert not tried(desk, doors, click, seed=13)
    doors.close()


@pytest.mark.parametrize("door", ["slack", "wecom", "console"])
def test_a_role_that_was_taken_away_counts_at_once(desk: Desk, tmp_path: Path, door: str) -> None:
    """
    Between the card and the click somebody lost the role: the click does nothing, and it is written down.
    """
    doors = Doors(desk, tmp_path)
    place = doorstep.Place("monthly_summary", "draft", "XS", None)
    was = before(desk, Cell(place, "comment", "顾晓岚"), 1)

    def revoke(uow: UnitOfWork) -> None:
        lead = uow.organisation.person_by_name("顾晓岚")
        assert lead is not None
        lead.roles = ["sales"]

    desk.do(revoke)
    getattr(doors, door)("顾晓岚", "comment", was.number)
    assert desk.do(lambda uow: denied(uow, was.case)) == [("顾晓岚", "comment")]
    assert desk.do(lambda uow: uow.drafts.active_of(was.person)) is None
    doors.close()


@pytest.mark.parametrize("door", ["slack", "wecom"])
def test_who_left_the_company_is_nobody(desk: Desk, tmp_path: Path, door: str) -> None:
    """
    An account that belongs to nobody active does nothing on any case, whoever's click it was.
    """
    doors = Doors(desk, tmp_path)
    was = before(desk, Cell(doorstep.Place("monthly_summary", "draft", "XS", None), "comment", "顾晓岚"), 1)
    desk.do(lambda uow: setattr(uow.organisation.person_by_name("顾晓岚"), "active", False))
    getattr(doors, door)("顾晓岚", "comment", was.number)
    assert desk.do(lambda uow: uow.session.scalars(select(DraftRow)).all()) == []
    doors.close()
