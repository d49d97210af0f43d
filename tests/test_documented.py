"""How the house reads: every file says what it is for, every test what it promises, and all of it is short."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parent.parent
FLOORS = ["bot", "handlers", "notifications", "reports", "storage", "conversations"]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
CLOCKS = {"now", "utcnow", "today"}


@cache
def files(*folders: str) -> dict[str, ast.Module]:
    """Read the Python files under the folders: path -> syntax tree."""
    paths = sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))
    return {str(path.relative_to(HOUSE)): ast.parse(path.read_text()) for path in paths}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function in a tree, inner ones and methods too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function, without its docstring."""
    first = function.body[0]
    said = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if said else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def reads_the_clock(node: ast.AST) -> bool:
    """Tell whether a node is a call such as datetime.now(..) or date.today()."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and ast.unparse(node.func.value).rpartition(".")[2] in {"datetime", "date"}
    )


def test_every_module_says_what_it_is_for() -> None:
    """
    A reader who opens a file learns from its first sentence why it exists.
    """
    silent = [path for path, tree in files(*FLOORS, "tests").items() if not ast.get_docstring(tree)]

    assert not silent


def test_every_test_says_what_it_promises() -> None:
    """
    A failing test can be read aloud to the person who was promised it.
    """
    silent = [
        f"{path}:{function.lineno} {function.name}"
        for path, tree in files("tests").items()
        for function in functions(tree)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]

    assert not silent


def test_every_public_function_and_class_is_documented() -> None:
    """
    What a module offers to others says what it promises.
    """
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in files(*FLOORS).items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
        # what Alembic calls in a revision, Alembic documents
        if not path.startswith("storage/migrations/")
    ]

    assert not silent


def test_files_are_short() -> None:
    """
    A file can be read in one go: 400 lines at most.
    """
    long = {
        path: lines
        for path in files(*FLOORS, "tests")
        if (lines := len((HOUSE / path).read_text().splitlines())) > LONGEST_FILE
    }

    assert not long


def test_functions_are_short() -> None:
    """
    A function fits on a screen: 40 lines at most, its docstring not counted.
    """
    long = {
        f"{path}:{function.lineno} {function.name}": length(function)
        for path, tree in files(*FLOORS, "tests").items()
        for function in functions(tree)
        if length(function) > LONGEST_FUNCTION
    }

    assert not long


def test_the_clock_is_read_in_one_place() -> None:
    """
    Everything else is handed the instant, so a test can turn the clock.
    """
    places = [
        f"{path}:{node.lineno}"
        for path, tree in files(*FLOORS).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and reads_the_clock(node)
    ]

    assert len(places) <= 1, places


def test_the_lock_names_no_address() -> None:
    """
    The pinned requirements can be installed from any mirror.
    """
    lock = (HOUSE / "requirements.lock").read_text()

    assert "--hash=sha256:" in lock
    assert "://" not in lock
