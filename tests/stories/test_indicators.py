"""Indicators of a month: by a form, from a spreadsheet, beside the customer's own, and asked for when missing."""

import re
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select

from handlers.imports.complaints_file import SheetError
from handlers.imports.indicators import Outcome, Terms, import_indicators
from storage.audit_rows import AuditRow
from storage.indicators import Indicator
from tests.support.desk import Desk, at

FIGURES = ("20000", "6", "40", "38", "12", "860.50", "否")
HEADER = "客户,月份,来源,交付数量,不良数量,订单数,准时数,退货数量,额外运费,是否流失,PPM,准时交付率\n"
ROWS = (
    "瀚途,2026-10,我司,20000,6,40,38,12,860.50,否,,\n"
    "Ｋ０２,2026年9月,,１２０００,３,,,,,,,\n"
    "瀚途,2026-10-01,顾客,,,,,,,,300,95.5%\n"
)


def enter(desk: Desk, *figures: str, source: str = "本公司统计") -> str:
    """Somebody enters the month that is over for 瀚途; the last answer."""
    return desk.say("程小满", "登记指标", "瀚途", source, *figures, "登记")


def months(desk: Desk) -> dict[tuple[str, str, str], Indicator]:
    """What is kept, by customer, month and source."""
    rows = desk.do(lambda uow: list(uow.indicators.between("2020-01", "2030-12")))
    return {(row.customer, row.month, row.source): row for row in rows}


def taken(desk: Desk, file: Path, *, dry_run: bool = False) -> Outcome:
    """A spreadsheet is taken in."""
    terms = Terms(say=lambda said: desk.company.words.say(said, "zh", desk.clock()), by="admin", dry_run=dry_run)
    return import_indicators(desk.database, desk.company, file, terms)


def code(desk: Desk, name: str = "瀚途") -> str:
    """The code of a customer."""
    return desk.do(lambda uow: uow.customers.search(name)[0].code)


def test_a_month_is_entered_and_shows_what_it_comes_to(desk: Desk) -> None:
    """
    It shows PPM and the share on time first; entered once more it shows what was there, which then gives way.
    """
    shown = desk.say("程小满", "登记指标", "瀚途", "本公司统计", *FIGURES)
    done = desk.say("程小满", "登记")
    again = desk.say("程小满", "登记指标", "瀚途", "本公司统计", "20000", "8", *["跳过"] * 5)
    desk.say("程小满", "登记")
    same = enter(desk, "20000", "8", *["跳过"] * 5)
    kept = months(desk)[code(desk), "2026-10", "ours"]
    subject = f"indicator:{code(desk)}/2026-10"
    with desk.database.reading() as session:
        trail = [row.data for row in session.scalars(select(AuditRow).where(AuditRow.subject == subject))]

    assert "2026-10" in shown
    assert "PPM:300" in shown
    assert "准时交付:38/40" in shown
    assert "已登记:瀚途 2026-10" in done
    assert "已有数据" in again
    assert "数据相同" in same
    assert "不良数量:6" in again
    assert (kept.delivered, kept.defective, kept.orders, kept.extra_freight) == (20000, 8, None, None)
    assert len(trail) == 2
    assert trail[0]["was"] == {}
    assert "'defective': 6" in str(trail[1]["was"])


def test_what_cannot_be_is_asked_again(desk: Desk) -> None:
    """
    More defective than delivered, a month to come, half a piece: each is explained, and the question stays.
    """
    desk.say("程小满", "登记指标", "瀚途", "本公司统计", "100")
    more = desk.say("程小满", "101")
    half = desk.say("程小满", "一点五")
    month = desk.say("程小满", "修改 月份", "2027-01")

    assert "不能大于 100" in more
    assert "整数" in half
    assert "还没有开始" in month


def test_only_sales_enters_them(desk: Desk) -> None:
    """
    Whoever does not belong to sales is told whose it is, and that they tried is written down.
    """
    assert "需销售填写" in desk.say("梁可欣", "登记指标")
    assert months(desk) == {}


def test_the_customer_s_number_beside_ours(desk: Desk) -> None:
    """
    Where the customer counts more than a fifth otherwise, one task goes to whoever looks after it, and no second one.
    """
    enter(desk, *FIGURES)
    close = enter(desk, "320", "95", source="顾客记分卡")
    far = enter(desk, "900", "95", source="顾客记分卡")
    farther = enter(desk, "1000", "95", source="顾客记分卡")
    task = re.findall(r"RW-2026-[0-9]{4}", far)[0]

    assert "RW" not in close
    assert "顾客统计 900,本公司统计 300" in desk.say("程小满", task)
    assert desk.look(task, lambda _uow, case: (case.owner_id, case.customer)) == (
        desk.person_id("程小满"), code(desk),
    )  # fmt: skip
    assert "RW" not in farther


def test_a_spreadsheet_as_people_save_it(desk: Desk, tmp_path: Path) -> None:
    """
    Chinese headers, full-width digits, three ways of writing a month; a trial changes nothing, nor does a second run.
    """
    file = tmp_path / "指标.csv"
    file.write_text(HEADER + ROWS, encoding="gb18030")
    tried = taken(desk, file, dry_run=True)
    nothing = months(desk)
    first, second = taken(desk, file), taken(desk, file)
    kept = months(desk)
    ours, theirs = kept[code(desk), "2026-10", "ours"], kept[code(desk), "2026-10", "customer"]

    assert (tried.taken, nothing) == (3, {})
    assert (first.taken, first.rejected, first.tasks) == (3, [], [])
    assert (second.taken, second.replaced, second.known) == (0, 0, 3)
    assert (ours.delivered, ours.on_time, ours.extra_freight, ours.lost) == (20000, 38, 86050, False)
    assert (theirs.ppm, theirs.on_time_rate, theirs.delivered) == (300, 9550, None)
    assert kept["K02", "2026-09", "ours"].delivered == 12000


def test_a_workbook_is_read_as_well(desk: Desk, tmp_path: Path) -> None:
    """
    Its first sheet, with English names, a real day for the month, and what was there before replaced.
    """
    enter(desk, *FIGURES)
    file = tmp_path / "kpi.xlsx"
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Customer", "Month", "Delivered", "Defective"])
        page.write_row(1, 0, ["瀚途"])
        page.write_datetime(1, 1, at(10, 1, 0).replace(tzinfo=None), book.add_format({"num_format": "yyyy-mm"}))
        page.write_row(1, 2, [20000, 4])
    done = taken(desk, file)

    assert (done.taken, done.replaced, done.rejected) == (0, 1, [])
    assert months(desk)[code(desk), "2026-10", "ours"].defective == 4


BAD = {
    "没有客户": "不知道谁,2026-10,,1,0\n",
    "不是已开始的月份": "瀚途,2026-13,,1,0\n瀚途,2027-01,,1,0\n瀚途,,,1,0\n",
    "不能作为": "瀚途,2026-10,,十二,0\n瀚途,2026-10,,1.5,0\n瀚途,2026-10,,-3,0\n瀚途,2026-10,,1e9,0\n",
    "不属于该来源": "瀚途,2026-10,顾客,1,0\n",
    "既不是本公司也不是顾客": "瀚途,2026-10,网上,1,0\n",
    "大于": "瀚途,2026-10,,3,4\n",
    "没有任何数据": "瀚途,2026-10,,,\n",
    "出现两次": "瀚途,2026-10,,9,1\n瀚途,2026年10月,,9,2\n",
}


@pytest.mark.parametrize("reason", BAD)
def test_rows_that_cannot_be_taken_come_back(desk: Desk, tmp_path: Path, reason: str) -> None:
    """
    Each with its reason in a file that can be mended and taken in again; the good rows are in.
    """
    file = tmp_path / "bad.csv"
    file.write_text("客户,月份,来源,交付数量,不良数量\n" + BAD[reason] + "瀚途,2026-09,,7,0\n", encoding="utf-8-sig")
    done = taken(desk, file)
    assert done.rejects is not None
    back = done.rejects.read_text("utf-8-sig")
    done.rejects.write_text(re.sub(r"(?m)^[^r].*\n", "", back) + ",瀚途,2026-08,我司,5,1\n", encoding="utf-8")
    mended = taken(desk, done.rejects)

    assert len(done.rejected) == len(BAD[reason].splitlines()) - ("两次" in reason)
    assert back.count(reason) == len(done.rejected)
    assert (code(desk), "2026-09", "ours") in months(desk)
    assert (mended.taken, mended.rejected) == (1, [])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"a,b\n1,2\n", "客户;数量\n瀚途;3\n".encode()])
def test_a_file_that_is_no_table_of_indicators(desk: Desk, tmp_path: Path, content: bytes) -> None:
    """
    It is refused with a sentence, and nothing is changed.
    """
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    with pytest.raises(SheetError):
        taken(desk, file)

    assert months(desk) == {}


def test_what_is_missing_is_asked_for_on_the_fifth_working_day(desk: Desk) -> None:
    """
    Once, by day, each for their own customers; a month that is there is not asked for, and it can be muted.
    """
    desk.tick()
    desk.clock.set(at(12, 1, 9))
    desk.say("程小满", "登记指标", "瀚途", "本公司统计", *FIGURES, "登记")
    desk.tap("丁雨禾", "set:silence:reminder")
    for moment in (at(12, 4, 9, 30), at(12, 7, 3), at(12, 7, 9, 30), at(12, 8, 9, 30), at(12, 9, 12)):
        desk.until(moment)
    told = desk.heard("程小满", "月度指标尚缺")

    assert [each.at.date() for each in told] == [at(12, 7, 9).date()]
    assert told[0].at.hour >= 9
    assert "2026-11" in told[0].text
    assert "驰安" in told[0].text
    assert "瀚途" not in told[0].text
    assert not desk.heard("丁雨禾", "月度指标尚缺")
