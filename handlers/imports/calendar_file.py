"""Reading a calendar file as people write it: a table of days (CSV), or the JSON of the holiday-cn project."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from handlers.imports.complaints_file import SheetError, decode, places, read_sheet, rows_of
from handlers.imports.tables import nearest

DAY, KIND, NOTE = "day", "kind", "note"
HEADS: Mapping[str, tuple[str, ...]] = {
    DAY: ("day", "date", "日期"),
    KIND: ("kind", "类型", "类别"),
    NOTE: ("note", "说明", "备注"),
}
KINDS: Mapping[str, str] = {
    "holiday": "holiday", "放假": "holiday", "节假日": "holiday", "法定节假日": "holiday",
    "makeup": "makeup", "补班": "makeup", "调休补班": "makeup", "调休上班": "makeup",
    "work": "work", "上班": "work", "公司上班": "work",
    "rest": "rest", "休息": "rest", "公司休息": "rest",
    "clear": "", "取消": "",
}  # fmt: skip
"""What a kind may be called. ``clear`` forgets what was said of a day: its weekday decides again."""

HEADLESS = "The first row must name the columns: day and kind (日期, 类型), and note (说明) where there are notes."
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
STATUTORY = ("holiday", "makeup")
OWN = ("work", "rest")
"""What the State Council says, and what the company decides."""

FIRST, LAST = 2000, 2100
ALWAYS_FREE = ((1, 1), (5, 1), (10, 1))
"""New Year, Labour Day and National Day are holidays of every year: where one is missing, the year is not whole."""


class CalendarFileError(ValueError):
    """A file that cannot be taken in; every fault in a sentence of its own, with its row."""


@dataclass(frozen=True)
class CalendarFile:
    """The days that a file names, each with kind and note; None: what was said of the day is forgotten."""

    days: dict[date, tuple[str, str] | None] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """Every year of which the file names a statutory day."""
        return tuple(sorted({day.year for day, said in self.days.items() if said and said[0] in STATUTORY}))

    def whole(self, year: int) -> bool:
        """Whether the file holds the arrangement of a whole year, and not single days of it."""
        fixed = [self.days.get(date(year, month, day)) for month, day in ALWAYS_FREE]
        return all(said is not None and said[0] == "holiday" for said in fixed)


def read_calendar(content: bytes) -> CalendarFile:
    """Read a file; raises CalendarFileError with every fault, and then nothing of it may be taken in."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json(content)
    try:
        rows = list(_rows(content))
    except SheetError as error:
        told = HEADLESS if str(error).startswith("columns.") else str(error)
        raise CalendarFileError(told) from error
    days, faults = dict[date, tuple[str, str] | None](), list[str]()
    for row, cells in rows:
        try:
            day, said = _day(cells[DAY]), _said(cells[KIND], cells[NOTE])
        except CalendarFileError as error:
            faults.append(f"row {row}: {error}")
            continue
        if day in days:
            faults.append(f"row {row}: {day} stands twice; keep one of the two")
        days[day] = said
    if not rows:
        faults.append("The file names no day. Write one row for each: day,kind,note")
    if faults:
        raise CalendarFileError("\n".join(faults))
    return CalendarFile(days)


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row with its number and its three cells; the columns may stand in any order, beside others."""
    sheet = read_sheet(content, {DAY: HEADS[DAY], KIND: HEADS[KIND]})
    found = {key: places(sheet.header, heads) for key, heads in HEADS.items()}
    for line in rows_of(sheet):
        cells = {
            key: next((line.cells[place].strip() for place in at if place < len(line.cells)), "")
            for key, at in found.items()
        }
        if any(cells.values()):
            yield line.row, cells


def _day(text: str) -> date:
    for form in FORMS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if not FIRST <= day.year <= LAST:
            raise CalendarFileError(f"{day} is not between {FIRST} and {LAST}")
        return day
    raise CalendarFileError(f"“{text[:20]}” is no day; write for example 2027-02-06")


def _said(kind: str, note: str) -> tuple[str, str] | None:
    known = KINDS.get(kind.casefold())
    if known is None:
        raise CalendarFileError(
            f"“{kind[:20]}” is no kind of day{nearest(kind, list(KINDS))}; write holiday, makeup, work, rest or clear"
        )
    return (known, note) if known else None


def _read_json(content: bytes) -> CalendarFile:
    """The form of holiday-cn: {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}."""
    try:
        file = json.loads(decode(content)[0])
        listed = file["days"]
        days: dict[date, tuple[str, str] | None] = {
            date.fromisoformat(one["date"]): ("holiday" if one["isOffDay"] else "makeup", str(one["name"]))
            for one in listed
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CalendarFileError(
            "This JSON is not of the form of holiday-cn: an object with year and days, each with name, date, isOffDay."
        ) from error
    if not days:
        raise CalendarFileError(f"{file.get('year')}: the file names no day; its arrangement is not published yet.")
    return CalendarFile(days)
