"""Who may do what on a corrective action, cell by cell: the table beside this file against the declaration."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.permissions import Standing, may
from conversations.procedures.corrective_action import CORRECTIVE_ACTION

TABLE = Path(__file__).parent / "corrective_permissions.csv"
WORKING = ("planning", "approval", "executing")
THEIRS = (*WORKING, "effective")
OURS = ("verifying", "consolidated")
OVER = ("closed", "cancelled", "void")
STEPS = (*THEIRS, *OURS, *OVER)
GROUPS = {"working": WORKING, "theirs": THEIRS, "ours": OURS, "open": (*THEIRS, *OURS)}
ROLES = {
    "handler": "production", "member": "production", "lead": "production_lead", "quality": "qa",
    "quality_lead": "qa_lead", "signer": "customer_representative", "reporter": "customer_representative",
    "sales_lead": "sales_lead", "deputy_gm": "deputy_gm", "gm": "gm", "admin": "admin",
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    """The table, without its remarks."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def cells(row: dict[str, str]) -> Iterator[tuple[str, str, bool]]:
    """Role, step, and what the table says of one action."""
    for role, cell in row.items():
        if role == "action":
            continue
        named = {step for word in cell.split() for step in GROUPS.get(word, (word,))}
        assert named <= set(STEPS), f"{row['action']}, {role}: there is no step {named - set(STEPS)}"
        for step in STEPS:
            yield role, step, step in named


def standing(role: str, step: str) -> Standing | None:
    """How somebody of this role stands to an action at this step; None where there is nobody like that."""
    if role == "handler" and step not in THEIRS:
        return None
    held_by_quality = step in OURS
    ours = ("quality", "quality_lead") if held_by_quality else ("handler", "member", "lead")
    return Standing(
        roles=frozenset({ROLES[role]} if role in ROLES else set()),
        is_owner=role == "handler",
        is_reporter=role == "reporter",
        is_signer=role == "signer",
        in_department=role in ours,
        leads_department=role == ("quality_lead" if held_by_quality else "lead"),
        case_has_owner=not held_by_quality,
    )


def test_the_table_is_about_every_action_and_every_step() -> None:
    """
    An action that is declared and stands in no row of the table may not be shipped; nor may a step without a column.
    """
    assert [row["action"] for row in rows()] == [action.key for action in CORRECTIVE_ACTION.actions]
    assert set(STEPS) == set(CORRECTIVE_ACTION.step)


@pytest.mark.parametrize("row", rows(), ids=[row["action"] for row in rows()])
def test_every_cell(row: dict[str, str]) -> None:
    """
    What the declaration allows is what the table says, for every role at every step; the rest is denied.
    """
    declared = CORRECTIVE_ACTION.action[row["action"]]
    for role, step, expected in cells(row):
        who = standing(role, step)
        if who is not None:
            allowed = declared in CORRECTIVE_ACTION.at(step) and may(declared.by, who)
            assert allowed is expected, f"{row['action']}, {role}, {step}"


def test_nobody_signs_by_rank() -> None:
    """
    Not even the general manager decides unasked: only whoever is asked may approve or verify.
    """
    everything = Standing(frozenset({"gm", "deputy_gm", "qa_lead", "admin"}), is_owner=True, leads_department=True)
    for key in ("approve", "return", "verify_ok", "verify_bad"):
        assert not may(CORRECTIVE_ACTION.action[key].by, everything)
