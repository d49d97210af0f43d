"""The walls between the floors stand, and each of them holds against a line that would break it."""

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())
FLOORS: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]
CONTRACTS: dict[str, dict[str, list[str]]] = {
    contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]
}

# the contract, and the files whose lines would break it
INTRUDERS = [
    ("layers", {"storage/rows.py": "import handlers"}),
    ("pure", {"conversations/forms.py": "import jinja2"}),
    ("pure", {"conversations/forms.py": "from storage import base"}),
    ("edge", {"handlers/cases.py": "from starlette.requests import Request"}),
    ("edge", {"notifications/delivery.py": "import slack_sdk"}),
    ("database", {"handlers/cases.py": "from sqlalchemy import select"}),
    ("database", {"bot/app.py": "import sqlalchemy.orm"}),
    ("circles", {"reports/one.py": "from reports import two", "reports/two.py": "from reports import one"}),
    ("auditor", {"reports/auditor/look.py": "from storage import base"}),
    ("auditor", {"reports/auditor/look.py": "from reports import months", "reports/months.py": "import conversations"}),
    ("platforms", {"bot/slack.py": "from bot import wecom", "bot/wecom.py": ""}),
    ("platforms", {"bot/wecom.py": "from bot.console import ask", "bot/console.py": "ask = print"}),
]


def lint(house: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """Check the contracts, or one of them, on the house that stands there."""
    call = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as lint; lint()"
    only = ["--contract", contract] if contract else []
    return subprocess.run(
        [sys.executable, "-c", call, "--config", "pyproject.toml", "--no-cache", *only],
        cwd=house,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def build(house: Path, files: dict[str, str]) -> Path:
    """Build a house of six empty floors, and put the files into it."""
    (house / "pyproject.toml").write_text((HOUSE / "pyproject.toml").read_text())
    for floor in FLOORS:
        (house / floor).mkdir()
        (house / floor / "__init__.py").touch()
    (house / "storage" / "base.py").touch()
    (house / "reports" / "auditor").mkdir()
    (house / "reports" / "auditor" / "__init__.py").touch()
    for path, text in files.items():
        (house / path).write_text(text + "\n")
    return house


def imports(floor: str) -> set[str]:
    """Give the top-level names that the files of a floor import."""
    names: set[str] = set()
    for path in (HOUSE / floor).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


def test_every_import_runs_down() -> None:
    """
    The seven contracts hold in this house.
    """
    checked = lint(HOUSE)

    assert checked.returncode == 0, checked.stdout
    assert "7 kept, 0 broken" in checked.stdout


def test_an_empty_house_breaks_nothing(tmp_path: Path) -> None:
    """
    The houses that the next test builds are sound but for the line it adds.
    """
    checked = lint(build(tmp_path, {}))

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(("contract", "files"), INTRUDERS)
def test_each_wall_holds(tmp_path: Path, contract: str, files: dict[str, str]) -> None:
    """
    A line on the wrong side of a wall is found, and the wall is named.
    """
    checked = lint(build(tmp_path, files), contract)

    assert checked.returncode == 1, checked.stdout
    assert f"{CONTRACTS[contract]['name']} BROKEN" in checked.stdout


def test_every_wall_was_tried() -> None:
    """
    There are seven contracts, and an intruder for each.
    """
    assert len(CONTRACTS) == 7
    assert set(CONTRACTS) == {contract for contract, _ in INTRUDERS}


def test_conversations_needs_nothing_but_python() -> None:
    """
    Whatever is installed: the pure floor imports the standard library and itself.
    """
    assert imports("conversations") <= {"conversations"}


def test_what_we_import_is_what_we_ask_for() -> None:
    """
    A library that the six floors import is declared, so that it is there after an installation.
    """
    project = PROJECT["project"]
    wanted = {
        requirement.partition(">")[0].partition("[")[0]
        for requirement in project["dependencies"] + project["optional-dependencies"]["postgres"]
    }
    owners = packages_distributions()
    missing = {
        name
        for name in set().union(*(imports(floor) for floor in FLOORS)) - set(FLOORS)
        if not wanted & {owner.lower().replace("_", "-") for owner in owners.get(name, [])}
    }

    assert missing <= {"holidays"}, "only `make calendar` asks the holidays package"
