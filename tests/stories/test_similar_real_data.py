"""Similar cases on public Chinese complaints, found through GUKEBOT_REAL_DATA: the figures of docs/similar-cases.md."""

import os
from pathlib import Path

import pytest

from storage.database import Database
from tests.benchmarks import similar

pytestmark = pytest.mark.real_data
DATA = Path(os.environ.get("GUKEBOT_REAL_DATA", "."))


@pytest.mark.slow
def test_a_twin_is_among_the_first_three(sqlite_url: str, tmp_path: Path) -> None:
    """
    Of 212 complaints with a twin, four in five find one without their fault code; nobody is shown another series' case.
    """
    database = Database(sqlite_url, lambda: similar.NOW, attachments=tmp_path)
    figures = similar.measure(database, similar.read(DATA / similar.FILE))
    database.dispose()

    assert figures.twins.asked == 212
    assert figures.hits >= 168
    assert figures.recall / 212 >= 0.63
    assert figures.twins.one_code / figures.twins.shown >= 0.88
    assert figures.everybody.one_code / figures.everybody.shown >= 0.78
    assert figures.alone.saw == 0
