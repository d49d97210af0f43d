"""The month's figures from the rows, on both databases: what counts, in which month, and what it is compared with."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from conversations.words import Said
from reports.figures import Count, MonthlyFigures, Standing
from reports.monthly import as_json, monthly_figures, plain_totals
from reports.statistics import Ratio
from reports.yearly import NotAYearError, year_json, yearly_figures
from tests.stories.monthly_data import ZONE, Records, at

CUT_OFF = at("2026-11-02T08:05")


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """A company without complaints, on SQLite and on PostgreSQL."""
    engine = create_engine(database_url)
    with Session(engine) as session:
        records = Records(session)
        records.company()
        yield records
    engine.dispose()


def october(records: Records) -> MonthlyFigures:
    """October 2026, counted on 2 November at 08:05."""
    return monthly_figures(records.session, "2026-10", cut_off=CUT_OFF, zone=ZONE)


def test_only_complaints_and_grievances_count_and_each_once(records: Records) -> None:
    """投诉 and 抱怨 are in the total; merged stands beside its target, withdrawn and opinions are not counted."""
    records.complaint("2026-10-03T09:00", severity="major", quantity=120)
    records.complaint("2026-10-04T09:00", kind="grievance", quantity=23)
    records.complaint("2026-10-05T09:00", step="merged")
    records.complaint("2026-10-06T09:00", step="withdrawn")
    records.complaint("2026-10-07T09:00", procedure="communication", kind="opinion", number="GT-2026-0001")
    figures = october(records)

    assert figures.now.count == Count(total=2, major=1, quantity=143)
    left = figures.not_counted
    assert (left.merged, left.withdrawn, left.opinions) == (1, 1, 1)


def test_an_imported_row_counts_for_as_many_as_it_stands_for(records: Records) -> None:
    """A spreadsheet's row of 37 complaints is one row and 37 complaints, in every figure alike."""
    records.complaint("2026-10-03T09:00", number=None, imported=True, count=37, customer="Acme", defect="rust")
    figures = october(records)

    assert figures.total == 37
    assert [(each.name, each.count, each.defect, each.of_defect) for each in figures.customers] == [
        ("Acme", 37, "rust", 37)
    ]
    assert figures.now.standing == Standing(0, 0)
    assert plain_totals(records.session, "2026-10", "2026-10", "customer") == {"Acme": 37}


def test_names_by_code_by_short_and_in_full_are_one_customer(records: Records) -> None:
    """Imported history that names the customer in full is added to the customer of the register."""
    for name in ("K01", "凌岳", "凌岳汽车有限公司"):
        records.complaint("2026-10-03T09:00", customer=name)

    assert [(each.name, each.count) for each in october(records).customers] == [("凌岳", 3)]


def test_months_without_a_complaint_are_zeros(records: Records) -> None:
    """Zero months count in the mean; months before the records began do not."""
    records.complaint("2026-01-03T09:00")
    records.complaint("2026-10-03T09:00")
    figures = october(records)

    assert [count.total for count in figures.months.values()] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert figures.limits.mean == pytest.approx(1 / 9)
    assert figures.limits.upper is None
    assert figures.previous is not None
    assert figures.previous.count == Count()
    assert figures.last_year is None


def test_48_hours_are_judged_by_the_due_instant(records: Records) -> None:
    """Met in time, met late and past count; not yet due, imported, merged and cancelled do not."""
    met = ("2026-10-05T08:00", "2026-10-04T10:00")
    for ended in met:
        records.deadline(records.complaint("2026-10-03T09:00"), ended)
    records.deadline(records.complaint("2026-10-03T09:00"), "2026-10-09T10:00")
    past = {"step": "qa_handling", "closed_at": None}
    records.deadline(records.complaint("2026-10-20T09:00", **past), None)
    records.deadline(records.complaint("2026-10-31T20:00", **past), None)
    records.deadline(records.complaint("2026-10-03T09:00", step="merged"), met[0])
    records.deadline(records.complaint("2026-10-03T09:00", imported=True, number=None), met[0])
    records.deadline(records.complaint("2026-10-03T09:00"), met[0], state="cancelled")

    assert october(records).now.in_48_hours == Ratio(2, 4)


def test_first_measures_count_once_and_silence_is_not_satisfaction(records: Records) -> None:
    """A second round does not mend the first; 顾客未答复 is in neither number."""
    first, second, third = (records.complaint("2026-10-03T09:00") for _ in range(3))
    records.verdict(first, "satisfied")
    records.verdict(second, "not_satisfied")
    records.verdict(second, "satisfied", 2)
    records.verdict(third, "no_answer")

    assert october(records).first_measure == Ratio(1, 2)


def test_what_is_open_and_what_is_late_is_judged_at_the_cut_off(records: Records) -> None:
    """The table has the latest first; a case closed since then was open; days are natural days."""
    late = records.complaint("2026-10-20T09:00", step="qa_handling", closed_at=None, responsible="SC", owner_id=1)
    records.deadline(late, None)
    records.complaint("2026-10-30T09:00", step="closed", closed_at=CUT_OFF + timedelta(hours=1))
    records.complaint("2026-11-02T09:00", step="handed_over", closed_at=None)
    figures = october(records)

    assert figures.now.standing == Standing(open=2, overdue=1)
    first, second = figures.open_cases
    assert (first.number, first.department, first.days, first.over) == (late.number, "生产部", 13, 11)
    assert (second.over, second.step) == (None, "closed_since")


def test_waiting_for_the_customer_is_not_late(records: Records) -> None:
    """A pause, the customer's own silence and a receipt nobody ticked off make no case late."""
    case = records.complaint("2026-10-20T09:00", step="awaiting_customer", closed_at=None)
    records.deadline(case, "2026-10-21T09:00")
    records.deadline(case, None, key="K3")
    records.deadline(case, None, key="K-RCPT")
    records.deadline(case, None, key="KIMPL", state="paused")

    assert october(records).now.standing == Standing(open=1, overdue=0)


def test_the_third_of_a_kind_within_90_days_recurs(records: Records) -> None:
    """Customer, product and defect, 90 days to the month's end: named with numbers and the corrective action."""
    cases = [records.complaint(day) for day in ("2026-08-03T09:00", "2026-09-10T09:00", "2026-10-03T09:00")]
    records.complaint("2026-08-02T23:59")  # the 91st day
    records.complaint("2026-10-09T09:00", customer="K05")
    records.complaint("2026-10-09T09:00", product="unknown")
    records.corrective(cases[2], "JZ-2026-0029")
    figures = october(records)
    [again] = figures.recurring

    assert (again.customer, again.product, again.defect, again.count) == ("凌岳", "前下控制臂总成", "异响", 3)
    assert again.numbers == tuple(case.number for case in cases)
    assert [(each.number, each.step) for each in again.correctives] == [("JZ-2026-0029", "open")]
    assert figures.sporadic == 2
    assert figures.now.repeated == 1


def test_two_in_the_month_recur_and_what_is_not_known_never_does(records: Records) -> None:
    """Two of the same in October recur; twenty without a defect code are twenty sporadic ones."""
    for _ in range(2):
        records.complaint("2026-10-03T09:00", defect="WG01")
    for _ in range(20):
        records.complaint("2026-10-03T09:00", defect="")
    figures = october(records)

    assert [(each.defect, each.count) for each in figures.recurring] == [("锈蚀", 2)]
    assert figures.sporadic == 20


def test_the_year_to_date_needs_a_whole_year_to_compare_with(records: Records) -> None:
    """Records that begin in March are not set against a year that began in January."""
    records.complaint("2025-03-03T09:00")
    records.complaint("2026-01-03T09:00")
    records.complaint("2026-10-03T09:00")
    half = october(records)
    records.complaint("2025-01-03T09:00")

    assert (half.year_to_date, half.last_year_to_date) == (2, None)
    assert october(records).last_year_to_date == 2


def test_json_is_what_programs_rely_on(records: Records) -> None:
    """Month, total, customers, twelve months that end with it, recurring, season, anomalies, charts."""
    for _ in range(2):
        records.complaint("2026-10-03T09:00")
    data = as_json(october(records), [Path("a.png")])

    assert list(data) == [
        "month", "total", "by_customer", "last_twelve", "recurring", "corrective_actions", "season", "anomalies",
        "charts",
    ]  # fmt: skip
    assert data["by_customer"] == {"凌岳": 2}
    twelve = data["last_twelve"]
    assert isinstance(twelve, dict)
    assert (len(twelve), list(twelve)[-1], twelve["2026-10"]) == (12, "2026-10", 2)
    assert data["recurring"] == [
        {"customer": "凌岳", "product": "前下控制臂总成", "defect": "异响", "count": 2,
         "numbers": ["TS-2026-0001", "TS-2026-0002"]}
    ]  # fmt: skip
    assert data["season"] is None
    assert data["charts"] == ["a.png"]


def test_an_empty_company_has_a_summary_too(records: Records) -> None:
    """The first month of an installation is all zeros and dashes, not an error."""
    figures = october(records)

    assert figures.total == 0
    assert list(figures.months) == ["2026-10"]
    assert figures.anomalies == ()
    assert as_json(figures, [])["by_customer"] == {}


def test_plain_totals_by_month_have_zeros_by_others_have_none(records: Records) -> None:
    """Every month between the two is named; categories of spreadsheets stay as they were written."""
    records.complaint("2026-08-03T09:00", category="AIR BAGS", count=5)
    records.complaint("2026-10-03T09:00")

    assert plain_totals(records.session, "2026-08", "2026-10", "month") == {
        "2026-08": 5, "2026-09": 0, "2026-10": 1
    }  # fmt: skip
    assert plain_totals(records.session, "2026-08", "2026-10", "category") == {"AIR BAGS": 5, "quality": 1}


def test_a_year_stands_beside_the_one_before(records: Records) -> None:
    """Twelve months each, corrective actions finished and effective, mean days to close; months to come are blank."""
    records.complaint("2025-01-03T09:00")
    cases = [records.complaint("2026-03-03T09:00"), records.complaint("2026-03-04T09:00", defect="WG01")]
    done = records.corrective(cases[0], "JZ-2026-0001", "closed")
    records.corrective(cases[1], "JZ-2026-0002")
    records.corrective(cases[1], "JZ-2026-0003", "cancelled")
    records.verdict(done, "verify_ok")
    figures = yearly_figures(records.session, "2026", cut_off=CUT_OFF, zone=ZONE)

    assert (figures.total, figures.previous.count.total if figures.previous else None) == (2, 1)
    assert (figures.rectified, figures.effective) == (Ratio(1, 2), Ratio(1, 1))
    assert figures.days_to_close == pytest.approx(10)
    assert list(figures.months)[-1] == "2026-10"
    assert not figures.over
    assert [(each.name, each.count, each.previous) for each in figures.customers] == [("凌岳", 2, 1)]
    assert year_json(figures)["total"] == 2
    with pytest.raises(NotAYearError):
        yearly_figures(records.session, "26", cut_off=CUT_OFF, zone=ZONE)


def test_what_recurred_in_any_month_recurs_in_the_year(records: Records) -> None:
    """The year counts all complaints of the group, also those outside the 90 days that made it recur."""
    for day in ("2026-01-03T09:00", "2026-06-03T09:00", "2026-06-04T09:00", "2025-12-30T09:00"):
        records.complaint(day)
    figures = yearly_figures(records.session, "2026", cut_off=CUT_OFF, zone=ZONE)

    assert [(each.count, each.in_month) for each in figures.recurring] == [(3, 3)]
    assert figures.sporadic == 0


def test_a_year_that_is_half_in_the_records_is_nothing_to_compare_with(records: Records) -> None:
    """Records that begin in May give no total of that year to set beside the next, and no zeros before May."""
    records.complaint("2025-05-03T09:00")
    records.complaint("2026-03-03T09:00")
    figures = yearly_figures(records.session, "2026", cut_off=at("2027-01-04T08:05"), zone=ZONE)

    assert figures.over
    assert (figures.previous, figures.previous_days_to_close) == (None, None)
    assert next(iter(figures.months)) == "2025-05"
    assert figures.months["2026-12"] == Count()


def test_a_month_that_has_only_begun_is_in_no_season(records: Records) -> None:
    """On the first of November two years that end with October are judged, and November is no zero."""
    for month in range(24):
        records.complaint(f"{2024 + (month + 10) // 12}-{(month + 10) % 12 + 1:02d}-03T09:00")
    season = yearly_figures(records.session, "2026", cut_off=at("2026-11-01T00:30"), zone=ZONE).season

    assert (season.months_of_data, max(season.counts)) == (24, "2026-10")
    assert season.index is not None
    assert set(season.index.values()) == {1.0}


def test_of_equals_the_usual_one_is_named_first(records: Records) -> None:
    """Two defects, two customers with as many this month: first comes the one with more in the year."""
    for day in ("2026-10-03T09:00", "2026-05-03T09:00"):
        records.complaint(day, customer="K05", defect="WG01")
    records.complaint("2026-10-03T09:00")
    figures = october(records)

    assert [each.name for each in figures.customers] == ["森迪", "凌岳"]
    assert [each.name for each in figures.defects] == ["锈蚀", "异响"]


def test_what_nobody_judged_or_counted_is_no_zero(records: Records) -> None:
    """Imported complaints without severity and quantity are shown with dashes; a judged one makes numbers of them."""
    records.complaint("2026-10-03T09:00", severity="", imported=True, number=None, count=4)
    count = october(records).now.count
    records.complaint("2026-10-04T09:00", severity="major", quantity=3)
    judged = october(records).now.count

    assert (count.total, count.unjudged, count.major_said, count.quantity_said) == (4, 4, Said("–"), Said("–"))
    assert (judged.unjudged, judged.major, judged.major_said.values, judged.quantity) == (4, 1, {"number": 1}, 3)
