"""Months as reports count them: ``YYYY-MM`` in the company's time, their names and their borders."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from conversations.words import N_, Said, said

NAMES: Sequence[str] = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


class NotAMonthError(ValueError):
    """A text is not a month in the form YYYY-MM."""


def parse(month: str) -> tuple[int, int]:
    """Read ``YYYY-MM`` as year and month number; raises NotAMonthError for anything else."""
    year, dash, number = month.partition("-")
    plain = year.isascii() and year.isdigit() and number.isascii() and number.isdigit()
    if not (dash and plain and len(year) == 4 and len(number) == 2 and 1 <= int(number) <= 12):
        raise NotAMonthError(month)
    return int(year), int(number)


def shifted(month: str, by: int) -> str:
    """Give the month that lies ``by`` months after (or, negative, before) another."""
    year, number = parse(month)
    years, rest = divmod(year * 12 + number - 1 + by, 12)
    return f"{years:04d}-{rest + 1:02d}"


def until(last: str, count: int) -> tuple[str, ...]:
    """Give the ``count`` months that end with ``last``, oldest first."""
    return tuple(shifted(last, back) for back in range(1 - count, 1))


def between(first: str, last: str) -> tuple[str, ...]:
    """Give every month from first to last, both included; none when first is the later."""
    (year, number), (last_year, last_number) = parse(first), parse(last)
    count = (last_year - year) * 12 + last_number - number + 1
    return until(last, count) if count > 0 else ()


def start(month: str, zone: ZoneInfo) -> datetime:
    """Give the first instant of a month of the company, in UTC."""
    year, number = parse(month)
    return datetime(year, number, 1, tzinfo=zone).astimezone(UTC)


def ended(at: datetime, zone: ZoneInfo) -> str:
    """Give the last month that was over at an instant."""
    return shifted(f"{at.astimezone(zone):%Y-%m}", -1)


def name(month: str) -> Said:
    """Name a month without its year (7月, July)."""
    return Said(NAMES[parse(month)[1] - 1])


def full_name(month: str) -> Said:
    """Name a month with its year (2026年7月, July 2026)."""
    return said(N_("{month} {year}"), month=name(month), year=f"{parse(month)[0]}")
