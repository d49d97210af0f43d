"""The text with the pictures (domain B4): the channel's message, and one text to each picture.

Every number that a picture shows stands in its text, to the last digit: who cannot see reads the same.
"""

from collections.abc import Iterable, Mapping, Sequence

from conversations.words import N_, Said, people, said
from reports import findings
from reports import months as calendar
from reports.edition import FORM, TOP_CUSTOMERS, TOP_DEFECTS, Edition, of_month, of_year, target
from reports.figures import Count, Headline, MonthlyFigures, OpenCase, Recurring, Remarks, YearlyFigures
from reports.findings import suggested
from reports.labels import named
from reports.phrases import (
    GUIDE,
    OPEN_ROWS,
    REACHED,
    RULE,
    Bar,
    as_of,
    closing,
    corrective,
    customer_bars,
    defect_bars,
    joined,
    left_out,
    more_open,
    numbered,
    open_lines,
    rectification,
    recurring_lines,
    sporadic,
)
from reports.statistics import pareto, rounded
from reports.voice import Voice

LISTED = 3
"""So many overdue cases and recurring groups are named in the message; the pictures' texts have them all."""


def month_text(figures: MonthlyFigures, voice: Voice, remarks: Remarks) -> str:
    """The message of one month, line by line as in domain B4."""
    return "\n".join([month_body(figures, voice), *map(voice.say, endings(suggestions(figures), remarks))])


def suggestions(figures: MonthlyFigures) -> tuple[Said, ...]:
    """The conclusions that the figures of a month suggest."""
    return suggested(of_month(figures), findings.month_title(figures))


def key_figures(figures: MonthlyFigures) -> tuple[tuple[Said, Said], ...]:
    """The six figures at the head of a month, as labels and values; what they are compared with is in the text."""
    return tuple((tile.label, tile.value) for tile in of_month(figures).tiles)


def month_body(figures: MonthlyFigures, voice: Voice) -> str:
    """What the figures say of one month: the message without what people add to it."""
    edition = of_month(figures)
    lines = [
        said(N_("[Monthly summary] {period}: complaints"), period=edition.period),
        _total(figures),
        _kept(figures),
        _open(edition),
        _by(N_("Customers: {list}"), edition, [(each.name, each.count) for each in edition.customers], TOP_CUSTOMERS),
        _by(N_("Defects: {list}"), edition, [(each.name, each.count) for each in edition.defects], TOP_DEFECTS + 2),
        _recurring(edition),
        *([figures.actions.said()] if figures.actions else ()),
        _anomalies(figures),
        _left_out(edition),
    ]
    return "\n".join(voice.say(line) for line in lines)


def year_text(figures: YearlyFigures, voice: Voice, remarks: Remarks) -> str:
    """The message of one year, in the month's order, with the year before beside it."""
    edition = of_year(figures)
    lines = [
        said(N_("[Yearly summary] {period}: complaints"), period=edition.period),
        *(
            joined([said(N_("{label} {value}"), label=tile.label, value=tile.value), *tile.small])
            for tile in edition.tiles
        ),
        said(N_("satisfied by the first measure {ratio}"), ratio=figures.first_measure.said()),
        _open(edition),
        _by(N_("Customers: {list}"), edition, [(each.name, each.count) for each in edition.customers], TOP_CUSTOMERS),
        _by(N_("Defects: {list}"), edition, [(each.name, each.count) for each in edition.defects], TOP_DEFECTS + 2),
        _recurring(edition),
        _left_out(edition),
        *endings(suggested(edition, findings.year_title(figures)), remarks),
    ]
    return "\n".join(voice.say(line) for line in lines)


def endings(suggestions: Sequence[Said], remarks: Remarks) -> list[Said]:
    """结论 (people's own, or what the figures suggest), 整改, and who confirmed it; without a day it says 未确认."""
    sentences = numbered(remarks.conclusions or suggestions)
    line = sentences[0]
    for sentence in sentences[1:]:
        line = said("{first} {rest}", first=line, rest=sentence)
    return [said(N_("Conclusions: {first}"), first=line), *map(rectification, remarks.rectifications), _signed(remarks)]


def picture_texts(figures: MonthlyFigures | YearlyFigures, voice: Voice, remarks: Remarks) -> list[str]:
    """One text to each of the five pictures, in their order (alt text)."""
    if isinstance(figures, MonthlyFigures):
        edition, trend, lines = of_month(figures), findings.month_title(figures), _month_trend(figures)
    else:
        edition, trend, lines = of_year(figures), findings.year_title(figures), _year_trend(figures)
    pictures = (
        (trend, lines),
        (findings.customers_title(edition), _bars(edition, voice, customers=True)),
        (findings.defects_title(edition), _bars(edition, voice, customers=False)),
        (findings.season_title(edition), _season(edition)),
        (findings.open_title(edition), _table(edition, closing(edition, trend, remarks))),
    )
    head, foot = voice.say(edition.period), voice.say(_foot(edition))
    return ["\n".join([head, voice.say(title), *map(voice.say, body), foot]) for title, body in pictures]


def _total(figures: MonthlyFigures) -> Said:
    now = figures.now.count
    return said(
        N_("{total} complaints this month ({previous}; {last_year}), {major} of them major, {quantity} pieces"),
        total=now.total, major=now.major_said, quantity=now.quantity_said,
        previous=said(N_("previous month {number}"), number=_beside(now.total, figures.previous)),
        last_year=said(N_("same month last year {number}"), number=_beside(now.total, figures.last_year)),
    )  # fmt: skip


def _beside(total: int, other: Headline | None) -> Said:
    if other is None:
        return Said("–")
    return said(N_("{number}, {change}"), number=other.count.total, change=f"{total - other.count.total:+d}")


def _kept(figures: MonthlyFigures) -> Said:
    kept = said(N_("within 48 h {ratio}"), ratio=figures.now.in_48_hours.said())
    goal = target(figures, marked=False)
    first = said(N_("satisfied by the first measure {ratio}"), ratio=figures.first_measure.said())
    if goal is None:
        return said(N_("{kept}; {first}"), kept=kept, first=first)
    return said(N_("{kept}, {goal}; {first}"), kept=kept, goal=goal, first=first)


def _open(edition: Edition) -> Said:
    late = [row for row in edition.open_cases if row.over is not None][:LISTED]
    head = findings.open_title(edition)
    return said(N_("{finding}: {list}"), finding=head, list=tuple(_late(row) for row in late)) if late else head


def _late(row: OpenCase) -> Said:
    return said(
        N_("{number} {customer} {time}, responsible: {department}"),
        number=row.number, customer=named(row.customer), time=open_lines(row).time, department=named(row.department),
    )  # fmt: skip


def _by(words: str, edition: Edition, counts: Sequence[tuple[str, int]], top: int) -> Said:
    """Name and count side by side, the rest as 其他."""
    if not edition.total:
        return said(words, list=Said(N_("none")))
    pieces = pareto(counts, top, "…")
    pairs = []
    for piece in pieces:
        name = Said(N_("others")) if piece.rest and piece.name else named(piece.name)
        pairs.append(said("{name} {count}", name=name, count=piece.count))
    return said(words, list=tuple(pairs))


def _recurring(edition: Edition) -> Said:
    if not edition.recurring:
        return said(N_("Recurring: {groups}; {sporadic}"), groups=Said(N_("none")), sporadic=sporadic(edition))
    named_ = [_again(each, edition.span) for each in edition.recurring[:LISTED]]
    left = len(edition.recurring) - len(named_)
    if left:
        named_.append(said(N_("and {number} more groups"), number=left))
    return said(N_("Recurring: {groups}; {sporadic}"), groups=listed(named_), sporadic=sporadic(edition))


def _again(each: Recurring, span: Said) -> Said:
    return said(
        N_("{customer}/{product}/{defect}, {count} times {span}, {state}"),
        customer=named(each.customer), product=named(each.product), defect=named(each.defect),
        count=each.count, span=span, state=corrective(each),
    )  # fmt: skip


def listed(parts: Sequence[Said]) -> Said:
    """Set sentences that hold commas themselves behind each other."""
    line = parts[0]
    for part in parts[1:]:
        line = said(N_("{first}; {rest}"), first=line, rest=part)
    return line


def _anomalies(figures: MonthlyFigures) -> Said:
    found = listed([anomaly.text for anomaly in figures.anomalies]) if figures.anomalies else Said(N_("none"))
    line = said(N_("Out of the ordinary: {list}"), list=found)
    if figures.last_year_to_date is None:
        return said(N_("{line}. Year to date {now}"), line=line, now=figures.year_to_date)
    return said(
        N_("{line}. Year to date {now}, last year by then {before}"),
        line=line, now=figures.year_to_date, before=figures.last_year_to_date,
    )  # fmt: skip


def _signed(remarks: Remarks) -> Said:
    if remarks.confirmed_on is None:
        return Said(N_("NOT CONFIRMED"))
    return said(
        N_("prepared by {prepared}, reviewed by {reviewed}, confirmed on {day}"),
        prepared=remarks.prepared_by or Said(N_("compiled automatically")),
        reviewed=remarks.reviewed_by, day=remarks.confirmed_on,
    )  # fmt: skip


def _left_out(edition: Edition) -> Said:
    return said(N_("{form}, data as of {at}. {left}"), form=FORM, at=as_of(edition), left=left_out(edition))


def _foot(edition: Edition) -> Said:
    return said(N_("n = {total} · data as of {at} · {form}"), total=edition.total, at=as_of(edition), form=FORM)


def _tiles(edition: Edition) -> list[Said]:
    return [
        joined([said("{label} {value}", label=tile.label, value=tile.value), *tile.small]) for tile in edition.tiles
    ]


def _month_trend(figures: MonthlyFigures) -> list[Said]:
    lines = [*_tiles(of_month(figures)), *_months(figures.months, calendar.until(figures.month, 12))]
    if figures.limits.mean is not None:
        lines.append(said(N_("mean of the months before: {number}"), number=rounded(figures.limits.mean)))
    if figures.limits.upper is not None:
        lines.append(said(N_("upper limit: {number}"), number=rounded(figures.limits.upper)))
    else:
        lines.append(findings.no_limit(figures))
    return lines


def _year_trend(figures: YearlyFigures) -> list[Said]:
    return [*_tiles(of_year(figures)), *_months(figures.months, figures.months)]


def _months(counts: Mapping[str, Count], shown: Iterable[str]) -> list[Said]:
    return [_one_month(month, counts.get(month)) for month in shown]


def _one_month(month: str, count: Count | None) -> Said:
    if count is None:
        return said(N_("{month}: no records"), month=calendar.full_name(month))
    if count.total and count.unjudged == count.total:
        return said(N_("{month}: {total}"), month=calendar.full_name(month), total=count.total)
    return said(
        N_("{month}: {total} (major {major}, general {general})"),
        month=calendar.full_name(month), total=count.total, major=count.major, general=count.general,
    )  # fmt: skip


def _bars(edition: Edition, voice: Voice, *, customers: bool) -> list[Said]:
    if customers:
        return _told(customer_bars(edition, voice.say, TOP_CUSTOMERS))
    bars = defect_bars(edition, voice.say, TOP_DEFECTS)
    recurring = [joined([who, times, what]) for times, who, what in map(recurring_lines, edition.recurring)]
    head = said(N_("Recurring: {groups}"), groups=len(edition.recurring))
    return [*_told(bars), head, *recurring, sporadic(edition), RULE]


def _told(bars: Sequence[Bar]) -> list[Said]:
    """Tell bars one by one, and where four fifths are reached."""
    lines = [joined([people(part) for part in (f"{bar.name}: {bar.figures}", bar.note) if part]) for bar in bars]
    reached = next((at for at, bar in enumerate(bars) if bar.cumulative >= GUIDE), len(bars))
    return [*lines[: reached + 1], REACHED, *lines[reached + 1 :]] if reached < len(bars) - 1 else lines


def _season(edition: Edition) -> list[Said]:
    lines = []
    for year in edition.season.years:
        known = [(month, count) for month, count in edition.season.counts.items() if month[:4] == year]
        cells = tuple(said("{month} {count}", month=calendar.name(month), count=count) for month, count in known)
        lines.append(said(N_("{year}: {list}"), year=year, list=cells))
    index = edition.season.index
    if not index:
        return [*lines, findings.too_little(edition)]
    values = tuple(
        said("{month} {index}", month=calendar.name(f"2000-{month}"), index=f"{value:.2f}")
        for month, value in index.items()
    )
    return [*lines, said(N_("index (1.0 = usual): {list}"), list=values)]


def _table(edition: Edition, conclusions: list[Said]) -> list[Said]:
    rows = [open_lines(row).all() for row in edition.open_cases[:OPEN_ROWS]]
    left = more_open(edition)
    more = [said(N_("and {number} more"), number=left)] if left else []
    return [*rows, *more, *conclusions, left_out(edition)]
