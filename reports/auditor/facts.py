"""The auditor's look at facts that two places tell: trail and case, calendar and month, record and file."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.orm import Session

from reports.auditor.deadlines import Piece, instant

SUMMED_UP_BY = 10
"""However the holidays lie, the first working day of a month is before this one (October: the ninth)."""
RUNS = timedelta(days=40)

STEPS = text("""
    SELECT COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)), c.step, c.number, c.received_at, a.data
    FROM cases c LEFT JOIN audit a ON a.id = (
        SELECT MAX(x.id) FROM audit x WHERE x.subject = 'case:' || CAST(c.id AS TEXT))
    WHERE c.number IS NOT NULL""")
MONTHS = text("""
    SELECT COALESCE(number, 'case:' || CAST(id AS TEXT)), received_at, received_month FROM cases
    WHERE updated_at > :lately OR closed_at IS NULL""").bindparams(bindparam("lately", type_=DateTime(timezone=True)))
SUMMARY = text("SELECT COUNT(*) FROM cases WHERE procedure = 'monthly_summary' AND number = :number")
RECEIVED = text("SELECT COUNT(*) FROM cases WHERE procedure = 'complaint' AND received_month = :month")
SINCE = text("SELECT value FROM state WHERE key = 'summaries.since'")
FILES = text("""
    SELECT id, sha256, size, COALESCE(preview, '') FROM attachments WHERE id > :low AND id <= :high AND sha256 <> ''""")


def steps(session: Session) -> Iterator[tuple[str, str, str]]:
    """Every case stands as the last row of the trail about it says; one without any row came by no door of ours."""
    for subject, step, number, received, data in session.execute(STEPS):
        if data is None:
            yield "case_unknown", subject, step
        elif not _as_told(str(data), step, number, received):
            told = json.loads(data)
            if told.get("step") != step:
                yield "step_differs", subject, f"{step} / {told.get('step')}"
            elif told.get("number") != number or instant(told.get("received_at")) != instant(received):
                yield "case_edited", subject, str(told.get("number"))


def _as_told(data: str, step: str, number: str, received: object) -> bool:
    """Whether the three stand in the text: reading ten thousand texts as JSON takes ten times as long."""
    at = str(received).replace(" ", "T").removesuffix(".000000").removesuffix("+00:00")
    return f'"step":"{step}"' in data and f'"number":"{number}"' in data and f'"received_at":"{at}+00:00"' in data


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


def files(session: Session, folder: Path, piece: Piece) -> Iterator[tuple[str, str, str]]:
    """The file of every record is there, and as long as it was."""
    for row, digest, size, preview in session.execute(FILES, {"low": piece[0], "high": piece[1]}):
        for name, length in ((digest, size), (preview, None)):
            if name and not _is_there(folder / name[:2] / name, length):
                yield "file_missing", f"attachment:{row}", name[:12]


def _is_there(path: Path, length: int | None) -> bool:
    try:
        found = path.stat().st_size
    except OSError:
        return False
    return length is None or found == length
