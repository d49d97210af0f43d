"""Pictures 2 and 3: falling diagrams as horizontal bars, by customer and by defect, and what recurs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.words import N_, Said, said
from reports import findings
from reports.charts.canvas import (
    BLUE,
    FAINT,
    GREY,
    GROUND,
    INK,
    MARGIN,
    RED,
    SOFT,
    Box,
    Canvas,
    Style,
    fitted,
    width,
    wrapped,
)
from reports.charts.sheet import FOOT, GAP, LINE, RIGHT, ROOM, framed
from reports.edition import TOP_CUSTOMERS, TOP_DEFECTS, Edition
from reports.figures import Recurring
from reports.labels import brief
from reports.phrases import GUIDE, REACHED, RULE, Bar, customer_bars, defect_bars, recurring_lines, sporadic
from reports.voice import Voice

THICK = 28
GUIDE_LINE, TIGHT = LINE + 10, 104
"""Height of the line at four fifths, and what a row with a name, figures and a main defect takes at least."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Bars to draw, how far apart they stand, and how long the longest is.

    Names stand above their bars, with the figures beside them; where a name is too long for that, the
    figures of all stand beside the bars.
    """

    bars: Sequence[Bar]
    pitch: float = 0

    @property
    def figures(self) -> float:
        """Width of the longest figures."""
        return max((width(bar.figures) for bar in self.bars), default=0)

    @property
    def long_names(self) -> bool:
        """Whether a name needs its line for itself."""
        return any(width(bar.name) + width(bar.figures) + 2 * GAP > ROOM for bar in self.bars)

    @property
    def room(self) -> float:
        """Length of the longest bar."""
        return ROOM - self.figures - 2 * GAP if self.long_names else ROOM

    @property
    def most(self) -> int:
        """What the longest bar stands for: 其他 is no customer and no defect, and may not dwarf those that are."""
        return max((bar.count for bar in self.bars if not bar.rest), default=1)


def customers(edition: Edition, voice: Voice, *, confirmed: bool) -> Canvas:
    """Draw who complained: the seven largest and 其他, with the month before and the main defect."""
    canvas, top = framed(edition, voice, findings.customers_title(edition), confirmed=confirmed)
    bars = customer_bars(edition, voice.say, TOP_CUSTOMERS)
    if not bars:
        _nothing(canvas, voice, top)
    pitch = _pitch(top, bars)
    if Rows(bars).long_names and pitch < TIGHT:
        # where not everything has room, the main defects are told in the text alone
        bars = [replace(bar, note="") for bar in bars]
        pitch = _pitch(top, bars)
    _rows(canvas, voice, top, Rows(bars, min(pitch, 132)))
    return canvas


def _pitch(top: float, bars: Sequence[Bar]) -> float:
    notes = sum(LINE for bar in bars if bar.note)
    return (FOOT - top - notes - GUIDE_LINE) / max(len(bars), 1)


def defects(edition: Edition, voice: Voice, *, confirmed: bool) -> Canvas:
    """Draw what was wrong, and below it what recurs, with the rule that says so."""
    canvas, top = framed(edition, voice, findings.defects_title(edition), confirmed=confirmed)
    bars = defect_bars(edition, voice.say, TOP_DEFECTS)
    if not bars:
        top = _nothing(canvas, voice, top)
    below = 90 + min(max(len(edition.recurring), 1), 3) * (2 * LINE + 8) + 3 * LINE
    pitch = (FOOT - top - below - LINE) / max(len(bars), 1)
    least = 100 if Rows(bars).long_names else 92
    top = _rows(canvas, voice, top, Rows(bars, min(max(pitch, least), 116)))
    _recurring(canvas, voice, top + 12, edition)
    return canvas


def _nothing(canvas: Canvas, voice: Voice, top: float) -> float:
    canvas.text((MARGIN, top + 20), voice.say(Said(N_("nothing to show"))), Style(color=SOFT))
    return top + 80


def _rows(canvas: Canvas, voice: Voice, top: float, rows: Rows) -> float:
    guided = False
    for at, bar in enumerate(rows.bars):
        top = _bar(canvas, voice, top, (bar, rows))
        reached = bar.cumulative >= GUIDE and not guided
        guided = guided or reached
        if reached and at < len(rows.bars) - 1:
            top = _guide(canvas, voice, top if rows.long_names else top - 8)
    return top


def _bar(canvas: Canvas, voice: Voice, top: float, content: tuple[Bar, Rows]) -> float:
    bar, rows = content
    torn = bar.count > rows.most
    name = voice.say(said(N_("{name} (bar not to scale)"), name=bar.name)) if torn else bar.name
    beside = top + LINE if rows.long_names else top
    canvas.text((RIGHT, beside), bar.figures, Style(across="right"))
    space = ROOM if rows.long_names else ROOM - width(bar.figures) - 2 * GAP
    canvas.text((MARGIN, top), fitted(name, space), Style(color=SOFT if bar.rest else INK, bold=not bar.rest))
    length = rows.room if torn else max(bar.count / rows.most * rows.room, 4)
    box = Box(MARGIN, top + LINE + (8 if rows.long_names else 0), length, THICK)
    canvas.rectangle(box, GREY if bar.rest else BLUE)
    if torn:
        _tear(canvas, box)
    if bar.note:
        below = top + 2 * LINE if rows.long_names else box.bottom + 6
        canvas.text((MARGIN, below), fitted(bar.note, ROOM), Style(color=SOFT))
        top += LINE
    return top + rows.pitch


def _tear(canvas: Canvas, box: Box) -> None:
    """Two slanted gaps: this bar is longer than it is drawn."""
    for at in (0.82, 0.85):
        middle = box.left + box.width * at
        canvas.line([(middle - 8, box.bottom + 4), (middle + 8, box.top - 4)], GROUND, width=8)


def _guide(canvas: Canvas, voice: Voice, top: float) -> float:
    """Say where four fifths are reached."""
    words = voice.say(REACHED)
    canvas.line([(MARGIN, top + 22), (RIGHT - width(words) - GAP, top + 22)], SOFT, width=2, dash="--")
    canvas.text((RIGHT, top), words, Style(color=SOFT, across="right"))
    return top + GUIDE_LINE


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
    fits = max(int((end - top) // (2 * LINE + 8)), 0)
    for each in edition.recurring[:fits]:
        _recurs(canvas, voice, top, each)
        top += 2 * LINE + 8


def _recurs(canvas: Canvas, voice: Voice, top: float, each: Recurring) -> None:
    tries = [tuple(voice.say(line) for line in recurring_lines(each, brief, most)) for most in (2, 1)]
    times, who, what = next((lines for lines in tries if width(lines[2]) <= ROOM), tries[-1])
    canvas.text((RIGHT, top), times, Style(color=RED, bold=True, across="right"))
    canvas.text((MARGIN, top), fitted(who, ROOM - width(times) - 2 * GAP), Style())
    canvas.text((MARGIN, top + LINE - 2), fitted(what, ROOM), Style(color=SOFT))
