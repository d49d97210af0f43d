"""Small numbers are judged honestly: limits, anomalies, seasons and repetition, each against a case worked by hand."""

from decimal import Decimal

import pytest

from reports import months, statistics
from reports.statistics import CustomerShare, Limits, Ratio

# the counts of the sample company (domain C5), September 2024 to October 2026
SAMPLE = (5, 6, 4, 5, 4, 3, 6, 5, 6, 9, 10, 7, 6, 5, 7, 6, 5, 3, 7, 6, 8, 9, 18, 9, 7, 6)
COUNTS = dict(zip(months.between("2024-09", "2026-10"), SAMPLE, strict=True))


def rules(month: str, customers: list[CustomerShare] | None = None) -> list[str]:
    """The rules that a month of the sample breaks."""
    return [anomaly.rule for anomaly in statistics.anomalies(upto(month), month, customers or [])]


def upto(month: str) -> dict[str, int]:
    """The sample's counts as they were known at the end of a month."""
    return {at: count for at, count in COUNTS.items() if at <= month}


def test_the_limit_is_that_of_the_twelve_months_before() -> None:
    """July 2026 lies above 14.3 = 6.58 + 3 root 6.58; the month itself is not in its own mean."""
    limit = statistics.limits(COUNTS, "2026-07")

    assert limit.mean == pytest.approx(79 / 12)
    assert limit.upper is not None
    assert statistics.rounded(limit.upper) == Decimal("14.3")
    assert "limit" in rules("2026-07")


def test_no_other_month_of_the_sample_is_above_its_limit() -> None:
    """The limit does not cry wolf: from September 2025 on only July 2026 is above it."""
    late = months.between("2025-09", "2026-10")

    assert [month for month in late if "limit" in rules(month)] == ["2026-07"]


def test_there_is_no_limit_before_twelve_months() -> None:
    """With eleven earlier months the mean is that of the eleven, and there is no limit; with none, no mean."""
    assert statistics.limits(COUNTS, "2025-08").upper is None
    assert statistics.limits(COUNTS, "2025-08").mean == pytest.approx(63 / 11)
    assert statistics.limits(COUNTS, "2025-09").upper is not None
    assert statistics.limits(COUNTS, "2024-09") == Limits(None, None)


def test_a_month_on_the_limit_is_not_above_it() -> None:
    """Mean 4 gives a limit of 10: ten complaints are usual, eleven are not."""
    year = dict.fromkeys(months.until("2025-12", 12), 4)

    assert statistics.above_limit(10, statistics.limits(year, "2026-01")) is None
    assert statistics.above_limit(11, statistics.limits(year, "2026-01")) is not None


def test_three_rising_months_are_named() -> None:
    """Exactly the four of the sample: June and July of both years."""
    found = [month for month in COUNTS if "rising" in rules(month)]

    assert found == ["2025-06", "2025-07", "2026-06", "2026-07"]


@pytest.mark.parametrize(
    ("counts", "rises"),
    [((1, 2, 3), True), ((0, 1, 4), False), ((2, 2, 3), False), ((3, 2, 1), False)],
)
def test_a_rise_needs_six_in_all_and_no_pause(counts: tuple[int, ...], *, rises: bool) -> None:
    """1, 2, 3 rises; 0, 1, 4 is too few; two equal months are no rise."""
    year = dict(zip(months.until("2026-03", 3), counts, strict=True))

    assert (statistics.rising(year, "2026-03", Limits(1.0, None)) is not None) is rises


def test_a_rise_below_the_mean_is_a_recovery() -> None:
    """After a bad year three rising months that stay below its mean are nothing to report."""
    year = dict(zip(months.until("2026-03", 3), (1, 2, 3), strict=True))

    assert statistics.rising(year, "2026-03", Limits(3.0, None)) is None


@pytest.mark.parametrize(
    ("now", "of", "before", "of_before", "leads"),
    [
        (8, 18, 20, 79, True),  # 44 % now, 25 % before: 1.76 times
        (8, 18, 26, 79, False),  # 44 % now, 33 % before: 1.35 times
        (2, 4, 0, 40, False),  # half, but two complaints are no pattern
        (4, 10, 4, 15, True),  # 40 % and 1.5 times, both on the edge
        (3, 5, 0, 0, True),  # nothing before to compare with
        (39, 100, 1, 100, False),  # below 40 %
    ],
)
def test_one_customer_leads(now: int, of: int, before: int, of_before: int, *, leads: bool) -> None:
    """40 % of the month, three complaints and 1.5 times its share of the year before: all of them, or nothing."""
    shares = [CustomerShare("凌岳", now, before), CustomerShare("all others", 0, of_before - before)]
    others = [CustomerShare(f"other {number}", 1, 0) for number in range(of - now)]

    assert bool(statistics.leading([*shares, *others])) is leads


def test_each_anomaly_names_its_rule() -> None:
    """July 2026 breaks all three rules, and each sentence carries its numbers."""
    customers = [CustomerShare("凌岳", 8, 20), *(CustomerShare(f"{number}", 1, 6) for number in range(10))]
    found = statistics.anomalies(upto("2026-07"), "2026-07", customers)

    assert [anomaly.rule for anomaly in found] == ["limit", "rising", "customer"]
    assert found[0].text.values["total"] == 18
    assert found[1].text.values["third"] == 18
    assert found[2].text.values["customer"] == "凌岳"


def test_a_season_takes_24_months() -> None:
    """With 23 months there is no index at all; with 24 there is, and it is over whole years only."""
    assert statistics.season(upto("2026-07"), "2026-07").index is None
    assert statistics.season(upto("2026-08"), "2026-08").index is not None


def test_the_seasonal_index_is_over_whole_years() -> None:
    """26 months count as the 24 that end with the month: July is (10 + 18) / 2 against 161 / 24."""
    season = statistics.season(COUNTS, "2026-10")

    assert season.months_of_data == 26
    assert season.index is not None
    assert season.index["07"] == pytest.approx(14 / (sum(SAMPLE[2:]) / 24))
    assert sum(season.index.values()) == pytest.approx(12)


def test_a_quiet_company_has_no_season() -> None:
    """Two years without one complaint give no index, and no division by zero."""
    assert statistics.season(dict.fromkeys(months.until("2026-12", 24), 0), "2026-12").index is None


@pytest.mark.parametrize(("window", "month", "recurs"), [(3, 0, True), (2, 2, True), (2, 1, False), (1, 1, False)])
def test_recurring_is_three_in_90_days_or_two_in_the_month(window: int, month: int, *, recurs: bool) -> None:
    """经常性 or 偶发性, by the rule that is printed on the picture."""
    assert statistics.is_recurring(window, month) is recurs


def test_a_falling_diagram_keeps_the_rest_last() -> None:
    """Seven and 其他: the rest is last even when it is the largest, shares add up to all, nothing is lost."""
    counts = [(f"customer {number:02d}", 3) for number in range(20)] + [("none", 0)]
    pieces = statistics.pareto(counts, 7, "其他")

    assert [piece.name for piece in pieces][-1] == "其他"
    assert len(pieces) == 8
    assert sum(piece.count for piece in pieces) == 60
    assert pieces[-1].cumulative == Ratio(60, 60)
    assert statistics.pareto([], 7, "其他") == ()


def test_what_has_no_name_never_leads_a_falling_diagram() -> None:
    """Fifty complaints without a defect stand behind the rest, and still count in the whole."""
    pieces = statistics.pareto([("", 50), ("rust", 2), ("noise", 3), ("burr", 1)], 2, "其他")

    assert [(piece.name, piece.count, piece.rest) for piece in pieces] == [
        ("noise", 3, False), ("rust", 2, False), ("其他", 1, True), ("", 50, True)
    ]  # fmt: skip
    assert pieces[1].cumulative == Ratio(5, 56)


@pytest.mark.parametrize(
    ("met", "of", "percent"),
    [(5, 6, 83), (0, 0, None), (1, 8, 13), (999, 1000, 99), (1000, 1000, 100), (0, 5, 0)],
)
def test_a_ratio_keeps_both_numbers(met: int, of: int, percent: int | None) -> None:
    """Halves go up, 0/0 is no percentage, and 100 % means all of them."""
    assert Ratio(met, of).percent == percent


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-01", "2026/01", "", "2026-01-01", "٢٠٢٦-٠١"])
def test_a_month_is_written_one_way(text: str) -> None:
    """Anything but YYYY-MM is refused by name."""
    with pytest.raises(months.NotAMonthError):
        months.parse(text)


def test_months_cross_years() -> None:
    """December is followed by January of the next year, and the other way round."""
    assert months.shifted("2025-12", 1) == "2026-01"
    assert months.shifted("2026-01", -13) == "2024-12"
    assert months.between("2026-02", "2026-01") == ()
    assert months.until("2026-02", 3) == ("2025-12", "2026-01", "2026-02")
