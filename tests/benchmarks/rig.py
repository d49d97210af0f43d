"""What the benchmarks work on: databases with the sample company, filled with as many cases as wanted."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.cases import Case
from storage.migrate import upgrade
from storage.unit_of_work import UnitOfWork
from tests.conftest import Postgres
from tests.support import postgres
from tests.support.desk import Desk

Fill = Callable[[UnitOfWork, Case], object]


@dataclass
class Rig:
    """A folder, a PostgreSQL server where there is one, and the size of everything."""

    folder: Path
    quick: bool
    server: Postgres | None = None
    made: int = 0

    def sqlite(self) -> str:
        """A fresh migrated SQLite file."""
        self.made += 1
        template = self.folder / "migrated.db"
        if not template.exists():
            upgrade(f"sqlite:///{template}")
            fold(template)
        file = self.folder / f"bench-{self.made}" / "gukebot.db"
        file.parent.mkdir()
        shutil.copyfile(template, file)
        return f"sqlite:///{file}"

    def urls(self) -> dict[str, Callable[[], str]]:
        """The databases that are here."""
        found: dict[str, Callable[[], str]] = {"SQLite": self.sqlite}
        if self.server is not None:
            found["PostgreSQL"] = self.server.migrated
        return found

    def desk(self, url: str, fill: Fill | None = None) -> Desk:
        """The sample company with one complaint, and whatever a benchmark fills in like it."""
        self.made += 1
        desk = Desk.furnished(url, self.folder / f"desk-{self.made}")
        desk.report()

        def filled(uow: UnitOfWork) -> None:
            case = uow.cases.find("TS-2026-0082")
            if case is not None and fill is not None:
                fill(uow, case)

        desk.do(filled)
        analyse(url)
        return desk


def file_of(url: str) -> Path:
    """The file of a SQLite address."""
    return Path(url.removeprefix("sqlite:///"))


def fold(file: Path) -> None:
    """Bring the log into the file, so that it can be copied alone."""
    connection = sqlite3.connect(file)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


def copied(file: Path, to: Path) -> Path:
    """A copy of a folded SQLite file, in the place of whatever was there."""
    to.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):
        to.with_name(to.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(file, to)
    return to


def analyse(url: str) -> None:
    """Give the planner its figures, as the databases do by themselves in time."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(file_of(url))
        connection.execute("analyze")
        connection.close()
        return
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection_:
        connection_.execute("vacuum analyze")


@contextmanager
def rigged(*, quick: bool) -> Iterator[Rig]:
    """Everything for one run, gone afterwards."""
    with TemporaryDirectory(prefix="gukebot-bench-", ignore_cleanup_errors=True) as folder:
        rig = Rig(Path(folder), quick)
        if postgres.find() is None:
            yield rig
            return
        with suppress(postgres.PostgresError), postgres.running() as server:
            rig.server = Postgres(server)
            yield rig
