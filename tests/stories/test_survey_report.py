"""A closed survey: counted to the digit, reported in sections, approved, sent to all, read, archived, acted upon."""

import json
import re
from functools import partial

import pytest

from bot.demo.stage import NAME, ZONE
from bot.editions import survey_drawer
from handlers.company import Company
from handlers.surveys.documents import KINDS, document
from handlers.turn import Turn
from reports.documents.filed import filed_of
from storage.cases import Case
from storage.indicators import OURS, THEIRS, Indicator
from storage.unit_of_work import UnitOfWork
from tests.support.answering import STAFF_SURVEY, SURVEY, sent, sent_to_staff
from tests.support.desk import Desk, at
from tests.support.surveyed import Pencil, answered, count, threshold, told, voted
from tests.support.surveys import asked, given, scored

REP, LEAD, TECH, QUALITY = "程小满", "顾晓岚", "韩立群", "沈知衡"
ENGINEER, REPRESENTATIVE = "石松涛", "江若川"
OFFICE, GM = "尹秋萍", "贺振山"
READERS = (LEAD, TECH, QUALITY, "邱铁成", "白素云", "陆明舟")
"""With 方大勇 they lead or deputise in every department."""
CHANNELS = ("channel:XS", "channel:PB", "channel:JS", "channel:SC", "channel:CG", "channel:ZJ")
RECTIFICATION = "JZ-2026-0033"
PICTURES = 2

# 0.4 quality, 0.2 delivery, 0.2 service, 0.2 price: (100 + 72.5 + 52) / 3 = 74.8333…
# second: (0.4 × 80 + 0.2 × 50 + 0.2 × 80) / 0.8 = 58 / 0.8 = 72.5; third: 20 + 0 + 16 + 16 = 52
FIRST = {"quality": 100, "delivery": 100, "service": 100, "price": 100, "packaging": 80, "competitiveness": 80}
SECOND = {"quality": 80, "delivery": 50, "service": 80, "price": None}
THIRD = {"quality": 50, "delivery": 0, "service": 80, "price": 80}
# by items: 0.4 × 76.6667 + 0.2 × 50 + 0.2 × 86.6667 + 0.2 × 90 = 76.0


@pytest.fixture
def pencil(desk: Desk) -> Pencil:
    """A desk that draws in no time."""
    pencil = Pencil()
    desk.draw_survey = pencil.draw
    return pencil


def closed(desk: Desk) -> None:
    """Customers were asked, three answered, and its day is over."""
    sent(desk)
    desk.do(lambda uow: uow.rules.append(threshold(uow)))
    answered(desk, SURVEY, FIRST, SECOND)
    answered(desk, SURVEY, THIRD, mode="phone")
    desk.do(measured)
    count(desk, at(12, 15, 9))


def measured(uow: UnitOfWork) -> None:
    """One customer's numbers of one month, ours and its own."""
    ours = Indicator(customer="K01", month="2026-08", source=OURS, delivered=10_000, defective=5, orders=8, on_time=6,
                     entered_at=uow.now)  # fmt: skip
    theirs = Indicator(customer="K01", month="2026-08", source=THEIRS, ppm=620, on_time_rate=7250, entered_at=uow.now)
    uow.indicators.keep(ours)
    uow.indicators.keep(theirs)


def submitted(desk: Desk) -> str:
    """The report is submitted with a conclusion and the competitor's score; the last answer."""
    return desk.say(REP, f"提交报告 {SURVEY}", "交货期不满意,集中在月末", "78")


def distributed(desk: Desk) -> None:
    """Submitted, approved, countersigned, sent out."""
    submitted(desk)
    desk.decide(LEAD, "approve_report", SURVEY)
    desk.decide(TECH, "countersign", SURVEY)
    desk.decide(QUALITY, "countersign", SURVEY)
    count(desk)


def test_it_is_counted_as_by_hand(desk: Desk, pencil: Pencil) -> None:
    """
    Closed by its day, counted by the clock: rate, modes, score by both ways, lowest, missing, first of its kind;
    indicators beside it, ours and the customer's; an item too low becomes a task of its department.
    """
    closed(desk)
    overview, satisfied = told(desk, SURVEY, "section_a"), told(desk, SURVEY, "section_b").splitlines()

    assert desk.step(SURVEY) == "analysed"
    assert desk.answers(SURVEY)["score"] == {"$decimal": "74.8"}
    assert "回收率 3/8(38%)" in overview
    assert "答卷方式:链接 2、电话 1" in overview
    assert "HLLG-QR721-03 第 1 版" in overview
    assert satisfied[0] == "总分:74.8 · 按项目加权 76.0"
    assert satisfied[1] == "目标 85:未达成"
    assert satisfied[2] == "最低:交货期:低于60 · 50.0 · 3 份"
    # thirteen answers: 100 four times, 80 six times, 50 twice, 0 once
    assert "等级占比:很满意 4/13(31%)、满意 6/13(46%)、较不满意 2/13(15%)、不满意 1/13(8%)" in satisfied
    assert "产品质量:很满意 1、满意 1、较不满意 1、不满意 0" in satisfied
    assert "未评项目(不按 0 分计):包装 2、价格 1、竞争力 2" in satisfied
    assert satisfied[-1] == "您的建议(拓岭):phone: <b>{n}</b>"
    assert told(desk, SURVEY, "section_c") == "首次调查,无可比数据。"
    assert len(pencil.asked) == 1

    # 5 of 10,000 pieces are 500 PPM; what nobody gave is named with who owes it
    lines = told(desk, SURVEY, "indicators").splitlines()
    assert lines[0] == "统计月份 2026-07 至 2026-12"
    assert lines[1].startswith("PPM:500;未提供:")
    assert lines[2].startswith("准时交付:6/8(75%);未提供:")
    assert "责任人:罗一帆" in lines[1]
    assert lines[3] == "顾客退货:未提供(责任人:程小满、罗一帆)"
    assert lines[-4:-2] == ["投诉:0 件,其中重大 0 件", "质量回访:0 次"]
    assert lines[-2:] == ["凌岳 自报PPM:620,我方:500", "凌岳 自报准时交付:72.50%,我方:6/8(75%)"]

    [told_lead] = desk.heard(LEAD, "已统计,总体")
    assert "首次调查,无可比数据。" in told_lead.text
    assert len([each for each in desk.heard(REP) if each.picture]) == PICTURES
    assert f"整改 {RECTIFICATION}:提升“交货期”:平均 50.0 分(总调度室)" in told_lead.text
    assert desk.look(RECTIFICATION, lambda _, case: (case.department, case.answers["source"])) == ("DD", "survey")
    assert desk.answers(SURVEY)["below"] == [["交货期", "50.0", "DD"]]


def test_no_section_is_empty_and_none_is_changed_after_its_approval(desk: Desk, pencil: Pencil) -> None:
    """
    A report without its trend is not submitted. Approved, half countersigned, then edited: everybody is asked again.
    """
    closed(desk)

    def emptied(uow: UnitOfWork) -> None:
        case = uow.cases.find(SURVEY)
        assert case is not None
        case.answers = {**case.answers, "section_c": ""}

    desk.do(emptied)
    assert "c) 变化趋势" in desk.say(REP, f"提交报告 {SURVEY}")
    desk.say(REP, f"修改报告 {SURVEY}", "c) 变化趋势", "首次调查", "补上趋势")
    submitted(desk)
    desk.decide(LEAD, "approve_report", SURVEY)
    desk.decide(TECH, "countersign", SURVEY)
    desk.say(REP, f"修改报告 {SURVEY}", "c) 变化趋势", "与去年口头反馈相比,交货期变差", "补充趋势")

    assert desk.step(SURVEY) == "report_approval"
    assert told(desk, SURVEY, "section_c") == "与去年口头反馈相比,交货期变差"
    desk.decide(LEAD, "approve_report", SURVEY)
    desk.decide(TECH, "countersign", SURVEY)
    assert desk.step(SURVEY) == "countersigning"


def test_every_department_gets_it_reads_it_and_it_is_archived(desk: Desk, pencil: Pencil) -> None:
    """
    Text and pictures in every channel with 已阅, drawn anew with the competitor; who lacks is named, then archived.
    """
    closed(desk)
    distributed(desk)
    heard = [desk.heard(channel, "【报告】") for channel in CHANNELS]
    pictures = [[each for each in desk.heard(channel) if each.picture] for channel in CHANNELS]
    desk.tap("方大勇", "read_report", SURVEY)
    shown = desk.say("方大勇", SURVEY)
    count(desk, at(12, 23, 9))
    [reminder] = desk.heard(LEAD, "报告尚未阅读")
    for reader in READERS:
        desk.tap(reader, "read_report", SURVEY)
    count(desk)

    assert all(len(texts) == 1 for texts in heard)
    assert "结论:交货期不满意,集中在月末" in heard[0][0].text
    assert "竞争对手:78.0" in heard[0][0].text
    assert f"整改 {RECTIFICATION}" in heard[0][0].text
    assert "[已阅]" in heard[0][0].text
    assert all(len(drawn) == PICTURES for drawn in pictures)
    assert "最低:交货期 50.0" in pictures[0][0].text
    assert [str(each.campaign.competitor) for each in pencil.asked] == ["None", "78"]
    assert "已阅:方大勇" in shown
    assert "品保部" in reminder.text
    assert "生产部" not in reminder.text
    assert desk.step(SURVEY) == "archived"
    assert "【报告】" not in desk.say("方大勇", SURVEY)
    assert "已归档" in desk.say("方大勇", SURVEY)
    filed_and_written(desk)


def last_button(uow: UnitOfWork, case: Case) -> str:
    """The button of the newest card on which several measures stand."""
    payloads = [json.dumps(row.payload) for row in uow.outbox.of_case(case.id)]
    return str(re.findall(r"approve_all:[0-9a-f]{64}", " ".join(payloads))[-1])


def document_of(desk: Desk, kind: str, uow: UnitOfWork, case: Case) -> bytes:
    """The report as it is written out."""
    return document(Turn(uow, desk.company), case, kind)


def filed_and_written(desk: Desk) -> None:
    """HLLG-QR721-04 is filed with its hash; page, workbook and PDF have sections, approvals, formula and pictures."""
    [filed] = desk.look(SURVEY, lambda uow, case: filed_of(uow.session, case.id))
    page = desk.do(lambda uow: uow.files.read(filed.sha256)).decode()
    written = {kind: desk.look(SURVEY, partial(document_of, desk, kind)) for kind in KINDS}

    assert filed.form == "HLLG-QR721-04"
    for part in ("a) 调查情况概述", "74.8", "首次调查,无可比数据", "PPM:500", "审批报告", "会签报告", "竞争对手",
                 "产品质量 0.4", "很满意 100", "HLLG-QR721-03 第 1 版", "交货期不满意,集中在月末"):  # fmt: skip
        assert part in page
    assert page.count("data:image/png") == PICTURES
    assert "示例" not in page.partition('<pre id="content"')[0]
    assert written["html"].decode() == page
    assert written["pdf"].startswith(b"%PDF")
    assert written["xlsx"].startswith(b"PK")


def test_the_next_survey_is_compared_with_this_one(desk: Desk, pencil: Pencil) -> None:
    """
    The second survey tells by how much it changed, as a whole and by item, from the figures counted anew.
    """
    closed(desk)
    second = "DC-2026-0002"
    desk.say(REP, "发问卷", "顾客满意度", "所有顾客", "提交")
    desk.decide(LEAD, "approve_plan", second)
    desk.say(REP, f"发送问卷 {second}")
    answered(desk, second, {"quality": 80, "delivery": 80, "service": 80, "price": 80})
    count(desk, at(12, 15, 9).replace(year=2027, month=1, day=20))
    trend = told(desk, second, "section_c").splitlines()

    # 80 − 74.8; 交货期 80 − 50, 产品质量 80 − 76.7; 服务 80 − 86.7, 价格 80 − 90
    assert trend[0] == "2026-H2:74.8"
    assert trend[1].endswith(":80.0(+5.2)")
    assert trend[2] == "比上次下降:服务 −6.7、价格 −10.0"
    assert trend[3] == "比上次上升:产品质量 +3.3、交货期 +30.0"


def test_what_customers_asked_for_is_agreed_with_them(desk: Desk, pencil: Pencil) -> None:
    """
    顾客代表 approves the plan, sales verifies, the service engineer reaches agreement; only then it is consolidated.
    """
    closed(desk)
    desk.say("邱铁成", f"提计划 {RECTIFICATION}", "月末加开一班", "12-28", "跳过")
    desk.sign(REPRESENTATIVE, "approve", RECTIFICATION)
    desk.say("邱铁成", f"完成 {RECTIFICATION}", "排班表已改", "跳过")
    desk.sign(LEAD, "verify_ok", RECTIFICATION, "两个月准时率 97%", "跳过")
    refused = desk.say("邱铁成", f"巩固 {RECTIFICATION}")
    task = next(number for number in desk.linked(RECTIFICATION) if number.startswith("RW"))
    desk.say(ENGINEER, f"达成一致 {RECTIFICATION}", "凌岳 唐工", "同意,下季度再看")
    desk.say("邱铁成", f"巩固 {RECTIFICATION}", "排产规则 A/2", "其他客户同样执行")

    assert "服务工程师" in refused
    assert desk.step(task) == "closed"
    assert desk.step(RECTIFICATION) == "closed"


def test_employees_items_strictly_below_sixty_wait_for_the_general_manager(desk: Desk, pencil: Pencil) -> None:
    """
    59.99 is rectified, 60.00 is not; one notice to the general manager, whose approval the report waits for.
    """
    sent_to_staff(desk)
    ballot = {"safety": 5999, "tools": 6000, "wages": 8000}
    voted(desk, STAFF_SURVEY, *[ballot] * 13, participants=13)
    count(desk, at(12, 15, 9))
    [to_gm] = desk.heard(GM, "低于整改线")

    assert desk.answers(STAFF_SURVEY)["below"] == [["作业环境与安全", "59.99", "BG"]]
    assert f"整改 {RECTIFICATION}:提升“作业环境与安全”:平均 59.99 分(公司办公室)" in to_gm.text
    assert "各部门回收率" in told(desk, STAFF_SURVEY, "section_a")

    desk.say(OFFICE, f"提交报告 {STAFF_SURVEY}", "作业环境需要改善")
    desk.decide(GM, "approve_report", STAFF_SURVEY)
    count(desk)
    refused = desk.tap(GM, "archive_report", STAFF_SURVEY)
    desk.say(OFFICE, f"提计划 {RECTIFICATION}", "更换照明与地坪", "12-28", "跳过")
    desk.sign(GM, "approve", RECTIFICATION)
    desk.tap(GM, "archive_report", STAFF_SURVEY)

    assert RECTIFICATION in refused
    assert desk.step(RECTIFICATION) == "executing"
    assert desk.step(STAFF_SURVEY) == "archived"


def test_the_general_manager_approves_all_measures_on_one_card(desk: Desk, pencil: Pencil) -> None:
    """
    Two items too low: the second plan makes it one card with both; one tap approves what was shown, and no more.
    """
    other = "JZ-2026-0034"
    sent_to_staff(desk)
    voted(desk, STAFF_SURVEY, *[{"safety": 5000, "wages": 0, "tools": 8000}] * 13, participants=13)
    count(desk, at(12, 15, 9))
    desk.say(OFFICE, f"提计划 {RECTIFICATION}", "提高一线补贴", "12-28", "跳过")
    desk.say(OFFICE, f"提计划 {other}", "更换照明与地坪", "12-29", "跳过")
    desk.deliver()
    [card] = desk.heard(GM, "项整改措施")
    button = desk.look(other, last_button)
    stale = desk.tap(GM, "approve_all:0", STAFF_SURVEY)
    waited = [desk.step(number) for number in (RECTIFICATION, other)]
    desk.tap(GM, button, STAFF_SURVEY)

    assert "提高一线补贴" in card.text
    assert "更换照明与地坪" in card.text
    assert "[全部同意]" in card.text
    assert "最新的卡片" in stale
    assert waited == ["approval", "approval"]
    assert [desk.step(number) for number in (RECTIFICATION, other)] == ["executing", "executing"]
    assert desk.done(RECTIFICATION)[-1] == "approve"
    assert "没有" in desk.tap(GM, button, STAFF_SURVEY)


def test_of_fewer_than_five_ballots_nothing_is_told(desk: Desk, pencil: Pencil) -> None:
    """
    Four ballots: no score, no item, no picture, no rectification, and the report says why.
    """
    sent_to_staff(desk)
    voted(desk, STAFF_SURVEY, *[{"safety": 0}] * 4, participants=4)
    count(desk, at(12, 15, 9))
    desk.say(OFFICE, f"登记未达标 {STAFF_SURVEY}", "多数人在外地调试", "下次延长两周")
    count(desk)

    assert desk.step(STAFF_SURVEY) == "analysed"
    assert told(desk, STAFF_SURVEY, "section_b").startswith("仅收到 4 份答卷。少于 5 份时不显示任何结果")
    assert "score" not in desk.answers(STAFF_SURVEY)
    assert desk.answers(STAFF_SURVEY)["below"] == []
    assert pencil.asked == []
    assert "多数人在外地调试" in told(desk, STAFF_SURVEY, "section_a")


def test_a_survey_is_drawn_in_a_process_of_its_own() -> None:
    """
    Every picture of a survey as PNG, each with its words; the first says what was found.
    """
    figures = scored(asked({"a": "0.4", "b": "0.6"}), given({"a": 50, "b": 100}, {"a": 0, "b": 80}))
    drawing = survey_drawer(Company(NAME, ZONE))(figures)

    assert all(picture.startswith(b"\x89PNG") for picture in drawing.pictures)
    assert len(drawing.alts) == len(drawing.pictures)
    # 0.4 × 50 + 0.6 × 100 = 80 and 0.6 × 80 = 48: 64 on the average
    assert drawing.alts[0].startswith("总分 64.0")
