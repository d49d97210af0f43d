"""Nobody has to know the words: what comes next, whose turn it is and whom to ask stand in every answer."""

from tests.support.actions import (
    ACTION,
    ENGINEER,
    LEAD,
    PRODUCTION,
    VICE,
    approve,
    d5,
    d6,
    disciplines,
    eight_d,
    ineffective,
)
from tests.support.desk import CASE, Desk


def test_a_major_problem_says_what_comes_first(desk: Desk) -> None:
    """
    Accepted as major: the meeting is next, and meeting, containment and corrective action are a tap away.
    """
    desk.transmit(customer="凌岳", impact="有停线风险")
    answer = desk.accept("重大")

    assert "下一步:明天16:05 前召开临时会议并登记纪要。" in answer
    for tap in ("登记会议", "登记临时措施", "开纠正措施", "更多"):
        assert f" {tap}" in answer


def test_what_is_done_is_not_pressed_again(desk: Desk) -> None:
    """
    Containment recorded and an action opened: neither stands first any more, both are still under 更多.
    """
    eight_d(desk)
    desk.say(ENGINEER, f"登记临时措施 {CASE}", "隔离库存、暂停发货", "成品库 300/7")
    first, all_of_it = desk.say(ENGINEER, CASE), desk.say(ENGINEER, f"操作 {CASE}")

    assert "登记临时措施   " not in first.splitlines()[-1]
    assert "开纠正措施" not in "".join(first.splitlines()[-2:])
    assert "登记临时措施" in all_of_it
    assert "开纠正措施" in all_of_it


def test_an_action_that_was_opened_is_a_tap_away(desk: Desk) -> None:
    """
    The answer says that it is an 8D and why, and its number can be tapped.
    """
    desk.transmit(customer="凌岳", impact="有停线风险")
    desk.accept("重大")
    offered = desk.say(ENGINEER, f"开纠正措施 {CASE}", "生产部", "防止孔位偏移再发")
    opened = desk.say(ENGINEER, "12-18")

    assert "a 12月4日   b 12月18日" in offered
    assert f"已开:{ACTION}(8D、重大质量问题)。" in opened
    assert f" {ACTION}" in opened.splitlines()[-2] + opened.splitlines()[-1]


def test_minutes_say_who_confirms_them(desk: Desk) -> None:
    """
    Whoever writes the minutes reads who was asked to confirm them; the task is due with the meeting, not days later.
    """
    desk.transmit(customer="凌岳", impact="有停线风险")
    desk.accept("重大")
    told = desk.say(LEAD, f"登记会议 {CASE}", "品保、技术、生产", "全检", "跳过")

    assert "已请 韩立群、方大勇 决定。" in told
    assert desk.times("KT", "RW-2026-0001") == []


def test_minutes_that_are_not_right_are_due_again(desk: Desk) -> None:
    """
    纪要有误: correcting them has a deadline, which ends when they are put to everybody again.
    """
    desk.transmit(customer="凌岳", impact="有停线风险")
    desk.accept("重大")
    for _ in range(2):
        desk.say(LEAD, f"登记会议 {CASE}", "技术、生产", "全检", "跳过")
        desk.sign("韩立群", "reject_minutes", "RW-2026-0001", "还有夹具")
        desk.say(ENGINEER, "改纪要 RW-2026-0001", "技术、生产", "全检,换夹具", "跳过")

    assert {time.state for time in desk.times("KT", "RW-2026-0001")} == {"met"}


def test_whose_turn_it_is_is_said_and_told(desk: Desk) -> None:
    """
    With D4 the plan is for production to make: who recorded it reads so, and production hears it with its button.
    """
    eight_d(desk)
    desk.say(PRODUCTION, f"我来处理 {ACTION}")
    disciplines(desk)
    details = desk.say(ENGINEER, ACTION)
    desk.tick()
    heard = [each.text for each in desk.heard(PRODUCTION, "D5 永久措施")]

    assert f"下一步:{PRODUCTION}在" in desk.say(ENGINEER, f"请部门配合 {ACTION}", "技术部", "核对公差", "11-27")
    assert "D4 根本原因(梁可欣):定位销磨损未更换" in details
    assert heard


def test_who_goes_wrong_twice_is_told_whom_to_ask(desk: Desk) -> None:
    """
    The first unacceptable answer is explained; the second in a row also names the head of the department (U4).
    """
    desk.say("程小满", "报投诉", "驰安", "球头总成", "交付")
    first, second = desk.say("程小满", "不晓得啊"), desk.say("程小满", "随便吧")
    desk.say("程小满", "仅通知", "跳过")
    other = desk.say("程小满", "少")

    assert "拿不准可问" not in first
    assert "拿不准可问顾晓岚。" in second
    assert "拿不准可问" not in other


def test_nobody_is_told_to_ask_themselves(desk: Desk) -> None:
    """
    The head of a department who goes wrong twice is sent to the administrator.
    """
    desk.say("顾晓岚", "报投诉", "驰安", "球头总成", "交付", "不晓得啊")
    again = desk.say("顾晓岚", "随便吧")

    assert "拿不准可问丁雨禾。" in again


def test_whoever_still_has_to_decide_is_named(desk: Desk) -> None:
    """
    In the second round two sign: the first reads that the other is waited for, and no department is named in between.
    """
    eight_d(desk)
    disciplines(desk)
    d5(desk)
    approve(desk)
    d6(desk)
    ineffective(desk)
    desk.say(ENGINEER, f"D4 {ACTION}", "定位销材料太软", "首末件未测孔位", "换新销后全合格", "跳过")
    asked = d5(desk, "硬质合金销")
    first = approve(desk, LEAD)

    assert f"已请 {LEAD}、{VICE} 决定。" in asked
    assert f"已请 {VICE} 决定。" in first
    assert "前审批计划。" in first
    assert "生产部在" not in first
