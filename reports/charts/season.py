"""Picture 4: a heat map of months against years, with the seasonal index where there is enough to judge."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.words import N_, Said
from reports import findings
from reports.charts.canvas import (
    BODY,
    DARK,
    FAINT,
    GROUND,
    INK,
    MARGIN,
    PAPER,
    SMALL,
    SOFT,
    Box,
    Canvas,
    Style,
    width,
    wrapped,
)
from reports.charts.sheet import FOOT, RIGHT, framed
from reports.edition import Edition
from reports.months import NAMES
from reports.statistics import Season
from reports.voice import Voice

YEARS = 4
"""So many of the newest years are drawn; all of them are in the text."""
NAME, INDEX, HEAD = 96, 330, 64
CELLS = RIGHT - INDEX - MARGIN - NAME
LIGHT, STRONG = (0xEA, 0xF1, 0xF8), (0x2F, 0x5D, 0x8C)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where cells stand."""

    top: float
    row: float
    column: float

    def cell(self, month: int, year: int) -> Box:
        return Box(MARGIN + NAME + year * self.column, self.top + month * self.row, self.column - 6, self.row - 6)


def season(edition: Edition, voice: Voice, *, confirmed: bool) -> Canvas:
    """Draw the map; months to come stay blank, and below 24 months words stand in place of the index."""
    canvas, top = framed(edition, voice, findings.season_title(edition), confirmed=confirmed)
    years = _years(edition.season)
    row = (FOOT - 12 - top - HEAD) / 12
    column = CELLS / max(len(years), 2)
    grid = Grid(top + HEAD, row, column)
    for at, year in enumerate(years):
        box = grid.cell(0, at)
        canvas.text((box.left + box.width / 2, top + 4), year, Style(color=SOFT, across="center"))
    for month in range(12):
        middle = grid.top + (month + 0.5) * row - 3
        name = _short(voice.say(Said(NAMES[month])))
        canvas.text((MARGIN + NAME - 16, middle - 20), name, Style(color=SOFT, across="right"))
    _cells(canvas, edition, years, grid)
    if edition.season.index:
        _index(canvas, voice, edition.season.index, grid)
    else:
        _why_not(canvas, voice, edition, grid)
    return canvas


def _short(name: str) -> str:
    """A Chinese month is short as it is; of a Latin one the first three letters are enough."""
    return name[:3]


def _years(season: Season) -> tuple[str, ...]:
    """The newest years, as many as leave every number its place in a cell."""
    shown = season.years[-YEARS:]
    widest = max(width(str(count), BODY) for count in season.counts.values())
    return shown[-max(min(len(shown), int(CELLS // (widest + 12))), 1) :]


def _cells(canvas: Canvas, edition: Edition, years: tuple[str, ...], grid: Grid) -> None:
    counts = edition.season.counts
    most = max((count for month, count in counts.items() if month[:4] in years), default=0)
    newest = max(counts)
    for at, year in enumerate(years):
        for month in range(12):
            box = grid.cell(month, at)
            count = counts.get(f"{year}-{month + 1:02d}")
            canvas.rectangle(box, PAPER if count is None else _shade(count / max(most, 1)))
            if f"{year}-{month + 1:02d}" == newest:
                canvas.frame(box)
            if count is not None:
                color = GROUND if count > most * 0.78 else INK
                style = Style(size=BODY, color=color, across="center")
                canvas.text((box.left + box.width / 2, box.top + box.height / 2 - 21), str(count), style)


def _index(canvas: Canvas, voice: Voice, index: Mapping[str, float], grid: Grid) -> None:
    values = [index[f"{month:02d}"] for month in range(1, 13)]
    left = RIGHT - INDEX + 30
    head = voice.say(Said(N_("index")))
    canvas.text((left, grid.top - HEAD + 4), head, Style(color=SOFT))
    start, room = left + width("0.00") + 24, RIGHT - left - width("0.00") - 34
    scale = room / max(*values, 1.2)
    middles = [grid.top + (month + 0.5) * grid.row - 3 for month in range(12)]
    canvas.line([(start, middles[0] - 24), (start, middles[-1] + 24)], FAINT, width=2)
    usual = start + scale
    canvas.line([(usual, middles[0] - 24), (usual, middles[-1] + 24)], DARK, width=2, dash="--")
    beside = left + width(head) + 16 + width("1.0") / 2
    canvas.text((max(usual, beside), grid.top - HEAD + 4), "1.0", Style(color=DARK, across="center"))
    canvas.line(
        [(start + value * scale, middle) for value, middle in zip(values, middles, strict=True)], "#2F5D8C", width=4
    )
    for value, middle in zip(values, middles, strict=True):
        canvas.dot((start + value * scale, middle), "#2F5D8C")
        canvas.text((left, middle - 20), f"{value:.2f}", Style(size=SMALL, color=INK))


def _why_not(canvas: Canvas, voice: Voice, edition: Edition, grid: Grid) -> None:
    left = RIGHT - INDEX + 30
    lines = wrapped(voice.say(findings.too_little(edition)), INDEX - 70, 6)
    canvas.panel(Box(left, grid.top, RIGHT - left, len(lines) * 54 + 36))
    for at, line in enumerate(lines):
        canvas.text((left + 20, grid.top + 18 + at * 54), line, Style(color=SOFT))


def _shade(share: float) -> str:
    mixed = (round(light + (strong - light) * share) for light, strong in zip(LIGHT, STRONG, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
