"""Every story gets its desk, on SQLite and on PostgreSQL; the company moves in once and is copied."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Postgres
from tests.support.desk import Desk

if TYPE_CHECKING:
    from tests.support.slack.stand import Stand
    from tests.support.wecom.stand import Stand as WeComStand
    from tests.support.wecom_office import Office
    from tests.support.workplace import Workplace

Url = Callable[[Path], str]


@pytest.fixture(scope="session")
def furnished_sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Callable[[Path], None]) -> Url:
    """Address of a fresh SQLite file in which the sample company works."""
    folder = tmp_path_factory.mktemp("furnished")
    sqlite_template(folder / "company.db")
    Desk.furnished(f"sqlite:///{folder / 'company.db'}", folder).leave()

    def fresh(to: Path) -> str:
        shutil.copyfile(folder / "company.db", to / "gukebot.db")
        return f"sqlite:///{to / 'gukebot.db'}"

    return fresh


@pytest.fixture(scope="session")
def furnished_postgresql(postgres_server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Url:
    """Address of a fresh PostgreSQL database in which the sample company works."""
    template = postgres_server.migrated()
    Desk.furnished(template, tmp_path_factory.mktemp("furnished")).leave()
    name = postgres_server.server.name(template)
    return lambda _to: postgres_server.server.create(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh database in which the sample company works; each story is told on both."""
    fresh: Url = request.getfixturevalue(f"furnished_{request.param}")
    address = fresh(tmp_path)
    yield address
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server").server.drop(address)


@pytest.fixture
def desk(url: str, tmp_path: Path) -> Iterator[Desk]:
    """The whole bot on a database of its own, Friday 20 November 2026, 16:05."""
    desk = Desk.open(url, tmp_path)
    yield desk
    desk.leave()


@pytest.fixture
def work(desk: Desk, slack_stand: "Stand", tmp_path: Path) -> "Iterator[Workplace]":
    """The same, with Slack: phones in people's hands, and the whole web application behind the door."""
    from tests.support.workplace import Workplace

    work = Workplace.open(desk, slack_stand, tmp_path)
    yield work
    work.leave()


@pytest.fixture
def office(desk: Desk, wecom_stand: "WeComStand", tmp_path: Path) -> "Iterator[Office]":
    """The same with WeCom: phones, a robot for every department's group, the web application behind the door."""
    from tests.support.wecom_office import Office

    office = Office.open(desk, wecom_stand, tmp_path)
    yield office
    office.stop()
