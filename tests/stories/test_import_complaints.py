"""Past complaints from spreadsheets: what is new comes in once, what is wrong comes back with its reason."""

import csv
import itertools
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import root
from handlers.imports.complaints import RejectsError
from reports.monthly import plain_totals
from storage.audit import verify
from tests.support import LONG
from tests.support.csvs import GOOD, HEADER, MAP, ZONE, Clerk, row, written
from tests.support.desk import Desk


@pytest.fixture
def clerk(desk: Desk, tmp_path: Path) -> Clerk:
    """Somebody with a spreadsheet, at the sample company on 20 November 2026."""
    return Clerk(desk.database, tmp_path)


def counted(clerk: Clerk) -> int:
    """Complaints as the reports count them."""
    with clerk.database.reading() as session:
        return sum(plain_totals(session, "1990-01", "2026-12", "month").values())


def test_an_imported_row_is_a_closed_case_without_a_number(clerk: Clerk) -> None:
    """
    One row stays one row with its count; it takes no number and starts no deadline (design 8).
    """
    outcome = clerk.take(written([GOOD, row(id="A2", severity="重大", closed="2026-03-09", count="")]), MAP_OF_ONE)
    first, second = clerk.cases()

    assert (outcome.taken, outcome.complaints, outcome.known, outcome.rejected) == (2, 3, 0, [])
    assert (first.number, first.step, first.procedure, first.kind, first.imported) == (
        None, "closed", "complaint", "complaint", True,
    )  # fmt: skip
    assert (first.count, first.customer, first.product, first.category) == (2, "示例车桥", "支架", "外观")
    assert (first.defect, first.title, first.severity) == ("划伤", "表面有划伤", "")
    assert first.received_at == datetime(2026, 3, 5, 12, tzinfo=ZONE)
    assert (first.received_month, first.closed_at, first.due_at) == ("2026-03", None, None)
    assert (second.severity, second.count) == ("major", 1)
    assert second.closed_at == datetime(2026, 3, 9, 12, tzinfo=ZONE)
    with clerk.database.reading() as session:
        report = verify(session)
    assert report.ok, report.faults


ROWS = 50_000 if LONG else 10_000
MAP_OF_ONE = MAP + "\n[defaults]\ncount = 1\n"


def test_a_dry_run_changes_nothing(clerk: Clerk) -> None:
    """
    What would be taken in, what is known and what is rejected is told before anything is done.
    """
    clerk.take(written([GOOD]))
    before = clerk.database.do(lambda uow: (counted(clerk), uow.numbers.last("TS-2026")))
    outcome = clerk.take(written([GOOD, row(id="A2"), row(id="A3", date="")]), dry_run=True)

    assert (outcome.taken, outcome.known, len(outcome.rejected)) == (1, 1, 1)
    assert clerk.database.do(lambda uow: (counted(clerk), uow.numbers.last("TS-2026"))) == before


def test_a_rerun_changes_nothing(clerk: Clerk) -> None:
    """
    The same file again is known row by row, with ids and without, and the audit trail has not grown.
    """
    without = MAP.replace('id = "id"\n', "")
    clerk.take(written([GOOD, row(id="A2")]))
    clerk.take(written([GOOD, GOOD]), without, name="counts.csv")
    with clerk.database.reading() as session:
        rows = verify(session).unsealed
    again = clerk.take(written([GOOD, row(id="A2")])), clerk.take(written([GOOD, GOOD]), without, name="copy.csv")
    with clerk.database.reading() as session:
        report = verify(session)

    assert [(outcome.taken, outcome.known) for outcome in again] == [(0, 2), (0, 2)]
    assert (report.ok, report.unsealed) == (True, rows)
    assert counted(clerk) == 8


def test_a_run_that_was_cut_off_goes_on(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What was kept before the power failed is known afterwards; nothing comes twice, nothing is missing.
    """
    monkeypatch.setattr("handlers.imports.complaints.ROWS_AT_ONCE", 10)
    text = written([row(id=str(number)) for number in range(35)])
    batches = itertools.count()

    def fail(self: object, *args: object, **kwargs: object) -> None:
        if next(batches) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("storage.audit.AuditTrail.write", fail)
        with pytest.raises(KeyboardInterrupt):
            clerk.take(text)
    assert len(clerk.cases()) == 20
    outcome = clerk.take(text)

    assert (outcome.taken, outcome.known, len(clerk.cases())) == (15, 20, 35)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_same_record_in_three_files_is_one(clerk: Clerk, order: tuple[int, ...]) -> None:
    """
    Whatever the order: UTF-8, GB18030 with another date form, and a mark with other columns, empty twins and tabs.
    """
    header = ("id", "date", "customer", "text")
    plain = [(str(at), f"2026-03-{at:02}", f"顾客{at % 3}", "异响,车内") for at in range(1, 9)]
    slashed = [(str(at), f"2026/3/{at}", f"顾客{at % 3}", "异响,车内") for at in range(1, 5)]
    messy = [(f"顾客{at % 3}\t", "", "", str(at), "", f" 2026-03-{at:02}", "异响,车内\t") for at in range(4, 9)]
    files = (
        written(plain, header).encode(),
        written(slashed, header).replace("\n", "\r\n").encode("gb18030"),
        written(messy, ("Customer ", "id", "text", "id_", "customer_", "DATE", "text_")).encode("utf-8-sig"),
    )
    mapping = (
        '[columns]\nid = "id"\nreceived = "date"\ncustomer = "customer"\ndescription = "text"\n'
        '[formats]\nreceived = ["%Y-%m-%d", "%Y/%m/%d"]\n'
    )
    outcomes = [clerk.take(files[at], mapping, name=f"{at}.csv") for at in order]

    assert sum(outcome.taken for outcome in outcomes) == len(clerk.cases()) == 8
    assert sum(outcome.known for outcome in outcomes) == 9
    assert not any(outcome.rejected for outcome in outcomes)
    assert {case.title for case in clerk.cases()} == {"异响,车内"}


def test_two_systems_that_count_from_one(clerk: Clerk) -> None:
    """
    Another complaint under the same id is not passed over in silence; a source in the map keeps them apart.
    """
    other = written([row(customer="别的顾客")])
    clerk.take(written([GOOD]))
    refused = clerk.take(other)
    taken = clerk.take(other, 'source = "portal"\n' + MAP)

    assert refused.taken == 0
    assert "the id A1 is there already" in clerk.why(refused)[0]
    assert (taken.taken, counted(clerk)) == (1, 4)


def test_customers_that_are_known_become_their_codes(clerk: Clerk) -> None:
    """
    Code, name and short name of the master data lead to the code; any other customer stays a text.
    """
    known = clerk.database.do(lambda uow: uow.customers.all()[0])
    names = (known.code, known.name, known.short, known.short.lower(), "谁也不认识")
    clerk.take(written([row(id=str(at), customer=name) for at, name in enumerate(names)]))

    assert [case.customer for case in clerk.cases()] == [known.code] * 4 + ["谁也不认识"]


def test_rejected_rows_come_back_and_can_be_mended(clerk: Clerk) -> None:
    """
    They stand beside the file with their reasons, harmless to open; mended there, that file is taken in.
    """
    bad = [row(id="B1", date="", customer="=cmd()"), row(id="B2", count="-3")]
    outcome = clerk.take(written([GOOD, *bad]))
    assert outcome.rejects == clerk.folder / "past.rejected.csv"
    content = outcome.rejects.read_bytes()
    found = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    mended = content.decode("utf-8-sig").replace(",-3", ",3").replace("B1,,", "B1,2026-03-06,")
    again = clerk.take(mended, name="past.rejected.csv")

    assert content.startswith(b"\xef\xbb\xbf")
    assert found[0] == ["reason", *HEADER]
    assert [line[0] for line in found[1:]] == clerk.why(outcome)
    assert found[1][3] == "'=cmd()"
    assert (again.taken, again.rejected) == (2, [])
    assert [case.customer for case in clerk.cases()] == ["示例车桥", "=cmd()", "示例车桥"]


def test_rows_that_are_being_mended_are_not_written_over(clerk: Clerk) -> None:
    """
    A second run with the same faults finds its file there; with others it takes the next name.
    """
    first = clerk.take(written([row(date="")])).rejects
    same = clerk.take(written([row(date="")])).rejects
    other = clerk.take(written([row(count="x")])).rejects
    named = clerk.take(written([row(count="x")]), rejects=clerk.folder / "here.csv").rejects

    assert first == same == clerk.folder / "past.rejected.csv"
    assert other == clerk.folder / "past.rejected-2.csv"
    assert named == clerk.folder / "here.csv"


def test_rejected_rows_need_a_place(clerk: Clerk) -> None:
    """
    Where they cannot be written, a sentence says so, and never is the file itself written over.
    """
    text = written([row(date="")])
    with pytest.raises(RejectsError, match="--rejected"):
        clerk.take(text, rejects=clerk.folder / "nowhere" / "here.csv")
    with pytest.raises(RejectsError, match="the file itself"):
        clerk.take(text, rejects=clerk.folder / "past.csv")

    assert (clerk.folder / "past.csv").read_text() == text


def test_two_imports_at_once_keep_every_row_once(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Another import that was first with some rows makes them known, not doubled.
    """
    from storage.past import PastComplaints

    asked = PastComplaints.known
    rivals = iter([None])

    def known(self: PastComplaints, keys: list[str]) -> object:
        found = asked(self, keys)
        for _ in rivals:  # between our question and our insert
            clerk.take(written([GOOD, row(id="A2")]), name="rival.csv")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(PastComplaints, "known", known)
        outcome = clerk.take(written([GOOD, row(id="A2"), row(id="A3")]))

    assert (outcome.taken, outcome.known, len(clerk.cases())) == (1, 2, 3)


def test_the_command_tries_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without --yes nothing changes; data is on standard output, talk on standard error; 1 when rows were rejected.
    """
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GUKEBOT_") and "__" in name]:
        monkeypatch.delenv(name)
    (tmp_path / "past.csv").write_text(written([GOOD, row(id="A2", date="")]), encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(MAP.replace("[columns]", "[colums]"), encoding="utf-8")

    def run(*words: str) -> Result:
        return CliRunner().invoke(root, list(words))

    assert run("init").exit_code == 0
    words = ("import", "complaints", "past.csv", "--map", "map.toml")
    tried, done, again = run(*words), run(*words, "--yes"), run(*words, "--yes", "--json")
    wrong = run(*words[:-1], "wrong.toml")

    assert tried.stdout.startswith("1 rows would be taken in (2 complaints, 2026-03 to 2026-03), 0 known already, 1")
    assert "no record was changed" in tried.stderr
    assert done.stdout.startswith("1 rows taken in")
    assert "接到日期为空" in done.stderr
    assert (tried.exit_code, done.exit_code) == (1, 1)
    assert {**json.loads(again.stdout), "reasons": []} == {
        "dry_run": False, "encoding": "utf-8", "taken": 0, "complaints": 0, "known": 1, "rejected": 1,
        "reasons": [], "rejects": "past.rejected.csv",
    }  # fmt: skip
    assert "colums is not known here; did you mean “columns”?" in wrong.stderr
    assert (wrong.exit_code, run("audit", "verify").exit_code) == (1, 0)


@pytest.mark.slow
def test_years_of_rows_in_a_minute(sqlite_url: str, tmp_path: Path) -> None:
    """
    Years of complaints come in while nobody waits long: 10,000 rows in under 12 s, at full length 50,000 in 60.
    """
    from storage.database import Database

    clerk = Clerk(Database(sqlite_url, lambda: datetime(2026, 11, 20, tzinfo=UTC), attachments=tmp_path), tmp_path)
    text = written([
        row(id=f"C{at}", date=f"{2018 + at % 8}-{at % 12 + 1:02}-{at % 28 + 1:02}", customer=f"顾客{at % 80}")
        for at in range(ROWS)
    ])  # fmt: skip
    start = time.monotonic()
    outcome = clerk.take(text)
    took = time.monotonic() - start
    with clerk.database.reading() as session:
        report = verify(session)

    assert (outcome.taken, outcome.complaints) == (ROWS, 2 * ROWS)
    assert report.ok, report.faults[:3]
    assert took < 60 * ROWS / 50_000
    clerk.database.dispose()
