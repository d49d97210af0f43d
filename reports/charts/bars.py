"""Pictures 2 and 3: falling diagrams as horizontal bars, by customer and by defect, and what recurs."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.words import N_, Said, said
from reports import findings
from reports.charts.canvas import BLUE, FAINT, GREY, INK, MARGIN, RED, SOFT, Box, Canvas, Style, fitted, width, wrapped
from reports.charts.sheet import FOOT, GAP, LINE, RIGHT, ROOM, framed
from reports.edition import TOP_CUSTOMERS, TOP_DEFECTS, Edition
from reports.figures import Recurring
from reports.phrases import GUIDE, REACHED, RULE, Bar, customer_bars, defect_bars, recurring_lines, sporadic
from reports.voice import Voice

THICK = 28


@dataclass(frozen=True, slots=True)
class Rows:
    """Bars to draw, and how far apart they stand."""

    bars: Sequence[Bar]
    pitch: float


def customers(edition: Edition, voice: Voice, *, confirmed: bool) -> Canvas:
    """Draw who complained: the seven largest and 其他, with the month before and the main defect."""
    canvas, top = framed(edition, voice, findings.customers_title(edition), confirmed=confirmed)
    bars = customer_bars(edition, voice.say, TOP_CUSTOMERS)
    if not bars:
        _nothing(canvas, voice, top)
    extra = sum(LINE for bar in bars if bar.note)
    room = (FOOT - top - extra - LINE) / max(len(bars), 1)
    _rows(canvas, voice, top, Rows(bars, min(room, 132)))
    return canvas


def defects(edition: Edition, voice: Voice, *, confirmed: bool) -> Canvas:
    """Draw what was wrong, and below it what recurs, with the rule that says so."""
    canvas, top = framed(edition, voice, findings.defects_title(edition), confirmed=confirmed)
    bars = defect_bars(edition, voice.say, TOP_DEFECTS)
    if not bars:
        top = _nothing(canvas, voice, top)
    below = 90 + min(max(len(edition.recurring), 1), 3) * (2 * LINE + 8) + 3 * LINE
    pitch = (FOOT - top - below - LINE) / max(len(bars), 1)
    top = _rows(canvas, voice, top, Rows(bars, min(max(pitch, 92), 116)))
    _recurring(canvas, voice, top + 12, edition)
    return canvas


def _nothing(canvas: Canvas, voice: Voice, top: float) -> float:
    canvas.text((MARGIN, top + 20), voice.say(Said(N_("nothing to show"))), Style(color=SOFT))
    return top + 80


def _rows(canvas: Canvas, voice: Voice, top: float, rows: Rows) -> float:
    most = max((bar.count for bar in rows.bars), default=1)
    guided = False
    for at, bar in enumerate(rows.bars):
        top = _bar(canvas, top, (bar, most), rows.pitch)
        reached = bar.cumulative >= GUIDE and not guided
        guided = guided or reached
        if reached and at < len(rows.bars) - 1:
            top = _guide(canvas, voice, top)
    return top


def _bar(canvas: Canvas, top: float, content: tuple[Bar, int], pitch: float) -> float:
    bar, most = content
    canvas.text((RIGHT, top), bar.figures, Style(across="right"))
    name = fitted(bar.name, ROOM - width(bar.figures) - 2 * GAP)
    canvas.text((MARGIN, top), name, Style(color=SOFT if bar.rest else INK, bold=not bar.rest))
    length = max(bar.count / most * ROOM, 4)
    canvas.rectangle(Box(MARGIN, top + LINE, length, THICK), GREY if bar.rest else BLUE)
    if bar.note:
        canvas.text((MARGIN, top + LINE + THICK + 6), fitted(bar.note, ROOM), Style(color=SOFT))
        top += LINE
    return top + pitch


def _guide(canvas: Canvas, voice: Voice, top: float) -> float:
    """Say where four fifths are reached."""
    words = voice.say(REACHED)
    canvas.line([(MARGIN, top + 14), (RIGHT - width(words) - GAP, top + 14)], SOFT, width=2, dash="--")
    canvas.text((RIGHT, top - 8), words, Style(color=SOFT, across="right"))
    return top + LINE + 2


def _recurring(canvas: Canvas, voice: Voice, top: float, edition: Edition) -> None:
    canvas.line([(MARGIN, top), (RIGHT, top)], FAINT, width=2)
    top += 16
    count = voice.say(sporadic(edition))
    canvas.text((RIGHT, top), count, Style(color=SOFT, across="right"))
    head = voice.say(said(N_("Recurring: {groups}"), groups=len(edition.recurring)))
    canvas.text((MARGIN, top), fitted(head, ROOM - width(count) - GAP), Style(size=42, bold=True))
    top += 60
    rule = wrapped(voice.say(RULE), ROOM, 2)
    end = FOOT - len(rule) * LINE
    for number, line in enumerate(rule):
        canvas.text((MARGIN, end + number * LINE), line, Style(color=SOFT))
    fits = int((end - top) // (2 * LINE + 8))
    for each in edition.recurring[:fits]:
        _recurs(canvas, voice, top, each)
        top += 2 * LINE + 8


def _recurs(canvas: Canvas, voice: Voice, top: float, each: Recurring) -> None:
    times, who, what = (voice.say(line) for line in recurring_lines(each))
    canvas.text((RIGHT, top), times, Style(color=RED, bold=True, across="right"))
    canvas.text((MARGIN, top), fitted(who, ROOM - width(times) - 2 * GAP), Style())
    canvas.text((MARGIN, top + LINE - 2), fitted(what, ROOM), Style(color=SOFT))
