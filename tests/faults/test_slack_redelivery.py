"""Slack delivers again, at once, out of order and after a restart: one effect and the same answer (R3)."""

import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, func, select

from storage.base import Row
from storage.cases import Case
from storage.drafts import DraftRow
from storage.inbox import InboxRow
from storage.outbox_rows import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.desk import Desk
from tests.support.knocking import Heard, Knock, command, furnished, known, line, put, submission, tap

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


def count(desk: Desk, kind: type[Row], *which: ColumnElement[bool]) -> int:
    """How many rows there are."""
    counted = select(func.count()).select_from(kind).where(*which)
    return desk.do(lambda uow: uow.session.scalar(counted) or 0)


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
    every, chance = events(desk)[::share], random.Random(3)
    order = [*range(len(every)), *chance.choices(range(len(every)), k=(DELIVERIES - EVENTS) // share)]
    chance.shuffle(order)
    answers: dict[int, set[Heard]] = defaultdict(set)
    for half in (order[: len(order) // 2], order[len(order) // 2 :]):
        room, web = furnished(desk, tmp_path)
        pending = half
        while pending:
            heard = put(web, [every[number] for number in pending])
            for number, answer in zip(pending, heard, strict=True):
                answers[number].add(answer)
            # what was not taken is delivered again, as Slack does with events
            pending = [number for number, answer in zip(pending, heard, strict=True) if answer.status == 503]
        room.workspace.afters.settle()
        room.stop()
        desk.leave()
        desk = Desk.open(database_url, tmp_path)
    taken = {number: {each for each in said if each.status != 503} for number, said in answers.items()}
    assert Counter(len(said) for said in taken.values()) == {1: len(every)}
    assert {each.status for said in taken.values() for each in said} == {200}
    assert count(desk, InboxRow) == len(every)
    filed = COMPLAINTS // share
    assert (count(desk, Case), count(desk, DraftRow)) == (filed, COMPLAINTS - filed)
    assert count(desk, OutboxRow, OutboxRow.topic == "reply") == (LINES + TAPS) // share + filed
    numbers = desk.do(lambda uow: sorted(str(number) for number in uow.session.scalars(select(Case.number))))
    assert numbers == [f"TS-2026-{number:04}" for number in range(82, 82 + filed)]
    desk.leave()
