"""The bench of the edge: commands run in a folder of their own, without the machine's settings."""

from pathlib import Path

import pytest

from tests.support import edge


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> edge.Run:
    """
    Run commands in an empty folder.
    """
    edge.without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return edge.run


@pytest.fixture
def ready(run: edge.Run) -> edge.Run:
    """
    The same, with an installation of the sample company.
    """
    assert run("init", "--sample").exit_code == 0
    return run
