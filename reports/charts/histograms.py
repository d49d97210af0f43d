"""Histograms (直方图): for every item how many gave each answer, with a number on each column."""

from collections.abc import Sequence

from reports.charts.canvas import BLUE, FAINT, INK, MARGIN, RED, SMALL, SOFT, Box, Canvas, Style, fitted, width
from reports.charts.sheet import FOOT, GAP, LINE, ROOM
from reports.satisfaction_phrases import Panel
from reports.voice import Voice

GUTTER = 40
HIGHEST = 320
"""A panel is no higher than this: two on a sheet are not two towers."""


def draw_panels(canvas: Canvas, voice: Voice, top: float, panels: Sequence[Panel]) -> None:
    """Draw all panels to one scale, side by side in pairs where their numbers fit."""
    across = 2 if _fit(panels, (ROOM - GUTTER) / 2) else 1
    down = -(-len(panels) // across)
    breadth = (ROOM - GUTTER * (across - 1)) / across
    height = min((FOOT - top) / down, HIGHEST)
    most = max((count for panel in panels for _, count, _ in panel.columns), default=0)
    for at, panel in enumerate(panels):
        left = MARGIN + (at % across) * (breadth + GUTTER)
        _panel(canvas, voice, (Box(left, top + at // across * height, breadth, height - 14), panel), most)


def _fit(panels: Sequence[Panel], breadth: float) -> bool:
    return all(
        width(words) + 6 <= breadth / len(panel.columns)
        for panel in panels
        for answer, count, _ in panel.columns
        for words in (answer, str(count))
    )


def _panel(canvas: Canvas, voice: Voice, content: tuple[Box, Panel], most: int) -> None:
    box, panel = content
    figures = voice.say(panel.figures)
    canvas.text((box.right, box.top), figures, Style(color=SOFT, across="right"))
    name = fitted(voice.say(panel.name), box.width - width(figures) - GAP)
    canvas.text((box.left, box.top), name, Style(bold=True))
    slot = box.width / len(panel.columns)
    base = box.bottom - LINE
    room = base - box.top - LINE - SMALL - 14
    canvas.line([(box.left, base), (box.right, base)], FAINT, width=3)
    for at, (answer, count, bad) in enumerate(panel.columns):
        middle = box.left + (at + 0.5) * slot
        tall = count / max(most, 1) * room
        canvas.rectangle(
            Box(middle - slot * 0.33, base - tall, slot * 0.66, tall), RED if bad else BLUE, hatch=bad and count > 0
        )
        canvas.text((middle, base - tall - SMALL - 8), str(count), Style(color=INK, across="center"))
        canvas.text((middle, base + 2), answer, Style(color=SOFT, across="center"))
