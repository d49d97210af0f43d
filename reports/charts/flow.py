"""The steps of a procedure from top to bottom: what skips a step is on the right, what returns on the left."""

from dataclasses import dataclass, field
from itertools import pairwise

from reports.charts.canvas import BLUE, DARK, FAINT, GREEN, INK, PAPER, SOFT, TITLE, WIDTH, Box, Canvas, Style, wrapped
from reports.charts.canvas import width as measured
from reports.flow import Edge, Flow, Node

NAME, NOTE, WAY = 36, 26, 28
LEFT, RIGHT = 330, 750
ROOM = 200
LANE, FIRST_LANE = 17, 18
LINE = 1.28
GAP, PORT = 54, 16
TOP = 150


@dataclass
class Placed:
    """A step on the sheet, and how far its two sides are used."""

    node: Node
    names: list[str]
    top: float = 0
    height: float = 0
    used: dict[str, float] = field(default_factory=lambda: {"left": 14.0, "right": 14.0})

    def port(self, side: str, lines: int = 0) -> float:
        """The next free height on a side, with room above it for so many lines of text."""
        room = max(lines * WAY * LINE, PORT)
        self.used[side] += room + 8
        return self.used[side]


@dataclass(frozen=True, slots=True)
class Way:
    """A way beside the column: on which side, in which words, and at which heights of its two steps."""

    edge: Edge
    side: str
    lines: list[str]
    out: float
    into: float


def draw(flow: Flow) -> bytes:
    """The picture of a procedure as PNG; the same procedure gives the same bytes."""
    placed = {node.key: Placed(node, wrapped(node.label, RIGHT - LEFT - 40, 2, NAME)) for node in flow.nodes}
    order = list(placed)
    on, beside = _sorted(flow, order)
    ways = [_way(edge, placed, order) for edge in beside]
    between = {edge.source: wrapped(edge.label, RIGHT - LEFT - 20, 3, WAY) for edge in on}
    y = float(TOP)
    for key in order:
        box = placed[key]
        text = (len(box.names) * NAME + len(box.node.notes) * NOTE) * LINE + 26
        box.top, box.height = y, max(text, *box.used.values()) + 14
        y += box.height + GAP + len(between.get(key, ())) * WAY * LINE
    notes = [line for text in flow.anywhere for line in wrapped(text, WIDTH - 200, 2, WAY)]
    canvas = Canvas(int(y + len(notes) * WAY * LINE + 60))
    _title(canvas, flow)
    for edge in on:
        _straight(canvas, placed[edge.source], placed[edge.target], between[edge.source])
    for way, lane in zip(ways, _lanes(ways, placed), strict=True):
        _around(canvas, way, placed, lane)
    for box in placed.values():
        _node(canvas, box)
    _notes(canvas, notes, y)
    return canvas.png()


def _sorted(flow: Flow, order: list[str]) -> tuple[list[Edge], list[Edge]]:
    """The ways to the next step, and all others: longer ones outside."""
    next_of = dict(pairwise(order))
    on = [edge for edge in flow.edges if next_of.get(edge.source) == edge.target]
    beside = [edge for edge in flow.edges if edge not in on]
    return on, sorted(beside, key=lambda e: (order.index(e.source), order.index(e.target)))


def _way(edge: Edge, placed: dict[str, Placed], order: list[str]) -> Way:
    side = "right" if order.index(edge.target) > order.index(edge.source) else "left"
    lines = wrapped(edge.label, ROOM, 3, WAY)
    out = placed[edge.source].port(side, len(lines))
    return Way(edge, side, lines, out, placed[edge.target].port(side))


def _lanes(ways: list[Way], placed: dict[str, Placed]) -> list[int]:
    """For each way the lane nearest to the column that is free along it: short ones inside."""
    spans = [_span(way, placed) for way in ways]
    taken: dict[tuple[str, int], list[tuple[float, float]]] = {}
    lanes = [0] * len(ways)
    for index in sorted(range(len(ways)), key=lambda i: spans[i][1] - spans[i][0]):
        top, bottom = spans[index]
        lane = 0
        while any(top < other[1] + 6 and other[0] - 6 < bottom for other in taken.get((ways[index].side, lane), ())):
            lane += 1
        taken.setdefault((ways[index].side, lane), []).append((top, bottom))
        lanes[index] = lane
    return lanes


def _span(way: Way, placed: dict[str, Placed]) -> tuple[float, float]:
    ends = (placed[way.edge.source].top + way.out, placed[way.edge.target].top + way.into)
    return min(ends), max(ends)


def _title(canvas: Canvas, flow: Flow) -> None:
    canvas.text((48, 44), flow.title, Style(size=TITLE, bold=True))


def _node(canvas: Canvas, box: Placed) -> None:
    """A box with its name; ringed where a case stands, quiet where cases end."""
    ground = PAPER if box.node.ending else "#E8EFF7"
    canvas.panel(Box(LEFT, box.top, RIGHT - LEFT, box.height), ground)
    if box.node.here:
        canvas.frame(Box(LEFT - 6, box.top - 6, RIGHT - LEFT + 12, box.height + 12), GREEN)
    if box.node.first:
        canvas.line([(LEFT - 26, box.top + 14), (LEFT, box.top + 14)], BLUE)
        canvas.dot((LEFT - 26, box.top + 14), BLUE, 14)
    text = (len(box.names) * NAME + len(box.node.notes) * NOTE) * LINE
    y = box.top + (box.height - text) / 2
    for name in box.names:
        canvas.text(((LEFT + RIGHT) / 2, y), name, Style(size=NAME, bold=True, across="center"))
        y += NAME * LINE
    for note in box.node.notes:
        canvas.text(((LEFT + RIGHT) / 2, y), note, Style(size=NOTE, color=SOFT, across="center"))
        y += NOTE * LINE


def _straight(canvas: Canvas, above: Placed, below: Placed, lines: list[str]) -> None:
    x, start, end = LEFT + 40, above.top + above.height, below.top
    canvas.line([(x, start), (x, end - 4)], INK)
    _head(canvas, (x, end), (0, 1))
    y = (start + end - len(lines) * WAY * LINE) / 2
    for line in lines:
        canvas.text((x + 20, y), line, Style(size=WAY, color=DARK))
        y += WAY * LINE


def _around(canvas: Canvas, way: Way, placed: dict[str, Placed], lane: int) -> None:
    """Out of a side, along its lane, and into the same side of the other step."""
    left = way.side == "left"
    edge = LEFT if left else RIGHT
    away = ROOM + FIRST_LANE + lane * LANE
    x = edge - away if left else edge + away
    start = placed[way.edge.source].top + way.out
    end = placed[way.edge.target].top + way.into
    canvas.line([(edge, start), (x, start), (x, end), (edge, end)], BLUE if left else SOFT, width=2.5)
    _head(canvas, (edge, end), (1, 0) if left else (-1, 0), BLUE if left else SOFT)
    y = start - len(way.lines) * WAY * LINE
    for line in way.lines:
        room = measured(line, WAY)
        at = edge - 12 - room if left else edge + 12
        canvas.text((at, y), line, Style(size=WAY, color=DARK, halo=True))
        y += WAY * LINE


def _head(canvas: Canvas, tip: tuple[float, float], way: tuple[int, int], color: str = INK) -> None:
    """An arrow's head."""
    (x, y), (dx, dy) = tip, way
    back = (x - 14 * dx, y - 14 * dy)
    for side in (-1, 1):
        canvas.line([(back[0] + 7 * side * dy, back[1] + 7 * side * dx), tip], color, width=3)


def _notes(canvas: Canvas, notes: list[str], y: float) -> None:
    if not notes:
        return
    canvas.line([(48, y - 16), (WIDTH - 48, y - 16)], FAINT)
    for line in notes:
        canvas.text((48, y), line, Style(size=WAY, color=DARK))
        y += WAY * LINE
