"""What a summary says, as plain values: counted by ``monthly`` and ``yearly``, shown by charts and text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from conversations.words import Said, said
from reports.correctives import Acted
from reports.statistics import Anomaly, Limits, Ratio, Season


@dataclass(frozen=True, slots=True)
class Count:
    """Complaints of one period: how many, how many of them 重大, and how many pieces."""

    total: int = 0
    major: int = 0
    quantity: int = 0
    unjudged: int = 0
    """Of how many nobody has said whether they are 重大; imported ones often are among them."""

    @property
    def general(self) -> int:
        """Complaints that are not 重大, those not yet judged among them."""
        return self.total - self.major

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.total + other.total,
            self.major + other.major,
            self.quantity + other.quantity,
            self.unjudged + other.unjudged,
        )

    @property
    def major_said(self) -> Said:
        """How many are 重大; a dash where nobody judged a single one, for then 0 would be a claim."""
        return Said("–") if self.total and self.unjudged == self.total else said("{number}", number=self.major)

    @property
    def quantity_said(self) -> Said:
        """How many pieces; a dash where there are complaints and nobody counted."""
        return Said("–") if self.total and not self.quantity else said("{number}", number=self.quantity)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many complaints were open at an instant, and how many of those were over their time."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The six figures at the head of a summary, of one period."""

    count: Count
    in_48_hours: Ratio
    standing: Standing
    repeated: int


@dataclass(frozen=True, slots=True)
class ByCustomer:
    """One customer: this period, the one before, and what it complained of most."""

    name: str
    count: int
    previous: int
    defect: str
    of_defect: int


@dataclass(frozen=True, slots=True)
class ByDefect:
    """One defect: this period and the one before."""

    name: str
    count: int
    previous: int


@dataclass(frozen=True, slots=True)
class Corrective:
    """A corrective action that a complaint led to: its number and the step where it stands."""

    number: str
    step: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """The same customer, product and defect again and again (经常性)."""

    customer: str
    product: str
    defect: str
    count: int
    in_month: int
    numbers: tuple[str, ...]
    correctives: tuple[Corrective, ...]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One line of the table of open cases; days are natural days, over is none when in time."""

    number: str
    customer: str
    problem: str
    severity: str
    department: str
    person: str
    step: str
    days: int
    over: int | None
    promised: date | None


@dataclass(frozen=True, slots=True)
class NotCounted:
    """What the total leaves out: merged, withdrawn, and opinions and suggestions (意见/建议)."""

    merged: int
    withdrawn: int
    opinions: int


@dataclass(frozen=True, slots=True)
class MonthlyFigures:
    """《顾客投诉/抱怨汇总处理表》 of one month (HLLG-QR721-02), every number that it shows.

    ``months`` has every month from the first of the records to the month itself, zeros included.
    ``previous`` and ``last_year`` are none where the records do not reach back.
    """

    month: str
    cut_off: datetime
    zone: ZoneInfo
    now: Headline
    previous: Headline | None
    last_year: Headline | None
    first_measure: Ratio
    months: Mapping[str, Count]
    limits: Limits
    customers: Sequence[ByCustomer]
    defects: Sequence[ByDefect]
    recurring: Sequence[Recurring]
    sporadic: int
    season: Season
    open_cases: Sequence[OpenCase]
    anomalies: Sequence[Anomaly]
    year_to_date: int
    last_year_to_date: int | None
    not_counted: NotCounted
    target_48_hours: int | None = None
    actions: Acted | None = None

    @property
    def total(self) -> int:
        """Complaints of the month."""
        return self.now.count.total

    @property
    def more_open(self) -> int:
        """Open cases beyond those in the table."""
        return self.now.standing.open - len(self.open_cases)


@dataclass(frozen=True, slots=True)
class YearlyFigures:
    """The year edition: the same order with twelve months each, two years side by side.

    ``months`` has the months of the year and of the year before, zeros included, but none before the
    records began and none to come. ``previous`` is none unless the records have the whole year before.
    ``customers`` and ``defects`` hold the year before as ``previous``; days to close are natural days.
    """

    year: str
    cut_off: datetime
    zone: ZoneInfo
    now: Headline
    previous: Headline | None
    first_measure: Ratio
    months: Mapping[str, Count]
    customers: Sequence[ByCustomer]
    defects: Sequence[ByDefect]
    recurring: Sequence[Recurring]
    sporadic: int
    season: Season
    open_cases: Sequence[OpenCase]
    rectified: Ratio
    effective: Ratio
    days_to_close: float | None
    previous_days_to_close: float | None
    not_counted: NotCounted

    @property
    def total(self) -> int:
        """Complaints of the year."""
        return self.now.count.total

    @property
    def over(self) -> bool:
        """Whether the year had ended at the cut-off."""
        return self.cut_off.astimezone(self.zone).year > int(self.year)

    @property
    def more_open(self) -> int:
        """Open cases beyond those in the table."""
        return self.now.standing.open - len(self.open_cases)


@dataclass(frozen=True, slots=True)
class Rectification:
    """One line of 整改要求: who does what by when, and the number of its task."""

    department: str
    content: str
    due: date | None
    number: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """What people add to the figures: conclusions, rectifications, who made and who confirmed it.

    Without conclusions the findings that the figures themselves suggest stand in their place;
    without a day of confirmation the summary carries the stamp 未确认.
    """

    conclusions: Sequence[Said] = ()
    rectifications: Sequence[Rectification] = ()
    prepared_by: str = ""
    reviewed_by: str = ""
    confirmed_on: date | None = None
