"""Handing over to quality (D9 4.1.3): accepting, returning, and the meeting on a major problem."""

import pytest

from tests.support.desk import CASE, Desk, at


def test_quality_accepts_with_severity_and_defect(desk: Desk) -> None:
    """
    接收 asks severity, where it was found and the defect; the one who accepts becomes the handler.
    """
    desk.transmit()
    desk.accept()

    assert desk.step() == "qa_handling"
    assert desk.time("K2a").state == "met"
    row = desk.look(CASE, lambda _uow, case: (case.severity, case.defect, case.owner_id, case.department))
    assert row == ("general", "CC02", desk.person_id("梁可欣"), "PB")


def test_the_department_hears_of_what_is_handed_over(desk: Desk) -> None:
    """
    The channel and the lead of quality get the card with 接收 and 退回; the reporter hears when it is accepted.
    """
    desk.transmit()
    desk.tick()
    desk.accept()
    desk.tick()

    for address in ("channel:PB", "沈知衡"):
        assert "[接收] [退回]" in desk.heard(address, "待品保接收")[0].text
    assert "接收(梁可欣)" in desk.heard("程小满", "接收(")[0].text


def test_the_first_return_leads_back_to_sales(desk: Desk) -> None:
    """
    退回 with a reason gives the case back to whoever reported it; acceptance is not waited for any more.
    """
    desk.transmit()
    desk.say("梁可欣", "退回 82", "信息不足", "缺批次号")

    assert desk.step() == "sales_handling"
    assert desk.time("K2a").state == "cancelled"
    assert desk.time("K1").state == "running"
    owner = desk.look(CASE, lambda _uow, case: case.owner_id)
    assert owner == desk.person_id("程小满")


def test_after_the_second_return_the_sales_lead_decides_once(desk: Desk) -> None:
    """
    Returned twice, only 顾晓岚 may hand it over again, and quality cannot return it a third time.
    """
    desk.transmit()
    desk.say("梁可欣", "退回 82", "信息不足", "跳过")
    desk.say("程小满", "转品保 82", "批次已补")
    desk.say("梁可欣", "退回 82", "非质量问题", "跳过")
    refused = desk.say("程小满", "转品保 82")
    desk.say("顾晓岚", "转品保 82", "尺寸确实超差")
    third = desk.say("梁可欣", "退回 82")

    assert "销售部主管" in refused
    assert "请接收" in third
    assert desk.step() == "handed_over"
    assert desk.done().count("return") == 2


def test_a_major_problem_needs_its_meeting_first(desk: Desk) -> None:
    """
    重大: a meeting task is opened in the same moment, and no remedy is taken before the minutes (M-12).
    """
    desk.transmit()
    last = desk.accept("重大")
    refused = desk.say("梁可欣", "提措施 82")

    assert desk.step() == "meeting_pending"
    assert "已开:RW-2026-0001" in last
    assert refused == "重大质量问题,请先登记临时会议(参加人、决定),再提出措施。"
    assert desk.time("K2b").due == at(11, 21, 16, 5)


def test_the_minutes_lead_to_the_remedy_and_close_the_task(desk: Desk) -> None:
    """
    登记会议 with three lines is enough; its task is done with it, waits for those who were there to confirm the
    minutes, and cannot be done without them.
    """
    desk.transmit()
    desk.accept("重大")
    alone = desk.say("沈知衡", "完成 RW-2026-0001")
    desk.say("沈知衡", "登记会议 82", "品保、技术、生产", "全检库存", "跳过")

    assert "登记会议" in alone
    assert desk.step() == "qa_handling"
    assert desk.time("K2b").state == "met"
    assert desk.step("RW-2026-0001") == "confirming"
    assert "给客户什么补救措施" in desk.say("梁可欣", "提措施 82")


@pytest.mark.parametrize(
    ("impact", "mark"), [("已停线", "【停线】"), ("有停线风险", "【停线】"), ("涉及安全", "【安全】")]
)
def test_a_stopped_line_or_danger_pages_at_once(desk: Desk, impact: str, mark: str) -> None:
    """
    On a Saturday night the quality lead and the person on duty hear within the minute, the mark first (2.0-4).
    """
    desk.clock.set(at(11, 21, 23, 30))
    desk.transmit(impact=impact)
    desk.tick()

    for name in ("沈知衡", "石松涛"):
        first = desk.heard(name)[0]
        assert first.text.startswith(mark)
        assert first.at == at(11, 21, 23, 30)
    assert desk.time("K2b").due == at(11, 22, 23, 30)
    assert desk.time("KCONT").due == at(11, 22, 23, 30)


def test_a_lowered_severity_ends_what_only_a_major_problem_needs(desk: Desk) -> None:
    """
    Quality accepts a stopped line as 一般: neither meeting nor containment is waited for any more.
    """
    desk.transmit(impact="已停线")
    desk.accept("一般")

    assert desk.step() == "qa_handling"
    assert (desk.time("K2b").state, desk.time("KCONT").state) == ("cancelled", "cancelled")


def test_severity_can_be_lowered_while_the_meeting_is_awaited(desk: Desk) -> None:
    """
    定等级 一般 leads on to the remedy, and the meeting's task is cancelled with its deadline.
    """
    desk.transmit()
    desk.accept("重大")
    desk.say("梁可欣", "定等级 82", "一般", "查明为单件")

    assert desk.step() == "qa_handling"
    assert desk.step("RW-2026-0001") == "cancelled"
    assert desk.time("K2b").state == "cancelled"


def test_severity_can_be_raised_while_it_is_handled(desk: Desk) -> None:
    """
    定等级 重大 calls for the meeting: a task, its 24 hours, and no remedy before the minutes.
    """
    desk.transmit()
    desk.accept()
    desk.later(hours=1)
    desk.say("梁可欣", "定等级 82", "重大", "批量问题")

    assert desk.step() == "meeting_pending"
    assert desk.step("RW-2026-0001") == "open"
    assert desk.time("K2b").due == at(11, 21, 17, 5)
    assert desk.time("KCONT").state == "running"


def test_containment_is_never_blocked(desk: Desk) -> None:
    """
    临时措施 is taken from the first minute, by sales or quality, whatever else is missing (2.0-2).
    """
    desk.transmit(impact="已停线")
    desk.say("程小满", "登记临时措施 82", "隔离库存,在途拦截", "成品库 200/3")

    assert desk.step() == "handed_over"
    assert desk.time("KCONT").state == "met"
    assert desk.answers()["containment"] == ["stock", "transit"]


def test_sales_handling_can_be_handed_to_quality(desk: Desk) -> None:
    """
    转品保 with a reason while sales handles it: the 48 hours run on, acceptance gets its own time.
    """
    desk.report()
    desk.later(hours=1)
    desk.say("程小满", "转品保 82", "现场看是质量问题")

    assert desk.step() == "handed_over"
    assert desk.time("K1").due == at(11, 22, 16, 5)
    assert desk.time("K2a").state == "running"


def test_the_measure_of_quality_is_due_within_the_48_hours(desk: Desk) -> None:
    """
    Accepted on Saturday, the measure is still due with K1, and both are met by measure and contact (2.0-1).
    """
    desk.transmit()
    desk.until(at(11, 21, 10))
    desk.accept()
    due = desk.time("K2c").due
    desk.remedy("梁可欣", "卢工")

    assert due == desk.time("K1").due == at(11, 22, 16, 5)
    assert (desk.time("K1").state, desk.time("K2c").state) == ("met", "met")
    assert desk.step() == "awaiting_customer"
