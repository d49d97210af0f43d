"""WeCom delivers again, at once, out of order, to two servers and after a restart: one effect each (R3)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers import switchboard
from handlers.events import Answered, Pressed, Sender
from storage.cases import Case
from storage.drafts import DraftRow
from storage.inbox import InboxRow
from storage.outbox_rows import OutboxRow
from storage.parts import Part
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.desk import Desk
from tests.support.redelivering import Deliveries, count
from tests.support.wecom.knocking import click, furnished, known, line, sealed, tap

EVENTS, DELIVERIES = (30_000, 100_000) if LONG else (300, 1_000)
COMPLAINTS, CLICKS = EVENTS // 30, EVENTS // 2
LINES = EVENTS - COMPLAINTS - CLICKS
AGAIN = (0, 5, 10, 15)
"""Seconds after which WeCom comes with the same, sealed anew."""

ANSWERS = {
    "customer": "K07", "product": "LG-1040", "category": "delivery", "impact": "notice",
    "description": "少送两箱,门店断货", "quantity": "11-100", "received_at": "now",
}  # fmt: skip


def cards(desk: Desk, user: str) -> list[str]:
    """Cards with the last question of a complaint, each of a form of its own; their ids."""
    sender = Sender("wecom", user)
    form = switchboard.receive(desk.database, desk.company, Pressed("first", sender, "start:complaint"))
    switchboard.receive(desk.database, desk.company, Answered("second", sender, form.draft, ANSWERS))
    switchboard.receive(desk.database, desk.company, Pressed("third", sender, "skip"))
    return desk.do(partial(_copied, draft=form.draft))


def _copied(uow: UnitOfWork, draft: str) -> list[str]:
    first = uow.drafts.get(draft)
    assert first is not None
    first.active = False
    tasks = []
    for number in range(COMPLAINTS):
        row = DraftRow(person_id=first.person_id, form=first.form, subject=first.subject, answers=first.answers,
                       active=False, started_at=uow.now, updated_at=uow.now, expires_at=uow.now)  # fmt: skip
        taps = {"buttons": [["option:self", "", "销售自行处理"]], "draft": uow.drafts.add(row).id,
                "question": "handling", "choice": "one"}  # fmt: skip
        part = Part(number=0, body={"template_card": {"card_type": "button_interaction"}}, task=f"t{number}", taps=taps)
        uow.parts.keep(f"card/{number}", f"person:{first.person_id}", [part])
        tasks.append(part.task)
    return tasks


def events(desk: Desk, at: int) -> list[Mapping[str, Any]]:
    """Different things that people did; six clicks and any number of taps fall in each second."""
    users = [f"u{desk.person_id(name)}" for name in ("梁可欣", "石松涛", "沈知衡")]
    reporter = f"u{desk.person_id('程小满')}"
    keys = ("drafts", "help")
    return [
        *(line(number, users[number % 3], "草稿", at) for number in range(LINES)),
        *(click(users[number % 3], keys[number // 3 % 2], at - number // 6) for number in range(CLICKS)),
        *(tap(reporter, task, "0", at) for task in cards(desk, reporter)),
    ]


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_every_callback_has_one_effect(database_url: str, tmp_path: Path) -> None:
    """
    Each callback comes three times and more, sealed anew or to the byte, to two servers at once, shuffled, with a
    restart between: one effect each, and of two in one second neither is lost.
    """
    desk = Desk.furnished(database_url, tmp_path)
    desk.do(known)
    at = int(desk.clock().timestamp())
    every = events(desk, at)
    before = count(desk, OutboxRow, OutboxRow.topic == "reply"), count(desk, InboxRow)
    deliveries = Deliveries([[sealed(fields, at + late) for late in AGAIN] for fields in every], DELIVERIES)
    for half in deliveries.halves():
        other = Desk.open(database_url, tmp_path)
        rooms = [furnished(each, tmp_path) for each in (desk, other)]
        deliveries.put(half, *(web for _, web in rooms))
        for room, _ in rooms:
            room.stop()
        desk.leave()
        other.leave()
        desk = Desk.open(database_url, tmp_path)

    assert deliveries.taken_alike()
    assert count(desk, InboxRow) == before[1] + EVENTS
    assert count(desk, OutboxRow, OutboxRow.topic == "reply") == before[0] + EVENTS
    assert (count(desk, Case), count(desk, DraftRow)) == (COMPLAINTS, 1)
    assert count(desk, OutboxRow, OutboxRow.topic == "card") == COMPLAINTS
    numbers = desk.do(lambda uow: sorted(str(number) for number in uow.session.scalars(select(Case.number))))
    assert numbers == [f"TS-2026-{number:04}" for number in range(82, 82 + COMPLAINTS)]
    desk.leave()
