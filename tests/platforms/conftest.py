"""The bench of the edge: commands run in a folder of their own, without the machine's settings."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import edge

if TYPE_CHECKING:
    from tests.support.doctoring import Patient
    from tests.support.wecom.stand import Stand
    from tests.support.wecom_office import Office


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> edge.Run:
    """
    Run commands in an empty folder.
    """
    edge.without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return edge.run


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A folder in which the sample company was installed; to be copied.
    """
    folder = tmp_path_factory.mktemp("installation")
    with pytest.MonkeyPatch.context() as patch:
        edge.without_settings(patch)
        patch.chdir(folder)
        assert edge.run("init", "--sample").exit_code == 0
    return folder


@pytest.fixture
def ready(run: edge.Run, installation: Path, tmp_path: Path) -> edge.Run:
    """
    The same, with an installation of the sample company.
    """
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    return run


@pytest.fixture
def patient(ready: edge.Run, monkeypatch: pytest.MonkeyPatch) -> "Patient":
    """
    The sample company on SQLite, where everything is as it should be.
    """
    from tests.support.doctoring import Patient

    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    patient = Patient(ready, monkeypatch)
    patient.set("server", port="0")
    return patient


@pytest.fixture
def office(sqlite_url: str, wecom_stand: "Stand", tmp_path: Path) -> "Iterator[Office]":
    """
    The sample company with WeCom: phones, a robot for every department's group, the web application behind the door.
    """
    from tests.support.desk import Desk
    from tests.support.wecom_office import Office

    desk = Desk.furnished(sqlite_url, tmp_path)
    office = Office.open(desk, wecom_stand, tmp_path)
    yield office
    office.stop()
    desk.leave()
