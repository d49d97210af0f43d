"""The command line: its exit codes, what goes to which stream, and sentences instead of traces."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from bot import __version__
from bot.cli import root
from tests.support.edge import Run

HOUSE = Path(__file__).parents[2]


def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    """Give every command below a group by the words that call it."""
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*above, name))
        if isinstance(command, click.Group):
            found += commands(command, *above, name)
    return found


def python(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program itself, as a person would."""
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=environment, check=False, text=True, capture_output=True
    )


@pytest.mark.parametrize("words", [(), *commands(root)], ids=" ".join)
def test_every_command_explains_itself(run: Run, words: tuple[str, ...]) -> None:
    """
    --help answers with an example, without configuration and without a database.
    """
    result = run(*words, "--help")

    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    assert "Example" in result.stdout or "Commands:" in result.stdout


def test_the_commands_people_rely_on_are_there() -> None:
    """
    Every command that the contract names exists.
    """
    wanted = "demo serve console init doctor rules why export import report backup restore outbox"
    deeper = {("config", "check"), ("db", "upgrade"), ("audit", "verify"), ("rules", "apply"), ("import", "complaints")}

    assert {(name,) for name in wanted.split()} | deeper <= set(commands(root))


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("report",),
        ("report", "--from", "2026-13", "--to", "2026-14"),
        ("report", "--from", "2026-10", "--to", "2026-01"),
        ("report", "--from", "2026-01", "--to", "2026-10", "--by", "colour"),
        ("report", "monthly", "--month", "October"),
        ("report", "monthly", "--month", "0000-01"),
        ("report", "--from", "2026-01", "monthly"),
        ("report", "yearly"),
        ("report", "yearly", "--year", "26"),
        ("console",),
        ("console", "--as", "a", "--channel", "b"),
        ("import", "organisation"),
        ("import", "organisation", "absent.toml"),
        ("import", "organisation", "--sample", "."),
        ("import", "complaints"),
        ("outbox", "replay"),
        ("outbox", "replay", "x"),
        ("export", "organisation"),
        ("rules", "apply", "absent.toml"),
        ("restore", "absent.db"),
        ("why",),
        ("demo", "--json"),
        ("init", "--language", "fr"),
        ("--nonsense",),
    ],
    ids=" ".join,
)
def test_wrong_use_is_2_with_a_sentence(run: Run, words: tuple[str, ...]) -> None:
    """
    A word that is wrong is named, nothing goes to standard output, and there is no trace.
    """
    result = run(*words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("serve",),
        ("audit", "verify"),
        ("outbox", "dead"),
        ("report", "--from", "2026-01", "--to", "2026-10"),
        ("report", "monthly"),
        ("why", "TS-2026-0001"),
        ("rules",),
        ("backup",),
        ("export", "organisation", "--json"),
        ("import", "organisation", "--sample"),
    ],
    ids=" ".join,
)
def test_without_a_database_the_way_out_is_named(run: Run, words: tuple[str, ...]) -> None:
    """
    Before `gukebot init`, each command fails with 1 and a sentence, and makes no empty database.
    """
    result = run(*words)

    assert result.exit_code == 1
    assert "gukebot init" in result.stderr or "there is no database" in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(Path().rglob("*.db"))


def test_a_broken_configuration_stops_every_command(run: Run) -> None:
    """
    All its faults are told, none of its values, with exit code 1.
    """
    Path("gukebot.toml").write_text("[servr]\nport = 1\n[database]\npasswort = 'hunter2'\n")
    told = [run(*words) for words in (("serve",), ("audit", "verify"), ("doctor",), ("config", "check"))]

    assert {result.exit_code for result in told} == {1}
    assert all("server" in result.output and "passwort" in result.output for result in told)
    assert not any("hunter2" in result.output for result in told)


def test_the_real_program(tmp_path: Path) -> None:
    """
    Started as a program: the version, 2 for wrong use, no colour codes, and no trace for a closed pipe.
    """
    version = python("--version", folder=tmp_path)
    wrong = python("nonsense", folder=tmp_path)
    piped = subprocess.Popen(
        [sys.executable, "-m", "bot", "config", "show", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert piped.stdout is not None
    piped.stdout.close()
    told = piped.communicate(timeout=30)[1]

    assert version.stdout == f"gukebot {__version__}\n"
    assert wrong.returncode == 2
    assert b"Traceback" not in told
    assert "\x1b" not in wrong.stderr + python("--help", folder=tmp_path).stdout


def test_the_version_is_the_projects() -> None:
    """
    The program says the version that is installed.
    """
    assert f'version = "{__version__}"' in (HOUSE / "pyproject.toml").read_text()


def test_the_version_is_quick(tmp_path: Path) -> None:
    """
    `gukebot --version` imports nothing it does not need.
    """
    needless = "import sys; from bot.cli import root; print(*[m for m in {names} if m in sys.modules])".format(
        names=("pydantic", "sqlalchemy", "matplotlib", "alembic", "starlette", "structlog", "babel")
    )
    loaded = subprocess.run(
        [sys.executable, "-c", needless], cwd=HOUSE, check=True, text=True, capture_output=True
    ).stdout
    spans = []
    for _ in range(5):
        start = time.perf_counter()
        python("--version", folder=tmp_path)
        spans.append(time.perf_counter() - start)

    assert loaded.strip() == ""
    assert statistics.median(spans) < 1.0
