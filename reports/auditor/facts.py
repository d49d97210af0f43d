"""The auditor's look at facts that two places tell: trail and case, calendar and month, record and file."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.orm import Session

from reports.auditor.deadlines import instant

LATELY = timedelta(days=2)
SUMMED_UP_BY = 10
"""However the holidays lie, the first working day of a month is before this one (October: the ninth)."""
RUNS = timedelta(days=40)

STEPS = text("""
    SELECT COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)), c.step, c.number, c.received_at, a.data
    FROM cases c LEFT JOIN audit a ON a.id = (
        SELECT MAX(x.id) FROM audit x WHERE x.subject = 'case:' || CAST(c.id AS TEXT))
    WHERE c.number IS NOT NULL AND (c.closed_at IS NULL OR c.updated_at > :lately
        OR a.data IS NULL OR a.data NOT LIKE '%"step":"' || c.step || '"%')""").bindparams(
    bindparam("lately", type_=DateTime(timezone=True))
)
MONTHS = text("""
    SELECT COALESCE(number, 'case:' || CAST(id AS TEXT)), received_at, received_month FROM cases
    WHERE updated_at > :lately OR closed_at IS NULL""").bindparams(bindparam("lately", type_=DateTime(timezone=True)))
SUMMARY = text("SELECT COUNT(*) FROM cases WHERE procedure = 'monthly_summary' AND number = :number")
RECEIVED = text("SELECT COUNT(*) FROM cases WHERE procedure = 'complaint' AND received_month = :month")
SINCE = text("SELECT value FROM state WHERE key = 'summaries.since'")
FILES = text("""
    SELECT id, sha256, size, COALESCE(preview, '') FROM attachments WHERE sha256 <> '' ORDER BY id""")


def steps(session: Session, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Every case stands as the last row of the trail about it says; one without any row came by no door of ours."""
    for subject, step, number, received, data in session.execute(STEPS, {"lately": now - LATELY}):
        if data is None:
            yield "case_unknown", subject, step
            continue
        told = json.loads(data)
        if told.get("step") != step:
            yield "step_differs", subject, f"{step} / {told.get('step')}"
        elif told.get("number") != number or instant(told.get("received_at")) != instant(received):
            yield "case_edited", subject, str(told.get("number"))


def months(session: Session, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str, str]]:
    """A case counts in the month in which it was received, by the company's clock."""
    for subject, received, month in session.execute(MONTHS, {"lately": now - RUNS}):
        at = instant(received)
        if at is not None and f"{at.astimezone(zone):%Y-%m}" != month:
            yield "month_wrong", subject, month


def summaries(session: Session, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str, str]]:
    """By the tenth the month before is summed up, where there was anything to sum up."""
    today = now.astimezone(zone).date()
    if today.day < SUMMED_UP_BY:
        return
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    since = session.execute(SINCE).scalar()
    if since is None or month < json.loads(since):
        return
    if (
        session.execute(RECEIVED, {"month": month}).scalar()
        and not session.execute(SUMMARY, {"number": f"YB-{month}"}).scalar()
    ):
        yield "summary_missing", month, ""


def files(session: Session, folder: Path) -> Iterator[tuple[str, str, str]]:
    """The file of every record is there, and as long as it was."""
    for row, digest, size, preview in session.execute(FILES):
        for name, length in ((digest, size), (preview, None)):
            if name and not _is_there(folder / name[:2] / name, length):
                yield "file_missing", f"attachment:{row}", name[:12]


def _is_there(path: Path, length: int | None) -> bool:
    try:
        found = path.stat().st_size
    except OSError:
        return False
    return length is None or found == length
