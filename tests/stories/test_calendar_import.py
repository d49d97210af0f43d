"""The working calendar is imported: what differs is shown first, open deadlines follow, and those concerned hear."""

from datetime import date, datetime

import pytest

from handlers import calendars
from handlers.imports.calendar import CalendarFileError, Outcome, Terms, import_calendar, read_calendar
from tests.support.desk import CASE, Desk, at

YEAR = """日期,类型,说明
2027-01-01,放假,元旦
2027-02-06,放假,春节
2027-02-14,补班,春节
2027-05-01,放假,劳动节
2027-10-01,放假,国庆节
"""
CLOSED = "day,kind,note\n2026-11-24,rest,盘点\n"


def taken_in(desk: Desk, text: str, *, dry_run: bool = False) -> Outcome:
    """Import a file, or try it."""
    terms = Terms("file days.csv", "程小满", dry_run=dry_run)
    return import_calendar(desk.database, desk.company, read_calendar(text.encode()), terms)


def analysing(desk: Desk) -> None:
    """The first complaint is settled with the customer; quality has ten working days for its cause."""
    desk.report()
    desk.remedy()
    desk.satisfied()
    desk.implemented()


def words(desk: Desk, outcome: Outcome) -> list[str]:
    """What an import says of days and years."""
    return [desk.company.words.say(line, "zh", desk.clock()) for line in (*outcome.years, *outcome.days)]


def kind(desk: Desk, day: date) -> str:
    """What a day is now."""
    return desk.do(lambda uow: desk.company.calendar(uow).kind(day)).value


def test_an_open_deadline_follows_and_is_explained(desk: Desk) -> None:
    """
    A closed Tuesday moves the cause's ten working days by one: shown, explained, audited, its levels too.
    """
    analysing(desk)
    before = desk.time("K4").due
    taken_in(desk, CLOSED)
    after = desk.time("K4").due
    level = desk.look(CASE, lambda uow, case: next(
        level["at"] for row in uow.deadlines.of(case.id) if row.key == "K4" for level in row.levels
        if level["name"] == "L1"))  # fmt: skip
    why = desk.say("梁可欣", f"为什么 {CASE}")

    assert (before, after) == (at(12, 4, 16, 5), at(12, 7, 16, 5))
    assert str(level).startswith("2026-12-07T08:05")
    assert "盘点,公司休息日,不计" in why
    assert "因工作日历变动重新计算,原期限 12月4日(周五)16:05" in why


def test_those_concerned_hear_in_one_message(desk: Desk) -> None:
    """
    Whoever has cases hears once of all that moved; who has none hears nothing.
    """
    analysing(desk)
    desk.report()
    taken_in(desk, "day,kind,note\n2026-11-23,rest,盘点\n")
    desk.deliver()

    head = desk.do(lambda uow: uow.organisation.lead("PB"))
    assert head is not None
    reporter, lead = desk.heard("程小满", "工作日历已更新"), desk.heard(head.name, "工作日历已更新")
    assert len(reporter) == len(lead) == 1
    assert CASE in reporter[0].text
    assert "TS-2026-0083" in reporter[0].text
    assert "TS-2026-0083" not in lead[0].text
    assert desk.heard("白素云", "工作日历已更新") == []


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    """
    Tried first: the days, and the deadlines that would move; then all is as it was, also what was read meanwhile.
    """
    analysing(desk)
    tried = taken_in(desk, CLOSED, dry_run=True)

    assert words(desk, tried) == ["11月24日:按星期 → 公司休息日(盘点)"]
    assert [(each.number, each.moved.new.astimezone(desk.company.zone)) for each in tried.moved] == [
        (CASE, at(12, 7, 16, 5))
    ]
    assert desk.time("K4").due == at(12, 4, 16, 5)
    assert kind(desk, date(2026, 11, 24)) == "work"
    taken_in(desk, "day,kind,note\n2026-11-25,rest,\n")
    assert kind(desk, date(2026, 11, 24)) == "work"


def test_a_whole_year_becomes_known(desk: Desk) -> None:
    """
    ⚠ is said of a due time in a year nobody imported, and goes with the import; a second time nothing differs.
    """
    desk.clock.set(at(12, 25, 10))
    analysing(desk)
    before = desk.say("梁可欣", f"为什么 {CASE}")
    told = words(desk, taken_in(desk, YEAR))
    after = desk.say("梁可欣", f"为什么 {CASE}")

    assert "2027 年放假安排未导入" in before
    assert "2027 年放假安排已导入" in told
    assert "放假安排未导入" not in after
    assert "元旦,法定节假日,不计" in after
    assert taken_in(desk, YEAR).nothing


def test_single_holidays_make_no_year_known(desk: Desk) -> None:
    """
    A file without New Year, Labour Day or National Day holds no whole year, and says so.
    """
    told = words(desk, taken_in(desk, "day,kind\n2027-02-06,holiday\n"))

    assert any("2027 年仍为未导入" in line for line in told)
    assert 2027 not in desk.do(lambda uow: uow.calendar.known_years())


def test_the_company_decides_over_the_state(desk: Desk) -> None:
    """
    The company's own day stays when the year comes, a day may be cleared, and what a year leaves out is forgotten.
    """
    taken_in(desk, "day,kind,note\n2027-02-06,work,赶工\n2027-04-05,holiday,清明节\n")
    told = words(desk, taken_in(desk, YEAR))
    assert "2027年2月6日:保留公司上班日(赶工)(公司已决定)" in told
    assert kind(desk, date(2027, 2, 6)) == "work"
    assert kind(desk, date(2027, 4, 5)) == "work"
    assert kind(desk, date(2027, 2, 14)) == "makeup"

    taken_in(desk, "day,kind\n2027-02-06,取消\n")
    taken_in(desk, YEAR)
    assert kind(desk, date(2027, 2, 6)) == "holiday"


def test_what_is_past_its_due_time_stays_due_when_it_was(desk: Desk) -> None:
    """
    A breach is a fact: a day off declared afterwards does not take it back.
    """
    analysing(desk)
    desk.until(at(12, 5, 9))
    taken_in(desk, CLOSED)

    assert desk.time("K4").due == at(12, 4, 16, 5)
    assert desk.time("K4").breached


def test_the_administrator_hears_of_an_unknown_year(desk: Desk) -> None:
    """
    From November on, once a month until it is imported.
    """
    for day in (at(11, 20, 16, 5), at(11, 21, 16, 5), at(11, 23, 9), at(12, 1, 9), at(12, 2, 9)):
        desk.until(day)
        calendars.tick(desk.database, desk.company)
        desk.deliver()
    taken_in(desk, YEAR)
    desk.until(datetime(2027, 1, 4, 9, tzinfo=desk.company.zone))
    calendars.tick(desk.database, desk.company)
    desk.deliver()

    admin = desk.do(lambda uow: uow.organisation.people_with("admin"))[0].name
    assert [heard.at.month for heard in desk.heard(admin, "2027 放假安排未导入")] == [11, 12]


BAD = [
    ("a,b\n1,2\n", "day and kind"),
    ("day,kind\n", "names no day"),
    ("day,kind\n2027-13-01,rest\n", "row 2: “2027-13-01” is no day"),
    ("day,kind\n2027-01-01,holliday\n", "did you mean “holiday”?"),
    ("day,kind\n2027-01-01,\n", "row 2: “” is no kind"),
    ("day,kind\n2027-01-01,rest\n2027/1/1,work\n", "row 3: 2027-01-01 stands twice"),
    ("day,kind\n1027-01-01,rest\n", "not between"),
    ('{"year": 2027, "days": []}', "not published yet"),
    ('{"year": 2027}', "holiday-cn"),
    ("[]", "day and kind"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD)
def test_a_file_that_cannot_be_read_is_named(text: str, sentence: str) -> None:
    """
    Every fault in a sentence with its row, and nothing is taken in.
    """
    with pytest.raises(CalendarFileError) as refused:
        read_calendar(text.encode())
    assert sentence in str(refused.value)


def test_spreadsheets_and_holiday_cn_are_read() -> None:
    """
    GB18030, other separators and Chinese words, and the JSON of holiday-cn, say the same.
    """
    sheet = "2027年放假\n说明;日期;类型\n元旦;2027/1/1;放假\n;2027年1月10日;补班\n".encode("gb18030")
    plain = """{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true},
        {"name": "", "date": "2027-01-10", "isOffDay": false}]}"""

    assert read_calendar(sheet) == read_calendar(plain.encode())
