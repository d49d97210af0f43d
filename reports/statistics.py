"""Judging small numbers honestly: limits, anomalies, seasons and repetition, each by a named rule.

Pure arithmetic on counts; nothing here knows a database or a picture (requirements 2.0-16, 2.3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from math import sqrt

from conversations.words import N_, Said, said
from reports.months import shifted, until

YEAR = 12
MONTHS_FOR_SEASON = 24
RISING_TOTAL = 6
CUSTOMER_SHARE, CUSTOMER_CASES, CUSTOMER_GROWTH = Decimal("0.4"), 3, Decimal("1.5")
RECURRING_DAYS, RECURRING_IN_WINDOW, RECURRING_IN_MONTH = 90, 3, 2


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many: a share never stands without its two numbers."""

    met: int
    of: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent, halves up, 100 only for all; none when there is nothing to divide."""
        if not self.of:
            return None
        return min((self.met * 200 + self.of) // (self.of * 2), 100 if self.met >= self.of else 99)

    def said(self) -> Said:
        """Give the ratio with both numbers: 5/6(83%); 0/0 is a dash."""
        if not self.of:
            return Said("–")
        return said(N_("{met}/{of} ({percent}%)"), met=self.met, of=self.of, percent=self.percent or 0)

    def short(self) -> Said:
        """Give both numbers alone: 5/6; 0/0 is a dash."""
        return said("{met}/{of}", met=self.met, of=self.of) if self.of else Said("–")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a month may be by chance, told by the twelve before it."""

    mean: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A month that is out of the ordinary: the key of the rule it broke, and the sentence."""

    rule: str
    text: Said


@dataclass(frozen=True, slots=True)
class Slice:
    """One bar of a falling diagram, with the share of everything up to and with it."""

    name: str
    count: int
    cumulative: Ratio
    rest: bool = False


@dataclass(frozen=True, slots=True)
class CustomerShare:
    """One customer's complaints: this month, and in the twelve months before."""

    name: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Season:
    """The months against the years, and how the months compare: no index below 24 months."""

    counts: Mapping[str, int]
    months_of_data: int
    index: Mapping[str, float] | None = field(default=None)

    @property
    def years(self) -> tuple[str, ...]:
        """The years that have at least one month of data, oldest first."""
        return tuple(sorted({month[:4] for month in self.counts}))


def limits(counts: Mapping[str, int], month: str) -> Limits:
    """Mean and upper Poisson limit (mean + 3 root mean) of the twelve months before ``month``.

    ``counts`` has every month from the first of the records on, zeros included. With fewer than
    twelve earlier months the mean is that of what there is, and there is no limit.
    """
    earlier = [counts[at] for at in until(shifted(month, -1), YEAR) if at in counts]
    if not earlier:
        return Limits(None, None)
    mean = sum(earlier) / len(earlier)
    return Limits(mean, mean + 3 * sqrt(mean) if len(earlier) == YEAR else None)


def anomalies(counts: Mapping[str, int], month: str, customers: Sequence[CustomerShare]) -> tuple[Anomaly, ...]:
    """Name everything that is out of the ordinary in a month, each with the rule it broke."""
    limit = limits(counts, month)
    found = [above_limit(counts.get(month, 0), limit), rising(counts, month, limit), *leading(customers)]
    return tuple(anomaly for anomaly in found if anomaly is not None)


def above_limit(total: int, limit: Limits) -> Anomaly | None:
    """The month lies above the mean of the twelve before it plus three times its root."""
    if limit.upper is None or limit.mean is None or total <= limit.upper:
        return None
    text = said(
        N_("above the limit: {total}, limit {limit} (mean of the 12 months before {mean}, plus 3 times its root)"),
        total=total, limit=rounded(limit.upper), mean=rounded(limit.mean),
    )  # fmt: skip
    return Anomaly("limit", text)


def rising(counts: Mapping[str, int], month: str, limit: Limits) -> Anomaly | None:
    """Three months rise one after another, hold six together, and the last is above the mean."""
    three = [counts[at] for at in until(month, 3) if at in counts]
    if len(three) < 3 or not three[0] < three[1] < three[2] or sum(three) < RISING_TOTAL:
        return None
    if limit.mean is None or three[2] <= limit.mean:
        return None
    text = said(
        N_("rising for three months: {first}, {second}, {third}, above the mean {mean} (together at least {least})"),
        first=three[0], second=three[1], third=three[2], mean=rounded(limit.mean), least=RISING_TOTAL,
    )  # fmt: skip
    return Anomaly("rising", text)


def leading(customers: Sequence[CustomerShare]) -> tuple[Anomaly, ...]:
    """A customer has 40 % of the month, three cases, and 1.5 times its share of the year before."""
    now, before = (sum(getattr(each, key) for each in customers) for key in ("now", "before"))
    return tuple(_leads(each, now, before) for each in customers if _is_leading(each, now, before))


def _is_leading(customer: CustomerShare, now: int, before: int) -> bool:
    if customer.now < CUSTOMER_CASES or customer.now < CUSTOMER_SHARE * now:
        return False
    # shares are compared as products: no division, so no rounding and no zero to divide by
    return customer.now * before >= CUSTOMER_GROWTH * customer.before * now


def _leads(customer: CustomerShare, now: int, before: int) -> Anomaly:
    text = said(
        N_("one customer leads: {customer} {share}, in the 12 months before {earlier} (rule: 40 %, 3, 1.5 times)"),
        customer=customer.name, share=Ratio(customer.now, now).said(), earlier=Ratio(customer.before, before).said(),
    )  # fmt: skip
    return Anomaly("customer", text)


def season(counts: Mapping[str, int], month: str, ended: str | None = None) -> Season:
    """Compare the months of the year: mean of the month / mean of all, over whole years.

    ``counts`` has every month from the first of the records on; up to ``month`` they are shown. Whole years
    are counted back from ``month``, or from the last month that has ``ended``, for half a month is no month.
    Below 24 months of data, or without a single complaint, there is no index.
    """
    known = {at: count for at, count in counts.items() if at <= month}
    last = min(month, ended or month)
    data = sum(at <= last for at in known)
    whole = until(last, data // YEAR * YEAR) if data >= MONTHS_FOR_SEASON else ()
    total = sum(known.get(at, 0) for at in whole)
    index = None
    if total:
        sums = {f"{number:02d}": 0 for number in range(1, YEAR + 1)}
        for at in whole:
            sums[at[5:]] += known.get(at, 0)
        index = {number: count * YEAR / total for number, count in sums.items()}
    return Season(known, data, index)


def is_recurring(in_window: int, in_month: int) -> bool:
    """Tell 经常性 from 偶发性: three of the same in 90 days, or two in the month."""
    return in_window >= RECURRING_IN_WINDOW or in_month >= RECURRING_IN_MONTH


def pareto(counts: Sequence[tuple[str, int]], top: int, other: str) -> tuple[Slice, ...]:
    """Order counts falling, fold all beyond ``top`` into ``other``, add them up.

    Equal counts stay in the order in which they are given. ``other`` stands behind the ``top``, and last of
    all what has no name: neither is a customer or a defect, and neither may lead.
    """
    ordered = sorted(((name, count) for name, count in counts if count and name), key=lambda each: -each[1])
    left = ((other, sum(count for _, count in ordered[top:])), ("", sum(count for name, count in counts if not name)))
    kept = [*ordered[:top], *((name, count) for name, count in left if count)]
    total = sum(count for _, count in kept)
    so_far = accumulate(count for _, count in kept)
    return tuple(
        Slice(name, count, Ratio(up_to, total), at >= min(top, len(ordered)))
        for at, ((name, count), up_to) in enumerate(zip(kept, so_far, strict=True))
    )


def rounded(value: float) -> Decimal:
    """Round a mean or a limit as it is shown: to one digit after the point."""
    return Decimal(str(value)).quantize(Decimal("0.1"))
