"""Picture 5: what is open and what is late, and under it what follows from the month."""

from conversations.words import N_, Said, said
from reports import findings
from reports.charts.canvas import FAINT, MARGIN, RED, SOFT, Canvas, Style, fitted, width, wrapped
from reports.charts.sheet import FOOT, GAP, LINE, RIGHT, ROOM, framed
from reports.edition import Edition
from reports.figures import OpenCase
from reports.phrases import OPEN_ROWS, left_out, more_open, open_lines
from reports.voice import Voice

ROW = 2 * LINE + 14


def open_cases(edition: Edition, voice: Voice, conclusions: list[Said], *, confirmed: bool) -> Canvas:
    """Draw the table, those longest over their time first, and under it what follows from the period."""
    canvas, top = framed(edition, voice, findings.open_title(edition), confirmed=confirmed)
    for row in edition.open_cases[:OPEN_ROWS]:
        _row(canvas, voice, top, row)
        top += ROW
    left = more_open(edition)
    if left:
        canvas.text((MARGIN, top), voice.say(said(N_("and {number} more"), number=left)), Style(color=SOFT))
        top += LINE
    _conclusions(canvas, voice, top + GAP, conclusions)
    canvas.text((MARGIN, FOOT - LINE), fitted(voice.say(left_out(edition)), ROOM), Style(color=SOFT))
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
    promise = voice.say(lines.promise) if lines.promise else ""
    canvas.text((RIGHT, top + LINE), promise, Style(color=SOFT, across="right"))
    room = RIGHT - left - (width(promise) + GAP if promise else 0)
    canvas.text((left, top + LINE), fitted(voice.say(lines.hands), room), Style(color=SOFT))
    canvas.line([(MARGIN, top + ROW - 10), (RIGHT, top + ROW - 10)], FAINT, width=2)


def _conclusions(canvas: Canvas, voice: Voice, top: float, conclusions: list[Said]) -> None:
    canvas.text((MARGIN, top), voice.say(Said(N_("Conclusions and rectification"))), Style(size=42, bold=True))
    top += 60
    fits = int((FOOT - LINE - top) // LINE)
    for at, line in enumerate(_lines([voice.say(each) for each in conclusions], fits)):
        canvas.text((MARGIN, top + at * LINE), line)


def _lines(sentences: list[str], fits: int) -> list[str]:
    """Break each sentence in up to three lines, and in fewer where that lets more of them be read."""
    tries = ([line for sentence in sentences for line in wrapped(sentence, ROOM, most)] for most in (3, 2, 1))
    return next((lines for lines in tries if len(lines) <= fits), [fitted(each, ROOM) for each in sentences[:fits]])
