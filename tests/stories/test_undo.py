"""撤回: within five minutes everything can be taken back, and everyone who heard is told."""

from datetime import datetime

import pytest

from conversations.words import people
from handlers.summaries import Edition
from tests.support.desk import Desk, at

REMEDY = ("提措施 82", "周三随班车补发")
CONTACT = ("登记沟通 82", "汪店长", "告知周三到货")


def deadlines(desk: Desk) -> dict[str, str]:
    """How the deadlines of the case stand."""
    case = desk.do(lambda uow: uow.cases.find("TS-2026-0082"))
    assert case is not None
    return {f"{row.key}/{row.due_at}": row.state for row in desk.do(lambda uow: uow.deadlines.of(case.id))}


def test_step_and_due_times_return(desk: Desk) -> None:
    """
    A contact that ended K1 by mistake is taken back: the case stands as before and K1 runs to its old instant.
    """
    desk.report()
    desk.say("程小满", *REMEDY)
    before = deadlines(desk)
    desk.say("程小满", *CONTACT)
    answer = desk.say("程小满", "撤回")

    assert "已撤回" in answer
    assert "销售处理中" in answer
    assert {key: state for key, state in deadlines(desk).items() if state != "cancelled"} == before


def test_done_again_after_undo(desk: Desk) -> None:
    """
    What was taken back can be done again, and leads where it led.
    """
    desk.report()
    desk.say("程小满", *REMEDY, *CONTACT, "撤回")
    answer = desk.say("程小满", *CONTACT)

    assert "待顾客确认" in answer


def test_an_undone_case_is_void_and_keeps_its_number(desk: Desk) -> None:
    """
    A case filed by mistake is void; the next one gets the next number, and nothing of the void one is heard.
    """
    desk.report()
    answer = desk.say("程小满", "撤回")
    second = desk.report()
    desk.until(at(11, 20, 16, 45))

    assert "TS-2026-0082 已作废" in answer
    assert "TS-2026-0083" in second
    assert desk.heard("石松涛", "TS-2026-0082") == []
    assert len(desk.heard("石松涛", "TS-2026-0083")) == 1


def test_five_minutes_and_no_more(desk: Desk) -> None:
    """
    After five minutes it stays as it is.
    """
    desk.report()
    desk.say("程小满", *REMEDY)
    desk.later(minutes=5, seconds=1)

    assert "没有可撤回的操作" in desk.say("程小满", "撤回")


def test_not_once_somebody_went_on(desk: Desk) -> None:
    """
    When a colleague has gone on with the case, nobody's step is pulled from under it.
    """
    desk.report()
    desk.say("程小满", *REMEDY)
    desk.say("顾晓岚", "转交 82", "丁雨禾", "跳过")

    assert "没有可撤回的操作" in desk.say("程小满", "撤回")


def test_who_heard_is_told(desk: Desk) -> None:
    """
    A notice that went out gets a correction at the same place; one that still waits is not sent at all.
    """
    desk.report()
    desk.say("程小满", "转品保 82", "需要品保判断")
    desk.deliver()
    desk.say("程小满", "撤回")
    desk.deliver()

    assert len(desk.heard("channel:PB", "撤回转品保部")) == 1


@pytest.mark.parametrize("capa", [("需要", "增加防错工装", "12-11"), ("不需要", "偶发")])
def test_what_it_spawned_goes_with_it(desk: Desk, capa: tuple[str, ...]) -> None:
    """
    A corrective action that the answer opened is void too, unless somebody has worked on it.
    """
    desk.report(category="产品质量", handling="提交并转品保")
    desk.say("梁可欣", "接收 82", "一般", "装配线", "尺寸超差")
    desk.say("梁可欣", "登记原因 82", "刀具磨损未及时更换", "跳过", "生产部", *capa)
    answer = desk.say("梁可欣", "撤回")
    task = desk.do(lambda uow: uow.cases.find("JZ-2026-0033"))

    assert "“登记原因”已撤回" in answer
    assert task is None or task.step == "void"


def test_a_promise_taken_back_holds_nothing(desk: Desk) -> None:
    """
    A promised time that was given by mistake: the next level comes when it would have come, and may be answered.
    """
    desk.report()
    desk.until(at(11, 23, 9))
    desk.say("顾晓岚", "承诺 82", "15:00", "撤回")
    again = desk.say("顾晓岚", "承诺 82")
    desk.say("顾晓岚", "取消")
    desk.until(at(11, 23, 12))

    assert "什么时间前完成" in again
    assert [heard.at for heard in desk.heard("顾晓岚", "超期升级(主管)")] == [at(11, 23, 12)]
    assert "承诺时间已过" not in desk.heard("顾晓岚", "超期升级(主管)")[0].text


def test_what_still_waited_to_be_told_waits_again(desk: Desk) -> None:
    """
    On Sunday the measure is recorded by mistake and taken back: on Monday the channel hears of the breach after all.
    """
    desk.report()
    desk.until(at(11, 22, 16, 6))
    desk.say("程小满", *REMEDY, *CONTACT, "撤回")
    desk.until(at(11, 23, 8))

    assert [heard.at for heard in desk.heard("channel:XS", "超期通知")] == [at(11, 23, 8)]


def test_photos_are_taken_up_by_the_next_form(desk: Desk) -> None:
    """
    Photos that went to the wrong case belong to nothing again, and the next form takes them up.
    """
    desk.report()
    desk.report(description="门店价签贴错")
    desk.say("程小满", "补照片 83")
    desk.photos("程小满", 2)
    desk.say("程小满", "好了", "撤回")
    desk.say("程小满", "补照片 82", "好了")

    assert [desk.look(f"TS-2026-00{tail}", lambda uow, case: len(uow.files.of_case(case.id))) for tail in (82, 83)] == [
        2, 0,
    ]  # fmt: skip


def test_what_cannot_be_taken_back_says_what_to_do(desk: Desk) -> None:
    """
    A summary that the channels have is not taken back: the answer names the correction.
    """
    desk.draw = drawn
    desk.tick()
    desk.report()
    desk.until(at(12, 1, 8, 5))
    desk.tap("顾晓岚", "confirm", "YB-2026-11")

    assert "请登记更正" in desk.say("顾晓岚", "撤回")


def drawn(_month: str, _cut_off: datetime) -> Edition:
    """The draft of a month, its pictures left blank."""
    return Edition("【月报】", (b"1",), (b"2",), (people("投诉1件"),))
