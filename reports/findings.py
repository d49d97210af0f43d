"""Titles that say the finding, and the three sentences that the figures themselves suggest."""

from collections.abc import Sequence

from conversations.words import N_, Said, said
from reports import months as calendar
from reports.edition import Edition
from reports.figures import MonthlyFigures, YearlyFigures
from reports.labels import brief
from reports.statistics import MONTHS_FOR_SEASON, Ratio, rounded


def month_title(figures: MonthlyFigures) -> Said:
    """What the trend shows: above the limit, rising, or more or fewer than the month before."""
    month, total = calendar.name(figures.month), figures.total
    rules = {anomaly.rule for anomaly in figures.anomalies}
    if not total:
        return said(N_("No complaints in {month}"), month=month)
    if "limit" in rules and figures.limits.upper is not None:
        limit = rounded(figures.limits.upper)
        head = said(
            N_("{month}: {total} complaints, above the limit of {limit}"), month=month, total=total, limit=limit
        )
    elif "rising" in rules:
        head = said(N_("{month}: {total} complaints, the third month of a rise"), month=month, total=total)
    elif figures.previous:
        change = changed(total - figures.previous.count.total)
        head = said(N_("{month}: {total} complaints, {change}"), month=month, total=total, change=change)
    else:
        head = said(N_("{month}: {total} complaints"), month=month, total=total)
    return _with_main_defect(head, figures)


def year_title(figures: YearlyFigures) -> Said:
    """The year beside the one before."""
    year = said(N_("Year {year}"), year=figures.year)
    if not figures.over:
        words = N_("{year} so far: {total} complaints, the whole year before {previous}")
        if not figures.previous:
            return said(N_("{year} so far: {total} complaints"), year=year, total=figures.total)
        return said(words, year=year, total=figures.total, previous=figures.previous.count.total)
    if not figures.previous:
        return said(N_("{month}: {total} complaints"), month=year, total=figures.total)
    return said(
        N_("{year}: {total} complaints, the year before {previous}"),
        year=year, total=figures.total, previous=figures.previous.count.total,
    )  # fmt: skip


def no_limit(figures: MonthlyFigures) -> Said:
    """Why there is no limit yet."""
    return said(N_("no limit: it takes 12 earlier months, there are {months}"), months=len(figures.months) - 1)


def changed(by: int) -> Said:
    """Say a change in pieces; small numbers have no percentage."""
    if by == 0:
        return Said(N_("as many as the month before"))
    words = N_("{number} more than the month before") if by > 0 else N_("{number} fewer than the month before")
    return said(words, number=abs(by))


def customers_title(edition: Edition) -> Said:
    """Who complained most, and of what; nobody is named where several share the place."""
    if not edition.total:
        return said(N_("{period}: no customer complained"), period=edition.short)
    known = [each for each in edition.customers if each.name]
    if not known:
        return Said(N_("No customer is stated"))
    first = known[0]
    shared = _shared([each.count for each in known])
    if shared > 2:
        return said(N_("No customer stands out: {number} with {count} each"), number=shared, count=first.count)
    if shared == 2:
        return _two(first.name, known[1].name, first.count)
    head = said(N_("{name} leads: {share}"), name=brief(first.name), share=Ratio(first.count, edition.total).said())
    if first.of_defect < 2:
        return head
    return said(
        N_("{finding}, mostly {defect} ({count})"), finding=head, defect=brief(first.defect), count=first.of_defect
    )


def defects_title(edition: Edition) -> Said:
    """Which defect was met most, and how much of it recurs."""
    if not edition.total:
        return said(N_("{period}: no defects reported"), period=edition.short)
    known = [each for each in edition.defects if each.name]
    if not known:
        return Said(N_("No defect is stated"))
    first = known[0]
    shared = _shared([each.count for each in known])
    if shared > 2:
        head = said(N_("No defect stands out: {number} with {count} each"), number=shared, count=first.count)
    elif shared == 2:
        head = _two(first.name, known[1].name, first.count)
    else:
        share = Ratio(first.count, edition.total).said()
        head = said(N_("Most frequent: {name} {share}"), name=brief(first.name), share=share)
    words = N_("{finding}; {groups} recurring") if edition.recurring else N_("{finding}; nothing recurs")
    return said(words, finding=head, groups=len(edition.recurring))


def _shared(counts: Sequence[int]) -> int:
    """How many share the first place."""
    return sum(count == counts[0] for count in counts)


def _two(first: str, second: str, count: int) -> Said:
    return said(
        N_("{first} and {second} lead with {count} each"), first=brief(first), second=brief(second), count=count
    )


def season_title(edition: Edition) -> Said:
    """Which month is the worst of the year; below 24 months nothing is claimed."""
    index = edition.season.index
    if not index:
        return Said(N_("Season: not enough data to judge"))
    high = max(index, key=lambda month: (index[month], month))
    low = min(index, key=lambda month: (index[month], month))
    return said(
        N_("Highest in {high} (index {most}), lowest in {low} (index {least})"),
        high=calendar.name(f"2000-{high}"), most=f"{index[high]:.2f}",
        low=calendar.name(f"2000-{low}"), least=f"{index[low]:.2f}",
    )  # fmt: skip


def too_little(edition: Edition) -> Said:
    """What stands in the place of the index."""
    return said(
        N_("Not enough data: {months} months, {needed} needed"),
        months=edition.season.months_of_data, needed=MONTHS_FOR_SEASON,
    )  # fmt: skip


def open_title(edition: Edition) -> Said:
    """How much is open, and how much of it is late."""
    standing = edition.now.standing
    if not standing.open:
        return Said(N_("Nothing is open"))
    words = N_("{open} open, {overdue} of them overdue") if standing.overdue else N_("{open} open, none overdue")
    return said(words, open=standing.open, overdue=standing.overdue)


def suggested(edition: Edition, trend: Said) -> tuple[Said, Said, Said]:
    """The three sentences of 结论 until people write their own."""
    return trend, customers_title(edition), open_title(edition)


def _with_main_defect(head: Said, figures: MonthlyFigures) -> Said:
    known = [each for each in figures.defects if each.name]
    if not known or known[0].count < 2 or _shared([each.count for each in known]) > 1:
        return head
    return said(N_("{finding}; {defect}: {count}"), finding=head, defect=brief(known[0].name), count=known[0].count)
