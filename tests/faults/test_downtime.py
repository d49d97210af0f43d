"""A bot that was down: it catches up once, says what it missed, and floods nobody (N-12, R6)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import deadlines
from handlers.deadlines import Downtime
from storage.unit_of_work import UnitOfWork
from tests.support.desk import ZONE, Desk, at

DOWN_SINCE = at(11, 22, 8)
BACK = DOWN_SINCE + timedelta(hours=30)
LEAD = "顾晓岚"
NUMBERS = ("TS-2026-0082", "TS-2026-0083", "TS-2026-0084")


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Three complaints that sales handles, filed on Friday; the bot is down from Sunday 08:00 for 30 hours."""
    desk = Desk.furnished(database_url, tmp_path)
    for count in range(3):
        desk.report(description=f"第 {count} 件:少送两箱")
    desk.until(DOWN_SINCE)
    desk.clock.set(BACK)
    yield desk
    desk.database.dispose()


def back(desk: Desk) -> int:
    """The first sweep after the silence."""
    reached = deadlines.sweep(desk.database, desk.company, Downtime(DOWN_SINCE, BACK))
    desk.deliver()
    return reached


def reached(desk: Desk, number: str, deadline: str = "K1") -> dict[str, str]:
    """The levels that one deadline of a complaint has reached, and how."""

    def look(uow: UnitOfWork) -> dict[str, str]:
        case = uow.cases.find(number)
        assert case is not None
        (row,) = [row for row in uow.deadlines.of(case.id) if row.key == deadline]
        return {escalation.level: escalation.state for escalation in uow.deadlines.reached(row.id)}

    return desk.do(look)


def test_each_address_hears_once_from_when_to_when_and_how_many(desk: Desk) -> None:
    """
    One message names the silence and counts what should have come; the levels themselves are not told one by one.
    """
    before = len(desk.heard(LEAD))
    back(desk)

    heard = desk.heard(LEAD)[before:]
    assert len(heard) == 1
    text = heard[0].text
    assert "停机" in text
    assert all(f"{instant.astimezone(ZONE):%H:%M}" in text for instant in (DOWN_SINCE, BACK))
    listed = [line for line in text.splitlines()[1:] if "TS-2026" in line]
    assert f"{len(listed)} 条" in text.splitlines()[0]
    assert all(any(number in line for line in listed) for number in NUMBERS)


def test_a_second_sweep_has_nothing_to_say(desk: Desk) -> None:
    """
    What was caught up with is not caught up with again, told of as silence or not.
    """
    back(desk)
    before = desk.do(lambda uow: uow.outbox.counts())

    assert back(desk) == 0
    assert deadlines.sweep(desk.database, desk.company) == 0
    desk.deliver()
    assert desk.do(lambda uow: uow.outbox.counts()) == before


def test_what_should_have_come_in_between_is_kept_as_missed(desk: Desk) -> None:
    """
    The highest level that is due fires, those that fell into the silence are missed, none is reached twice.
    """
    back(desk)

    for number in NUMBERS:
        levels = reached(desk, number)
        assert (levels["L1"], levels["L2"]) == ("missed", "fired")
        assert "L3" not in levels


def test_a_short_silence_is_no_flood(desk: Desk) -> None:
    """
    After less than an hour every level is told by itself, as on any other day.
    """
    before = len(desk.heard(LEAD))
    desk.clock.set(at(11, 22, 16, 20))
    deadlines.sweep(desk.database, desk.company, Downtime(at(11, 22, 15, 50), at(11, 22, 16, 20)))
    desk.deliver()

    heard = desk.heard(LEAD)[before:]
    assert len(heard) == 3
    assert not any("停机" in message.text for message in heard)
