"""Reporting a complaint (domain A2): every question, what it refuses, and what is filed in the end."""

import pytest

from tests.support.desk import CASE, Desk, at

TO_CATEGORY = ("报投诉", "驰安", "球头总成")
TO_IMPACT = (*TO_CATEGORY, "交付")
TO_PHOTOS = (*TO_IMPACT, "仅通知")
TO_DESCRIPTION = (*TO_PHOTOS, "跳过")
TO_QUANTITY = (*TO_DESCRIPTION, "少送两箱,门店断货")
TO_RECEIVED = (*TO_QUANTITY, "11–100只")
TO_CONFIRM = (*TO_RECEIVED, "刚刚")


@pytest.mark.parametrize(
    ("before", "bad", "sentence", "still"),
    [
        (("报投诉",), "没有这家", "没有找到“没有这家”", "其他(搜索)"),
        (("报投诉",), "%", "没有找到“%”", "其他(搜索)"),
        (("报投诉",), "司", "“司”有多个可能", "凌岳"),
        (("报投诉",), "", "请回答“顾客”", "凌岳"),
        (("报投诉",), "其他(搜索)", "名称中的几个字", "凌岳"),
        (TO_CATEGORY, "发货问题吧", "请选择“问题类别”", "交付"),
        (TO_IMPACT, "很严重", "请选择“客户影响”", "已停线"),
        (TO_IMPACT, "停线", "请选择“客户影响”", "已停线"),
        (TO_PHOTOS, "没拍到", "请发照片或文件", "跳过"),
        (TO_DESCRIPTION, "坏了", "至少 4 个字", "上一步"),
        (TO_DESCRIPTION, "坏" * 5000, "最多 1000 个字", "上一步"),
        (TO_DESCRIPTION, "跳过", "请填写“问题说明”", "上一步"),
        (TO_DESCRIPTION, "\u202e\u200f\ud800\x00", "请回答“问题说明”", "上一步"),
        (TO_QUANTITY, "很多", "整数", "跳过"),
        (TO_QUANTITY, "-3", "整数", "跳过"),
        (TO_QUANTITY, "12.5", "整数", "跳过"),
        (TO_QUANTITY, "填准确数", "例如 120", "跳过"),
        (TO_RECEIVED, "11-31 10:00", "日期和时间", "刚刚"),
        (TO_RECEIVED, "今天23:00", "不能晚于现在", "刚刚"),
        (TO_RECEIVED, "2025-01-01 08:00", "一年", "刚刚"),
        (TO_CONFIRM, "随便", "请选择“处理方式”", "销售自行处理"),
    ],
)
def test_a_bad_answer_is_explained_and_asked_again(
    desk: Desk, before: tuple[str, ...], bad: str, sentence: str, still: str
) -> None:
    """
    Nothing that cannot be taken moves the form on; the person reads why, and what can be tapped instead.
    """
    asked = desk.say("程小满", *before)
    answer = desk.say("程小满", bad)

    assert sentence in answer
    assert still in answer
    assert desk.say("程小满", "继续").splitlines()[:2] == asked.splitlines()[:2]


def test_answers_are_read_as_people_type_them(desk: Desk) -> None:
    """
    Full-width digits, marks that turn the reading direction and the beginning of an option are understood.
    """
    last = desk.report(quantity="１２０只", description="少送两箱\u202e,门店断货\u200f", impact="仅通")

    assert CASE in last
    answers = desk.answers()
    assert (answers["quantity"], answers["description"]) == (120, "少送两箱,门店断货")
    assert answers["impact"] == "notice"


def test_back_asks_the_question_before_again(desk: Desk) -> None:
    """
    上一步 clears the newest answer, also when that was a skipped one.
    """
    photos = desk.say("程小满", *TO_PHOTOS)
    desk.say("程小满", "跳过")

    assert desk.say("程小满", "上一步") == photos
    assert "客户那边影响到什么程度" in desk.say("程小满", "上一步")


def test_cancel_drops_the_form(desk: Desk) -> None:
    """
    取消 leaves nothing behind: no case, no number, no draft.
    """
    last = desk.say("程小满", *TO_CONFIRM, "取消")

    assert "报投诉" in last
    assert desk.say("程小满", "草稿") == "您没有草稿。"
    assert desk.do(lambda uow: uow.cases.find(CASE)) is None
    assert CASE in desk.report()


def test_the_confirm_card_shows_everything_and_each_answer_can_be_corrected(desk: Desk) -> None:
    """
    修改 and a question's name, with a space or without, asks that one again; also what was filled in already.
    """
    card = desk.say("程小满", *TO_CONFIRM)
    corrected = desk.say(
        "程小满", "修改 反馈人", "王师傅", "修改反馈渠道", "现场", "修改：顾客诉求", "补货,赔偿", "修改 涉及数量", "36",
        "修改 批次/生产日期", "B1120",
    )  # fmt: skip
    desk.say("程小满", "提交")

    assert "反馈人:汪店长" in card
    assert "处理时限:11月22日(周日)16:05(48 小时)" in card
    for line in ("反馈人:王师傅", "反馈渠道:现场", "顾客诉求:补货、赔偿", "涉及数量:36", "批次/生产日期:B1120"):
        assert line in corrected
    answers = desk.answers()
    assert (answers["contact"], answers["channel"], answers["lot"]) == ("王师傅", "visit", "B1120")


def test_a_reason_is_asked_only_against_the_suggestion(desk: Desk) -> None:
    """
    Sales keeping a quality problem says why; following the suggestion asks nothing.
    """
    question = desk.transmit(handling="销售自行处理")
    last = desk.say("程小满", "客户已认可")

    assert "为什么不转品保" in question
    assert CASE in last
    assert desk.answers()["handling_reason"] == "accepted"


def test_quality_reads_why_it_gets_what_looks_like_a_matter_for_sales(desk: Desk) -> None:
    """
    Handing over against the suggestion asks for one line.
    """
    question = desk.report(handling="提交并转品保")
    last = desk.say("程小满", "箱内混有异物")

    assert "为什么要转品保部" in question
    assert CASE in last
    assert desk.answers()["transmit_reason"] == "箱内混有异物"


def test_solved_on_the_spot_is_recorded_whole(desk: Desk) -> None:
    """
    当场已解决 asks measure and contact at once; the 48 hours are met, and quality answers the cause.
    """
    desk.report(handling="当场已解决")
    last = desk.say("程小满", "当面补货并致歉", "汪店长")

    assert CASE in last
    assert desk.step() == "analysing"
    assert desk.time("K1").state == "met"
    assert not desk.times("KIMPL")
    assert desk.time("K4").state == "running"


def test_solved_on_the_spot_is_offered_only_where_nothing_can_be_behind_it(desk: Desk) -> None:
    """
    A quality problem is never closed in the car park.
    """
    desk.say("程小满", "报投诉", "驰安", "球头总成", "产品质量", "仅通知", "跳过", "球头松旷,异响", "1只")
    card = desk.say("程小满", "刚刚")

    assert "当场已解决" not in card
    assert "系统建议:提交并转品保" in card


def test_a_new_customer_can_be_reported(desk: Desk) -> None:
    """
    A customer that is not in the master yet gets a code of its own and can be found from then on.
    """
    last = desk.say(
        "程小满", "报投诉", "新客户", "青岚机械有限公司", "球头总成", "服务", "仅通知", "跳过", "送货单填写有误",
        "暂不清楚", "刚刚", "销售自行处理",
    )  # fmt: skip
    code = str(desk.answers()["customer"])

    assert CASE in last
    assert desk.do(lambda uow: [c.name for c in uow.customers.search("青岚")]) == ["青岚机械有限公司"]
    assert desk.do(lambda uow: uow.customers.get(code)) is not None


def test_photos_before_during_and_after(desk: Desk) -> None:
    """
    Photos sent before the form, while it is open, and to the case afterwards all belong to it.
    """
    offered = desk.photos("程小满", 2)
    desk.say("程小满", *TO_PHOTOS)
    during = desk.photos("程小满", 3)
    desk.say("程小满", "好了", "少送两箱,门店断货", "1只", "刚刚", "销售自行处理")
    desk.say("程小满", "补照片 82")
    desk.photos("程小满", 1)
    desk.say("程小满", "好了")

    assert "收到 2 张照片,要怎么处理?" in offered
    assert "已收到 5 张照片" in during
    assert desk.look(CASE, lambda uow, case: len(uow.files.of_case(case.id))) == 6


def test_a_part_of_an_option_is_enough_where_it_is_the_only_one(desk: Desk) -> None:
    """
    质量 is 产品质量; one character is asked about.
    """
    asked = desk.say("程小满", *TO_CATEGORY, "质量")
    short = desk.say("程小满", "换")

    assert "客户那边影响到什么程度" in asked
    assert "请选择“客户影响”" in short


def test_the_customers_own_wish_shortens_the_promise_and_nothing_else(desk: Desk) -> None:
    """
    客户要求回复 decides what the receipt promises when it is earlier; the 48 hours stay.
    """
    desk.say("程小满", *TO_CONFIRM, "修改 客户要求回复", "24小时", "提交")

    desk.tick()
    receipt = desk.heard("程小满", "回执")
    assert "明天16:05 前给您答复" in receipt[0].text
    assert desk.time("K1").due == at(11, 22, 16, 5)


def test_a_wish_later_than_our_limit_changes_nothing(desk: Desk) -> None:
    """
    A customer who leaves more time is still answered within 48 hours.
    """
    last = desk.say("程小满", *TO_CONFIRM, "修改 客户要求回复", "11-25 12:00", "提交")

    assert "11月22日(周日)16:05 前给您答复" in last


def test_a_customers_requirement_sets_the_time_limit(desk: Desk) -> None:
    """
    凌岳 is answered within 24 hours: the card, the number and 为什么 name its requirement (TY-2026-0001).
    """
    last = desk.transmit(customer="凌岳", impact="有停线风险")

    assert "时限 24 小时,依据 TY-2026-0001,明天16:05 到期" in last
    assert desk.time("K1").due == at(11, 21, 16, 5)
    assert "TY-2026-0001" in desk.say("程小满", "为什么 82")


def test_a_span_counts_from_its_earliest_instant(desk: Desk) -> None:
    """
    今天上午 counts from the start of work, and the 48 hours begin there.
    """
    desk.report(received_at="今天上午")

    assert desk.time("K1").due == at(11, 22, 8)


def test_spans_that_lie_ahead_are_not_offered(desk: Desk) -> None:
    """
    At nine in the morning nobody can have received it 今天下午.
    """
    desk.clock.set(at(11, 23, 9))
    asked = desk.say("程小满", *TO_RECEIVED)

    assert "今天上午" in asked
    assert "今天下午" not in asked


def test_a_complaint_received_long_ago_is_overdue_at_once(desk: Desk) -> None:
    """
    The clock starts at the receipt, not at the report: what comes late is escalated at once, and once.
    """
    desk.report(received_at="11-17 09:00")
    desk.tick()
    desk.tick()

    assert desk.time("K1").due == at(11, 19, 9)
    levels = [heard for heard in desk.heard("顾晓岚") if "超期升级" in heard.text]
    assert len(levels) == 1
