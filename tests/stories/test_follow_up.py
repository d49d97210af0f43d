"""Follow-up: some time after a complaint was closed the customer is asked three questions, and one tap goes on."""

import re

from tests.support.desk import CASE, Desk, at

HF = "HF-2026-0001"
LATER = at(12, 28, 9)
"""More than thirty days after the complaint was closed, a Monday."""


def closed(desk: Desk) -> None:
    """The first complaint of the desk is reported, settled and closed by Tuesday noon."""
    desk.tick()
    desk.report()
    desk.remedy()
    desk.satisfied()
    desk.implemented()
    desk.cause()
    desk.close()
    assert desk.step() == "closed"


def followed(desk: Desk) -> None:
    """The clock has opened the follow-up."""
    closed(desk)
    desk.until(LATER)


def test_the_clock_asks_for_it_once(desk: Desk) -> None:
    """
    Thirty days after the closing, by day, whoever looks after the customer has it, with five working days; once.
    """
    closed(desk)
    desk.until(at(12, 18, 9))
    early = desk.heard("程小满", HF)
    for moment in (at(12, 21, 3), at(12, 21, 9), at(12, 21, 11), at(12, 22, 9)):
        desk.until(moment)
    told = desk.heard("程小满", "待回访")

    assert early == []
    assert [each.at for each in told] == [at(12, 21, 9)]
    assert f"{CASE} 回访" in told[0].text
    assert desk.linked(HF) == [CASE]
    assert desk.time("KHF", HF).due == at(12, 28, 9)
    assert "没有您可查看" in desk.say("程小满", "HF-2026-0002")


def test_three_questions_and_one_tap_to_a_complaint(desk: Desk) -> None:
    """
    Contact and way are filled in; what was said becomes a complaint of that customer with its receipt to pass on.
    """
    followed(desk)
    first = desk.say("程小满", f"记录回访 {HF}")
    shown = desk.say("程小满", "较不满意", "希望加急一箱", "跳过")
    done = desk.say("程小满", "转投诉", "交付")
    number = re.findall(r"TS-2026-0083", done)[0]
    desk.deliver()

    assert "第 1 题,共 3 题" in first
    assert "联系人:汪店长" in shown
    assert (desk.step(HF), desk.time("KHF", HF).state) == ("made", "met")
    assert desk.look(number, lambda _uow, case: (case.customer, case.title, case.category, case.kind)) == (
        desk.look(CASE, lambda _uow, case: case.customer), "希望加急一箱", "delivery", "complaint",
    )  # fmt: skip
    assert desk.answers(number)["contact"] == "汪店长"
    assert desk.step(number) == "sales_handling"
    assert number in desk.heard("程小满", "回执")[-1].text
    assert "希望加急一箱" in desk.say("程小满", HF)


def test_taken_back_the_complaint_is_void_too(desk: Desk) -> None:
    """
    Within five minutes the tap can be undone: the follow-up waits again, the complaint's number is void.
    """
    followed(desk)
    desk.say("程小满", f"记录回访 {HF}", "满意", "换一种包装", "跳过", "转投诉", "包装标识", "撤回")

    assert (desk.step(HF), desk.step("TS-2026-0083")) == ("due", "void")


def test_a_requirement_or_a_suggestion_goes_to_the_dispatch_office(desk: Desk) -> None:
    """
    It is a task there, called so, with the customer; where nothing was written down it is asked for first.
    """
    followed(desk)
    asked = desk.say("程小满", f"记录回访 {HF}", "很满意", "跳过", "跳过", "转建议")
    done = desk.say("程小满", "包装箱印二维码")
    task = re.findall(r"RW-2026-[0-9]{4}", done)[0]

    assert "写明顾客说了什么" in asked
    assert desk.look(task, lambda _uow, case: (case.kind, case.department)) == ("suggestion", "DD")
    assert f"顾客建议({HF}):包装箱印二维码" in desk.say("邱铁成", task)


def test_nothing_more_asks_nothing_more(desk: Desk) -> None:
    """
    A satisfied customer without a wish takes four taps.
    """
    followed(desk)
    desk.say("程小满", f"记录回访 {HF}", "很满意", "跳过", "跳过", "无需其他处理")
    assert f"{CASE} 回访:很满意" in desk.say("程小满", HF)

    assert desk.step(HF) == "made"
    assert desk.linked(HF) == [CASE]


def test_late_it_reaches_the_head_of_sales_and_nobody_above(desk: Desk) -> None:
    """
    A reminder half-way, the head of sales when it is late; management is left alone.
    """
    closed(desk)
    desk.until(at(12, 21, 9))
    desk.until(at(1, 20, 9).replace(year=2027))

    assert desk.heard("程小满", HF)
    assert desk.heard("顾晓岚", HF)
    assert not desk.heard("陆明舟", HF)
    assert not desk.heard("贺振山", HF)
    assert desk.time("KHF", HF).breached


def test_by_hand_it_is_not_asked_for_again(desk: Desk) -> None:
    """
    Whoever calls earlier begins it by a word; the clock then asks for none. Only sales begins one.
    """
    closed(desk)
    denied = desk.say("梁可欣", "回访")
    desk.say("程小满", "回访", "驰安", "82", "开始")
    desk.until(LATER)

    assert "需销售填写" in denied
    assert desk.linked(HF) == [CASE]
    assert "没有您可查看" in desk.say("程小满", "HF-2026-0002")


def test_what_was_not_settled_is_not_followed(desk: Desk) -> None:
    """
    A complaint that was withdrawn, and one that was opened again, call for no follow-up.
    """
    closed(desk)
    desk.say("沈知衡", f"重新打开 {CASE}", "又发生了")
    desk.report(description="第二件,先报后撤回")
    desk.say("程小满", "撤回")
    desk.until(LATER)

    assert desk.step("TS-2026-0083") == "void"
    assert "没有您可查看" in desk.say("程小满", HF)


def test_staff_are_recognised_for_what_they_did(desk: Desk) -> None:
    """
    Who and what for stands in the details, and the question says that it has nothing to do with the grade.
    """
    followed(desk)
    asked = desk.say("程小满", f"表扬 {HF}")
    desk.say("程小满", "梁可欣", "当天给出原因")

    assert "与顾客评价高低无关" in asked
    assert "表扬(程小满):当天给出原因" in desk.say("程小满", HF)
    assert desk.last(HF).answers["recognised"] == "梁可欣"
