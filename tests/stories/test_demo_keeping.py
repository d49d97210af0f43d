"""Demo data and real data never meet, and the demo can be told in a terminal alone."""

import json
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from bot.demo import keeping
from conversations.words import Said
from tests.support import edge
from tests.support.demo import HOUSE, environment


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> edge.Run:
    """
    Run commands in an empty folder.
    """
    edge.without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return edge.run


def test_serve_refuses_a_demo(run: edge.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A server on a demo's database does not start, and says in a sentence whose data that is.
    """
    keeping.prepared(tmp_path / "demo").database.dispose()
    monkeypatch.setenv("GUKEBOT_DATABASE__URL", f"sqlite:///{tmp_path / 'demo' / keeping.DATABASE}")
    result = run("serve")

    assert result.exit_code == 1
    assert "a demo's" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("how", [(), ("--play",)], ids=["page", "terminal"])
def test_the_demo_refuses_real_data(run: edge.Run, how: tuple[str, ...]) -> None:
    """
    A folder with another database, or one of the demo's name without its mark, is left as it is.
    """
    assert run("init", "--sample").exit_code == 0
    real = next(Path().rglob("*.db"))
    renamed = Path("renamed") / keeping.DATABASE
    renamed.parent.mkdir()
    with sqlite3.connect(real) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    renamed.write_bytes(real.read_bytes())
    before = real.read_bytes(), renamed.read_bytes()

    for folder in (real.parent, renamed.parent):
        result = run("demo", *how, "--dir", str(folder))
        assert result.exit_code == 1
        assert "is no demo" in result.stderr
    assert (real.read_bytes(), renamed.read_bytes()) == before


def test_the_demo_listens_to_this_machine_alone(run: edge.Run) -> None:
    """
    Asked to listen elsewhere, it refuses before anything is made (S24).
    """
    result = run("demo", "--host", "0.0.0.0", "--dir", "demo")  # noqa: S104 - it is refused

    assert result.exit_code == 1
    assert "this machine alone" in result.stderr
    assert not Path("demo").exists()


def test_a_taken_port_is_named(run: edge.Run) -> None:
    """
    The port that was asked for is that port or none.
    """
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run("demo", "--no-browser", "--port", str(port), "--dir", "demo")

    assert result.exit_code == 1
    assert f"Port {port} is not free" in result.stderr


def test_words_of_the_other_way_are_refused(run: edge.Run) -> None:
    """
    What belongs to the story in the terminal is not taken silently by the page.
    """
    result = run("demo", "--json")

    assert result.exit_code == 2
    assert "--play" in result.stderr


def test_getting_ready_is_told_and_done_once(tmp_path: Path) -> None:
    """
    The first start tells how far it is, up to 100; the second has nothing to do; a demo of another version, or one
    that did not finish, is made anew.
    """
    told: list[int] = []

    def hear(done: int, what: Said) -> None:
        told.append(done)

    stage = keeping.prepared(tmp_path, hear)
    stage.do(lambda uow: uow.state.put("touched", True))
    stage.database.dispose()
    first, told[:] = list(told), []
    again = keeping.prepared(tmp_path, hear)
    assert again.do(lambda uow: uow.state.get("touched"))
    assert first == sorted(first)
    assert first[-1] == 100
    assert told == []

    again.do(lambda uow: uow.state.put(keeping.READY, "another version"))
    again.database.dispose()
    anew = keeping.prepared(tmp_path, hear)
    assert anew.do(lambda uow: uow.state.get("touched")) is None
    assert told[-1] == 100
    anew.database.dispose()


def test_the_story_is_told_in_the_terminal(run: edge.Run) -> None:
    """
    `gukebot demo --play --json` prints one object about thread 1 of the sample company, and leaves its charts.
    """
    result = run("demo", "--play", "--json", "--out", "charts")
    told = json.loads(result.stdout)

    assert result.exit_code == 0
    assert told["case"] == "TS-2026-0082"
    assert told["due_at"] == "2026-11-22T16:05:00+08:00"
    assert {"R2b", "L1", "L2"} <= {level["name"] for level in told["levels"]}
    assert told["rounds"] == 2
    assert told["corrective_action"] == "JZ-2026-0033"
    assert told["audit"] == "ok"
    assert len(told["charts"]) == 5
    assert all(Path(chart).read_bytes().startswith(b"\x89PNG") for chart in told["charts"])


def test_make_demo_without_a_terminal_tells_the_story(tmp_path: Path) -> None:
    """
    The rule behind `make demo` chooses by the terminal: without one, the story; nothing is left running.
    """
    rule = (HOUSE / "Makefile").read_text(encoding="utf-8").partition("\ndemo:")[2].splitlines()[1]
    (tmp_path / "gukebot").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "gukebot").chmod(0o755)
    line = rule.strip().removeprefix("@").replace("$(BIN)", str(tmp_path))
    told = subprocess.run(
        ["sh", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, env=environment()
    )

    assert told.stdout == "demo --play\n"
