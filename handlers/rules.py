"""The numbers in force: shown with their clauses, and changed by appending versions, never by overwriting (N-16)."""

import tomllib
from collections.abc import Mapping
from datetime import date

from conversations.deadlines import Basis
from conversations.procedures.handbook import Handbook
from conversations.rules import Rule, RuleError, number
from handlers.company import Company
from handlers.imports.tables import nearest
from handlers.timing import resolved
from handlers.turn import Turn
from storage.rules import RuleVersion
from storage.unit_of_work import UnitOfWork

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "edition": ("版次", "edition"),
    "reason": ("原因", "reason"),
    "effective_from": ("effective_from", "生效日期"),
    "editor": ("编辑", "editor"),
    "approver": ("批准", "approver"),
}
"""The five columns of the procedures' own revision tables (D4), and what they are called in a file."""

NUMBERS = ("value", "unit", "basis")


def listed(uow: UnitOfWork, company: Company) -> list[dict[str, object]]:
    """Every rule: key, value, unit, basis, clause, label, where its number comes from, and who approved it."""
    turn = Turn(uow, company)
    rows: list[dict[str, object]] = []
    for rule in company.handbook.rules.values():
        held = resolved(turn, rule, "")
        version = uow.rules.at(rule.key, turn.today)
        rows.append(
            {
                "key": rule.key,
                "value": str(held.value),
                "unit": held.unit,
                "basis": held.basis.value,
                "clause": rule.clause,
                "addition": rule.addition,
                "label": rule.label,
                "default": str(rule.value),
                "edition": version.edition if version else "",
                "effective_from": version.effective_from.isoformat() if version else "",
                "approver": version.approver if version else "",
            }
        )
    return rows


def value_of(turn: Turn, key: str) -> int:
    """A number that is no span of time, as it holds today."""
    return int(resolved(turn, turn.company.handbook.rules[key], "").value)


def apply(uow: UnitOfWork, company: Company, text: str) -> int:
    """Append the versions of a rules file; what was before stays. Returns how many are new.

    Raises RuleError naming every fault; then nothing is changed.
    """
    versions, faults = _read(text, company.handbook, uow)
    if faults:
        raise RuleError("\n".join(faults))
    new = [version for version in versions if not _is_in_force(uow, version)]
    for version in new:
        uow.rules.append(version)
        data = {"key": version.key, "value": version.value, "effective_from": version.effective_from.isoformat()}
        uow.audit.write(f"rule:{version.key}", "rule version", version.editor, data=data)
    return len(new)


def _read(text: str, handbook: Handbook, uow: UnitOfWork) -> tuple[list[RuleVersion], list[str]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"The file is no valid TOML: {error}") from None
    versions, faults = [], []
    for key, table in _leaves(tables):
        if key not in handbook.rules:
            faults.append(f"{key}: no such rule{nearest(key, list(handbook.rules))}")
            continue
        try:
            versions.append(_version(handbook.rules[key], table, uow))
        except (RuleError, ValueError) as error:
            faults.append(f"{key}: {error}")
    return versions, faults


def _leaves(tables: Mapping[str, object], path: str = "") -> list[tuple[str, Mapping[str, object]]]:
    """The tables that hold a number, by their dotted keys."""
    found: list[tuple[str, Mapping[str, object]]] = []
    for name, table in tables.items():
        key = f"{path}.{name}" if path else name
        if isinstance(table, dict):
            found += [(key, table)] if "value" in table else _leaves(table, key)
        else:
            raise RuleError(f'{key} stands outside a rule\'s table; write ["complaint"."K1"] and value = 24 below it.')
    return found


def _version(rule: Rule, table: Mapping[str, object], uow: UnitOfWork) -> RuleVersion:
    known = {*NUMBERS, *(name for names in COLUMNS.values() for name in names)}
    for name in table:
        if name not in known:
            raise RuleError(f"unknown key {name!r}{nearest(name, sorted(known))}")
    unit = str(table.get("unit", rule.unit))
    basis = Basis(str(table.get("basis", rule.basis.value)))
    if unit not in ("h", "d", "%") or (unit == "%") != (rule.unit == "%"):
        raise RuleError(f"the unit of this rule is {rule.unit!r}; a span of time may be h or d")
    return RuleVersion(
        key=rule.key,
        value=str(number(str(table["value"]))),
        unit=unit,
        basis=basis.value,
        clause=rule.clause,
        edition=_required(table, "edition"),
        reason=_required(table, "reason"),
        effective_from=_day(table),
        editor=_required(table, "editor"),
        approver=_required(table, "approver"),
        at=uow.now,
    )


def _cell(table: Mapping[str, object], column: str) -> object:
    return next((table[name] for name in COLUMNS[column] if name in table), None)


def _required(table: Mapping[str, object], column: str) -> str:
    cell = _cell(table, column)
    if not isinstance(cell, str) or not cell.strip():
        raise RuleError(f"{COLUMNS[column][0]} is missing: say it, an auditor will ask")
    return cell.strip()


def _day(table: Mapping[str, object]) -> date:
    cell = _cell(table, "effective_from")
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return date.fromisoformat(cell)
    raise RuleError("effective_from is missing: a day such as 2026-12-01")


def _is_in_force(uow: UnitOfWork, version: RuleVersion) -> bool:
    """The same number from the same day, written before: a second run changes nothing."""
    return any(
        (old.value, old.unit, old.basis, old.effective_from, old.edition)
        == (version.value, version.unit, version.basis, version.effective_from, version.edition)
        for old in uow.rules.history(version.key)
    )
