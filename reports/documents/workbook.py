"""Reports as workbooks in the company's layout (XLSX): text stays text, photos stand beside it.

Nothing that people wrote becomes a formula, a link or a number (stack: write_string alone), and what a
workbook cannot hold is left out.
"""

import re
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from conversations.words import N_, said
from reports.documents.disciplines import HEAD, Part, parts
from reports.documents.satisfaction import form_line
from reports.documents.sheet import Done, Picture, Sheet
from reports.voice import Voice
from reports.words import translated

UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_000
WIDTHS = (20, 22, 30, 26, 20)
PICTURE_HEIGHT, PICTURE_WIDTH = 150, 210
"""Pixels: a photo stands in a row of its own, three side by side."""

LINE = 15
NARROW, WIDE = 20, 96
"""Points of one line of text, and how many Latin letters the narrow and the wide column hold in it."""

HIGHEST = 26
"""Lines in a row: a workbook has no higher ones, so longer texts go on in the next row."""

MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When it was written says nothing: the same report is the same file."""

PLAIN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def workbook(sheet: Sheet, voice: Voice) -> bytes:
    """A corrective action's report as XLSX, labels in the reader's language, ready to be printed on A4."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        Writer(book, book.add_worksheet(fit(sheet.number)[:31]), voice).write(sheet)
    return file.getvalue()


def fit(text: str) -> str:
    """What a document can hold of a text."""
    return UNFIT.sub("", text)[:LONGEST]


def _lines(text: str, room: int) -> int:
    """How many lines a text takes; a Chinese character is twice as wide as a Latin one."""
    return len(_broken(text, room))


def _broken(text: str, room: int) -> list[str]:
    """The lines that a text takes, each with the line break that ends it."""
    lines = []
    for paragraph in text.split("\n"):
        line, width = "", 0
        for letter in paragraph:
            wide = 2 if ord(letter) > 0x2E80 else 1
            if width + wide > room:
                lines.append(line)
                line, width = "", 0
            line, width = line + letter, width + wide
        lines.append(f"{line}\n")
    return lines


def _pieces(text: str) -> list[str]:
    """A text in pieces that each fit into one row."""
    lines = _broken(fit(text), WIDE)
    starts = range(0, len(lines), HIGHEST)
    return ["".join(lines[start : start + HIGHEST]).removesuffix("\n") for start in starts]


class Writer:
    """Writes row under row: what every form is made of."""

    def __init__(self, book: xlsxwriter.Workbook, page: Worksheet, voice: Voice) -> None:
        font = {"font_name": "Noto Sans SC", "font_size": 10, "valign": "top", "text_wrap": True}
        self.book, self.page, self.voice, self.row = book, page, voice, 0
        self.title = book.add_format({**font, "bold": True, "font_size": 15, "align": "center"})
        self.label = book.add_format({**font, "bold": True, "border": 1, "bg_color": "#F6F7F8"})
        self.text = book.add_format({**font, "border": 1})
        self.heading = book.add_format({**font, "bold": True, "border": 1, "bg_color": "#E9ECEF"})
        self.late = book.add_format({**font, "bold": True, "border": 1, "font_color": "#C8322B"})
        self.small = book.add_format({**font, "font_size": 8})

    def say(self, message: str, **values: str) -> str:
        return self.voice.say(said(message, **values))

    def head(self, sheet: Sheet) -> None:
        """The form's name and number, the company, and the record."""
        self.book.set_properties({"title": sheet.number, "company": sheet.company, "created": MADE})
        for column, width in enumerate(WIDTHS):
            self.page.set_column(column, column, width)
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_footer(f"&L{fit(sheet.number)}&R&P / &N")
        self.across(f"{translated(sheet.form.name, 'zh')} {translated(sheet.form.name, 'en')}", self.title, height=26)
        self.pair(sheet.company, form_line(sheet, self.voice))
        self.pair(self.say(N_("Record no.")), f"{sheet.number} · {self.say(N_('State'))} {sheet.step}")

    def foot(self, sheet: Sheet) -> None:
        self.across(f"{self.say(N_('SHA-256 of the content'))} {sheet.content_hash}", self.small)

    def write(self, sheet: Sheet) -> None:
        """A corrective action."""
        self.head(sheet)
        for key in HEAD:
            if key in sheet.answers:
                self.pair(sheet.answers[key].label, sheet.answers[key].text)
        for done in sheet.all("file"):
            self.pictures(done.pictures)
        for part in parts(sheet, self.voice):
            self.part(part)
        for link in sheet.linked:
            self.pair(link.what, f"{link.number} {link.title}")
        self.foot(sheet)

    def part(self, part: Part) -> None:
        due = self.say(N_("due {at}"), at=part.due) if part.due else ""
        self.page.merge_range(self.row, 0, self.row, 2, "", self.heading)
        self.cell(0, part.title, self.heading)
        self.page.merge_range(self.row, 3, self.row, 4, "", self.heading)
        self.cell(3, due, self.late if part.late else self.heading)
        self.page.set_row(self.row, LINE + 3)
        self.row += 1
        for done in part.done:
            self.done(done, part.title)
        if not part.done:
            self.pair("—", "—")

    def done(self, done: Done, title: str) -> None:
        """What was recorded; a label that only says again what the part is called is left out."""
        lines = [line.text if line.label == title else f"{line.label}: {line.text}" for line in done.lines.values()]
        who = [done.by, done.at] if done.label == title else [done.label, done.by, done.at]
        self.pair("\n".join(who), "\n".join(lines) or "—")
        self.pictures(done.pictures)

    def pictures(self, pictures: tuple[Picture, ...]) -> None:
        from PIL import Image

        for first in range(0, len(pictures), 3):
            self.page.set_row_pixels(self.row, PICTURE_HEIGHT + 8)
            self.cell(0, "", self.label)
            self.page.merge_range(self.row, 1, self.row, 4, "", self.text)
            for place, picture in enumerate(pictures[first : first + 3]):
                with Image.open(BytesIO(picture.jpeg)) as photo:
                    scale = min(PICTURE_WIDTH / photo.width, PICTURE_HEIGHT / photo.height)
                options = {
                    "image_data": BytesIO(picture.jpeg), "x_scale": scale, "y_scale": scale,
                    "x_offset": 4 + place * (PICTURE_WIDTH + 8), "y_offset": 4,
                    "description": fit(picture.name)[:200],
                }  # fmt: skip
                self.page.insert_image(self.row, 1, "photo.jpg", options)
            self.row += 1

    def pair(self, label: str, text: str) -> None:
        """A label and its text, as many lines high as both need, and as many rows as that takes."""
        for piece in _pieces(text):
            self.page.merge_range(self.row, 1, self.row, 4, "", self.text)
            self.cell(0, label, self.label)
            self.cell(1, piece, self.text)
            lines = max(_lines(piece, WIDE), _lines(label, NARROW))
            self.page.set_row(self.row, LINE * min(lines, HIGHEST) + 3)
            self.row, label = self.row + 1, ""

    def across(self, text: str, style: Format, height: int = LINE + 3) -> None:
        self.page.merge_range(self.row, 0, self.row, 4, "", style)
        self.cell(0, text, style)
        self.page.set_row(self.row, height)
        self.row += 1

    def cell(self, column: int, text: str, style: Format) -> None:
        self.page.write_string(self.row, column, fit(text), style)
