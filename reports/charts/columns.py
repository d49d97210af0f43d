"""Columns on a common base: counts per month with a number on each, and lines that say what is usual."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.charts.canvas import BLUE, FAINT, GREY, GROUND, INK, MARGIN, RED, SMALL, SOFT, Box, Canvas, Style, width
from reports.charts.sheet import RIGHT

MARK = "#8A929C"
"""Last year's month: a mark across this year's column."""
ROUND = 14
"""How far a ring keeps from its number."""
LABEL = 50
"""Height of one line of text under or over a column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One month: its two parts (nothing for a month to come), its name, and whether it stands out."""

    name: str
    general: int = 0
    major: int = 0
    blank: bool = False
    year: str = ""
    before: int | None = None

    @property
    def total(self) -> int:
        return self.general + self.major


@dataclass(frozen=True, slots=True)
class Level:
    """A line across all columns, named with its value at the right edge."""

    value: float
    lines: tuple[str, str]
    color: str
    limit: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Where columns stand, what one piece is in pixels, and which months are ringed."""

    box: Box
    slot: float
    scale: float
    beside: bool
    ringed: frozenset[int]

    def x(self, at: int) -> float:
        return self.box.left + (at + 0.5) * self.slot

    def y(self, value: float) -> float:
        return self.box.bottom - value * self.scale

    def middle(self, at: int) -> float:
        """The middle of the column itself; beside the year before it stands a little to the right."""
        return self.x(at) + (self.slot * 0.155 if self.beside else 0)


@dataclass(frozen=True, slots=True)
class Columns:
    """What to draw: the columns, the lines, and whether the year before stands beside or as a mark."""

    columns: Sequence[Column]
    levels: Sequence[Level] = field(default=())
    beside: bool = False

    @property
    def ringed(self) -> frozenset[int]:
        """The months above the limit."""
        limit = next((level.value for level in self.levels if level.limit), None)
        return frozenset(at for at, each in enumerate(self.columns) if limit is not None and each.total > limit)


def draw(canvas: Canvas, top: float, bottom: float, chart: Columns) -> None:
    """Draw columns between two heights; month and year names take the last two lines."""
    plan = _plan(Box(MARGIN, top, RIGHT - MARGIN, bottom - top - 2 * LABEL), chart)
    canvas.line([(plan.box.left, plan.box.bottom), (plan.box.right, plan.box.bottom)], FAINT, width=3)
    known = [(at, column) for at, column in enumerate(chart.columns) if not column.blank]
    # a month to come has nothing of its own, but the year before had it
    for at, column in enumerate(chart.columns):
        _bars(canvas, plan, at, column)
    _levels(canvas, plan, chart.levels)
    for at, column in known:
        _number(canvas, plan, at, column)
    for at, column in enumerate(chart.columns):
        _names(canvas, plan, at, column)


def _plan(box: Box, chart: Columns) -> Plan:
    edge = max((width(line) for level in chart.levels for line in level.lines), default=0.0)
    slot = (box.width - (edge + 18 if chart.levels else 0)) / len(chart.columns)
    upright = [
        width(str(column.total))
        for at, column in enumerate(chart.columns)
        if _upright(column, slot, ringed=at in chart.ringed)
    ]
    numbers = max(upright) + 34 if upright else LABEL + 24
    heights = [max(column.total, column.before or 0) for column in chart.columns]
    highest = max(*heights, *(level.value for level in chart.levels), 1)
    area = Box(box.left, box.top, slot * len(chart.columns), box.height)
    return Plan(area, slot, (box.height - numbers - 12) / highest, chart.beside, chart.ringed)


def _upright(column: Column, slot: float, *, ringed: bool) -> bool:
    """Whether a number, with its ring, is wider than its column: digits may stand upright, Chinese may not."""
    return width(str(column.total)) + (2 * ROUND if ringed else 0) > slot - 4


def _bars(canvas: Canvas, plan: Plan, at: int, column: Column) -> None:
    breadth = plan.slot * (0.46 if plan.beside and column.before is not None else 0.62)
    left = plan.middle(at) - breadth / 2
    if plan.beside and column.before is not None:
        # the year before stands behind, to the left, so that the year itself keeps the front
        canvas.rectangle(
            Box(plan.x(at) - plan.slot * 0.385, plan.y(column.before), plan.slot * 0.31, column.before * plan.scale),
            GREY,
        )
    canvas.rectangle(Box(left, plan.y(column.general), breadth, column.general * plan.scale), BLUE)
    if column.major:
        box = Box(left, plan.y(column.total), breadth, column.major * plan.scale)
        canvas.rectangle(box, RED, hatch=True)
    if not plan.beside and column.before is not None:
        mark = plan.y(column.before)
        ends = [(plan.x(at) - plan.slot * 0.44, mark), (plan.x(at) + plan.slot * 0.44, mark)]
        canvas.line(ends, GROUND, width=13)
        canvas.line(ends, MARK, width=7)


def _number(canvas: Canvas, plan: Plan, at: int, column: Column) -> None:
    number, ringed = str(column.total), at in plan.ringed
    upright = _upright(column, plan.slot, ringed=ringed)
    foot = plan.y(column.total) - (22 if ringed else 8)
    if not plan.beside and column.before is not None and 0 <= plan.y(column.total) - plan.y(column.before) < LABEL:
        foot = plan.y(column.before) - (22 if ringed else 12)
    style = Style(color=RED if ringed else INK, bold=ringed, across="center", turned=upright, halo=True)
    tall, broad = (width(number), SMALL) if upright else (SMALL, width(number))
    middle = plan.middle(at)
    canvas.text((middle, foot if upright else foot - SMALL), number, style)
    if ringed:
        canvas.ring(Box(middle - broad / 2 - ROUND, foot - tall - 12, broad + 2 * ROUND, tall + 24))


def _names(canvas: Canvas, plan: Plan, at: int, column: Column) -> None:
    ringed = at in plan.ringed
    style = Style(color=RED if ringed else SOFT, bold=ringed, across="center")
    canvas.text((plan.x(at), plan.box.bottom + 8), column.name, style)
    if column.year:
        canvas.text((plan.x(at) - plan.slot * 0.36, plan.box.bottom + 8 + LABEL), column.year, Style(color=SOFT))


def _levels(canvas: Canvas, plan: Plan, levels: Sequence[Level]) -> None:
    """Draw the lines, and their names at the right edge far enough from each other."""
    names = []
    for level in sorted(levels, key=lambda each: -each.value):
        height = plan.y(level.value)
        ends = [(plan.box.left, height), (plan.box.right, height)]
        canvas.line(ends, level.color, dash="-." if level.limit else "--")
        names.append((height, level))
    tops = _spread([height - LABEL for height, _ in names], 2 * LABEL + 4, (plan.box.top - 10, plan.box.bottom))
    for top, (_, level) in zip(tops, names, strict=True):
        for number, line in enumerate(level.lines):
            canvas.text((RIGHT, top + number * LABEL), line, Style(color=level.color, across="right"))


def _spread(tops: list[float], apart: float, within: tuple[float, float]) -> list[float]:
    """Move labels, ordered from the top, apart and into their room."""
    first, last = within
    placed: list[float] = []
    for top in tops:
        placed.append(max(top, first if not placed else placed[-1] + apart))
    over = placed[-1] + apart - last - LABEL if placed else 0.0
    if over > 0:
        placed = [max(top - over, first + at * apart) for at, top in enumerate(placed)]
    return placed
