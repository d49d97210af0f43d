"""One row of a spreadsheet: what people write is understood, and what is wrong says why; nothing is guessed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.imports.complaints_file import read_sheet, rows_of
from handlers.imports.complaints_map import read_map
from handlers.imports.complaints_rows import Reader, Rejected
from reports.words import Words
from storage.past import PastComplaint
from tests.support.csvs import GOOD, HEADER, MAP, ZONE, row, written

TODAY = date(2026, 11, 20)
CUSTOMERS = {"cj": "CJ", "示例重卡": "CJ"}


def read(text: str, mapping: str = MAP, zone: ZoneInfo = ZONE) -> list[PastComplaint | str]:
    """Every row of a file: the complaint, or in English why it is none."""
    columns = read_map(mapping)
    sheet = read_sheet(text.encode(), columns.columns)
    reader = Reader(columns, sheet.header, "hash", zone, TODAY, CUSTOMERS)
    found = map(reader.read, rows_of(sheet))
    return [_why(row) if isinstance(row, Rejected) else row for row in found]


def _why(rejected: Rejected) -> str:
    return Words(ZONE).say(rejected.why, "en", datetime(2026, 11, 20, tzinfo=UTC))


def complaint(text: str, mapping: str = MAP) -> PastComplaint:
    """The only row of a file, which is a good one."""
    (found,) = read(text, mapping)
    assert isinstance(found, PastComplaint), found
    return found


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"date": ""}, "the day of receipt is blank"),
        ({"date": "昨天"}, "“昨天” is no day like %Y-%m-%d, %Y/%m/%d"),
        ({"date": "2026-02-30"}, "is no day like"),
        ({"date": "44197"}, "is no day like"),
        ({"date": "9999-12-31"}, "lies in the future"),
        ({"date": "2026-11-21"}, "lies in the future"),
        ({"date": "0001-01-01"}, "lies before 1900"),
        ({"closed": "2026-03-04"}, "it was closed before it was received"),
        ({"closed": "9999-12-31"}, "lies in the future"),
        ({"count": "-3"}, "the count “-3” is no whole number from 1 to 1000000"),
        ({"count": "0"}, "is no whole number"),
        ({"count": ""}, "is no whole number"),
        ({"count": "2.5"}, "is no whole number"),
        ({"count": "NaN"}, "is no whole number"),
        ({"count": "1e3"}, "is no whole number"),
        ({"count": "=1+1"}, "is no whole number"),
        ({"count": "12,34"}, "is no whole number"),
        ({"count": "1000001"}, "is no whole number"),
        ({"severity": "高"}, "the severity “高” is neither major nor general"),
        ({"customer": "很" * 201}, "customer is longer than 200 characters"),
    ],
)
def test_what_cannot_be_taken_in_says_why(cells: Mapping[str, str], says: str) -> None:
    """
    A row that is wrong is left out with a sentence that a person can act on; the rows around it come in.
    """
    before, bad, after = read(written([GOOD, row(**{"id": "bad", **cells}), row(id="A3")]))

    assert isinstance(before, PastComplaint)
    assert isinstance(after, PastComplaint)
    assert isinstance(bad, str)
    assert says in bad


@pytest.mark.parametrize(
    ("cells", "count", "customer"),
    [
        ({"count": "１２"}, 12, "示例车桥"),
        ({"count": "1,204"}, 1204, "示例车桥"),
        ({"count": "3.0"}, 3, "示例车桥"),
        ({"count": " 7\t"}, 7, "示例车桥"),
        ({"date": "２０２６－０３－０５"}, 2, "示例车桥"),
        ({"date": "2026-3-5"}, 2, "示例车桥"),
        ({"date": "2026-11-20"}, 2, "示例车桥"),
        ({"customer": "示例重卡"}, 2, "CJ"),
        ({"customer": "cJ "}, 2, "CJ"),
        ({"customer": '=HYPERLINK("x")'}, 2, '=HYPERLINK("x")'),
        ({"customer": '="0012"'}, 2, "0012"),
        ({"customer": "'=1+1"}, 2, "=1+1"),
        ({"customer": " 示例\u200b\x00车桥\u3000有限\n公司\t"}, 2, "示例车桥 有限 公司"),
        ({"customer": ""}, 2, ""),
    ],
)
def test_what_people_write_is_understood(cells: Mapping[str, str], count: int, customer: str) -> None:
    """
    Full-width digits, thousands, invisible marks; a formula is a text like any other.
    """
    found = complaint(written([row(**cells)]))

    assert (found.count, found.customer) == (count, customer)


def test_a_list_of_codes_ends_with_its_last_code() -> None:
    """
    ``H93,H15,`` is two codes, whatever separator stands after them.
    """
    found = complaint(written([row(defect="H93,H15,", category="外观、")]))

    assert (found.defect, found.category) == ("H93,H15", "外观")


def test_ragged_rows_are_never_read_askew() -> None:
    """
    A row with more or fewer cells than the header is told, not guessed; empty cells at the end are no matter.
    """
    lines = [",".join(HEADER), ",".join(GOOD) + ",,", "A2,2026-03-05,一,二,三,四,,,五,2,六", "A3,2026-03-05", ",,", ""]
    good, long, short = read("\n".join(lines))

    assert isinstance(good, PastComplaint)
    assert long == "11 cells under 10 names: is a comma outside quotation marks?"
    assert short == "2 cells for 10 names: was the row cut?"


def test_a_quotation_mark_that_never_closes_is_told() -> None:
    """
    The row with the mark comes back, and the one after it comes in.
    """
    bad, good = read(f'{",".join(HEADER)}\nA0,2026-03-05,"示例,,,,,,,,1\n{",".join(GOOD)}\n')

    assert bad == "a quotation mark is opened and not closed"
    assert isinstance(good, PastComplaint)


def test_a_day_that_can_be_two_is_refused() -> None:
    """
    Where two formats read a cell differently nobody guesses; where they agree there is no question.
    """
    mapping = MAP.replace('["%Y-%m-%d", "%Y/%m/%d"]', '["%d/%m/%Y", "%m/%d/%Y"]')
    two, one = read(written([row(date="03/04/2026"), row(id="A2", date="04/04/2026")]), mapping)

    assert two == "“03/04/2026” is more than one day"
    assert isinstance(one, PastComplaint)


def test_a_time_is_the_companys_and_so_is_the_month() -> None:
    """
    A time is read in the company's zone unless it names its own; a month without a day is enough for counts.
    """
    mapping = MAP.replace('["%Y-%m-%d", "%Y/%m/%d"]', '["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M%z", "%Y-%m"]')
    late = complaint(written([row(date="2026-02-28 23:59")]), mapping)
    march = complaint(written([row(date="2026-02-28T17:00+0000")]), mapping)

    assert (late.received_at, late.received_month) == (datetime(2026, 2, 28, 15, 59, tzinfo=UTC), "2026-02")
    assert march.received_month == "2026-03"
    assert complaint(written([row(date="2026-02")]), mapping).received_month == "2026-02"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_is_the_same_month_everywhere(zone: str) -> None:
    """
    The first and the last of a month stay in it, in the zones that are furthest from each other.
    """
    found = read(written([row(date="2026-03-01"), row(date="2026-03-31")]), zone=ZoneInfo(zone))

    assert [each.received_month for each in found if isinstance(each, PastComplaint)] == ["2026-03", "2026-03"]


def test_the_day_of_closing_is_kept_where_it_is_known() -> None:
    """
    Closed on the day of receipt is no negative time; not known is not known.
    """
    mapping = MAP.replace('["%Y-%m-%d", "%Y/%m/%d"]', '["%Y-%m-%d", "%Y-%m-%d %H:%M"]')
    same = complaint(written([row(date="2026-03-05 17:00", closed="2026-03-05")]), mapping)

    assert same.closed_at == same.received_at
    assert complaint(written([GOOD])).closed_at is None


def test_words_of_the_map_decide_the_severity() -> None:
    """
    A company's own words for 重大 and 一般 are named in the map.
    """
    mapping = MAP + '\nmajor = ["A", "严重"]\ngeneral = "B"\n'
    said = ("a", "严重", "B", "一般", "Major", "")
    found = [complaint(written([row(severity=word)]), mapping).severity for word in said]

    assert found == ["major", "major", "general", "general", "major", ""]


def test_a_row_is_known_by_its_id_or_by_its_place() -> None:
    """
    The key is the id, with the source that gave it; without an id it is the file and the row in it.
    """
    first, second = read(written([row(id="Ａ１"), row(id="")]), 'source = "portal"\n' + MAP)

    assert isinstance(first, PastComplaint)
    assert isinstance(second, PastComplaint)
    assert (first.source_key, second.source_key) == ("id:portal:A1", "row:hash:3")
