"""The bench under every test: fresh databases on SQLite and PostgreSQL, and a word on what could not be tried."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.support import postgres, shared
from tests.support.slack import node

pytest_plugins = ["tests.support.slack.plugin", "tests.support.wecom.plugin"]

CI = os.environ.get("GUKEBOT_CI") == "1"
REAL_DATA = os.environ.get("GUKEBOT_REAL_DATA")
DATABASES = ["sqlite", "postgresql"]

# a busy machine is not a fault; in CI the same examples every time, so that red means changed
EXAMPLES = DirectoryBasedExampleDatabase(Path(__file__).parent.parent / ".hypothesis" / "examples")
settings.register_profile("gukebot", deadline=None, database=EXAMPLES)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if CI else "gukebot")

# commits wait for the disk as in the product, and where there is room for it the disk is memory
if memory := postgres.roomy_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)
shared.share_compiled()


def migrate(url: str) -> None:
    """Bring a database to today's schema."""
    from storage.migrate import upgrade

    upgrade(url)


class Postgres:
    """The server of this test process, and one migrated database to copy; each made when first asked for."""

    def __init__(self, server: postgres.Server) -> None:
        self.server = server
        self._template = ""

    def blank(self) -> str:
        return self.server.create()

    def migrated(self) -> str:
        if not self._template:
            template = self.server.create()
            migrate(template)
            self._template = self.server.name(template)
        return self.server.create(self._template)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """PostgreSQL; where there is none, a failure in CI and elsewhere a reason to leave the test out."""
    if postgres.find() is None:
        if CI:
            pytest.fail(postgres.MISSING)
        pytest.skip(postgres.MISSING)
    with postgres.running() as server:
        yield Postgres(server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Copy a migrated SQLite file to where a test wants it; migrated once."""
    template = tmp_path_factory.mktemp("template") / "migrated.db"

    def copy(to: Path) -> None:
        if not template.exists():
            migrate(f"sqlite:///{template}")
            connection = sqlite3.connect(template)
            connection.execute("pragma wal_checkpoint(truncate)")
            connection.close()
        shutil.copyfile(template, to)

    return copy


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Callable[[Path], None]) -> str:
    """Address of a fresh migrated SQLite file."""
    sqlite_template(tmp_path / "gukebot.db")
    return f"sqlite:///{tmp_path / 'gukebot.db'}"


@pytest.fixture
def postgresql_url(postgres_server: Postgres) -> Iterator[str]:
    """Address of a fresh migrated PostgreSQL database, dropped afterwards."""
    url = postgres_server.migrated()
    yield url
    postgres_server.server.drop(url)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a fresh migrated database; the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=DATABASES)
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    url = server.blank()
    yield url
    server.server.drop(url)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs the public records where there are none; the closing words say so."""
    if REAL_DATA:
        return
    without = [item for item in items if item.get_closest_marker("real_data")]
    if without:
        items[:] = [item for item in items if not item.get_closest_marker("real_data")]
        config.hook.pytest_deselected(items=without)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported and collected stays until the end."""
    shared.settle()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what this machine could not try."""
    untried = [
        (postgres.find() is None, f"PostgreSQL: {postgres.MISSING}"),
        (node.home() is None, f"Slack, and callbacks written by Tencent: {node.MISSING}"),
        (not (shutil.which("cc") or shutil.which("gcc")), "power loss: needs a C compiler"),
        (not REAL_DATA, "the public complaint records: name their folder in GUKEBOT_REAL_DATA"),
    ]
    missing = [words for true, words in untried if true]
    if missing:
        terminalreporter.section("not tried on this machine")
        for words in missing:
            terminalreporter.line(words)
