"""Who may do what on a complaint, cell by cell: the table beside this file against the declaration (2.0-19, 2.5)."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.permissions import Standing, may
from conversations.procedures.complaint import COMPLAINT

SALES_HOLDS = ("sales_handling", "waiting_sales", "implementing_sales")
QUALITY_HOLDS = (
    "handed_over",
    "meeting_pending",
    "qa_handling",
    "waiting_quality",
    "implementing_quality",
    "analysing",
)
OVER = ("closed", "merged", "withdrawn", "void")
GROUPS = {"sales": SALES_HOLDS, "quality": QUALITY_HOLDS, "open": (*SALES_HOLDS, *QUALITY_HOLDS)}
NOBODY_YET = ("handed_over", "analysing")
DECLARED = {
    "waiting_sales": "awaiting_customer", "waiting_quality": "awaiting_customer",
    "implementing_sales": "implementing", "implementing_quality": "implementing",
}  # fmt: skip
ROLES = {
    "reporter": "sales", "sales": "sales", "sales_member": "service_engineer", "sales_lead": "sales_lead",
    "quality": "qa", "quality_lead": "qa_lead", "deputy_gm": "deputy_gm", "gm": "gm", "admin": "admin",
    "production_lead": "production_lead", "finance_lead": "finance_lead", "office_lead": "office_lead",
    "technology": "tech",
}  # fmt: skip
OF_SALES = ("reporter", "sales", "sales_member", "sales_lead")
OF_QUALITY = ("quality", "quality_lead")

TABLE = Path(__file__).parent / "complaint_permissions.csv"


def rows() -> list[dict[str, str]]:
    """The table, without its remarks."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def cells() -> Iterator[tuple[str, str, str, bool]]:
    """Action, role, step, and what the table says."""
    for row in rows():
        for role, cell in row.items():
            if role == "action":
                continue
            named = {step for word in cell.split() for step in GROUPS.get(word, (word,))}
            unknown = named - {*GROUPS["open"], *OVER}
            assert not unknown, f"{row['action']}, {role}: there is no step {unknown}"
            for step in (*GROUPS["open"], *OVER):
                yield row["action"], role, step, step in named


def standing(role: str, step: str) -> Standing | None:
    """How somebody of this role stands to a case at this step; None where there is nobody like that."""
    if role in ("customer", "another_customer"):
        return Standing(frozenset(), is_customer=role == "customer")
    if role == "handler" and step in (*NOBODY_YET, *OVER):
        return None
    held_by_sales = step in SALES_HOLDS
    of_department = OF_SALES if held_by_sales else OF_QUALITY
    name = ROLES.get(role, "sales" if held_by_sales else "qa")
    return Standing(
        roles=frozenset({name}),
        is_owner=role == "handler",
        is_reporter=role == "reporter",
        in_department=role == "handler" or role in of_department,
        leads_department=role == ("sales_lead" if held_by_sales else "quality_lead"),
        case_has_owner=step not in NOBODY_YET,
    )


def test_the_table_is_about_every_action() -> None:
    """
    An action that is declared and stands in no row of the table may not be shipped.
    """
    assert [row["action"] for row in rows()] == [action.key for action in COMPLAINT.actions]
    steps = {DECLARED.get(step, step) for step in (*GROUPS["open"], *OVER)}
    assert steps == set(COMPLAINT.step)


@pytest.mark.parametrize("action", [row["action"] for row in rows()])
def test_every_cell(action: str) -> None:
    """
    What the declaration allows is what the table says, for every role at every step; the rest is denied.
    """
    for _, role, step, expected in (cell for cell in cells() if cell[0] == action):
        who = standing(role, step)
        if who is None:
            continue
        declared = COMPLAINT.action[action]
        possible = declared in COMPLAINT.at(DECLARED.get(step, step))
        assert (possible and may(declared.by, who)) is expected, f"{action}, {role}, {step}"


def test_nobody_may_what_is_not_said() -> None:
    """
    Somebody without any role and any tie to the case may do nothing at all (design 5.11).
    """
    stranger = Standing(frozenset())

    assert [action.key for action in COMPLAINT.actions if may(action.by, stranger)] == []
    assert not may(COMPLAINT.starts, stranger)
    assert not may(frozenset(), Standing(frozenset({"gm", "admin", "qa_lead"}), is_owner=True))
