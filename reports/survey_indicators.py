"""What was delivered meanwhile, beside what customers say of it (M-42): with what nobody provided, and who owes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from conversations.words import N_, Said, lines, people, said
from reports.statistics import Ratio
from storage.indicators import OURS, THEIRS, Indicator

MOST_NAMED = 6
Rows: TypeAlias = Sequence[Indicator]
Measure: TypeAlias = Callable[[Rows], Said | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer that was asked: its short name, and who owes its indicators."""

    code: str
    name: str
    owes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The months that are looked at, complaints and follow-ups of these months, and who owes what is no customer's."""

    first: str
    last: str
    complaints: int
    major: int
    follow_ups: int
    owes: str


def indicators(period: Period, asked: Sequence[Asked], rows: Rows) -> Said:
    """Every indicator in a line, the customers' own numbers beside ours; a missing one is printed as such."""
    return lines(_indicators(period, asked, rows))


def _indicators(period: Period, asked: Sequence[Asked], rows: Rows) -> Iterator[Said]:
    yield said(N_("Months {first} to {last}"), first=people(period.first), last=people(period.last))
    ours = {each.code: [row for row in rows if (row.customer, row.source) == (each.code, OURS)] for each in asked}
    for label, measure in MEASURES.items():
        yield said(N_("{name}: {figures}"), name=said(label), figures=_told(measure, asked, ours, period.owes))
    yield said(N_("Complaints: {n}, of which major {m}"), n=period.complaints, m=period.major)
    yield said(N_("Follow-ups made: {n}"), n=period.follow_ups)
    for each in asked:
        theirs = [row for row in rows if (row.customer, row.source) == (each.code, THEIRS)]
        yield from _beside(each, ours[each.code], theirs)


def _told(measure: Measure, asked: Sequence[Asked], ours: Mapping[str, Rows], owes: str) -> Said:
    """The figure of all who have it; who has none is named, with whoever owes it."""
    have = [each for each in asked if measure(ours[each.code]) is not None]
    lack = [each for each in asked if each not in have]
    value = measure([row for each in have for row in ours[each.code]]) if have else None
    if value is None:
        named = tuple(people(name) for name in dict.fromkeys(each.owes for each in asked)) or (people(owes),)
        return said(N_("not provided (to be provided by {names})"), names=named)
    if not lack:
        return value
    names = tuple(
        said(N_("{customer} (to be provided by {name})"), customer=people(each.name), name=people(each.owes))
        for each in lack[:MOST_NAMED]
    )
    if len(lack) > MOST_NAMED:
        names = (*names, said(N_("{n} more"), n=len(lack) - MOST_NAMED))
    return said(N_("{figures}; not provided: {names}"), figures=value, names=names)


def ppm(rows: Rows) -> int | None:
    """Defective pieces in a million, where both numbers are known and something was delivered."""
    known = [(row.delivered, row.defective) for row in rows if row.delivered is not None and row.defective is not None]
    delivered = sum(pieces for pieces, _ in known)
    if not delivered:
        return None
    share = Decimal(sum(bad for _, bad in known)) * 1_000_000 / delivered
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))


def on_time(rows: Rows) -> Ratio | None:
    """Orders delivered on time, of all orders."""
    known = [(row.on_time, row.orders) for row in rows if row.on_time is not None and row.orders]
    return Ratio(sum(met for met, _ in known), sum(of or 0 for _, of in known)) if known else None


def _ppm(rows: Rows) -> Said | None:
    found = ppm(rows)
    return None if found is None else said("{number}", number=found)


def _on_time(rows: Rows) -> Said | None:
    found = on_time(rows)
    return None if found is None else found.said()


def _returned(rows: Rows) -> Said | None:
    known = [row for row in rows if row.returned is not None]
    if not known:
        return None
    pieces, delivered = sum(row.returned or 0 for row in known), sum(row.delivered or 0 for row in known)
    if not delivered or any(row.delivered is None for row in known):
        return said(N_("{n} pieces"), n=pieces)
    percent = (Decimal(pieces) * 100 / delivered).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return said(N_("{n} of {m} pieces ({percent}%)"), n=pieces, m=delivered, percent=percent)


def _lost(rows: Rows) -> Said | None:
    known = {row.customer for row in rows if row.lost is not None}
    if not known:
        return None
    return said(N_("{n} of {m} customers"), n=len({row.customer for row in rows if row.lost}), m=len(known))


def _freight(rows: Rows) -> Said | None:
    known = [row.extra_freight for row in rows if row.extra_freight is not None]
    return said("CNY {amount}", amount=Decimal(sum(known)) / 100) if known else None


MEASURES: Mapping[str, Measure] = {
    N_("PPM"): _ppm,
    N_("Delivered on time"): _on_time,
    N_("Returned"): _returned,
    N_("Customers lost"): _lost,
    N_("Extra freight"): _freight,
}


def _beside(asked: Asked, ours: Rows, theirs: Rows) -> Iterator[Said]:
    """The customer's own numbers beside ours (N-17); the mean of the months it gave."""
    for label, their, our in (
        (N_("PPM"), _mean([row.ppm for row in theirs]), _ppm(ours)),
        (N_("Delivered on time"), _percent(_mean([row.on_time_rate for row in theirs])), _on_time(ours)),
    ):
        if their is not None:
            words = N_("{customer}, {name} by its own count: {theirs}; by ours: {ours}")
            yield said(words, customer=people(asked.name), name=said(label), theirs=people(their),
                       ours=our or Said(N_("not provided")))  # fmt: skip


def _mean(numbers: Sequence[int | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return (Decimal(sum(known)) / len(known)).quantize(Decimal(1), ROUND_HALF_UP) if known else None


def _percent(hundredths: Decimal | None) -> str | None:
    return None if hundredths is None else f"{hundredths / 100:.2f}%"
