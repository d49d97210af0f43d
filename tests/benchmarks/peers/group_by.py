"""A month's figures by nothing but SQL: the GROUP BYs that yield the same numbers."""

import sqlite3
from pathlib import Path

COUNTED = (
    "procedure = 'complaint' and kind in ('complaint', 'grievance') and step not in ('merged', 'withdrawn', 'void')"
)
LATE = """exists (select 1 from deadlines where case_id = cases.id and key not in ('K3', 'K-RCPT')
    and deadlines.due_at < :at and state not in ('paused', 'cancelled') and (ended_at is null or ended_at > :at))"""
WINDOW = "received_month between :third and :month and product not in ('', 'unknown') and defect not in ('', 'unknown')"
QUERIES = {
    "months": f"select received_month, severity, sum(count), sum(quantity) from cases where {COUNTED} "
    "and received_month <= :month group by 1, 2",
    "customers": f"select customer, received_month, sum(count) from cases where {COUNTED} "
    "and received_month between :year and :month group by 1, 2",
    "defects": f"select customer, defect, sum(count) from cases where {COUNTED} "
    "and received_month = :month group by 1, 2",
    "same": f"select customer, product, defect, sum(count) from cases where {COUNTED} and {WINDOW} group by 1, 2, 3",
    "in 48 h": "select count(*), sum(ended_at <= deadlines.due_at) from deadlines join cases on cases.id = case_id "
    f"where {COUNTED} and received_month = :month and key = 'K1' and round = 1 "
    "and (ended_at <= :at or deadlines.due_at <= :at)",
    "open": f"select sum(count), sum(case when {LATE} then count else 0 end) from cases where {COUNTED} "
    "and imported = 0 and closed_at is null",
}


def count(file: Path, month: str, third: str, at: str) -> dict[str, list[tuple[object, ...]]]:
    """Every figure's rows."""
    year = f"{int(month[:4]) - 1}{month[4:]}"
    connection = sqlite3.connect(file)
    found = {
        name: connection.execute(query, {"month": month, "third": third, "year": year, "at": at}).fetchall()
        for name, query in QUERIES.items()
    }
    connection.close()
    return found
