"""The reviewed calendar file, as the first revision loads it: statutory holidays and make-up days."""

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from storage.migrations.types import INSTANT

FOLDER = Path(__file__).parent.parent / "data"

DAYS = sa.table(
    "calendar_days",
    sa.column("day", sa.Date()),
    sa.column("kind", sa.Text()),
    sa.column("source", sa.Text()),
    sa.column("note", sa.Text()),
)
YEARS = sa.table(
    "calendar_years",
    sa.column("year", sa.Integer()),
    sa.column("source", sa.Text()),
    sa.column("imported_at", INSTANT),
)


def load_calendar(connection: sa.Connection) -> None:
    """Put the reviewed days into the tables, and their years among the known ones."""
    days = [{**row, "day": date.fromisoformat(row["day"])} for row in _read("calendar_cn.csv")]
    years = [{**row, "year": int(row["year"])} for row in _read("calendar_cn_years.csv")]
    connection.execute(sa.insert(DAYS), days)
    connection.execute(sa.insert(YEARS).values(imported_at=sa.func.current_timestamp()), years)


def _read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
