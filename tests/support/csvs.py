"""Spreadsheets of our own making, and taking them in as the command does."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.imports.complaints import Outcome, Terms, import_complaints
from reports.words import Words
from storage.bulk import all_of
from storage.cases import Case
from storage.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
MAP = """
[columns]
id = "id"
received = "date"
customer = "customer"
product = "product"
category = "category"
defect = "defect"
severity = "severity"
closed = "closed"
description = "text"
count = "count"

[formats]
received = ["%Y-%m-%d", "%Y/%m/%d"]
"""
HEADER = ("id", "date", "customer", "product", "category", "defect", "severity", "closed", "text", "count")
GOOD = ("A1", "2026-03-05", "示例车桥", "支架", "外观", "划伤", "", "", "表面有划伤", "2")


def row(**cells: str) -> tuple[str, ...]:
    """A good row, but for the cells that are given."""
    return tuple(cells.get(name, good) for name, good in zip(HEADER, GOOD, strict=True))


def written(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    """A file's text, every cell in quotation marks."""
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in (header, *rows)]
    return "\n".join(lines) + "\n"


@dataclass
class Clerk:
    """Takes spreadsheets into a database, and looks at what is there."""

    database: Database
    folder: Path
    zone: ZoneInfo = ZONE

    def take(
        self, content: str | bytes, mapping: str = MAP, *, name: str = "past.csv", dry_run: bool = False,
        rejects: Path | None = None,
    ) -> Outcome:  # fmt: skip
        """Take in a file's complaints by a map; reasons are told in English."""
        file, map_file = self.folder / name, self.folder / "map.toml"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        map_file.write_text(mapping, encoding="utf-8")
        now = self.database.clock()
        terms = Terms(
            zone=self.zone,
            say=lambda said: Words(self.zone).say(said, "en", now),
            by="clerk",
            dry_run=dry_run,
            rejects=rejects,
        )
        return import_complaints(self.database, file, map_file, terms)

    def cases(self) -> list[Case]:
        """Every imported case."""
        with self.database.reading() as session:
            return [case for case in all_of(session, Case) if case.imported]

    def why(self, outcome: Outcome) -> list[str]:
        """The reasons why rows were rejected, in English, in the order of the file."""
        now = self.database.clock()
        return [Words(self.zone).say(rejected.why, "en", now) for rejected in outcome.rejected]
