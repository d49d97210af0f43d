"""What a survey says, as plain values: worked out by ``scoring``, shown by charts, text and reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from conversations.words import Said, Text
from reports.statistics import Ratio


@dataclass(frozen=True, slots=True)
class Share:
    """How many gave one answer: a grade, or a number of the scale."""

    label: Text
    answer: Decimal
    score: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item: how many answered it and how many did not, its mean as it was answered and as a score of 0 to 100.

    ``shares`` has every possible answer from the best to the worst, those that nobody gave with 0.
    """

    key: str
    label: Text
    group: str
    weight: Decimal
    n: int
    missing: int
    mean: Decimal | None
    score: Decimal | None
    shares: Sequence[Share]
    previous: Decimal | None = None
    below: bool = False
    """Strictly below the threshold at which something must be done; where there is none, never."""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group: the mean of what its respondents each gave it on the average, and how many they are."""

    key: str
    label: Text
    score: Decimal | None
    n: int
    previous: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """One customer: its score, how many of it answered, how many answers those are, and what was left out by any."""

    name: str
    score: Decimal | None
    respondents: int
    n: int
    missing: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Response:
    """回收率: how many of those invited answered, and the rate that is wanted of them, in percent."""

    invited: int
    answered: int
    target: int | None = None

    @property
    def rate(self) -> Ratio:
        """The share of the invited."""
        return Ratio(self.answered, self.invited)

    @property
    def reached(self) -> bool | None:
        """Whether the wanted rate is reached, by the exact numbers; none where none is wanted."""
        if self.target is None or not self.invited:
            return None
        return self.answered * 100 >= self.target * self.invited


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a score is compared with, and how it is told: nothing of it is worked out from the answers.

    ``previous`` are the campaigns before, the oldest first, each with its name and its score. ``threshold`` is
    below which an item must be dealt with (60 for employees, D1 4.1.4).
    """

    title: Text
    period: str
    cut_off: datetime
    zone: ZoneInfo
    form: str = ""
    target: Decimal | None = None
    competitor: Decimal | None = None
    competitor_name: str = ""
    threshold: Decimal | None = None
    response: Response | None = None
    previous: Sequence[tuple[str, Decimal]] = ()
    sample: bool = False


@dataclass(frozen=True, slots=True)
class SatisfactionFigures:
    """One survey, scored: by item, by group, by customer, and as a whole in both ways of averaging.

    ``overall`` is the mean of the customers, or of the respondents where nobody belongs to one;
    ``overall_item_weighted`` is the weighted mean of the items.
    """

    campaign: Campaign
    formula: Said
    respondents: int
    items: Sequence[ItemFigures]
    groups: Sequence[GroupFigures]
    customers: Sequence[CustomerFigures] = ()
    overall: Decimal | None = None
    overall_item_weighted: Decimal | None = None
    scale: bool = field(default=False)
    """Answered on a scale of numbers instead of with grades."""

    @property
    def missing(self) -> int:
        """How many answers are missing in all."""
        return sum(item.missing for item in self.items)

    @property
    def below(self) -> tuple[ItemFigures, ...]:
        """The items below the threshold, the lowest first."""
        found = [item for item in self.items if item.below and item.score is not None]
        return tuple(sorted(found, key=lambda item: item.score or 0))
