"""The map of a spreadsheet: every fault at once, the nearest known name, and formats that bring days back."""

import pytest

from handlers.imports.complaints_file import SheetError, decode, normal, places, read_sheet, rows_of
from handlers.imports.complaints_map import Map, MapError, has_time, read_map

SMALL = '[columns]\nreceived = "day"\n'


def faults(text: str) -> str:
    """What is wrong with a map."""
    with pytest.raises(MapError) as refused:
        read_map(text)
    return "\n".join(refused.value.faults)


def test_the_smallest_map() -> None:
    """
    The day of receipt is all that a map must name; usual ways to write a day are understood.
    """
    read = read_map(SMALL)

    assert read.columns == {"received": ("day",)}
    assert "%Y-%m-%d" in read.formats.received
    assert "%Y年%m月%d日" in read.formats.received


def test_a_full_map() -> None:
    """
    A column may have several names, a day several forms; defaults stand for blanks.
    """
    read = read_map(
        'source = "old portal"\n[columns]\nreceived = ["day", "日期"]\nid = "no"\n'
        '[formats]\nreceived = "%d.%m.%Y"\nmajor = ["A", "严重"]\nencoding = "GB18030"\n'
        '[defaults]\ncustomer = "其他"\ncount = 1\n'
    )

    assert read.columns["received"] == ("day", "日期")
    assert read.formats.received == read.formats.closed == ("%d.%m.%Y",)
    assert read.formats.major == ("A", "严重")
    assert read.formats.encoding == "gb18030"
    assert read.defaults == {"customer": "其他", "count": "1"}
    assert read.source == "old portal"


def test_every_fault_is_told_at_once() -> None:
    """
    One run finds everything, and says which known name was probably meant.
    """
    told = faults(
        '[columns]\nrecieved = "day"\n[formats]\nrecevied = "%Y"\nencoding = "latin1"\n[defaults]\nseverty = "A"\n'
        '[column]\nid = "x"\n'
    )

    assert "columns.recieved is not known here; did you mean “received”?" in told
    assert "formats.recevied is not known here; did you mean “received”?" in told
    assert "defaults.severty is not known here; did you mean “severity”?" in told
    assert "column is not known here; did you mean “columns”?" in told
    assert "formats.encoding must be" in told
    assert "columns.received is missing" in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[columns", "not TOML"),
        (SMALL + '[formats]\nreceived = "day"', "no format of a day"),
        (SMALL + '[formats]\nreceived = "%d.%m."', "no format of a day"),
        (SMALL + '[formats]\nclosed = "%"', "no format of a day"),
        (SMALL + '[defaults]\nid = "1"', "cannot have a default"),
        (SMALL + '[defaults]\nreceived = "2026-01-01"', "cannot have a default"),
        (SMALL + "[defaults]\ncount = -1", "negative"),
        (SMALL + '[defaults]\ncount = "1"', "whole number"),
        ("[columns]\nreceived = 3", "must be a list of texts"),
        ('columns = "received"', "must be a table"),
    ],
)
def test_a_map_that_cannot_be_used(text: str, says: str) -> None:
    """
    Each fault is a sentence that says what to write.
    """
    assert says in faults(text)


@pytest.mark.parametrize(
    ("form", "timed"), [("%Y-%m-%d", False), ("%Y年%m月", False), ("%Y-%m-%d %H:%M", True), ("%d/%m/%y %I %p", True)]
)
def test_a_format_with_a_time_is_known(form: str, timed: bool) -> None:  # noqa: FBT001 - pytest hands it in by name
    """
    Where no time is written, the day is all that was said.
    """
    assert has_time(form) is timed


def test_headers_are_known_by_what_people_see() -> None:
    """
    Spaces, tabs, capitals, full-width letters and a mark at the start of the file make no other column.
    """
    assert {normal(name) for name in ("\ufeffReceived  Day", " received day\t", "Received Day")} == {"received day"}


def test_twins_stand_behind_their_column() -> None:
    """
    A second column of the same name, and those that programs call id_ or id.1, fill in for the first.
    """
    header = ("id_", "name", "id", "id", "id.1", "id2", "ident_")

    assert places(header, ["id"]) == (2, 3, 0, 4)
    assert places(header, ["id2", "name"]) == (5, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_recognised(encoding: str) -> None:
    """
    UTF-8 with or without its mark, and GB18030.
    """
    text, found = decode("日期,顾客\n2026-01-01,示例车桥\n".encode(encoding))

    assert text.startswith("日期,顾客")
    assert found == encoding.removesuffix("-sig")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("日期".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "workbook"),
        ("日期,顾客,缺陷描述\n".encode() * 20 + b"caf\xe9\n", "line 21 holds bytes that are not"),
        (b"day\n\xff\xff\xff\n", "not UTF-8, nor GB18030"),
        (b"", "empty"),
        (b"\n\n , ,\n", "no column"),
    ],
)
def test_what_is_no_csv_is_told(content: bytes, says: str) -> None:
    """
    A file that cannot be read is refused with what to do, never read as something else.
    """
    with pytest.raises(SheetError, match=says):
        read_sheet(content, read_map(SMALL).columns)


def test_a_wrong_encoding_in_the_map_is_told() -> None:
    """
    The map's word is kept: a file that is not written so is refused.
    """
    with pytest.raises(SheetError, match="not GB18030"):
        read_sheet(b"day\n\xff\xff\n", read_map(SMALL).columns, "gb18030")


def test_columns_that_are_not_there_are_told_with_the_nearest() -> None:
    """
    A misspelt column is found before any row is read, and all of them at once.
    """
    columns = Map(columns={"received": ("Date",), "customer": ("custmer",)}).columns
    with pytest.raises(SheetError) as refused:
        read_sheet(b"day,customer\n2026-01-01,X\n", columns)

    assert "columns.customer: the file has no column “custmer”; did you mean “customer”?" in str(refused.value)
    assert "columns.received: the file has no column “Date”" in str(refused.value)
    assert "The columns are: day, customer" in str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    """
    Comma, semicolon and tab, whatever the spreadsheet saved with; a title above the header is passed over.
    """
    text = f"2026年投诉清单\n\nday{separator}who\n2026-01-01{separator}A\n"
    sheet = read_sheet(text.encode(), {"received": ("day",), "customer": ("who",)})

    assert sheet.separator == separator
    assert [(line.row, line.cells) for line in rows_of(sheet)] == [(4, ("2026-01-01", "A"))]


def test_a_quotation_mark_swallows_nothing() -> None:
    """
    A mark that is opened and never closed spoils its own row alone; one that is closed may span lines.
    """
    text = 'day,who\n2026-01-01,"A\nB"\n2026-01-02,"C\n2026-01-03,D\n2026-01-04,5" pipe\n'
    lines = list(rows_of(read_sheet(text.encode(), {"received": ("day",)})))

    assert [(line.cells, line.unclosed) for line in lines] == [
        (("2026-01-01", "A\nB"), False),
        (("2026-01-02", '"C'), True),
        (("2026-01-03", "D"), False),
        (("2026-01-04", '5" pipe'), False),
    ]


def test_line_ends_of_all_computers() -> None:
    """
    CR LF, CR and LF end a row; other marks inside a cell do not.
    """
    text = "day,who\r\n2026-01-01,A\r2026-01-02,B\u2028C\x0c\n\n2026-01-03,D"

    assert [line.cells[0] for line in rows_of(read_sheet(text.encode(), {"received": ("day",)}))] == [
        "2026-01-01",
        "2026-01-02",
        "2026-01-03",
    ]
