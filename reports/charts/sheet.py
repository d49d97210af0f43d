"""What every picture has: the period, a title that says the finding, and a foot with source and cut-off."""

from dataclasses import dataclass

from conversations.words import N_, Said, said
from reports.charts.canvas import (
    BODY,
    ELLIPSIS,
    FIGURE,
    GREEN,
    HEIGHT,
    INK,
    MARGIN,
    RED,
    SMALL,
    SOFT,
    TITLE,
    WIDTH,
    Box,
    Canvas,
    Style,
    fitted,
    width,
    wrapped,
)
from reports.edition import FORM, Edition, Tile
from reports.phrases import as_of
from reports.voice import Voice

ROOM = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
LINE = 50
FOOT = HEIGHT - 74
"""Where the foot begins: nothing else may reach below."""
TITLES = (TITLE, 50, 46)
"""A title that fits in one line at one of these sizes is not broken."""
BROKEN = ((50, 2), (46, 2), (42, 3))
"""Else it is broken at the first of these sizes, into so many lines, at which nothing of it is lost."""
TONES = {"": INK, "good": GREEN, "bad": RED}
GAP, PAD = 16, 18
SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a picture: what it is about, its source, the number of its form, and a stamp in red."""

    kicker: Said
    source: Said
    form: str
    stamp: Said | None = None


def framed(edition: Edition, voice: Voice, title: Said, *, confirmed: bool) -> tuple[Canvas, float]:
    """Start a picture with head and foot; gives it with the height from which the rest may be drawn."""
    frame = Frame(
        kicker=said(N_("Complaints · {period} · cases"), period=edition.period),
        source=said(N_("n = {total} · data as of {at}"), total=edition.total, at=as_of(edition)),
        form=FORM,
        stamp=None if confirmed else Said(N_("NOT CONFIRMED")),
    )
    return started(frame, voice, title)


def started(frame: Frame, voice: Voice, title: Said) -> tuple[Canvas, float]:
    """Start a picture of anything; gives it with the height from which the rest may be drawn."""
    canvas = Canvas()
    stamp = voice.say(frame.stamp) if frame.stamp else ""
    canvas.text((MARGIN, 40), fitted(voice.say(frame.kicker), ROOM - width(stamp) - GAP), Style(color=SOFT))
    if stamp:
        canvas.text((RIGHT, 40), stamp, Style(color=RED, bold=True, across="right"))
    top = 98.0
    size, lines = _title(voice.say(title))
    for line in lines:
        canvas.text((MARGIN, top), line, Style(size=size, bold=True))
        top += size * 4 / 3
    _foot(canvas, frame, voice)
    return canvas, top + 20


def _title(words: str) -> tuple[int, list[str]]:
    for size in TITLES:
        if width(words, size) <= ROOM:
            return size, [words]
    tries = [(size, wrapped(words, ROOM, most, size)) for size, most in BROKEN]
    return next((each for each in tries if not each[1][-1].endswith(ELLIPSIS)), tries[-1])


def _foot(canvas: Canvas, frame: Frame, voice: Voice) -> None:
    canvas.line([(MARGIN, FOOT + 10), (RIGHT, FOOT + 10)], "#D9DDE3", width=2)
    canvas.text((RIGHT, FOOT + 20), frame.form, Style(color=SOFT, across="right"))
    source = fitted(voice.say(frame.source), ROOM - width(frame.form) - GAP)
    canvas.text((MARGIN, FOOT + 20), source, Style(color=SOFT))


def tiles(canvas: Canvas, voice: Voice, top: float, shown: tuple[Tile, ...]) -> float:
    """Draw the six figures in three rows of two; gives the height below them."""
    half = (ROOM - GAP) / 2
    for first in range(0, len(shown), 2):
        pair = shown[first : first + 2]
        small = [_small(voice, tile, half - 2 * PAD) for tile in pair]
        height = 76 + max(len(lines) for lines in small) * 46 + 8
        for column, (tile, lines) in enumerate(zip(pair, small, strict=True)):
            _tile(canvas, voice, Box(MARGIN + column * (half + GAP), top, half, height), (tile, lines))
        top += height + GAP
    return top


def _small(voice: Voice, tile: Tile, room: float) -> list[str]:
    """Put what a figure is compared with on as few lines as it fits."""
    lines: list[str] = []
    for part in (voice.say(each) for each in tile.small):
        longer = lines[-1] + SEPARATOR + part if lines else part
        if lines and width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(fitted(part, room))
    return lines


def _value(voice: Voice, tile: Tile, room: float) -> tuple[str, int]:
    """Choose the largest size that leaves the label whole, then the shorter form of the value."""
    for form in (tile.value, tile.brief or tile.value):
        for size in (FIGURE, 52, 46, BODY, SMALL):
            if width(voice.say(form), size) <= room:
                return voice.say(form), size
    return voice.say(tile.brief or tile.value), SMALL


def _tile(canvas: Canvas, voice: Voice, box: Box, content: tuple[Tile, list[str]]) -> None:
    tile, lines = content
    room = box.width - 2 * PAD
    canvas.panel(box)
    label = voice.say(tile.label)
    value, size = _value(voice, tile, room - width(label) - GAP / 2)
    value = fitted(value, room - 2 * SMALL, size)
    canvas.text((box.left + PAD, box.top + 24), fitted(label, room - width(value, size) - GAP / 2), Style(color=SOFT))
    # figures of every size stand on one line with their label
    style = Style(size=size, bold=True, across="right", color=TONES[tile.tone])
    canvas.text((box.right - PAD, box.top + 56 - size * 0.8), value, style)
    for number, line in enumerate(lines):
        canvas.text((box.left + PAD, box.top + 80 + number * 46), line, Style(color=SOFT))
