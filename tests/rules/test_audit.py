"""The audit trail: whatever is changed behind its back is found, and what is right is never suspected."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.audit import AuditReport, verify
from storage.audit_rows import Entry
from storage.unit_of_work import UnitOfWork
from tests.support.storage import House, a_case

NUMBER = "TS-2026-0001"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """Two cases with a history, six rows sealed and two not yet."""
    with closing(House(database_url, tmp_path)) as made:
        made.do(_history)
        yield made


def _history(uow: UnitOfWork) -> None:
    one, other = a_case(uow, NUMBER), a_case(uow, "TS-2026-0002")
    for case in (one, other):
        uow.audit.write_case(case, "opened", "程小满", data={"title": "少送两箱\n“急”\x07"})
        uow.audit.write("organisation", "imported", "admin")
        case.step = "awaiting_customer"
        uow.audit.write_case(case, "measure", "程小满", "罗一帆")
    uow.audit.seal()
    other.step = "implementing"
    uow.audit.write_case(other, "satisfied", "程小满")
    uow.audit.write("organisation", "imported", "admin")


def look(house: House) -> AuditReport:
    """Verify the trail."""
    with house.database.reading() as session:
        return verify(session)


def tamper(house: House, *statements: str) -> None:
    """Change the tables behind its back."""
    with house.database.begin() as uow:
        for statement in statements:
            uow.session.execute(text(statement))


def test_an_untouched_trail_is_right(house: House) -> None:
    """
    Sealed and unsealed rows are counted, and nothing is found.
    """
    assert look(house) == AuditReport(sealed=6, unsealed=2, faults=())


def test_sealing_goes_on_where_it_stopped(house: House) -> None:
    """
    Batches of any size make one chain, and sealing twice changes nothing.
    """
    with house.database.begin() as uow:
        assert [uow.audit.seal(1), uow.audit.seal(1), uow.audit.seal(1)] == [1, 1, 0]
    assert look(house) == AuditReport(sealed=8, unsealed=0, faults=())


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE seq = 3", "seal 3 (case:1, measure) is not what was sealed"),
        ("UPDATE audit SET data = '{}' WHERE seq = 4", "seal 4"),
        ("UPDATE audit SET at = '2026-11-20 08:05:01+00' WHERE seq = 2", "seal 2"),
        ("UPDATE audit SET subject = 'case:2' WHERE seq = 1", "seal 1"),
        ("UPDATE audit SET id = 100 WHERE seq = 2", "seal 2"),
        ("UPDATE audit SET hash = prev_hash WHERE seq = 2", "seal 3 does not follow"),
        ("UPDATE audit SET seq = NULL WHERE seq = 2", "after seal 1 comes 3"),
        ("DELETE FROM audit WHERE seq = 2", "after seal 1 comes 3"),
        ("DELETE FROM audit WHERE seq = 6", "the chain ends at seal 5, and the newest seal was 6"),
        ("DELETE FROM audit WHERE seq IS NOT NULL", "the chain ends at seal 0, and the newest seal was 6"),
        ("DELETE FROM audit WHERE action = 'satisfied'", "TS-2026-0002: step is implementing"),
        ("UPDATE audit SET data = 'junk' WHERE action = 'satisfied'", "cannot be read"),
        ("UPDATE cases SET step = 'closed' WHERE id = 1", f"{NUMBER}: step is closed"),
        ("UPDATE cases SET number = 'TS-2026-0009' WHERE id = 1", "TS-2026-0009: number is TS-2026-0009"),
        ("UPDATE cases SET number = NULL WHERE id = 1", "case:1: number is None"),
        ("UPDATE cases SET received_at = '2026-11-20 08:06:00+00' WHERE id = 1", f"{NUMBER}: received_at is"),
        ("DELETE FROM cases WHERE id = 1", "case:1 is in the audit trail, and the case is gone"),
        (
            "INSERT INTO cases SELECT 3, procedure, 'TS-2026-0003' {rest} FROM cases WHERE id = 1",
            "TS-2026-0003 has no row in the audit trail",
        ),
    ],
)
def test_a_change_behind_its_back_is_named(house: House, statement: str, fault: str) -> None:
    """
    One altered, removed or added row, in the trail or among the cases, fails the verification and is named.
    """
    if house.database.dialect == "sqlite":
        statement = statement.replace("+00'", ".000000'")
    with house.database.begin() as uow:
        columns = list(uow.session.execute(text("SELECT * FROM cases WHERE id = 1")).mappings().one())
    rest = "".join(f", {name}" if name != "source_key" else ", NULL" for name in columns[3:])
    tamper(house, statement.replace("{rest}", rest))

    found = look(house)

    assert not found.ok
    assert any(fault in sentence for sentence in found.faults), found.faults


def test_two_rows_that_change_places_are_found(house: House) -> None:
    """
    Rows put in another order do not pass, even when their seals go with them.
    """
    tamper(
        house,
        "UPDATE audit SET seq = 99 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 99",
    )
    assert not look(house).ok


def test_a_forged_row_in_between_is_found(house: House) -> None:
    """
    A row with a made-up seal does not fit between the others.
    """
    columns = "at, subject, actor, on_behalf_of, action, data, seq, prev_hash, hash"
    forged = "SELECT at, subject, actor, on_behalf_of, action, data, 7, hash, prev_hash FROM audit WHERE seq = 6"
    tamper(house, f"INSERT INTO audit ({columns}) {forged}")
    faults = look(house).faults
    assert any("seal 7" in fault for fault in faults)


def test_an_end_cut_off_is_not_healed_by_the_next_seal(house: House) -> None:
    """
    After the newest seals are removed, sealing more rows leaves the gap visible.
    """
    tamper(house, "DELETE FROM audit WHERE seq = 6")
    house.do(lambda uow: uow.audit.seal())
    assert "after seal 5 comes 7: what was between is missing" in look(house).faults


def test_a_trail_that_grows_meanwhile_is_not_suspected(house: House) -> None:
    """
    While cases move and rows are sealed, verifying sees one moment and finds nothing.
    """
    stop = threading.Event()

    def move() -> None:
        while not stop.is_set():
            house.do(_history_goes_on)

    with ThreadPoolExecutor(1) as threads:
        moving = threads.submit(move)
        found = [look(house).faults for _ in range(30)]
        stop.set()
        moving.result()

    assert found == [()] * 30


def _history_goes_on(uow: UnitOfWork) -> None:
    case = uow.cases.find(NUMBER)
    assert case is not None
    case.step = "closed" if case.step != "closed" else "implementing"
    uow.audit.write_case(case, "moved")
    uow.audit.seal()


def test_many_faults_are_told_briefly(house: House) -> None:
    """
    A thousand cases behind the trail's back are told by the first hundred.
    """
    house.do(lambda uow: [a_case(uow) for _ in range(150)])
    assert len(look(house).faults) == 100


@pytest.mark.slow
def test_a_long_trail_is_checked_whole(sqlite_url: str, tmp_path: Path) -> None:
    """
    50,000 rows are sealed and verified, every one of them.
    """
    with closing(House(sqlite_url, tmp_path)) as house:
        entries = [
            Entry(subject=f"person:{count}", action="said", data={"text": "少送两箱" * 8}) for count in range(10_000)
        ]
        for _ in range(5):
            house.do(lambda uow: uow.audit.write_all(entries))
        house.do(lambda uow: uow.audit.seal(50_000))

        assert look(house) == AuditReport(sealed=50_000, unsealed=0)
