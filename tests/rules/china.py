"""The sample company's calendar for tests: China as the reviewed files have it, office hours Monday to Friday."""

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from conversations.calendar import FIVE_DAYS, Calendar, DayKind, Week

SHANGHAI = ZoneInfo("Asia/Shanghai")


def rows(name: str) -> list[dict[str, str]]:
    """Read one of the files that ship with the product."""
    text = (files("storage.data") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def reviewed() -> dict[date, tuple[DayKind, str]]:
    """Every day of the reviewed file with its kind and its festival."""
    return {date.fromisoformat(row["day"]): (DayKind(row["kind"]), row["note"]) for row in rows("calendar_cn.csv")}


def china(week: Week = FIVE_DAYS, without: Iterable[int] = ()) -> Calendar:
    """The calendar as it is loaded; ``without`` leaves years out, as if nobody had imported them."""
    known = frozenset(int(row["year"]) for row in rows("calendar_cn_years.csv")) - frozenset(without)
    days = {day: said for day, said in reviewed().items() if day.year in known}
    return Calendar(
        SHANGHAI,
        days={day: kind for day, (kind, _) in days.items()},
        known_years=known,
        week=week,
        notes={day: note for day, (_, note) in days.items()},
    )


def at(text: str) -> datetime:
    """An instant by the company's clock, 2026 where no year is said: ``11-20 16:05``."""
    full = text if len(text) > len("11-20 16:05") else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=SHANGHAI).astimezone(UTC)
