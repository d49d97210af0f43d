"""One row of a spreadsheet: the complaint that it tells, or the reason why it cannot be taken in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from conversations.words import N_, Said, said
from handlers.imports.complaints_file import Line, places
from handlers.imports.complaints_map import Map, has_time
from storage.past import PastComplaint

NOON = time(12)
"""What a day without a time is taken for: in no zone of a neighbour does it become another day."""
OLDEST = date(1900, 1, 1)
MOST = 1_000_000
"""More complaints than any row of any company stands for: rather a part number in the wrong column."""
LONGEST, LONGEST_DESCRIPTION = 200, 20_000
COUNT = re.compile(r"(?P<count>[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.0{1,2})?")
"""A whole number in ASCII digits, as spreadsheets write it: 12, 1,204, 12.0."""
AS_TEXT = re.compile(r'="(?P<text>[^"]*)"|\'(?P<mark>[=+\-@].*)', re.DOTALL)
"""What spreadsheets put around a text that must not be counted: ="0012", '=1+1."""
SEPARATORS_AT_END = " ,;\u3001\uff0c\uff1b"
"""A list in one cell often ends with its separator: ``H93,H15,``."""
SEVERITIES = {"major": "major", "重大": "major", "general": "general", "一般": "general"}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken in, and why, in a sentence that a person can act on."""

    line: Line
    why: Said


class _Refused(Exception):  # noqa: N818 - it never leaves this file
    """A cell that cannot be read."""

    def __init__(self, why: Said) -> None:
        super().__init__(why.message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one file: by its map, against today, with the customers' codes.

    ``customers`` leads from a code, a name or a short name (in small letters) to the code;
    ``file`` is the hash that stands for the file where its rows have no ids.
    """

    map: Map
    header: Sequence[str]
    file: str
    zone: ZoneInfo
    today: date
    customers: Mapping[str, str]
    _at: dict[str, tuple[int, ...]] = field(init=False, default_factory=dict)
    _days: dict[tuple[str, str], datetime] = field(init=False, default_factory=dict)
    _severities: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Find the columns once."""
        self._at.update({key: places(self.header, names) for key, names in self.map.columns.items()})
        formats = self.map.formats
        self._severities.update(SEVERITIES)
        self._severities.update({word.casefold(): "major" for word in formats.major})
        self._severities.update({word.casefold(): "general" for word in formats.general})

    def read(self, line: Line) -> PastComplaint | Rejected:
        """Read one row."""
        try:
            self._whole(line)
            return self._complaint(line)
        except _Refused as refused:
            return Rejected(line, refused.why)

    def customer(self, text: str) -> str:
        """The code of a customer that the company knows; any other text stays as it is."""
        return self.customers.get(text.casefold(), text)

    def _complaint(self, line: Line) -> PastComplaint:
        received = self._day(line, "received")
        if received is None:
            raise _Refused(said(N_("the day of receipt is blank")))
        closed = self._day(line, "closed")
        if closed is not None and closed.astimezone(self.zone).date() < received.astimezone(self.zone).date():
            raise _Refused(said(N_("it was closed before it was received")))
        return PastComplaint(
            source_key=self._key(line),
            received_at=received,
            received_month=f"{received.astimezone(self.zone):%Y-%m}",
            count=self._count(line),
            customer=self.customer(self._name(line, "customer")),
            product=self._name(line, "product"),
            category=self._name(line, "category").rstrip(SEPARATORS_AT_END),
            defect=self._name(line, "defect").rstrip(SEPARATORS_AT_END),
            severity=self._severity(line),
            title=self._name(line, "description", LONGEST_DESCRIPTION),
            closed_at=max(closed, received) if closed else None,
        )

    def _whole(self, line: Line) -> None:
        """Refuse a row whose cells may stand under the wrong names."""
        cells, wanted = len(line.cells), len(self.header)
        if line.unclosed:
            raise _Refused(said(N_("a quotation mark is opened and not closed")))
        if any(cell.strip() for cell in line.cells[wanted:]):
            raise _Refused(
                said(N_("{cells} cells under {header} names: is a comma outside quotation marks?"),
                     cells=cells, header=wanted)
            )  # fmt: skip
        if cells <= max(min(at) for at in self._at.values()):
            raise _Refused(said(N_("{cells} cells for {header} names: was the row cut?"), cells=cells, header=wanted))

    def _key(self, line: Line) -> str:
        own = unicodedata.normalize("NFKC", self._name(line, "id"))
        return f"id:{self.map.source}:{own}" if own else f"row:{self.file}:{line.row}"

    def _cell(self, line: Line, key: str) -> str:
        """The first of a column's cells that is filled, else what stands for a blank one."""
        for at in self._at.get(key, ()):
            if at < len(line.cells) and (text := clean(line.cells[at])):
                return text
        return self.map.defaults.get(key, "")

    def _name(self, line: Line, key: str, longest: int = LONGEST) -> str:
        text = self._cell(line, key)
        if len(text) > longest:
            raise _Refused(
                said(N_("{column} is longer than {most} characters: is it the right column?"),
                     column=self.map.columns[key][0], most=longest)
            )  # fmt: skip
        return text

    def _count(self, line: Line) -> int:
        if "count" not in self._at and "count" not in self.map.defaults:
            return 1
        text = unicodedata.normalize("NFKC", self._cell(line, "count"))
        counted = COUNT.fullmatch(text)
        number = int(counted["count"].replace(",", "")) if counted else 0
        if not 1 <= number <= MOST:
            raise _Refused(
                said(N_("the count “{text}” is no whole number from 1 to {most}"), text=text[:40], most=MOST)
            )
        return number

    def _severity(self, line: Line) -> str:
        text = self._cell(line, "severity")
        if text and text.casefold() not in self._severities:
            raise _Refused(
                said(N_("the severity “{text}” is neither major nor general: "
                        "name it in the map under [formats] major or general"), text=text[:40])
            )  # fmt: skip
        return self._severities[text.casefold()] if text else ""

    def _day(self, line: Line, key: str) -> datetime | None:
        text = unicodedata.normalize("NFKC", self._cell(line, key))
        if not text:
            return None
        if (key, text) not in self._days:
            self._days[key, text] = self._instant(key, text)
        return self._days[key, text]

    def _instant(self, key: str, text: str) -> datetime:
        """The one instant that a text stands for, in UTC."""
        forms = self.map.formats.received if key == "received" else self.map.formats.closed
        found = {instant for form in forms if (instant := self._by(form, text)) is not None}
        if len(found) != 1:
            message = N_("“{text}” is more than one day") if found else N_("“{text}” is no day like {forms}")
            raise _Refused(said(message, text=text[:40], forms=tuple(forms)))
        instant = found.pop()
        if instant.date() > self.today:
            raise _Refused(said(N_("“{text}” lies in the future"), text=text[:40]))
        if instant.date() < OLDEST:
            raise _Refused(said(N_("“{text}” lies before 1900"), text=text[:40]))
        return instant.astimezone(UTC)

    def _by(self, form: str, text: str) -> datetime | None:
        try:
            read = datetime.strptime(text, form)  # noqa: DTZ007 - the zone comes on the next line
        except ValueError:
            return None
        if not has_time(form):
            read = datetime.combine(read, NOON)
        return read if read.tzinfo else read.replace(tzinfo=self.zone)


def clean(cell: str) -> str:
    """A cell's text on one line, without what nobody can see; a formula is a text like any other."""
    if (kept := AS_TEXT.fullmatch(cell.strip())) is not None:
        cell = kept["text"] or kept["mark"] or ""
    text = " ".join(cell.split())
    return text if text.isprintable() else " ".join("".join(filter(str.isprintable, text)).split())
