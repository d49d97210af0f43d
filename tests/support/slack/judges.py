"""Is this payload one that Slack takes? Three libraries and our own rules say what they find wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.slack import rules

Judge = Callable[[Mapping[str, Any], str], list[str]]

JUDGES: dict[str, Judge] = {"rules": rules.broken}

SURFACES = ("message", "modal", "home")


def judge(payload: Mapping[str, Any], surface: str) -> list[str]:
    """Every fault of a message's or view's payload, with the judge who found it; empty means good."""
    if surface not in SURFACES:
        return [f"no surface called {surface!r}"]
    return [f"{name}: {fault}" for name, judges in JUDGES.items() for fault in judges(payload, surface)]
