"""Picture 5: what is open and what is late, and under it what follows from the month."""

from conversations.words import N_, Said, said
from reports import findings
from reports.charts.canvas import FAINT, INK, MARGIN, RED, SOFT, Canvas, Style, fitted, width, wrapped
from reports.charts.sheet import FOOT, GAP, LINE, RIGHT, ROOM, framed
from reports.edition import Edition
from reports.figures import OpenCase
from reports.phrases import open_lines
from reports.voice import Voice

ROW = 2 * LINE + 14


def open_cases(edition: Edition, voice: Voice, closing: list[Said], *, confirmed: bool) -> Canvas:
    """Draw the table, those longest over their time first, and the conclusions where room is left."""
    canvas, top = framed(edition, voice, findings.open_title(edition), confirmed=confirmed)
    lines = _closing(voice, closing)
    end = FOOT - (len(lines) * LINE + 76 if lines else 0)
    fits = int((end - top) // ROW)
    shown = edition.open_cases[:fits]
    left = edition.now.standing.open - len(shown)
    if left and end - top - len(shown) * ROW < LINE:
        shown = shown[:-1]
        left += 1
    for row in shown:
        _row(canvas, voice, top, row)
        top += ROW
    if left:
        canvas.text((MARGIN, top), voice.say(said(N_("and {number} more"), number=left)), Style(color=SOFT))
        top += LINE
    if lines:
        _conclusions(canvas, voice, min(top + GAP, end), lines)
    return canvas


def _row(canvas: Canvas, voice: Voice, top: float, row: OpenCase) -> None:
    lines = open_lines(row)
    time, late = voice.say(lines.time), row.over is not None
    canvas.text((RIGHT, top), time, Style(color=RED if late else SOFT, bold=late, across="right"))
    canvas.text((MARGIN, top), fitted(voice.say(lines.what), ROOM - width(time) - 2 * GAP), Style(bold=True))
    left = float(MARGIN)
    if lines.severity:
        major = row.severity == "major"
        word = voice.say(lines.severity)
        canvas.text((left, top + LINE), word, Style(color=RED if major else SOFT, bold=major))
        left += width(word) + 2 * GAP
    canvas.text((left, top + LINE), fitted(voice.say(lines.hands), RIGHT - left), Style(color=SOFT))
    canvas.line([(MARGIN, top + ROW - 10), (RIGHT, top + ROW - 10)], FAINT, width=2)


def _closing(voice: Voice, closing: list[Said]) -> list[str]:
    """Wrap what people concluded: two lines each, so that the table keeps its place."""
    return [line for sentence in closing for line in wrapped(voice.say(sentence), ROOM, 2)]


def _conclusions(canvas: Canvas, voice: Voice, top: float, lines: list[str]) -> None:
    canvas.text((MARGIN, top + 10), voice.say(Said(N_("Conclusions and rectification"))), Style(size=42, bold=True))
    for at, line in enumerate(lines):
        canvas.text((MARGIN, top + 68 + at * LINE), line, Style(color=INK))
