"""The minutes of a meeting on a major problem are confirmed by those who were there (a sign-off)."""

import pytest

from tests.support.actions import states
from tests.support.desk import CASE, Desk, at

TASK = "RW-2026-0001"
QUALITY, TECHNOLOGY, PRODUCTION = "沈知衡", "韩立群", "方大勇"


@pytest.fixture
def held(desk: Desk) -> Desk:
    """梁可欣 has recorded a meeting with three heads of department."""
    desk.transmit(impact="有停线风险")
    desk.accept("重大")
    desk.say("梁可欣", f"登记会议 {CASE}", "沈知衡、韩立群、方大勇", "全检库存,今晚换夹具", "跳过")
    return desk


def test_everyone_who_was_there_is_asked(held: Desk) -> None:
    """
    Each gets the decisions to confirm; the remedy does not wait for it.
    """
    held.tick()

    assert held.step(CASE) == "qa_handling"
    for name in (QUALITY, TECHNOLOGY, PRODUCTION):
        assert "全检库存,今晚换夹具" in held.heard(name, "请决定(纪要待确认)")[-1].text
    assert held.time("KMIN", TASK).due == at(11, 25, 16, 5)


def test_confirmed_by_all_the_meeting_is_closed(held: Desk) -> None:
    """
    When the last has confirmed, the task of the meeting is over.
    """
    for name in (QUALITY, TECHNOLOGY, PRODUCTION):
        held.sign(name, "confirm_minutes", TASK)

    assert held.step(TASK) == "closed"
    assert states(held, TASK) == [("confirming", "approved")]


def test_minutes_that_are_not_right_are_corrected_and_asked_again(held: Desk) -> None:
    """
    One says what is wrong; quality corrects the minutes, and all of them are asked about the new ones.
    """
    held.sign(QUALITY, "confirm_minutes", TASK)
    held.sign(TECHNOLOGY, "reject_minutes", TASK, "夹具周一才能换")
    held.say("梁可欣", f"改纪要 {TASK}", "沈知衡、韩立群、方大勇", "全检库存,周一换夹具", "跳过")
    for name in (QUALITY, TECHNOLOGY, PRODUCTION):
        held.sign(name, "confirm_minutes", TASK)

    assert held.step(TASK) == "closed"
    assert states(held, TASK) == [("confirming", "refused"), ("confirming", "approved")]


def test_departments_stand_for_their_heads(desk: Desk) -> None:
    """
    "品保、技术、生产" asks the heads of the three; whoever recorded the minutes is not asked.
    """
    desk.transmit(impact="有停线风险")
    desk.accept("重大")
    desk.say(QUALITY, f"登记会议 {CASE}", "品保、技术、生产", "全检库存", "跳过")
    asked = desk.look(TASK, lambda uow, case: [r.signer_id for s in uow.sign_offs.of(case.id)
                                               for r in uow.sign_offs.requests(s)])  # fmt: skip

    assert set(asked) == {desk.person_id(TECHNOLOGY), desk.person_id(PRODUCTION)}


def test_a_meeting_that_was_taken_back_asks_nobody(held: Desk) -> None:
    """
    撤回 of the minutes: the meeting is to be held again, and nobody is asked about them.
    """
    held.say("梁可欣", "撤回")

    assert held.step(TASK) == "open"
    assert states(held, TASK) == [("confirming", "over")]
