"""Backups: whole while others write, damage always found, rehearsed, put back, and no ballot of employees opened."""

import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot import backups, clock
from bot.settings import Settings
from storage import archive
from storage.bulk import all_of
from storage.cases import Case
from storage.database import Database
from storage.errors import AlreadyRunningError, DamagedFileError, UnsafeDatabaseError
from storage.files import Belongs
from storage.process_lock import ProcessLock
from storage.unit_of_work import UnitOfWork
from tests.support import LONG, edge
from tests.support.poll import closing, launched
from tests.support.storage import a_case

FLIPS = 1000 if LONG else 200
CUTS = 60
BACKUPS = 5 if LONG else 3
MEGABYTES = 200 if LONG else 0
"""So heavy is the database before."""

PHOTO = b"\xff\xd8\xff\xe0 a photo" * 500


@dataclass(frozen=True)
class Installation:
    """An installation in a folder, as its settings name it."""

    settings: Settings

    @classmethod
    def at(cls, url: str, folder: Path) -> "Installation":
        return cls(Settings.model_validate({"data": {"directory": folder}, "database": {"url": url}}))

    def database(self) -> Database:
        return Database(self.settings.database_url, clock.now, attachments=self.settings.attachments)

    def do(self, job: Callable[[UnitOfWork], object]) -> None:
        """One transaction, and nobody stays."""
        database = self.database()
        database.do(job)
        database.dispose()

    def numbers(self) -> list[str | None]:
        """The numbers of the cases there are."""
        database = self.database()
        with database.reading() as session:
            found = [case.number for case in all_of(session, Case)]
        database.dispose()
        return found


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Installation:
    """
    An installation with one case, its photo and a sealed audit trail; once on SQLite and once on PostgreSQL.
    """
    made = Installation.at(database_url, tmp_path / "data")
    made.do(lambda uow: filed(uow, "TS-2026-0001"))
    made.do(lambda uow: uow.audit.seal())
    return made


def filed(uow: UnitOfWork, number: str) -> None:
    """A case with a photo, as the trail knows it."""
    case = a_case(uow, number)
    uow.files.put(PHOTO, name="a.jpg", mime="image/jpeg", to=Belongs(case_id=case.id))
    uow.audit.write_case(case, "filed", actor="程小满")


def test_everything_comes_back(place: Installation, tmp_path: Path) -> None:
    """
    Case, photo and trail come back as they were; what was there is kept beside; the rehearsal leaves nothing.
    """
    made = backups.make(place.settings, tmp_path / "one.tar")
    photo = next(place.settings.attachments.glob("??/*"))
    place.do(lambda uow: a_case(uow, "TS-2026-0002"))
    photo.unlink()

    rehearsed = backups.rehearse(place.settings, made.file)
    kept = backups.restore(place.settings, made.file)

    assert (rehearsed, made.damaged) == (made.manifest, ())
    assert (rehearsed.facts.rows["cases"], rehearsed.facts.rows["audit"], len(rehearsed.files)) == (1, 1, 2)
    assert place.numbers() == ["TS-2026-0001"]
    assert photo.read_bytes() == PHOTO
    assert kept is not None
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.rglob(".*"))
    again = backups.restore(place.settings, kept)
    assert (place.numbers(), again is None) == (["TS-2026-0001", "TS-2026-0002"], False)


def test_any_damage_is_found(sqlite_url: str, tmp_path: Path) -> None:
    """
    One byte flipped anywhere, or the end cut off anywhere: refused every time, before anything is changed.
    """
    place = Installation.at(sqlite_url, tmp_path / "data")
    place.do(lambda uow: filed(uow, "TS-2026-0001"))
    file = backups.make(place.settings, tmp_path / "one.tar").file
    content, rng, bad = file.read_bytes(), random.Random(8), tmp_path / "bad.tar"
    damaged = [
        content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :]
        for at in (rng.randrange(len(content)) for _ in range(FLIPS))
    ]
    damaged += [content[: rng.randrange(len(content))] for _ in range(CUTS)] + [b"", content + b"\n", content * 2]
    for number, each in enumerate(damaged):
        bad.write_bytes(each)
        with pytest.raises(DamagedFileError):
            archive.verify(bad)
        if number % 40 == 0:
            with pytest.raises(DamagedFileError):
                backups.restore(place.settings, bad)

    assert archive.verify(file).facts.rows["cases"] == 1
    assert place.numbers() == ["TS-2026-0001"]


def test_no_backup_is_torn_while_others_write(place: Installation, tmp_path: Path) -> None:
    """
    Pairs of cases written together without a pause: each backup holds whole pairs, is finished, and is rehearsed.
    """
    stop, database, chance = threading.Event(), place.database(), random.Random(18)
    for number in range(MEGABYTES):
        place.do(partial(_heavy, f"C-{number}", chance.randbytes(2**19).hex()))

    def write() -> None:
        for number in range(100_000):
            if stop.is_set():
                return
            with database.begin() as uow:
                for half in "AB":
                    uow.audit.write_case(a_case(uow, f"{half}-{number}"), "filed")

    writer = threading.Thread(target=write)
    writer.start()
    files, began = [tmp_path / f"{number}.tar" for number in range(BACKUPS)], time.monotonic()
    rows = [backups.make(place.settings, file).manifest.facts.rows["cases"] for file in files]
    took = time.monotonic() - began
    stop.set()
    writer.join()
    database.dispose()

    pace, size = (rows[-1] - rows[0]) / 2 / took, files[-1].stat().st_size / 2**20
    print(f"{BACKUPS} backups in {took:.1f} s beside {pace:.0f} commits a second; the last has {size:.1f} MiB")  # noqa: T201 - the figures of docs/reliability.md

    assert {count % 2 for count in rows} == {1}
    assert rows[0] < rows[-1] or rows[-1] == 1 + MEGABYTES
    assert [backups.rehearse(place.settings, file).facts.rows["cases"] for file in files] == rows


def _heavy(number: str, text: str, uow: UnitOfWork) -> None:
    uow.audit.write_case(a_case(uow, number, answers={"description": text}), "filed")


def test_a_file_that_is_damaged_is_told_and_left_out(place: Installation, tmp_path: Path) -> None:
    """
    The backup is made all the same and names it; one whose file was never there fails its rehearsal.
    """
    photo = next(place.settings.attachments.glob("??/*"))
    photo.write_bytes(b"changed")
    made = backups.make(place.settings, tmp_path / "one.tar")
    photo.unlink()
    other = backups.make(place.settings, tmp_path / "two.tar")

    assert made.damaged == (f"attachments/{photo.name}",)
    assert backups.rehearse(place.settings, made.file).missing == made.damaged
    with pytest.raises(DamagedFileError, match="1 files that the records name"):
        backups.rehearse(place.settings, other.file)


def test_a_damaged_database_can_be_replaced(sqlite_url: str, tmp_path: Path) -> None:
    """
    Where the records cannot be read any more, the backup takes their place, and they are kept as they lie.
    """
    place = Installation.at(sqlite_url, tmp_path / "data")
    place.do(lambda uow: filed(uow, "TS-2026-0001"))
    file = backups.make(place.settings, tmp_path / "one.tar").file
    database = place.settings.database_file
    assert database is not None
    database.write_bytes(b"SQLite format 3\0" + b"x" * 20_000)

    kept = backups.restore(place.settings, file)

    assert place.numbers() == ["TS-2026-0001"]
    assert kept is not None
    assert kept.read_bytes().endswith(b"x" * 20_000)


def test_nothing_is_restored_under_a_server(postgresql_url: str, tmp_path: Path) -> None:
    """
    While a server ticks on PostgreSQL its name is told; one of SQLite and one of PostgreSQL are not mixed up.
    """
    place = Installation.at(postgresql_url, tmp_path / "data")
    place.do(lambda uow: uow.leases.take("tick", "host-17", timedelta(seconds=90)))
    with pytest.raises(AlreadyRunningError, match="host-17"):
        backups.held(place.settings)
    place.do(lambda uow: uow.leases.release("tick", "host-17", 1))
    backups.held(place.settings)
    other = Installation.at(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other")
    file = backups.make(place.settings, tmp_path / "one.tar").file

    with pytest.raises(UnsafeDatabaseError, match="of postgresql"):
        backups.restore(other.settings, file)


def test_who_may_not_make_a_database_is_told(postgresql_url: str, tmp_path: Path) -> None:
    """
    A user without the right to make a database gets the statement that gives it; nothing is left behind.
    """
    place = Installation.at(postgresql_url, tmp_path / "data")
    file = backups.make(place.settings, tmp_path / "one.tar").file
    place.do(lambda uow: uow.session.execute(text("CREATE ROLE weak LOGIN")))
    weak = make_url(postgresql_url).set(username="weak").render_as_string(hide_password=False)

    with pytest.raises(UnsafeDatabaseError, match="ALTER ROLE weak CREATEDB"):
        backups.rehearse(Installation.at(weak, tmp_path / "data").settings, file)
    place.do(lambda uow: uow.session.execute(text("DROP ROLE weak")))


def test_restoring_takes_the_lock(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    While a server holds a SQLite database, the command leaves with 75 and names it; afterwards it does its work.
    """
    edge.without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUKEBOT_DATABASE__URL", sqlite_url)
    Installation.at(sqlite_url, tmp_path / "data").do(lambda uow: filed(uow, "TS-2026-0001"))
    made = edge.run("backup", "one.tar", "--rehearse")
    again = edge.run("backup", "one.tar", "--rehearse")
    with ProcessLock(tmp_path / "gukebot.db"):
        refused = edge.run("restore", "one.tar", "--yes")
    looked, done = edge.run("restore", "one.tar"), edge.run("restore", "one.tar", "--yes")

    assert (made.exit_code, again.exit_code) == (0, 0), made.output
    assert "Rehearsed: sqlite, schema" in made.stderr
    assert "1 cases" in again.stderr
    assert (refused.exit_code, looked.exit_code, done.exit_code) == (75, 0, 0), done.output
    assert str(os.getpid()) in refused.stderr
    assert "is whole" in looked.stderr
    assert "Nothing was done" in looked.stderr


def test_without_its_programs_postgresql_says_so(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Where pg_dump is not installed, a sentence says what to install, and no half backup is left.
    """
    monkeypatch.setenv("PATH", str(tmp_path))
    place = Installation.at(postgresql_url, tmp_path / "data")

    with pytest.raises(UnsafeDatabaseError, match=r"pg_dump is not on this machine.*postgresql-client"):
        backups.make(place.settings, tmp_path / "copies" / "one.tar")
    assert list((tmp_path / "copies").iterdir()) == []


def test_ballots_stay_sealed_in_a_backup(database_url: str, tmp_path: Path) -> None:
    """
    What employees answered today is in the backup as it waits: sealed, and without the key.
    """
    with closing(launched(database_url, tmp_path, invited=40)) as poll:
        voters = list(poll.invitations)[:12]
        assert all(map(poll.answer, voters))
        place = Installation.at(database_url, tmp_path)
        (tmp_path / "links.key").write_text("the key that seals\n")
        file = backups.make(place.settings, tmp_path / "copies" / "one.tar").file
        content = file.read_bytes()
        backups.rehearse(place.settings, file)

    assert archive.verify(file).facts.rows["survey_ballots_pending"] == len(voters)
    assert not [text for text in poll.wrote.values() if text.encode() in content]
    assert b"the key that seals" not in content
