"""P9: a month's figures over three years of complaints, against the GROUP BYs that yield the same numbers."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import text

from reports.months import shifted, until
from storage.cases import Case
from storage.deadlines import Deadline
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.pairing import Goal, Row, Side, Work, compare, duration, limit, seconds
from tests.benchmarks.peers import group_by
from tests.benchmarks.rig import Rig, file_of
from tests.support.bulk import SERIES, columns
from tests.support.desk import ZONE, Desk

MONTH = "2026-10"
MONTHS = until(MONTH, 36)
CUT_OFF = datetime(2026, 11, 2, 8, 5, tzinfo=ZONE)
MOST_SECONDS, MOST_MIB = 5, 200
ROOT = Path(__file__).parents[2]

ALONE = """
import resource, sys
from datetime import datetime
from pathlib import Path
from reports.monthly import monthly_figures
from storage.database import Database
from tests.benchmarks.bench_reports import CUT_OFF, MONTH
from tests.support.desk import ZONE
database = Database(sys.argv[1], lambda: CUT_OFF, attachments=Path("."))
with database.reading() as session:
    session.connection().exec_driver_sql("select 1")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    monthly_figures(session, MONTH, cut_off=CUT_OFF, zone=ZONE)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def rows(rig: Rig) -> Iterator[Row]:
    """A hundred thousand, and in a whole run a million."""
    for count in (100_000,) if rig.quick else (100_000, 1_000_000):
        desk = rig.desk(rig.sqlite(), partial(_history, count=count))
        file = file_of(desk.database._engine.url.render_as_string())
        peer = Side("bare GROUP BY", partial(_bare, file))
        own = Side("figures", partial(_figures, desk))
        work = Work(rounds=5 if count <= 100_000 else 3)
        yield compare(Goal(f"P9 month's figures of {count:,} complaints", 1.5), own, peer, work)
        if count == 1_000_000:
            took = _figures(desk)
            yield limit("P9 a million, whole", duration(took), took, MOST_SECONDS, "s")
        grown = _grown(desk)
        yield limit(f"P9 memory at {count:,}", f"{grown:.0f} MiB more", grown, MOST_MIB, "MiB")
        desk.database.dispose()


def _figures(desk: Desk) -> float:
    from reports.monthly import monthly_figures

    def count() -> None:
        with desk.database.reading() as session:
            monthly_figures(session, MONTH, cut_off=CUT_OFF, zone=ZONE)

    return seconds(count)


def _bare(file: Path) -> float:
    return seconds(lambda: group_by.count(file, MONTH, shifted(MONTH, -3), "2026-11-02 00:05:00.000000"))


def _grown(desk: Desk) -> float:
    """How much memory a process of its own needs more for it."""
    url = desk.database._engine.url.render_as_string()
    done = subprocess.run([sys.executable, "-c", ALONE, url], check=True, capture_output=True, text=True, cwd=ROOT)
    return float(done.stdout)


def _history(uow: UnitOfWork, template: Case, count: int) -> None:
    """So many complaints over the months, most of them closed, each with the deadline it had."""
    own = (
        "received_month", "received_at", "customer", "product", "defect", "severity", "step", "closed_at", "answers",
    )  # fmt: skip
    shared = ", ".join(columns(Case, *own))
    months = " UNION ALL ".join(f"SELECT '{month}' AS month, '{month}-15 08:00:00.000000' AS at" for month in MONTHS)
    values = (
        "it.visit, month, at, 'K0' || (1 + n % 8), 'P' || (n % 12), 'D' || (n % 17), "
        "CASE WHEN n % 9 = 0 THEN 'major' ELSE 'general' END, "
        f"CASE WHEN month = '{MONTH}' AND n % 50 = 0 THEN 'analysing' ELSE 'closed' END, "
        f"CASE WHEN month = '{MONTH}' AND n % 50 = 0 THEN NULL ELSE at END, '{{}}'"
    )
    connection = uow.session.connection()
    connection.execute(
        text(
            f"INSERT INTO cases (number, visit, {', '.join(own)}, {shared}) {SERIES} "
            f"SELECT 'TS-' || month || '-' || n, {values}, {', '.join('it.' + name for name in columns(Case, *own))} "
            f"FROM cases it, ({months}) AS months, series WHERE it.id = :template"
        ),
        {"count": count // len(MONTHS), "template": template.id},
    )
    kept = ("started_at", "due_at", "ended_at", "levels", "explanation", "next_level", "next_level_at", "state")
    theirs = columns(Deadline, *kept)
    connection.execute(
        text(
            f"INSERT INTO deadlines (case_id, {', '.join(kept)}, {', '.join(theirs)}) "
            "SELECT cases.id, cases.received_at, cases.received_at, cases.closed_at, '[]', '[]', NULL, NULL, "
            f"CASE WHEN cases.closed_at IS NULL THEN 'running' ELSE 'met' END, {', '.join('it.' + n for n in theirs)} "
            "FROM cases, deadlines it WHERE it.case_id = :template AND it.key = 'K1' AND cases.id <> :template"
        ),
        {"template": template.id},
    )
