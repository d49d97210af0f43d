"""The report of a corrective action: filed when it is closed, as a page and as a workbook, in both languages."""

import random
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from handlers import reports_8d
from handlers.filing import NoFormError
from handlers.turn import Turn
from reports.documents.filed import filed_of
from tests.support.actions import ACTION, ENGINEER, PRODUCTION, approve, d5, disciplines, effective, eight_d
from tests.support.desk import CASE, Desk
from tests.support.pictures import noise

HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>{{ 7*7 }}\x0b\ufffe]]>'
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def closed(desk: Desk) -> None:
    """An 8D with photos, from the complaint to its closing."""
    desk.console("程小满").receive_photos([noise(random.Random(shade)) for shade in (1, 2)])
    eight_d(desk)
    disciplines(desk)
    d5(desk, HOSTILE)
    approve(desk)
    desk.say(PRODUCTION, f"D6 {ACTION}", "硬质合金销已装三台夹具")
    desk.console(PRODUCTION).receive_photos([noise(random.Random(3))])
    desk.say(PRODUCTION, "好了")
    effective(desk)
    desk.say(ENGINEER, f"D7 {ACTION}", "PFMEA 已更新", "转向节同样改", "夹具加到位传感器", "跳过")
    desk.say(ENGINEER, f"D8 {ACTION}", "磨损件须有寿命管理")


def written(desk: Desk, number: str = ACTION, *, table: bool, language: str | None = None) -> bytes:
    """The report as it is written out."""

    def write(turn: Turn) -> bytes:
        case = turn.uow.cases.find(number)
        assert case is not None
        return reports_8d.report(turn, case, table=table, language=language)

    return desk.do(lambda uow: write(Turn(uow, desk.company)))


def cells(book: bytes) -> list[str]:
    """Every text of a workbook; a formula would fail here."""
    with zipfile.ZipFile(BytesIO(book)) as file:
        shared = ET.fromstring(file.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        page = ET.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own
        names = file.namelist()
    assert not list(page.iter(f"{CELL}f"))
    assert not any("hyperlink" in name for name in names)
    assert {cell.get("t", "s") for cell in page.iter(f"{CELL}c") if cell.find(f"{CELL}v") is not None} == {"s"}
    return ["".join(part.text or "" for part in item.iter(f"{CELL}t")) for item in shared]


def test_closing_files_the_report(desk: Desk) -> None:
    """
    D8 files the report as a page, hashed, as an attachment of the action.
    """
    closed(desk)

    filed = desk.look(ACTION, lambda uow, case: filed_of(uow.session, case.id))
    assert [(one.form, one.issue) for one in filed] == [("HLLG-GS-B-20-01", 1)]
    page = desk.do(lambda uow: uow.files.read(filed[0].sha256)).decode()
    assert "第 1 次归档" in page


def test_the_page_has_all_eight_parts_and_the_photos(desk: Desk) -> None:
    """
    Every discipline with its due time, who and when; photos stand in the page itself, and nothing is loaded.
    """
    closed(desk)
    page = written(desk, table=False, language="zh").decode()

    for part in (
        "D1 小组",
        "D2 问题描述",
        "D3 临时措施",
        "D4 根本原因",
        "D5 永久措施",
        "D6 实施",
        "D7 预防再发",
        "D8 总结关闭",
    ):
        assert part in page, part
    for text in (
        "重大质量问题",
        "TY-2026-0001",
        "客户处 120/5",
        "换新销后 50 件全合格",
        "防错",
        "转向节同样改",
        CASE,
        "凌岳",
    ):
        assert text in page, text
    assert page.count('<img src="data:image/jpeg;base64,') == 3
    assert "期限 2026-11-21 16:05" in page


def test_what_people_wrote_stays_text(desk: Desk) -> None:
    """
    Markup, templates and formulas are shown as they were typed, in the page and in the workbook.
    """
    closed(desk)
    page = written(desk, table=False).decode()
    texts = cells(written(desk, table=True))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page
    assert any('=HYPERLINK("http://x")<script>alert(1)</script>{{ 7*7 }}' in text for text in texts)


def test_the_workbook_says_the_same_in_the_companys_layout(desk: Desk) -> None:
    """
    Form number and edition on top, the parts in their order, the three photos inside; the same twice.
    """
    closed(desk)
    book = written(desk, table=True, language="zh")
    texts = cells(book)

    assert texts[0] == "纠正/预防措施报告 Corrective action report"
    assert any("HLLG-GS-B-20-01 · 版次 A/0" in text for text in texts)
    order = [texts.index(part) for part in ("D1 小组", "D3 临时措施", "D5 永久措施", "D8 总结关闭")]
    assert order == sorted(order)
    with zipfile.ZipFile(BytesIO(book)) as file:
        assert len([name for name in file.namelist() if name.startswith("xl/media/")]) == 3
    assert book == written(desk, table=True, language="zh")


def test_the_report_speaks_the_customers_language(desk: Desk) -> None:
    """
    Arvenholm's requirement is an 8D in English; for 凌岳 it is Chinese, and either can be asked for.
    """
    desk.transmit("罗一帆", customer="Arvenholm", product="转向节", impact="换货")
    desk.accept()
    desk.say(ENGINEER, f"开纠正措施 {CASE}", "生产部", "防止孔位偏移再发", "12-18")
    english, chinese = written(desk, table=False).decode(), written(desk, table=False, language="zh").decode()

    assert 'lang="en"' in english
    assert "customer&#39;s special requirement" in english
    assert "顾客特殊要求" in chinese
    assert any("Plan and approval" in text or "D1 team" in text for text in cells(written(desk, table=True)))


def test_a_simple_action_has_three_parts(desk: Desk) -> None:
    """
    Plan, proof and consolidation; what is not recorded yet is a dash, and the page says that it is open.
    """
    desk.transmit()
    desk.accept()
    desk.say(ENGINEER, f"登记原因 {CASE}", "定位销磨损", "跳过", "生产部", "需要", "更换定位销", "11-27")
    page = written(desk, table=False).decode()

    for part in ("计划与审批", "实施与验证", "巩固", "未归档"):
        assert part in page, part
    assert "D1 小组" not in page


def test_a_complaint_has_no_such_report(desk: Desk) -> None:
    """
    Asked for another kind of case, it says so.
    """
    desk.transmit()
    with pytest.raises(NoFormError, match=CASE):
        written(desk, CASE, table=True)
