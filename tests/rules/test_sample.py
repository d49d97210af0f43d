"""The sample company's past: the counts of 26 months, and October 2026 as the monthly summary tells it."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conversations.procedures.handbook import HANDBOOK
from handlers.imports import organisation
from handlers.sample.history import NotEmptyError, load_history
from reports import statistics
from reports.counting import totals
from reports.figures import MonthlyFigures
from reports.labels import names
from reports.monthly import monthly_figures
from storage.audit import verify
from storage.bulk import all_of
from storage.cases import Case
from storage.database import Database
from storage.deadlines import Deadline

ZONE = ZoneInfo("Asia/Shanghai")
CUT_OFF = datetime(2026, 11, 2, 8, 5, tzinfo=ZONE)
COUNTS = {
    "2024": [5, 6, 4, 5],
    "2025": [4, 3, 6, 5, 6, 9, 10, 7, 6, 5, 7, 6],
    "2026": [5, 3, 7, 6, 8, 9, 18, 9, 7, 6],
}


@pytest.fixture(scope="module")
def company(sqlite_template: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The sample company with its past, as it is on the day the story begins; nobody here changes it."""
    folder = tmp_path_factory.mktemp("sample")
    sqlite_template(folder / "gukebot.db")
    database = Database(
        f"sqlite:///{folder / 'gukebot.db'}", lambda: datetime(2026, 11, 20, tzinfo=UTC), attachments=folder
    )
    database.do(lambda uow: organisation.apply(uow, organisation.sample(), "test"))
    database.do(load_history)
    yield database
    database.dispose()


def figures(database: Database, month: str, cut_off: datetime = CUT_OFF) -> MonthlyFigures:
    """One month's summary."""
    with database.reading() as session:
        return monthly_figures(session, month, cut_off=cut_off, zone=ZONE)


def test_every_month_has_its_count(company: Database) -> None:
    """26 months, 172 complaints, the first twelve as counts (domain C5)."""
    expected = [count for year in COUNTS.values() for count in year]
    with company.reading() as session:
        by_month = totals(session, names(session), ("2024-09", "2026-10"), "month")
        imported = [case.count for case in all_of(session, Case) if case.imported]

    assert list(by_month.values()) == expected
    assert (sum(expected), sum(imported), sum(expected[-12:])) == (172, 70, 91)


def test_numbers_go_on_where_the_story_begins(company: Database) -> None:
    """The next numbers are TS-2026-0082, JZ-2026-0033 and SP-2026-0008, none is missing before them."""
    with company.begin() as uow:
        last = [uow.numbers.last(series) for series in ("TS-2026", "JZ-2026", "SP-2026")]
        taken = Counter(case.number[:7] for case in all_of(uow.session, Case) if case.number)

    assert last == [81, 32, 7]
    assert taken == {"TS-2025": 24, "TS-2026": 81, "JZ-2025": 8, "JZ-2026": 32}


def test_october_is_the_month_of_the_demo(company: Database) -> None:
    """Six complaints, one of them major; 48 hours 5/6, first measures 4/6; who, what, and how many."""
    month = figures(company, "2026-10")

    assert (month.total, month.now.count.major, month.now.count.quantity) == (6, 1, 143)
    assert month.now.in_48_hours == statistics.Ratio(5, 6)
    assert month.first_measure == statistics.Ratio(4, 6)
    assert {each.name: each.count for each in month.customers if each.count} == {
        "凌岳": 2, "瀚途": 2, "森迪": 1, "驰安": 1,
    }  # fmt: skip
    assert {each.name: each.count for each in month.defects} == {"异响": 2, "尺寸超差": 2, "锈蚀": 1, "标签错误": 1}
    assert (month.year_to_date, month.last_year_to_date) == (78, 61)
    assert month.anomalies == ()


def test_four_are_open_and_one_of_them_is_late(company: Database) -> None:
    """TS-2026-0077 is two days over its time on 2 November, and production is responsible."""
    month = figures(company, "2026-10")
    late = [(row.number, row.customer, row.over, row.department) for row in month.open_cases if row.over is not None]

    assert (month.now.standing.open, month.now.standing.overdue) == (4, 1)
    assert late == [("TS-2026-0077", "森迪", 2, "生产部")]


def test_one_problem_recurs(company: Database) -> None:
    """凌岳's control arm makes its noise for the third time within 90 days; JZ-2026-0029 is at work on it."""
    again = figures(company, "2026-10").recurring

    assert [(each.customer, each.product, each.defect, each.count) for each in again] == [
        ("凌岳", "前下控制臂总成", "异响", 3)
    ]
    assert [(each.number, each.step) for each in again[0].correctives][-1] == ("JZ-2026-0029", "open")
    assert again[0].numbers[-1] == "TS-2026-0073"


def test_july_is_the_one_month_above_its_limit(company: Database) -> None:
    """18 complaints against a limit of 14.28: ten of them rust, eight from 凌岳; no other month."""
    july = figures(company, "2026-07")
    months = [f"2025-{month:02d}" for month in range(9, 13)] + [f"2026-{month:02d}" for month in range(1, 11)]
    above = [at for at in months if "limit" in {each.rule for each in figures(company, at).anomalies}]

    assert above == ["2026-07"]
    assert july.limits.upper == pytest.approx(14.28, abs=0.005)
    assert {each.name: each.count for each in july.defects}["锈蚀"] == 10
    assert {each.name: each.count for each in july.customers}["凌岳"] == 8


def test_only_july_is_led_by_one_customer(company: Database) -> None:
    """No other month makes one customer an anomaly, so that the demo's pictures say what the story says."""
    months = [f"2026-{month:02d}" for month in range(1, 11)]

    assert [at for at in months if "customer" in {each.rule for each in figures(company, at).anomalies}] == ["2026-07"]


def test_the_past_is_quiet(company: Database) -> None:
    """Nothing of the past raises a level, and nothing of it is open when the story begins but its actions."""
    with company.reading() as session:
        waiting = [row for row in all_of(session, Deadline) if row.next_level_at is not None]
        open_ = [(case.number, case.step) for case in all_of(session, Case) if case.closed_at is None]

    assert waiting == []
    assert [number for number, step in open_ if step == "open"] == ["JZ-2026-0029"]
    assert {step for _, step in open_} == {"open", "checking"}


def test_a_breach_of_the_past_is_a_fact(company: Database) -> None:
    """Deadlines ended as their times say: met in time, or done overdue with the instant of the breach."""
    with company.reading() as session:
        ended = [row for row in all_of(session, Deadline) if row.ended_at is not None]

    assert ended
    for row in ended:
        assert row.ended_at is not None
        late = row.ended_at > row.due_at
        assert (row.state, row.breached_at) == (("breached_met", row.due_at) if late else ("met", None))


def test_loading_twice_changes_nothing(company: Database) -> None:
    """The past is loaded once; into a database with other cases it is refused."""
    assert company.do(load_history) == 0


def test_the_past_is_not_mixed_with_other_cases(sqlite_url: str, tmp_path: Path) -> None:
    """Where a case has its number already, the sample's past is refused by name."""
    database = Database(sqlite_url, lambda: datetime(2026, 11, 20, tzinfo=UTC), attachments=tmp_path)
    database.do(lambda uow: uow.numbers.issue("TS-2026"))

    with pytest.raises(NotEmptyError):
        database.do(load_history)
    database.dispose()


def test_the_past_follows_the_procedures(company: Database) -> None:
    """Every recorded action is one that the procedure allows at the step where the case stood."""
    with company.reading() as session:
        done = [(case.procedure, action) for case in all_of(session, Case) for action in case.actions]

    assert len(done) > 900
    for procedure, action in done:
        possible = {each.key for each in HANDBOOK[procedure].at(action.step)} if action.step else {"file"}
        assert action.key in possible, (action.key, action.step)


def test_the_trail_knows_every_case_on_both_databases(database_url: str, tmp_path: Path) -> None:
    """Loaded, sealed and verified on SQLite and on PostgreSQL: every case stands as its audit row says."""
    database = Database(database_url, lambda: datetime(2026, 11, 20, tzinfo=UTC), attachments=tmp_path)
    database.do(lambda uow: organisation.apply(uow, organisation.sample(), "test"))
    cases = database.do(load_history)
    database.do(lambda uow: uow.audit.seal())
    with database.reading() as session:
        report = verify(session)
    database.dispose()

    assert report.faults == ()
    assert (report.sealed, report.unsealed) == (cases + 1, 0)
