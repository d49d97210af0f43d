"""The independent auditor: whatever went wrong behind the engine's back is found, and a busy company is left alone."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from handlers import auditing
from notifications.audited import WORDS
from reports.auditor.look import Finding, Scope, look
from reports.gauges import gauges
from storage.state import State
from tests.conftest import Postgres
from tests.support import LONG
from tests.support.busy import Busy
from tests.support.damages import DAMAGES, Place
from tests.support.desk import ZONE, Desk

TIMES = 50 if LONG else 10
SUMMED_UP = timedelta(days=10)


@dataclass(frozen=True)
class Company:
    """A busy company's records, to be copied, and what the auditor saw while it worked."""

    folder: Path
    now: datetime
    looks: int
    found: tuple[Finding, ...]

    def copied(self, to: Path) -> Path:
        """A copy of its database, its files beside it."""
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.folder, to)
        return to

    def audited(self, folder: Path, after: timedelta = timedelta()) -> tuple[Finding, ...]:
        """What the auditor finds in a copy."""
        engine = create_engine(f"sqlite:///{folder / 'gukebot.db'}")
        with Session(engine) as session:
            found = look(session, Scope(now=self.now + after, zone=ZONE, attachments=folder / "files")).findings
        engine.dispose()
        return found


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Callable[[Path], None]) -> Company:
    """
    Twelve days of work with the auditor beside it.
    """
    folder = tmp_path_factory.mktemp("busy")
    sqlite_template(folder / "gukebot.db")
    desk = Busy.working(f"sqlite:///{folder / 'gukebot.db'}", folder)
    desk.leave()
    with closing(sqlite3.connect(folder / "gukebot.db")) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return Company(folder, desk.clock(), desk.looks, tuple(desk.found))


def test_a_healthy_company_is_left_alone(company: Company) -> None:
    """
    Complaints, levels, sign-offs, surveys and a month, looked at whenever something was due: nothing is found.
    """
    assert company.looks > 60
    assert company.found == ()
    assert company.audited(company.folder) == ()


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_damage_is_found(company: Company, kind: str, tmp_path: Path) -> None:
    """
    Ten damages of each kind, each at another place: found each time, under its name.
    """
    missed = []
    for number in range(TIMES):
        folder = company.copied(tmp_path / "copy")
        with closing(sqlite3.connect(folder / "gukebot.db")) as connection:
            DAMAGES[kind](Place(connection, folder / "files", random.Random(f"{kind}/{number}")))
            connection.commit()
        found = company.audited(folder, SUMMED_UP if kind == "summary_missing" else timedelta())
        if kind not in {each.kind for each in found}:
            missed.append((number, found))

    assert not missed


def test_every_kind_has_its_damage_and_its_words() -> None:
    """
    Nothing can be found that nobody tried, or that could not be told.
    """
    assert set(DAMAGES) == set(WORDS)
    assert len(DAMAGES) >= 20


def test_postgresql_answers_the_same_questions(postgres_server: Postgres, tmp_path: Path) -> None:
    """
    A company at work on PostgreSQL is left alone; what is changed by hand is found there too.
    """
    url = postgres_server.migrated()
    desk = Busy.furnished(url, tmp_path)
    desk.url, desk.folder = url, tmp_path
    for tell in (desk.report, desk.transmit):
        tell()
        desk.until(desk.clock() + timedelta(days=2))
    healthy = tuple(desk.found)
    with desk.database._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for change in (
            "deadlines set due_at = due_at + interval '1 hour' where state = 'running'",
            "outbox set state = 'sending', leased_until = '2026-11-20 08:00+00' where state = 'sent'",
            "audit set actor = 'somebody else' where seq = 2",
            "cases set step = 'closed' where number = 'TS-2026-0083'",
            "numbers set last = last + 1 where series = 'TS-2026'",
        ):
            connection.execute(text(f"update {change}"))
    found = {each.kind for each in desk.audit()}
    desk.leave()
    postgres_server.server.drop(url)

    assert healthy == ()
    assert {"deadline_edited", "stuck_sending", "chain_broken", "step_differs", "number_lost"} <= found


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """
    The sample company with one complaint, a moment ago looked at.
    """
    desk = Desk.furnished(sqlite_url, tmp_path)
    desk.report()
    desk.tick()
    audit(desk)
    yield desk
    desk.leave()


def audit(desk: Desk, minutes: int = 5) -> None:
    """Minutes pass, the auditor is asked, the post comes."""
    desk.clock.forward(timedelta(minutes=minutes))
    desk.tick()
    auditing.tick(desk.database, desk.company, desk.database._attachments)
    desk.tick()


def test_the_administrators_hear_of_it_once(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """
    A finding is logged, counted and told once; put right and forgotten, it is told again when it comes back.
    """
    admin = desk.do(lambda uow: uow.organisation.people_with("admin")[0].name)
    audit(desk)
    quiet = desk.heard(admin, "独立稽核")
    desk.do(lambda uow: uow.session.execute(text("update numbers set last = 90 where series = 'TS-2026'")))
    for _ in range(4):
        audit(desk)
    first = desk.heard(admin, "独立稽核")
    with desk.database.reading() as session:
        counted = gauges(session, desk.clock())
    desk.do(lambda uow: uow.session.execute(text("update numbers set last = 82 where series = 'TS-2026'")))
    for _ in range(2):
        desk.later(days=1)
        audit(desk)
    desk.do(lambda uow: uow.session.execute(text("update numbers set last = 90 where series = 'TS-2026'")))
    audit(desk, 15)
    for _ in range(8):
        audit(desk)

    assert (len(quiet), len(first)) == (0, 1)
    assert "最新发出的编号与最新事项不一致:TS-2026 90,TS-2026-0082" in first[0].text
    assert counted["gukebot_auditor_findings"] == 1
    assert "number_lost" in caplog.text
    assert len(desk.heard(admin, "独立稽核")) == 2


def test_after_a_silence_the_house_may_first_catch_up(desk: Desk) -> None:
    """
    A bot that was down for a day is not accused of what it is about to send.
    """
    desk.clock.forward(timedelta(days=1))
    auditing.tick(desk.database, desk.company, desk.database._attachments)
    with desk.database.reading() as session:
        kept = State(session).get("auditor")
    desk.tick()
    audit(desk)

    assert isinstance(kept, dict)
    assert kept["known"] == {}
    assert not desk.heard(desk.do(lambda uow: uow.organisation.people_with("admin")[0].name), "独立稽核")
