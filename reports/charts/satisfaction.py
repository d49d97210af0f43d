"""The pictures of a survey: scores as bars with the lines they are measured by, and a histogram for every item."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from conversations.words import N_, Said
from reports.charts.canvas import (
    BLUE,
    DARK,
    FAINT,
    GREEN,
    GREY,
    GROUND,
    INK,
    MARGIN,
    RED,
    SMALL,
    SOFT,
    Box,
    Canvas,
    Style,
    fitted,
    width,
)
from reports.charts.histograms import draw_panels
from reports.charts.sheet import FOOT, GAP, LINE, RIGHT, ROOM, Frame, started
from reports.satisfaction_figures import SatisfactionFigures
from reports.satisfaction_phrases import Row
from reports.satisfaction_pictures import Key, Picture, planned
from reports.voice import Voice
from reports.words import Words

THICK = 22
TIGHT, LOOSE = 78, 124
"""How far bars stand apart, at least and at most."""
SAMPLE = 46
"""How broad a line or a colour is shown where it is explained."""
COLORS = {"": BLUE, "whole": DARK, "rest": GREY, "bad": RED}
Dash: TypeAlias = Literal["-", "--", "-."]
LINES: Mapping[str, tuple[str, Dash]] = {
    "target": (GREEN, "-"), "competitor": ("#8A5A00", "-."), "threshold": (RED, "--"),
}  # fmt: skip


def draw_satisfaction(figures: SatisfactionFigures, language: str, directory: Path) -> list[Path]:
    """Draw every picture of a survey into a directory; gives their paths in order.

    The same figures give the same bytes. What is a sample says so on every picture.
    """
    voice = Voice(Words(figures.campaign.zone), language, figures.campaign.cut_off)
    paths = []
    for picture in planned(figures):
        path = directory / f"{picture.name}.png"
        draw(picture, figures, voice).save(path)
        paths.append(path)
    return paths


def draw(picture: Picture, figures: SatisfactionFigures, voice: Voice) -> Canvas:
    """Draw one picture."""
    stamp = Said(N_("SAMPLE")) if figures.campaign.sample else None
    frame = Frame(picture.kicker, picture.source, figures.campaign.form, stamp)
    canvas, top = started(frame, voice, picture.title)
    for note in picture.notes:
        canvas.text((MARGIN, top), fitted(voice.say(note), ROOM), Style())
        top += LINE
    top = _keys(canvas, voice, top, picture.keys)
    if picture.panels:
        draw_panels(canvas, voice, top + 4, picture)
    else:
        _bars(canvas, voice, top + 4, picture)
    return canvas


def _keys(canvas: Canvas, voice: Voice, top: float, keys: Sequence[Key]) -> float:
    """Explain lines and colours, in as many rows as they take; gives the height below them."""
    left = float(MARGIN)
    for key in keys:
        words = fitted(voice.say(key.words), ROOM - SAMPLE - 12)
        needed = SAMPLE + 12 + width(words)
        if left > MARGIN and left + needed > RIGHT:
            left, top = float(MARGIN), top + LINE
        _sample(canvas, key, (left, top))
        canvas.text((left + SAMPLE + 12, top), words, Style(color=SOFT))
        left += needed + 32
    return top + (LINE if keys else 0)


def _sample(canvas: Canvas, key: Key, at: tuple[float, float]) -> None:
    left, top = at
    middle = top + SMALL * 0.62
    if key.mark in LINES:
        color, dash = LINES[key.mark]
        canvas.line([(left, middle), (left + SAMPLE, middle)], color, width=5, dash=dash)
    elif key.mark == "previous":
        _tick(canvas, left + SAMPLE / 2, Box(left, middle - THICK / 2, SAMPLE, THICK))
    else:
        bad = key.mark == "bad"
        canvas.rectangle(Box(left, middle - 13, SAMPLE, 26), RED if bad else BLUE, hatch=bad)


def _bars(canvas: Canvas, voice: Voice, top: float, picture: Picture) -> None:
    rows = picture.rows
    pitch = min(max((FOOT - top) / max(len(rows), 1), TIGHT), LOOSE)
    foot = top + pitch * len(rows) - (pitch - LINE - THICK) + 6
    # lines first: no number may have one through it, so they stop at the bars and go on below
    for at, row in enumerate(rows):
        _bar(canvas, voice, top + at * pitch, row)
    for key in picture.keys:
        if key.value is not None:
            _level(canvas, key, [top + at * pitch for at in range(len(rows))])
    canvas.line([(MARGIN, foot), (RIGHT, foot)], FAINT, width=2)


def _bar(canvas: Canvas, voice: Voice, top: float, row: Row) -> None:
    words = voice.say(row.figures)
    canvas.text(
        (RIGHT, top), fitted(words, ROOM * 0.72), Style(across="right", color=RED if row.tone == "bad" else INK)
    )
    room = ROOM - min(width(words), ROOM * 0.72) - GAP
    name = Style(color=SOFT if row.tone == "rest" else INK, bold=row.tone in ("whole", "bad"))
    canvas.text((MARGIN, top), fitted(voice.say(row.name), room), name)
    track = Box(MARGIN, top + LINE, ROOM, THICK)
    canvas.rectangle(track, "#EEF1F5")
    if row.score is not None:
        long = max(_across(float(row.score)) - MARGIN, 3)
        canvas.rectangle(Box(MARGIN, track.top, long, THICK), COLORS[row.tone], hatch=row.tone == "bad")
    if row.previous is not None:
        _tick(canvas, _across(float(row.previous)), track)


def _tick(canvas: Canvas, at: float, track: Box) -> None:
    """Mark the time before: a white gap with a dark line in it, so that it is seen on the bar and beside it."""
    canvas.line([(at, track.top - 4), (at, track.bottom + 4)], GROUND, width=11)
    canvas.line([(at, track.top - 4), (at, track.bottom + 4)], INK, width=5)


def _level(canvas: Canvas, key: Key, tops: Sequence[float]) -> None:
    """A line across every bar, never through the words above it."""
    color, dash = LINES[key.mark]
    at = _across(float(key.value or 0))
    for top in tops:
        ends = [(at, top + LINE - 4), (at, top + LINE + THICK + 4)]
        canvas.line(ends, GROUND, width=9)
        canvas.line(ends, color, width=5, dash=dash)


def _across(score: float) -> float:
    return MARGIN + score / 100 * ROOM
