"""A satisfaction report as a PDF on A4: text that can be searched, the Chinese font in it, two pictures side by side.

What people wrote is text: nothing in it is read as markup.
"""

from datetime import UTC, datetime
from io import BytesIO

import pylopdf_fonts_zh_cn
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from conversations.words import N_, said
from reports.documents.satisfaction import Part, form_line, report_parts
from reports.documents.sheet import Line, Picture, Sheet
from reports.documents.workbook import fit
from reports.voice import Voice
from reports.words import translated

FONT = "Noto Sans SC"
MARGIN, FOOT = 15, 16
BODY, SMALL, TITLE, HEADING = 9.5, 8, 16, 10.5
LINE = 5.2
LABEL = 42
"""Millimetres of the column of labels."""

PICTURE = 87
"""Millimetres that a picture is wide: two stand side by side."""

TALL = 1.25
"""How much higher than wide it is."""

GROUND, RULE = (233, 236, 239), (85, 85, 85)
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When it was written says nothing: the same report is the same file."""


class _Page(FPDF):
    """A4 with the record's number and the page's number at its foot."""

    def __init__(self, foot: str, *, by_letters: bool) -> None:
        super().__init__(format="A4")
        self.foot, self.wrap = foot, WrapMode.CHAR if by_letters else WrapMode.WORD
        # one weight: a second one of a font with every Chinese character would double the file
        self.add_font(FONT, "", pylopdf_fonts_zh_cn.sans_path())
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=FOOT)
        self.set_creation_date(MADE)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-FOOT + 4)
        self.set_font(FONT, size=SMALL)
        self.cell(self.epw / 2, LINE, self.foot)
        self.cell(self.epw / 2, LINE, f"{self.page_no()} / {{nb}}", align="R")

    def words(self, text: str, size: float = BODY, align: str = "L", height: float = LINE) -> None:
        self.set_font(FONT, size=size)
        self.multi_cell(
            self.epw, height, fit(text), align=align, wrapmode=self.wrap, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )  # fmt: skip

    def heading(self, text: str, room: float = 4 * LINE) -> None:
        """A heading never stands alone at the foot of a page: what follows it has room there."""
        if self.will_page_break(room):
            self.add_page()
        self.ln(2)
        self.set_font(FONT, size=HEADING)
        self.set_fill_color(*GROUND)
        self.multi_cell(self.epw, LINE + 1.5, fit(text), fill=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def pairs(self, lines: tuple[Line, ...]) -> None:
        self.set_font(FONT, size=BODY)
        self.set_draw_color(*RULE)
        self.set_fill_color(255)
        with self.table(
            col_widths=(LABEL, self.epw - LABEL), first_row_as_headings=False, line_height=LINE, text_align="LEFT",
            wrapmode=self.wrap, padding=0.8, headings_style=FontFace(),
        ) as table:  # fmt: skip
            for line in lines:
                row = table.row()
                row.cell(fit(line.label))
                row.cell(fit(line.text))

    def pictures(self, pictures: tuple[Picture, ...]) -> None:
        from PIL import Image

        for first in range(0, len(pictures), 2):
            pair = pictures[first : first + 2]
            sizes = [Image.open(BytesIO(picture.jpeg)).size for picture in pair]
            high = max(PICTURE * height / width for width, height in sizes)
            if self.will_page_break(high + 4):
                self.add_page()
            top = self.get_y()
            for place, picture in enumerate(pair):
                left = MARGIN + place * (self.epw - PICTURE)
                self.image(BytesIO(picture.jpeg), x=left, y=top, w=PICTURE, alt_text=fit(picture.name))
            self.set_y(top + high + 4)


def satisfaction_pdf(sheet: Sheet, voice: Voice) -> bytes:
    """The report as PDF, labels in the reader's language; the same sheet gives the same bytes."""
    page = _Page(f"{sheet.number}  {form_line(sheet, voice)}", by_letters=voice.language == "zh")
    page.set_title(f"{sheet.number} {voice.say(said(sheet.form.name))}")
    page.set_lang("zh-CN" if voice.language == "zh" else "en")
    _head(page, sheet, voice)
    for part in report_parts(sheet, voice):
        _part(page, part)
    page.ln(3)
    page.words(f"{voice.say(said(N_('SHA-256 of the content')))} {sheet.content_hash}", SMALL)
    return bytes(page.output())


def _head(page: _Page, sheet: Sheet, voice: Voice) -> None:
    page.words(fit(sheet.company), BODY, "C")
    page.words(translated(sheet.form.name, voice.language), TITLE, "C", 9)
    page.words(form_line(sheet, voice), SMALL, "R")
    filed = voice.say(said(N_("Filed"))) + f" {sheet.filed_at}"
    state = filed if sheet.issue else voice.say(said(N_("not filed: the record is still open")))
    page.words(f"{voice.say(said(N_('Record no.')))} {sheet.number} · {sheet.step} · {state}")


def _part(page: _Page, part: Part) -> None:
    page.heading(part.title, PICTURE * TALL + 3 * LINE if part.pictures else 4 * LINE)
    if part.pairs:
        page.pairs(part.pairs)
    if part.text:
        page.words(part.text)
    page.pictures(part.pictures)
