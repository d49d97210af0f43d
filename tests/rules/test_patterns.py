"""Regular expressions: none takes long, whatever people send, as it is used here (S20)."""

import ast
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "notifications", "reports", "storage", "conversations")
METHODS = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")
SIGNS = 10_000
MILLISECONDS = 5.0
SLACK = 4.0
"""How much slower this machine may be at the moment than one of its own."""

SEEDS = (
    "a", "0", " ", "张", "\n", "1-", "a@", "<", "[", "*", "a.", "-", "/", "x://", "13", "(a", "`", "_a", "a b", "key=",
    "https://a.b/", "a_.", "，", "1.1.", "\t", "'", '"', "\\", "{", "${", "=a", "年1", "+86 ",
)  # fmt: skip
HOSTILE = tuple((seed * SIGNS)[:SIGNS] + end for seed in SEEDS for end in ("", "\x00"))
NOT_SERVED = {"bot.reference", "storage.data", "reports.catalogue"}
"""They read our own sources when documents are made, nothing that people send."""


@cache
def used() -> dict[str, frozenset[str]]:
    """How each pattern is used, by the name it is kept under."""
    found: dict[str, set[str]] = {}
    for floor in FLOORS:
        for path in (HOUSE / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in METHODS:
                    name = getattr(node.value, "id", getattr(node.value, "attr", ""))
                    found.setdefault(name, set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in found.items()}


def modules() -> Iterator[str]:
    """Every module of ours that can be imported without doing anything."""
    for floor in FLOORS:
        for info in pkgutil.walk_packages(importlib.import_module(floor).__path__, f"{floor}."):
            if not info.name.endswith("__main__") and ".migrations." not in info.name:
                yield info.name


def inside(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """The patterns in a value, in whatever it is kept."""
    if isinstance(value, re.Pattern):
        # bytes are matched as letters are
        yield value if isinstance(value.pattern, str) else re.compile(value.pattern.decode("latin-1"))
    elif depth < 4 and isinstance(value, dict):
        for pair in value.items():
            yield from inside(pair, depth + 1)
    elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from inside(each, depth + 1)


def patterns() -> dict[tuple[str, int], tuple[str, re.Pattern[str], frozenset[str]]]:
    """Every pattern of ours: where it is kept, and how it is used."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str], frozenset[str]]] = {}
    for name in modules():
        if not any(name.startswith(each) for each in NOT_SERVED):
            importlib.import_module(name)
            for constant, value in vars(sys.modules[name]).items():
                for pattern in inside(value):
                    ways = used().get(constant, frozenset({"search", "fullmatch", "sub"}))
                    found.setdefault((pattern.pattern, pattern.flags), (f"{name}.{constant}", pattern, ways))
    return found


def milliseconds(pattern: re.Pattern[str], method: str, text: str) -> float:
    """How long it takes, at best; once too long is not tried again."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        if method == "sub":
            pattern.sub("", text)
        elif method == "finditer":
            list(pattern.finditer(text))
        else:
            getattr(pattern, method)(text)
        best = min(best, (time.process_time() - begun) * 1000)
        if best < MILLISECONDS or best > 50 * MILLISECONDS:
            break
    return best


KNOWN = patterns()


@pytest.mark.parametrize("where", sorted({where for where, _, _ in KNOWN.values()}))
def test_every_pattern_is_quick(where: str) -> None:
    """
    10,000 signs of whatever could make it go back and forth: a few milliseconds.
    """
    found = [each for each in KNOWN.values() if each[0] == where]
    for _, pattern, ways in found:
        for method in ways:
            for text in HOSTILE:
                took = milliseconds(pattern, method, text)
                assert took < MILLISECONDS * SLACK, f"{where}.{method}: {took:.0f} ms for {text[:6]!r}"


def test_enough_patterns_are_known() -> None:
    """
    They are found by themselves: a new one is tried without being named here.
    """
    assert len(KNOWN) > 50
