"""Public complaint records, found through GUKEBOT_REAL_DATA: their totals are those that others counted."""

import itertools
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reports.charts import draw_all
from reports.counting import By
from reports.monthly import monthly_figures, plain_totals
from reports.yearly import yearly_figures
from storage.audit import verify
from storage.database import Database
from tests.support.csvs import Clerk

pytestmark = pytest.mark.real_data
DATA = Path(os.environ.get("GUKEBOT_REAL_DATA", "."))
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
US_FILE = "nhtsa_monthly_counts_flagged.csv"
US_MAP = """
[columns]
received = "month"
customer = "mfr_name"
product = "modeltxt"
category = "component_group"
defect = "topic_label"
count = "complaints"

[formats]
received = "%Y-%m-%d"
"""
ZH_FILES = (
    "zh_auto_complaints.csv",
    "raw/zh_auto_complaints_gb18030.csv",
    "raw/zh_auto_complaints_bom_extra_columns.csv",
)
ZH_MAP = """
[columns]
id = "id"
received = "datetime"
customer = "brand"
product = "car_model"
defect = "problem"
description = "desc"

[formats]
received = ["%Y-%m-%d", "%Y/%m/%d"]
"""
SINGLE_FILE = "nhtsa_complaints_sample.csv"
SINGLE_MAP = """
[columns]
id = "CMPLID"
received = "DATEA"
customer = "MFR_NAME"
product = "MODELTXT"
category = "COMPDESC"
description = "CDESCR"

[formats]
received = "%Y%m%d"
"""


@pytest.fixture
def clerk(database_url: str, tmp_path: Path) -> Iterator[Clerk]:
    """Somebody with the public records and an empty database."""
    database = Database(database_url, lambda: NOW, attachments=tmp_path / "files")
    yield Clerk(database, tmp_path)
    database.dispose()


@pytest.fixture(scope="module")
def expected() -> Any:
    """What was counted independently of us."""
    return json.loads((DATA / "expected_stats.json").read_text(encoding="utf-8"))


def totals(clerk: Clerk, by: By) -> Mapping[str, int]:
    """Complaints of all years, as ``gukebot report`` counts them."""
    with clerk.database.reading() as session:
        return plain_totals(session, "2020-01", "2022-12", by)


def test_us_counts_are_those_that_others_counted(clerk: Clerk, expected: Any) -> None:
    """
    3,264 rows stand for 15,407 complaints; months, makers and components add up to the last one.
    """
    outcome = clerk.take((DATA / US_FILE).read_bytes(), US_MAP)
    counted = expected["nhtsa_monthly_counts_flagged"]
    with clerk.database.reading() as session:
        report = verify(session)

    assert (outcome.taken, outcome.complaints, outcome.rejected) == (3264, 15407, [])
    assert totals(clerk, "month") == {day[:7]: count for day, count in counted["by_month"].items()}
    assert list(totals(clerk, "customer").items())[:10] == list(counted["top10_mfr"].items())
    assert list(totals(clerk, "category").items())[:5] == list(counted["top5_component"].items())
    assert report.ok, report.faults


def test_us_counts_are_the_same_in_another_zone(clerk: Clerk, expected: Any) -> None:
    """
    The first of a month is that month's, wherever the company is.
    """
    Clerk(clerk.database, clerk.folder, NEW_YORK).take((DATA / US_FILE).read_bytes(), US_MAP)
    by_month = expected["nhtsa_monthly_counts_flagged"]["by_month"]

    assert totals(clerk, "month") == {day[:7]: count for day, count in by_month.items()}


@pytest.mark.parametrize("order", list(itertools.permutations(ZH_FILES)), ids=lambda order: " ".join(order)[-20:])
def test_three_chinese_files_are_1200_complaints(clerk: Clerk, expected: Any, order: tuple[str, ...]) -> None:
    """
    UTF-8, GB18030 and a mark with twin columns hold the same records: whatever the order, each counts once.
    """
    outcomes = [clerk.take((DATA / name).read_bytes(), ZH_MAP, name=Path(name).name) for name in order]
    counted = expected["zh_auto_complaints"]
    by_brand, by_day = totals(clerk, "customer"), dict[str, int]()
    for case in clerk.cases():
        day = f"{case.received_at.astimezone(clerk.zone):%Y-%m-%d}"
        by_day[day] = by_day.get(day, 0) + case.count

    assert [len(outcome.rejected) for outcome in outcomes] == [0, 0, 0]
    assert (sum(by_brand.values()), len(by_brand)) == (counted["rows"], counted["brands"])
    assert {brand: by_brand[brand] for brand in counted["top10_brand"]} == counted["top10_brand"]
    assert dict(sorted(by_day.items())) == counted["by_day"]
    assert not any("\t" in case.title for case in clerk.cases())


def test_single_us_complaints_come_in_or_say_why(clerk: Clerk) -> None:
    """
    52 complaints over 23 years, upper case, long: every row is taken in or comes back with its reason.
    """
    outcome = clerk.take((DATA / SINGLE_FILE).read_bytes(), SINGLE_MAP)

    assert outcome.taken + outcome.known + len(outcome.rejected) == 52
    assert outcome.taken >= 50, clerk.why(outcome)


def test_summaries_can_be_drawn(clerk: Clerk) -> None:
    """
    The month and the year of real records become five pictures each, and the month's total is the file's.
    """
    clerk.take((DATA / US_FILE).read_bytes(), US_MAP)
    with clerk.database.reading() as session:
        month = monthly_figures(session, "2022-06", cut_off=NOW, zone=clerk.zone)
        year = yearly_figures(session, "2022", cut_off=NOW, zone=clerk.zone)

    folders = clerk.folder / "month", clerk.folder / "year"
    for folder in folders:
        folder.mkdir()

    assert (month.total, year.total) == (518, 5361)
    assert len(draw_all(month, "zh", folders[0])) == 5
    assert len(draw_all(year, "en", folders[1])) == 5
