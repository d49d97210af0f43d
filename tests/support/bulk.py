"""Many cases at once: one is filed through the front door, and the database copies its rows."""

from sqlalchemy import Connection, text

from storage.base import Row
from storage.cases import Action, Case
from storage.deadlines import Deadline
from storage.unit_of_work import UnitOfWork
from storage.upsert import table_of

SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :count)"
OWN = {"id", "case_id", "number", "draft_id", "source_key", "event_key", "visit"}


def columns(row: type[Row], *leaving_out: str) -> list[str]:
    """The columns of a table that a copy may share."""
    return [column.name for column in table_of(row).columns if column.name not in {*OWN, *leaving_out}]


def copy_case(uow: UnitOfWork, template: Case, count: int, prefix: str = "TS-2027") -> None:
    """So many more cases like this one, each with a number of its own, the same first action and the same deadlines."""
    connection = uow.session.connection()
    shared = ", ".join(columns(Case, "received_month"))
    connection.execute(
        text(
            f"INSERT INTO cases (number, visit, received_month, {shared}) {SERIES} "
            f"SELECT :prefix || '-' || n, visit, received_month, {shared} FROM cases, series WHERE id = :template"
        ),
        {"count": count, "prefix": prefix, "template": template.id},
    )
    _follow(connection, Action, template, prefix)
    _follow(connection, Deadline, template, prefix)


def _follow(connection: Connection, row: type[Row], template: Case, prefix: str) -> None:
    table, shared = row.__tablename__, ", ".join(columns(row))
    theirs = ", ".join(f"it.{name}" for name in columns(row))
    extra, value = (", event_key, visit", ", '', it.visit") if row is Action else ("", "")
    connection.execute(
        text(
            f"INSERT INTO {table} (case_id, {shared}{extra}) "
            f"SELECT copy.id, {theirs}{value} FROM {table} it, cases copy "
            "WHERE it.case_id = :template AND copy.number LIKE :prefix || '-%'"
        ),
        {"template": template.id, "prefix": prefix},
    )


def open_deadlines(uow: UnitOfWork, template: Case, count: int, rounds: int = 100) -> None:
    """So many open deadlines that are not due yet, without levels and explanations: a sweep reads neither."""
    copy_case(uow, template, count // rounds, "TS-2028")
    shared = columns(Deadline, "round", "levels", "explanation")
    theirs = ", ".join(f"it.{name}" for name in shared)
    uow.session.connection().execute(
        text(
            f"INSERT INTO deadlines (case_id, round, levels, explanation, {', '.join(shared)}) {SERIES} "
            f"SELECT it.case_id, 1 + n, '[]', '[]', {theirs} FROM deadlines it, cases held, series "
            "WHERE held.id = it.case_id AND it.key = 'K1' AND held.number LIKE 'TS-2028-%'"
        ),
        {"count": rounds - 1},
    )
