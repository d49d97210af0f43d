"""Slack delivers again, at once, out of order and after a restart: one effect and the same answer (R3)."""

from pathlib import Path

import pytest
from sqlalchemy import select

from storage.cases import Case
from storage.drafts import DraftRow
from storage.inbox import InboxRow
from storage.outbox_rows import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.desk import Desk
from tests.support.knocking import Knock, command, furnished, known, line, submission, tap
from tests.support.redelivering import Deliveries, count

EVENTS, DELIVERIES = 3_000, 10_000
LINES, COMMANDS, TAPS, COMPLAINTS = 1_300, 1_100, 500, 100
ANSWERS = {
    "customer": "K07", "product": "LG-1040", "category": "delivery", "impact": "notice",
    "description": "少送两箱,门店断货", "quantity": "", "received_at": "now", "handling": "self",
}  # fmt: skip


def drafts(uow: UnitOfWork) -> list[str]:
    """Forms that somebody has begun, one for each complaint."""
    person = uow.organisation.person_by_name("程小满")
    assert person is not None

    def begun() -> str:
        row = DraftRow(person_id=person.id, form="complaint", subject="complaint", active=False,
                       started_at=uow.now, updated_at=uow.now, expires_at=uow.now)  # fmt: skip
        return uow.drafts.add(row).id

    return [begun() for _ in range(COMPLAINTS)]


def events(desk: Desk) -> list[Knock]:
    """3,000 different things that people did."""
    users = [f"U{desk.person_id(name):09}" for name in ("程小满", "梁可欣", "石松涛", "沈知衡")]
    filled = {**{key: ("value", value) for key, value in ANSWERS.items()}, "photos": ("files", [])}
    return [
        *(line(number, users[number % 3 + 1], "草稿") for number in range(LINES)),
        *(command(number, users[number % 3 + 1], "草稿") for number in range(COMMANDS)),
        *(tap(number, users[number % 3 + 1], "drafts|") for number in range(TAPS)),
        *(submission(number, users[0], draft, filled) for number, draft in enumerate(desk.do(drafts))),
    ]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_thousands_of_deliveries_have_one_effect_each(database_url: str, tmp_path: Path) -> None:
    """
    2,000 deliveries of 600 events, at full length 10,000 of 3,000, sixteen at once, shuffled, with a restart between:
    one effect of each, and each event's answers equal.
    """
    desk = Desk.furnished(database_url, tmp_path)
    desk.do(known)
    share = 1 if LONG else 5
    every = events(desk)[::share]
    deliveries = Deliveries([[each] for each in every], DELIVERIES // share)
    for half in deliveries.halves():
        room, web = furnished(desk, tmp_path)
        deliveries.put(half, web)
        room.workspace.afters.settle()
        room.stop()
        desk.leave()
        desk = Desk.open(database_url, tmp_path)
    assert deliveries.taken_alike()
    assert count(desk, InboxRow) == len(every)
    filed = COMPLAINTS // share
    assert (count(desk, Case), count(desk, DraftRow)) == (filed, COMPLAINTS - filed)
    assert count(desk, OutboxRow, OutboxRow.topic == "reply") == (LINES + TAPS) // share + filed
    numbers = desk.do(lambda uow: sorted(str(number) for number in uow.session.scalars(select(Case.number))))
    assert numbers == [f"TS-2026-{number:04}" for number in range(82, 82 + filed)]
    desk.leave()
