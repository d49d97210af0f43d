"""What the faults are tried on."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.storage import House


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A fresh database with a clock to turn; once on SQLite and once on PostgreSQL."""
    with closing(House(database_url, tmp_path)) as made:
        yield made


@pytest.fixture
def sqlite_house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """A fresh SQLite database with a clock to turn."""
    with closing(House(sqlite_url, tmp_path)) as made:
        yield made


@pytest.fixture
def postgresql_house(postgresql_url: str, tmp_path: Path) -> Iterator[House]:
    """A fresh PostgreSQL database with a clock to turn."""
    with closing(House(postgresql_url, tmp_path)) as made:
        yield made
