"""Histograms (直方图): for every item how many gave each answer, with a number on each column."""

from reports.charts.canvas import BLUE, FAINT, INK, MARGIN, RED, SMALL, SOFT, Box, Canvas, Style, fitted, width
from reports.charts.sheet import FOOT, GAP, LINE, ROOM
from reports.satisfaction_phrases import Panel
from reports.satisfaction_pictures import Picture
from reports.voice import Voice

GUTTER = 40
HIGHEST = 320
"""A panel is no higher than this: two on a sheet are not two towers."""


def draw_panels(canvas: Canvas, voice: Voice, top: float, picture: Picture) -> None:
    """Draw all panels to one scale."""
    panels, across = picture.panels, picture.across
    down = -(-len(panels) // across)
    breadth = (ROOM - GUTTER * (across - 1)) / across
    height = min((FOOT - top) / down, HIGHEST)
    most = max((count for panel in panels for _, count, _ in panel.columns), default=0)
    for at, panel in enumerate(panels):
        left = MARGIN + (at % across) * (breadth + GUTTER)
        _panel(canvas, voice, (Box(left, top + at // across * height, breadth, height - 14), panel), most)


def _panel(canvas: Canvas, voice: Voice, content: tuple[Box, Panel], most: int) -> None:
    box, panel = content
    figures = voice.say(panel.figures)
    canvas.text((box.right, box.top), figures, Style(color=SOFT, across="right"))
    name = fitted(voice.say(panel.name), box.width - width(figures) - GAP)
    canvas.text((box.left, box.top), name, Style(bold=True))
    slot = box.width / len(panel.columns)
    base = box.bottom - LINE
    # numbers broader than their columns stand upright, as in the columns of a month
    upright = max((width(str(count)) for _, count, _ in panel.columns), default=0.0) > slot - 4
    tallest = max((width(str(count)) for _, count, _ in panel.columns), default=0.0) if upright else SMALL
    room = max(base - box.top - LINE - tallest - 18, 10)
    canvas.line([(box.left, base), (box.right, base)], FAINT, width=3)
    for at, (answer, count, bad) in enumerate(panel.columns):
        middle = box.left + (at + 0.5) * slot
        tall = count / max(most, 1) * room
        canvas.rectangle(
            Box(middle - slot * 0.33, base - tall, slot * 0.66, tall), RED if bad else BLUE, hatch=bad and count > 0
        )
        foot = base - tall - 8
        style = Style(color=INK, across="center", turned=upright)
        canvas.text((middle, foot if upright else foot - SMALL), str(count), style)
        canvas.text((middle, base + 2), answer, Style(color=SOFT, across="center"))
