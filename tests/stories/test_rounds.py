"""Measure, contact, verdict, and again until the customer is satisfied (M-09, M-10, M-14)."""

from tests.support.desk import CASE, Desk, at


def test_the_48_hours_are_met_by_measure_and_contact_together(desk: Desk) -> None:
    """
    A measure alone meets nothing: the customer must have been talked to (M-09).
    """
    desk.report()
    desk.say("程小满", "提措施 82", "周三随班车补发")
    alone = desk.time("K1").state
    desk.say("程小满", "登记沟通 82", "汪店长", "已告知")

    assert alone == "running"
    assert desk.time("K1").state == "met"
    assert desk.step() == "awaiting_customer"


def test_a_contact_before_the_measure_counts_too(desk: Desk) -> None:
    """
    The order does not matter: whichever comes second meets the deadline.
    """
    desk.report()
    desk.say("程小满", "登记沟通 82", "汪店长", "先致歉,晚些给方案", "提措施 82", "周三补发")

    assert desk.time("K1").state == "met"
    assert desk.step() == "awaiting_customer"


def test_the_measure_comes_with_a_text_for_the_customer(desk: Desk) -> None:
    """
    What was agreed inside stands in a text that is forwarded as it is, with the planned day.
    """
    desk.report()
    last = desk.say("程小满", "提措施 82", "周三随班车补发")

    assert "「关于 TS-2026-0082,我们的处理措施:周三随班车补发。计划完成:11月27日。" in last


def test_not_satisfied_opens_the_second_round(desk: Desk) -> None:
    """
    不满意 with a reason: a new 48 hours from that moment, the first deadline stays as it ended (2.0-1).
    """
    desk.report()
    desk.until(at(11, 23, 9))
    desk.remedy()
    last = desk.refused()

    assert "第 2 次措施" in last
    assert desk.step() == "sales_handling"
    assert [(time.state, time.breached) for time in desk.times("K1")] == [("breached_met", True)]
    assert (desk.time("KR").due, desk.time("KR").round) == (at(11, 25, 9), 2)


def test_the_measure_of_an_earlier_round_does_not_count(desk: Desk) -> None:
    """
    In the second round a contact alone does not lead to the customer's verdict: a new measure is needed.
    """
    desk.report()
    desk.remedy()
    desk.refused()
    desk.say("程小满", "登记沟通 82", "汪店长", "再次致歉")
    between = desk.step()
    desk.say("程小满", "提措施 82", "专车补发")

    assert between == "sales_handling"
    assert desk.step() == "awaiting_customer"
    assert desk.time("KR").state == "met"


def test_the_third_round_is_told_to_the_deputy_general_manager(desk: Desk) -> None:
    """
    Refused twice, 副总经理 hears that a third measure is needed; after the first refusal nobody did (M-10).
    """
    desk.report()
    desk.remedy()
    desk.refused()
    desk.tick()
    before = desk.heard("陆明舟")
    desk.remedy()
    desk.refused()
    desk.tick()

    assert before == []
    heard = desk.heard("陆明舟")
    assert len(heard) == 1
    assert "需提出第 3 次措施" in heard[0].text


def test_a_refusal_goes_back_to_who_proposed(desk: Desk) -> None:
    """
    Quality handled it, so quality proposes again (M-14); the reporter may record the verdict.
    """
    desk.transmit()
    desk.accept()
    desk.remedy("梁可欣", "卢工")
    desk.refused("程小满", "卢工")

    assert desk.step() == "qa_handling"
    assert desk.look(CASE, lambda _uow, case: case.owner_id) == desk.person_id("梁可欣")


def test_satisfied_leads_to_the_remedy_being_carried_out(desk: Desk) -> None:
    """
    满意 with whom and how: the ball is ours again, due on the planned day (2.0-5).
    """
    desk.report()
    desk.remedy()
    desk.satisfied()

    assert desk.step() == "implementing"
    assert desk.time("K3").state == "met"
    assert desk.time("KIMPL").due == at(11, 27, 17)
    assert desk.last().answers["contact"] == "汪店长"


def test_silence_is_recorded_by_the_leads_alone_and_only_after_14_working_days(desk: Desk) -> None:
    """
    暂未答复: refused before its day and to anybody but the leads; counted apart, never as satisfied (2.0-7).
    """
    desk.report()
    desk.remedy()
    early = desk.say("顾晓岚", "顾客未答复 82")
    desk.until(at(12, 10, 17))
    handler = desk.say("程小满", "顾客未答复 82")
    desk.say("顾晓岚", "顾客未答复 82")

    assert "12月10日(周四)16:05,到期前请等待" in early
    assert "此操作需销售部主管" in handler
    assert desk.step() == "implementing"
    assert "satisfied" not in desk.done()


def test_a_silent_customer_is_asked_again_and_then_the_lead_decides(desk: Desk) -> None:
    """
    Nudges after 3 and 7 working days to the handler, after 14 to the supervisor, and nothing higher (2.4, K3).
    """
    desk.report()
    desk.remedy()
    desk.until(at(12, 31, 12))

    handler = [(heard.at.month, heard.at.day) for heard in desk.heard("程小满", "取得顾客答复")]
    assert handler == [(11, 25), (12, 1)]
    lead = [(heard.at.month, heard.at.day) for heard in desk.heard("顾晓岚", "顾客未")]
    assert lead == [(12, 10)]
    assert desk.heard("陆明舟") == []


def test_the_receipt_is_met_by_passing_it_on(desk: Desk) -> None:
    """
    已发送, 已电话告知 or a logged contact meet the receipt's four working hours (M-111).
    """
    desk.report()
    before = desk.time("K-RCPT")
    desk.tap("程小满", "told_by_phone", CASE)

    assert (before.state, before.due) == ("running", at(11, 23, 11, 5))
    assert desk.time("K-RCPT").state == "met"


def test_a_receipt_not_passed_on_is_asked_of_the_reporter(desk: Desk) -> None:
    """
    Quality has the case, but the receipt is still the reporter's to forward.
    """
    desk.transmit()
    desk.until(at(11, 23, 11, 5))

    assert desk.heard("程小满", "给顾客发回执")
    assert desk.heard("channel:PB", "给顾客发回执") == []
