"""The map of a spreadsheet of past complaints: which column is what, how days are written, what stands for blanks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from handlers.imports.tables import Table

COLUMNS = (
    "received", "id", "customer", "product", "category", "defect", "severity", "closed", "description", "count",
)  # fmt: skip
"""What a column can be. Only ``received`` must be there."""
USUAL_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y年%m月%d日")
ENCODINGS = ("utf-8", "gb18030")
NO_DEFAULT = ("received", "id", "closed")
"""What a row must say itself: no other row's id or day can stand in for its own."""
SAMPLE_DAY = datetime(2019, 11, 28, 13, 14, 15, tzinfo=UTC)
"""A day to try a format with."""


class MapError(ValueError):
    """A map that cannot be used; ``faults`` names every place with what to write there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """How cells are written: days in one or several ways, words for the two severities, the file's encoding."""

    received: tuple[str, ...] = USUAL_DAYS
    closed: tuple[str, ...] = USUAL_DAYS
    major: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """Which column is what: for each of ``COLUMNS`` the names it may have, the first that is filled counts.

    ``source`` keeps apart the ids of two systems that both count from one.
    """

    columns: Mapping[str, tuple[str, ...]]
    formats: Formats = field(default_factory=Formats)
    defaults: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


def read_map(text: str) -> Map:
    """Read and check a map from TOML. Raises MapError with every fault and its mend."""
    faults: list[str] = []
    file = Table(_parsed(text), "", faults)
    columns = file.inner("columns")
    named = {key: names for key in COLUMNS if (names := columns.text_or_texts(key))}
    columns.done()
    formats = file.inner("formats")
    read = Map(
        columns=named,
        formats=_formats(formats),
        defaults=_defaults(file.inner("defaults")),
        source=file.text("source", ""),
    )
    formats.done()
    file.done()
    if "received" not in named:
        columns.fault("received", 'is missing: name the column with the day of receipt, received = "…"')
    if faults:
        raise MapError(faults)
    return read


def has_time(form: str) -> bool:
    """Tell whether a format holds a time of day; without one a day is what it says."""
    midnight = SAMPLE_DAY.replace(hour=0, minute=0, second=0)
    return SAMPLE_DAY.strftime(form) != midnight.strftime(form)


def _parsed(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MapError([f"the map is not TOML: {error}"]) from error


def _formats(table: Table) -> Formats:
    received, closed = table.text_or_texts("received"), table.text_or_texts("closed")
    for key, forms in (("received", received), ("closed", closed)):
        for form in forms:
            if not _brings_back_the_month(form):
                table.fault(key, f"“{form}” is no format of a day: write it as “%Y-%m-%d” or “%d.%m.%Y %H:%M”")
    encoding = table.text("encoding", "").lower()
    if encoding and encoding not in ENCODINGS:
        table.fault("encoding", 'must be "utf-8" or "gb18030"; without it the file is recognised')
    return Formats(
        received=received or USUAL_DAYS,
        closed=closed or received or USUAL_DAYS,
        major=table.text_or_texts("major"),
        general=table.text_or_texts("general"),
        encoding=encoding,
    )


def _defaults(table: Table) -> Mapping[str, str]:
    given = {}
    for key in COLUMNS:
        value = str(table.whole(key) or "") if key == "count" else table.text(key, "")
        if value and key in NO_DEFAULT:
            table.fault(key, "cannot have a default: every row must say its own")
        elif value:
            given[key] = value
    table.done()
    return given


def _brings_back_the_month(form: str) -> bool:
    """Tell whether a format brings back the month that it wrote; a month without a day is its first."""
    try:
        read = datetime.strptime(SAMPLE_DAY.strftime(form), form)  # noqa: DTZ007 - its month is all we ask
    except ValueError:
        return False
    return (read.year, read.month) == (SAMPLE_DAY.year, SAMPLE_DAY.month)
