"""Who may do what in every procedure, cell by cell: the tables beside this file against the declarations (S13)."""

import csv
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from conversations.permissions import OF_ROLE, ROLES, Standing, capacities, may
from conversations.procedure import Procedure
from conversations.procedures.handbook import HANDBOOK

HERE = Path(__file__).parent
TIES: dict[str, dict[str, bool]] = {
    "handler": {"is_owner": True},
    "reporter": {"is_reporter": True},
    "signer": {"is_signer": True},
    "member": {"in_department": True},
    "unowned": {"in_department": True, "case_has_owner": False},
    "lead": {"leads_department": True},
}
TABLED = [each for each in HANDBOOK.procedures if each.key not in ("complaint", "corrective_action")]
"""The other two have tables of their own shape, and tests beside them."""


def rows(procedure: str) -> list[dict[str, str]]:
    """A table, without its remarks."""
    lines = (HERE / f"{procedure}_permissions.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def steps_of(procedure: Procedure, cell: str) -> frozenset[str]:
    """The steps that a cell names."""
    groups = {"underway": frozenset(procedure.step) - procedure.endings}
    named = frozenset[str]().union(*(groups.get(word, {word}) for word in cell.split()))
    assert named <= {*procedure.step, "yes"}, f"{procedure.key}: there is no step {named}"
    return named


def standing(who: str) -> Standing:
    """Somebody who is this and nothing else."""
    if who in TIES:
        return Standing(frozenset(), **TIES[who])
    return Standing(frozenset({who} & ROLES), is_customer=who == "customer")


def together(ties: tuple[str, ...], role: str) -> Standing:
    """Somebody who is several things at once."""
    known = [TIES[each] for each in ties]
    merged = {key: any(each.get(key, False) for each in known) for key in
              ("is_owner", "is_reporter", "is_signer", "in_department", "leads_department")}  # fmt: skip
    return Standing(frozenset({role} & ROLES), case_has_owner="unowned" not in ties, **merged)


def several() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every role there is with up to two ties, in the department that has the case or in another."""
    for role in (*sorted(ROLES), "anyone"):
        for count in range(3):
            for ties in combinations(TIES, count):
                if not {"unowned", "handler"} <= set(ties):
                    yield ties, role


def test_every_procedure_has_its_table() -> None:
    """
    A procedure, an action or a step that no table speaks of may not be shipped.
    """
    assert {each.key for each in HANDBOOK.procedures} == {
        path.name.removesuffix("_permissions.csv").replace("corrective", "corrective_action")
        for path in HERE.glob("*_permissions.csv")
    }
    for procedure in TABLED:
        assert [row["action"] for row in rows(procedure.key)] == ["start", *procedure.action]
        assert list(rows(procedure.key)[0]) == ["action", *TIES, *OF_ROLE, "anyone", "customer"]


@pytest.mark.parametrize("procedure", TABLED, ids=[each.key for each in TABLED])
def test_every_cell(procedure: Procedure) -> None:
    """
    What the declaration allows is what the table says, for every tie and every role at every step; the rest is denied.
    """
    for row in rows(procedure.key)[1:]:
        action = procedure.action[row["action"]]
        for who in list(row)[1:]:
            told = steps_of(procedure, row[who])
            for step in procedure.step:
                allowed = action in procedure.at(step) and may(action.by, standing(who))
                assert allowed is (step in told), f"{procedure.key}: {action.key}, {who}, {step}"


@pytest.mark.parametrize("procedure", TABLED, ids=[each.key for each in TABLED])
def test_who_may_begin_one(procedure: Procedure) -> None:
    """
    A case is begun by those whom the table names, and by nobody else: a tie to a case that is not there counts nothing.
    """
    row = rows(procedure.key)[0]
    for role in (*sorted(ROLES), "anyone", "customer"):
        told = row.get(role, row["anyone"]) or (row["anyone"] if role != "customer" else "")
        base = [other for other in OF_ROLE if OF_ROLE[other] in capacities(standing(role))]
        assert may(procedure.starts, standing(role)) is (told == "yes" or any(row[each] == "yes" for each in base))


@pytest.mark.parametrize("procedure", TABLED, ids=[each.key for each in TABLED])
def test_what_somebody_is_in_several_ways_adds_up(procedure: Procedure) -> None:
    """
    Every role with every two ties may do what one of them may, and nothing more: no combination opens a door.
    """
    for row in rows(procedure.key)[1:]:
        action = procedure.action[row["action"]]
        for ties, role in several():
            parts = {*ties, "anyone", *(each for each in OF_ROLE if OF_ROLE[each] in capacities(standing(role)))}
            if {"unowned"} & set(ties) or ({"lead"} & set(ties)):
                parts |= {"member"}
            told = any(row[each] for each in parts)
            assert may(action.by, together(ties, role)) is told, f"{procedure.key}: {action.key}, {ties}, {role}"


def test_a_customer_is_nothing_else() -> None:
    """
    Whoever came by a link is the customer of that case, whatever else is claimed: neither a role nor a tie counts.
    """
    everything = Standing(ROLES, is_owner=True, is_reporter=True, in_department=True, leads_department=True,
                          is_customer=True, is_signer=True)  # fmt: skip
    for procedure in HANDBOOK.procedures:
        theirs = {action.key for action in procedure.actions if may(action.by, everything)}
        assert theirs == ({"satisfied", "not_satisfied", "customer_message"} if procedure.key == "complaint" else set())
        assert not may(procedure.starts, everything)
