"""Customers and people from the lists that companies keep: read as they are; what is wrong comes back."""

import random
import resource
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from conversations.words import Said
from handlers.imports.complaints_file import SheetError
from handlers.imports.listing import Outcome, Terms, import_list
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.desk import Desk

HEAD = ("客户代码", "客户名称", "简称", "等级", "业务员", "电话", "联系人", "手机", "邮箱")
ROWS: Sequence[Sequence[object]] = (
    ("M01", "北辰汽车有限公司", "北辰", "A", "程小满", "021-5555 0101", "秦工", 13800000001.0, "qin@example.com"),
    (1002.0, "南屏底盘", "南屏", "B", "", "", "", "", ""),
    ("Ｍ０３", "东临客车", "", "Ｃ", "", "０２１－５５５５", "", "", ""),
)
MANY = 50_000 if LONG else 2_000


def workbook(path: Path, *rows: Sequence[object], merged: Sequence[str] = (), hidden: Sequence[int] = ()) -> Path:
    """A workbook as somebody saved it."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    for number in hidden:
        book.active.row_dimensions[number].hidden = True
    book.save(path)
    return path


def taken(desk: Desk, file: Path, kind: str = "customers", *, dry_run: bool = False) -> Outcome:
    """Import a list."""

    def say(said: Said) -> str:
        return desk.company.words.say(said, "zh", desk.clock())

    return import_list(desk.database, kind, file, Terms(say=say, by="tester", dry_run=dry_run))


def customers(desk: Desk) -> dict[str, tuple[str, str, str, str]]:
    """The customers that are not the sample's: name, short name, class and telephone."""
    known = desk.do(lambda uow: list(uow.customers.all()))
    return {
        row.code: (row.name, row.short, row.customer_class, row.phone) for row in known if not row.code.startswith("K")
    }


WANTED = {
    "M01": ("北辰汽车有限公司", "北辰", "A", "021-5555 0101"),
    "1002": ("南屏底盘", "南屏", "B", ""),
    "M03": ("东临客车", "", "C", "021-5555"),
}


def test_first_the_difference_then_the_change_then_nothing(desk: Desk, tmp_path: Path) -> None:
    """
    A dry run changes nothing and says the same; codes kept as numbers, full-width signs and telephones are read right.
    """
    file = workbook(tmp_path / "客户.xlsx", HEAD, *ROWS)
    shown = taken(desk, file, dry_run=True)
    before = customers(desk)
    done = taken(desk, file)
    again = taken(desk, file)
    changed = taken(desk, workbook(tmp_path / "2.xlsx", HEAD, ("M01", "", "", "B")))

    assert before == {}
    assert [(plan.name, plan.new) for plan in shown.plans] == [(plan.name, plan.new) for plan in done.plans]
    assert customers(desk) == {**WANTED, "M01": (*WANTED["M01"][:2], "B", WANTED["M01"][3])}
    assert (again.plans, again.known, again.rejected) == ([], 3, [])
    assert changed.plans[0].changes == (("customer_class", "A", "B"),)
    contact = desk.do(lambda uow: uow.customers.contacts("M01")[0])
    assert (contact.name, contact.phone, contact.email) == ("秦工", "13800000001", "qin@example.com")


def messy(folder: Path) -> list[Path]:
    """The same three customers in a dozen files as they come."""
    wide = ("", *HEAD)
    texts = "\n".join([",".join(HEAD), *(",".join(str(cell).removesuffix(".0") for cell in row) for row in ROWS)])
    upper = ("客户信息", None, None, None, None, None, "联系人信息", None, None)
    lower = ("代码", "名称", "简称", "等级", "业务员", "电话", "姓名", "手机", "邮箱")
    named: dict[str, list[Sequence[object]]] = {
        "标题": [("二〇二六年客户一览表",), (), HEAD, *ROWS],
        "两行": [upper, HEAD, *ROWS],
        "三行": [("公司客户总表",), upper, ("客户代码", "客户名称", *HEAD[2:]), *ROWS],
        "上下": [upper, (*lower[:6], "联系人", *lower[7:]), *ROWS],
        "空行": [HEAD, (), ROWS[0], (None,) * 9, *ROWS[1:], ()],
        "空列": [wide, *((None, *row) for row in ROWS)],
        "重复": [HEAD, *ROWS, ROWS[0], ROWS[2]],
        "星号": [tuple(f" {name} *（必填）" for name in HEAD), *ROWS],
        "英文": [("Code", "Name", "Short", "Class", "Sales rep", "Phone", "Contact", "Mobile", "E-mail"), *ROWS],
        "倒序": [tuple(reversed(HEAD)), *(tuple(reversed(row)) for row in ROWS)],
    }
    files = [workbook(folder / f"{name}.xlsx", *rows) for name, rows in named.items()]
    files.append(workbook(folder / "合并.xlsx", upper, HEAD, *ROWS, merged=["A1:F1", "G1:I1"], hidden=[4]))
    files.append(files[0].rename(folder / "改名.xls"))
    files[0] = workbook(folder / "再存.xlsx", *named["标题"])
    for name, encoding in (("gbk", "gb18030"), ("utf8", "utf-8"), ("bom", "utf-8-sig")):
        files.append(folder / f"{name}.csv")
        files[-1].write_bytes(texts.encode(encoding))
    files.append(folder / "tab.csv")
    files[-1].write_bytes(texts.replace(",", "\t").encode("gb18030"))
    return files


def test_lists_are_read_as_they_come(desk: Desk, tmp_path: Path) -> None:
    """
    Titles, two and three header rows, merged, hidden and empty ones, GBK, tabs, a renamed workbook: every row right.
    """
    wrong = []
    for file in messy(tmp_path):
        outcome = taken(desk, file)
        if customers(desk) != WANTED or outcome.rejected:
            wrong.append((file.name, customers(desk), outcome.rejected))
        desk.do(_without_them)

    assert not wrong


def _without_them(uow: object) -> None:
    from sqlalchemy import text

    for table, column in (("contacts", "customer"), ("customers", "code")):
        uow.session.execute(text(f"delete from {table} where {column} in ('M01', '1002', 'M03')"))  # type: ignore[attr-defined]


def test_what_is_wrong_comes_back_as_the_same_sheet(desk: Desk, tmp_path: Path) -> None:
    """
    Header and rejected rows alone, the reason in red behind them; mended there and imported, nothing is left over.
    """
    bad = (
        ("M05", "西岭", "", "", "程小曼", "", "", "", ""),
        ("M06", "中岳", "", "", "", "没有", "", "", ""),
        ("M01", "北辰", "", "", "", "", "", "", ""),
        ("", "", "孤", "", "", "", "", "", ""),
        ("M07", "北辰汽车有限公司", "", "", "", "", "", "", ""),
    )
    title = ("客户一览表",)
    file = workbook(tmp_path / "客户.xlsx", title, HEAD, *ROWS, *bad)
    outcome = taken(desk, file)
    assert outcome.rejects == tmp_path / "客户.rejected.xlsx"
    sheet = load_workbook(outcome.rejects).active
    rows = list(sheet.iter_rows(values_only=True))
    reasons = [row[-1] for row in rows[2:]]
    for at, name in ((3, "程小满"), (7, "")):
        sheet.cell(at, 5 if name else 2).value = name or "北辰二厂"
    sheet.delete_rows(4, 3)
    mended = tmp_path / "mended.xlsx"
    sheet.parent.save(mended)

    assert [row[:2] for row in rows] == [
        ("客户一览表", None),
        HEAD[:2],
        *((row[0] or None, row[1] or None) for row in bad),
    ]
    assert "公司没有叫“程小曼”的人" in reasons[0]
    assert "程小满" in reasons[0]
    assert reasons[1:] == [
        "“没有”不是电话号码", "第 3 行已有同一条,内容不同", "客户代码和名称都没有填",
        "“北辰汽车有限公司”已是客户 M01 的名称",
    ]  # fmt: skip
    assert load_workbook(outcome.rejects).active.cell(3, len(rows[0])).font.color.rgb == "FFC00000"
    assert (len(taken(desk, mended).plans), taken(desk, mended).rejected) == (2, [])


def people(desk: Desk) -> dict[str, Person]:
    """Everybody by name."""
    everybody: list[Person] = desk.do(_everybody)
    return {row.name: row for row in everybody}


def _everybody(uow: UnitOfWork) -> list[Person]:
    return list(uow.organisation.people())


def test_people_come_with_their_department_and_leave(desk: Desk, tmp_path: Path) -> None:
    """
    Departments by any of their names, days as text, as days and as Excel counts them; roles are not touched.
    """
    head = ("姓名", "所属部门", "岗位", "企业微信账号", "请假开始", "请假结束")
    file = workbook(
        tmp_path / "花名册.xlsx", head, ("新人甲", "品保部", "检验员", "jia", "2026年11月25日", "2026/11/27"),
        ("程小满", "XS", "", "", date(2026, 12, 1), 46359.0), ("新人乙", "火星部", "", "", "", ""),
        ("新人丙", "品保部", "", "jia", "", ""),
    )  # fmt: skip
    roles = people(desk)["程小满"].roles
    outcome = taken(desk, file, "people")
    rows = people(desk)

    assert [entry.row for entry, _ in outcome.rejected] == [4, 5]
    assert (rows["新人甲"].department, rows["新人甲"].leave_from) == ("PB", date(2026, 11, 25))
    assert (rows["程小满"].leave_from, rows["程小满"].leave_to) == (date(2026, 12, 1), date(2026, 12, 3))
    assert rows["程小满"].roles == roles
    assert taken(desk, file, "people").plans == []


def test_a_long_list_is_taken_in_one_go(sqlite_url: str, tmp_path: Path) -> None:
    """
    Thousands of customers within seconds (50,000 in the long version: 20 s, 300 MB), and a second time nothing.
    """
    desk = Desk.furnished(sqlite_url, tmp_path)
    rng = random.Random(7)
    rows = [(f"L{n:05d}", f"客户{n:05d}有限公司", f"客{n}", "ABC"[n % 3], "", f"021-{rng.randrange(10**7, 10**8)}")
            for n in range(MANY)]  # fmt: skip
    file = workbook(tmp_path / "long.xlsx", HEAD[:6], *rows)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    outcome = taken(desk, file)
    took = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    again = taken(desk, file)
    desk.leave()
    print(f"{MANY} rows in {took:.1f} s, {grown:.0f} MB more")  # noqa: T201 - the figure of the long version

    assert (outcome.new, again.plans, again.known) == (MANY, [], MANY)
    assert took < 20
    assert grown < 300


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"), (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel file"), (b"<html><table>", "web page"),
        (b"PK\x03\x04 nothing", "not an XLSX"), ("甲,乙\n1,2\n".encode(), "no column “客户名称”"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_told(desk: Desk, tmp_path: Path, content: bytes, words: str) -> None:
    """
    A file that cannot be one is refused with a sentence that says what to do.
    """
    (tmp_path / "x.xlsx").write_bytes(content)

    with pytest.raises(SheetError, match=words):
        taken(desk, tmp_path / "x.xlsx")
