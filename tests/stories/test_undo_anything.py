"""撤回 puts everything back: whatever is done at random and taken back leaves every row as it was (U5)."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from conversations.procedures.handbook import HANDBOOK
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk
from tests.support.wander import Wanderer

Row = dict[str, object]
Picture = dict[str, dict[object, Row]]

KEPT = {
    "cases": "id", "deadlines": "id", "escalations": "id", "links": "id", "attachments": "id", "customers": "code",
    "sign_offs": "id", "sign_off_requests": "id", "people": "id",
}  # fmt: skip
GROWS = ("visit", "version", "updated_at")
"""What tells that something happened: these never go back."""

NOTHING_LEFT: dict[str, Callable[[Row, set[object]], bool]] = {
    "cases": lambda row, void: row["id"] in void,
    "deadlines": lambda row, _void: row["state"] == "cancelled",
    "links": lambda row, void: row["other_id"] in void,
    "attachments": lambda row, void: row["case_id"] in {None, *void} or row["mime"] == "text/html",
    "sign_offs": lambda row, _void: row["state"] != "open",
    "sign_off_requests": lambda _row, _void: True,
}
"""What something that was begun and taken back may leave behind: nothing that counts, and the form as it was filed."""


def picture(desk: Desk) -> Picture:
    """Every row that counts, as it stands."""

    def look(uow: UnitOfWork) -> Picture:
        found: Picture = {}
        for table, key in KEPT.items():
            rows = uow.session.execute(text(f"select * from {table}")).mappings()
            found[table] = {row[key]: {k: v for k, v in row.items() if k not in GROWS} for row in rows}
        return found

    return desk.do(look)


def assert_same(before: Picture, after: Picture, what: str) -> None:
    """Every earlier row is what it was, and a newer one counts for nothing."""
    void = {key for key, row in after["cases"].items() if row["step"] == "void"}
    for table, rows in before.items():
        for key, row in rows.items():
            assert after[table][key] == row, f"{what}: {table} {key}"
        for key in after[table].keys() - rows.keys():
            assert NOTHING_LEFT[table](after[table][key], void), f"{what}: {table} {key} is new: {after[table][key]}"


def wander(desk: Desk, seed: int, steps: int) -> Counter[str]:
    """Walk at random; two of three things done are taken back. What was taken back, and how often."""
    walker, undone = Wanderer(desk, seed), Counter[str]()
    for step in range(steps):
        numbers = desk.do(lambda uow: [case.number or "" for case in uow.cases.open_of()])
        before = picture(desk)
        person = walker.step(numbers)
        if not person or step % 3 == 0:
            continue
        key = desk.do(newest)
        answer = walker.undo(person)
        assert "撤回" in answer or "作废" in answer, f"{key}: {answer}"
        assert_same(before, picture(desk), key)
        undone[key] += 1
    return undone


def newest(uow: UnitOfWork) -> str:
    """What was done last."""
    return str(uow.session.execute(text("select key from actions order by id desc limit 1")).scalar_one())


@pytest.fixture
def starts(url: str, tmp_path: Path) -> Iterator[Desk]:
    """One case with sales, one with quality."""
    desk = Desk.open(url, tmp_path)
    desk.report()
    desk.transmit()
    desk.accept()
    yield desk
    desk.leave()


@pytest.mark.parametrize("seed", range(1))
def test_rows_are_as_they_were(starts: Desk, seed: int) -> None:
    """
    Forty things done at random by eight people, most of them taken back: cases, deadlines, promises, ties, files.
    """
    assert wander(starts, seed, 40).total() > 5


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(min_value=100))
def test_whatever_the_seed(furnished_sqlite: Callable[[Path], str], tmp_path: Path, seed: int) -> None:
    """
    The same for any walk, on SQLite, where many can be tried.
    """
    folder = Path(tempfile.mkdtemp(dir=tmp_path))  # one walk, one database
    desk = Desk.open(furnished_sqlite(folder), folder)
    desk.report()
    desk.transmit(impact="已停线")
    wander(desk, seed, 25)
    desk.leave()
    shutil.rmtree(folder)


OF_SURVEYS = ("send_survey", "cancel_survey", "close_survey", "state_below", "analyse_survey", "archive_report")
OF_CUSTOMERS = ("phone_answers", "paper_answers", "add_relations")
OF_EMPLOYEES = ("approve_all",)
"""What went out to people, was counted, or stands with a contact: it is mended otherwise."""


def test_everything_has_its_way_back() -> None:
    """
    Every action of every procedure can be taken back, or says what to do about it instead.
    """
    without = [
        f"{procedure.key}.{action.key}"
        for procedure in HANDBOOK.procedures
        for action in procedure.actions
        if not action.undoable
    ]

    assert sum(len(procedure.actions) for procedure in HANDBOOK.procedures) >= 25
    assert set(without) == {
        "complaint.customer_message", "corrective_action.returned", "monthly_summary.confirm",
        "monthly_summary.post_unconfirmed", "monthly_summary.correct",
        *(f"customer_survey.{key}" for key in (*OF_SURVEYS, *OF_CUSTOMERS)),
        *(f"employee_survey.{key}" for key in (*OF_SURVEYS, *OF_EMPLOYEES)),
    }  # fmt: skip
