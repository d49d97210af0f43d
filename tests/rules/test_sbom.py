"""The list of parts says what is really installed, and all of it is pinned (S22)."""

import re
from typing import Any

import pytest

from tests.support import sbom

NOT_COPYLEFT = re.compile(r"\b(?:A?GPL|General Public)", re.IGNORECASE)
WEAK = re.compile(r"lesser|LGPL", re.IGNORECASE)


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    """The list."""
    return sbom.bill()


def test_every_part_is_there_as_it_is_pinned(bill: dict[str, Any]) -> None:
    """
    Every part that the product needs, and no other, in the version of requirements.lock, with its hashes.
    """
    parts = {each["name"]: each for each in bill["components"]}
    pins = sbom.locked()
    assert len(parts) > 40
    assert {(name, part["version"]) for name, part in parts.items()} <= set(pins)
    assert all(part["properties"] for part in parts.values())
    assert not {"pytest", "hypothesis", "ruff", "mypy"} & set(parts)
    assert {"starlette", "sqlalchemy", "slack-bolt", "wechatpy", "cryptography", "psycopg"} <= set(parts)


def test_everything_that_is_needed_is_named(bill: dict[str, Any]) -> None:
    """
    The graph is closed: what a part needs is a part, and the product is at its root.
    """
    refs = {each["bom-ref"] for each in bill["components"]}
    graph = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    root = bill["metadata"]["component"]["bom-ref"]
    assert set(graph) == refs | {root}
    assert all(set(needs) <= refs for needs in graph.values())
    assert len(graph[root]) > 25


def test_no_licence_takes_the_product_with_it(bill: dict[str, Any]) -> None:
    """
    Every part names its licence; none obliges the whole product to another one.
    """
    said = {
        each["name"]: each.get("licenses", [{"license": {"name": ""}}])[0]["license"]["name"]
        for each in bill["components"]
    }
    assert [name for name, licence in said.items() if not licence] == []
    strong = {name: licence for name, licence in said.items() if NOT_COPYLEFT.search(licence)}
    assert {name for name, licence in strong.items() if not WEAK.search(licence)} == set()
