"""Picture 1: the six figures, and twelve months as columns with mean, limit and last year's month."""

from collections.abc import Sequence

from conversations.words import N_, Said, said
from reports import findings
from reports import months as calendar
from reports.charts.canvas import BLUE, DARK, GREY, MARGIN, RED, SMALL, SOFT, Box, Canvas, Style, fitted, width
from reports.charts.columns import MARK, Column, Columns, Level, draw
from reports.charts.sheet import FOOT, ROOM, framed, tiles
from reports.edition import of_month, of_year
from reports.figures import Count, MonthlyFigures, YearlyFigures
from reports.statistics import rounded
from reports.voice import Voice


def month(figures: MonthlyFigures, voice: Voice, *, confirmed: bool) -> Canvas:
    """Draw the month against the twelve that end with it."""
    edition = of_month(figures)
    canvas, top = framed(edition, voice, findings.month_title(figures), confirmed=confirmed)
    top = tiles(canvas, voice, top, tuple(edition.tiles))
    shown = [figures.months.get(at, Count()) for at in calendar.until(figures.month, 12)]
    keys = _severities(voice, shown, Said(N_("general")))
    if figures.last_year:
        last = said(N_("same month last year {number}"), number=figures.last_year.count.total)
        keys.append((MARK, voice.say(last), False))
    top = legend(canvas, top + 14, keys)
    bottom = FOOT
    if figures.limits.upper is None:
        bottom -= 50
        note = voice.say(findings.no_limit(figures))
        canvas.text((MARGIN, FOOT - 46), fitted(note, ROOM), Style(color=SOFT))
    draw(canvas, top + 10, bottom, Columns(_twelve(figures), _levels(figures, voice)))
    return canvas


def year(figures: YearlyFigures, voice: Voice, *, confirmed: bool) -> Canvas:
    """Draw the twelve months of a year, each beside that of the year before."""
    edition = of_year(figures)
    canvas, top = framed(edition, voice, findings.year_title(figures), confirmed=confirmed)
    top = tiles(canvas, voice, top, tuple(edition.tiles))
    before = f"{int(figures.year) - 1:04d}"
    shown = [count for at, count in figures.months.items() if at[:4] == figures.year]
    keys = _severities(voice, shown, said(N_("{year} general"), year=figures.year), said("{year}", year=figures.year))
    if any(at[:4] == before for at in figures.months):
        keys.append((GREY, before, False))
    top = legend(canvas, top + 14, keys)
    draw(canvas, top + 10, FOOT, Columns([_of_year(figures, number) for number in range(1, 13)], beside=True))
    return canvas


def legend(canvas: Canvas, top: float, keys: list[tuple[str, str, bool]]) -> float:
    """Name the colours in one line; gives the height below it."""
    left = float(MARGIN)
    for color, words, hatched in keys:
        shown = fitted(words, max(MARGIN + ROOM - left - 44, 0))
        # last year's month is a mark across its column, and a mark in the key
        box = Box(left, top + 18, 30, 7) if color == MARK else Box(left, top + 8, 30, 26)
        canvas.rectangle(box, color, hatch=hatched)
        canvas.text((left + 42, top), shown, Style(color=SOFT))
        left += 42 + width(shown) + 36
    return top + SMALL + 16


def _severities(
    voice: Voice, counts: Sequence[Count], general: Said, all_alike: Said | None = None
) -> list[tuple[str, str, bool]]:
    """Name the two parts of a column; where nobody judged a single complaint, it has no parts."""
    if all(count.unjudged == count.total for count in counts):
        return [(BLUE, voice.say(all_alike or Said(N_("severity not stated"))), False)]
    return [(BLUE, voice.say(general), False), (RED, voice.say(Said(N_("major"))), True)]


def _twelve(figures: MonthlyFigures) -> list[Column]:
    shown = calendar.until(figures.month, 12)
    january = next(at for at, month in enumerate(shown) if month.endswith("-01"))
    columns = []
    for at, month_ in enumerate(shown):
        count = figures.months.get(month_)
        named = at == january or (at == 0 and january > 2)
        year_ = month_[:4] if named else ""
        last = figures.last_year.count.total if figures.last_year and month_ == figures.month else None
        known = count or Count()
        columns.append(Column(str(int(month_[5:])), known.general, known.major, count is None, year_, last))
    return columns


def _levels(figures: MonthlyFigures, voice: Voice) -> list[Level]:
    levels = []
    if figures.limits.mean is not None:
        value = rounded(figures.limits.mean)
        levels.append(Level(figures.limits.mean, (voice.say(Said(N_("mean"))), f"{value}"), DARK))
    if figures.limits.upper is not None:
        value = rounded(figures.limits.upper)
        levels.append(Level(figures.limits.upper, (voice.say(Said(N_("limit"))), f"{value}"), RED, limit=True))
    return levels


def _of_year(figures: YearlyFigures, number: int) -> Column:
    count = figures.months.get(f"{figures.year}-{number:02d}")
    before = figures.months.get(f"{int(figures.year) - 1:04d}-{number:02d}")
    known = count or Count()
    return Column(f"{number}", known.general, known.major, count is None, "", before.total if before else None)
