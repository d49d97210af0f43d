"""The page on security promises what is there: its proofs are tests, its numbers those of the code."""

import re
from pathlib import Path

from bot import hurry, patience
from conversations.retention import RETENTION

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "security.md").read_text("utf-8")
CHINESE, ENGLISH = PAGE.split("\n---\n")


def test_every_proof_is_a_test() -> None:
    """
    What is said to be shown by a test is: the file is there, in both languages the same ones.
    """
    there = {path.name for path in (HOUSE / "tests").rglob("*")}
    named = [set(re.findall(r"`(?:tests/\w+/)?(test_\w+\.py|\*\w+\.csv)", half)) for half in (CHINESE, ENGLISH)]
    assert named[0] == named[1]
    assert {name for name in named[0] if "*" not in name} - there == set()


def test_the_numbers_are_those_of_the_code() -> None:
    """
    How long things are kept and waited for stands there as it is, in both languages, class by class.
    """
    days = [str(int(rule.value)) for rule in RETENTION]
    for half, begins in ((CHINESE, "保留期(天):"), (ENGLISH, "Kept for so many days:")):
        told = half.partition(begins)[2].partition("\n\n")[0]
        assert re.findall(r"\d+", told) == days
        assert f"{patience.HEAD_SECONDS:.0f}" in half
        assert f"{hurry.BODY_SECONDS:.0f}" in half
        assert f"{hurry.MOST_BYTES // 1024} KiB" in half


def test_both_languages_say_the_same_things() -> None:
    """
    As many lines in the table, as many things that are not defended.
    """
    counts = [(half.count("\n| "), half.count("\n- **"), half.count("\n## ")) for half in (CHINESE, ENGLISH)]
    assert counts[0] == counts[1]
