"""Someone is always responsible: leave, deputies, and handing back."""

from tests.support.desk import Desk, at


def test_the_deputy_acts_and_both_are_recorded(desk: Desk) -> None:
    """
    While she is away her deputy may do what she may, hears what she would hear, and the record names both.
    """
    desk.report()
    answer = desk.say("程小满", "请假", "11-23", "11-24", "丁雨禾")
    desk.until(at(11, 23, 9))
    done = desk.say("丁雨禾", "提措施 82", "周三随班车补发")
    case = desk.do(lambda uow: uow.cases.find("TS-2026-0082"))
    assert case is not None
    action = desk.do(lambda uow: uow.cases.actions_of(case.id))[-1]

    assert "由 丁雨禾 代理" in answer
    assert "已登记" in done
    assert (action.by_id, action.on_behalf_of_id) == (desk.person_id("丁雨禾"), desk.person_id("程小满"))


def test_a_circle_of_deputies_is_refused(desk: Desk) -> None:
    """
    Two people cannot stand in for each other on the same day.
    """
    desk.say("程小满", "请假", "11-23", "11-24", "丁雨禾")
    answer = desk.say("丁雨禾", "请假", "11-24", "11-25", "程小满")

    assert "请另选代理人" in answer


def test_back_again_with_a_summary(desk: Desk) -> None:
    """
    On the first day back she hears what was done in her place and what waits for her.
    """
    desk.report()
    desk.say("程小满", "请假", "11-23", "11-24", "丁雨禾")
    desk.until(at(11, 23, 9))
    desk.say("丁雨禾", "提措施 82", "周三随班车补发", "登记沟通 82", "汪店长", "告知")
    desk.until(at(11, 25, 8))
    desk.tick()
    desk.tick()

    summaries = desk.heard("程小满", "您已返岗")
    assert len(summaries) == 1
    assert "代理期间办理 2 项,待您处理 1 件" in summaries[0].text
    assert "TS-2026-0082" in summaries[0].text


def test_a_hand_over_that_nobody_takes_escalates(desk: Desk) -> None:
    """
    Four working hours after a hand-over that was not taken up the head of the department hears.
    """
    desk.report()
    desk.say("顾晓岚", "转交 82", "丁雨禾", "跳过")
    desk.until(at(11, 23, 11, 5))

    assert [heard.at for heard in desk.heard("顾晓岚", "尚未接手处理")] == [at(11, 23, 11, 5)]
