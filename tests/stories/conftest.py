"""Every story gets its desk, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The whole bot on a fresh database, Friday 20 November 2026, 16:05."""
    desk = Desk.furnished(database_url, tmp_path)
    yield desk
    desk.database.dispose()
