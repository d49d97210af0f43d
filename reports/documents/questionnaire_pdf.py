"""A questionnaire on paper: a page of A4 to each invitee, with boxes to tick, its number, and the link as a QR code.

What people wrote is text: nothing in it is read as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pylopdf_fonts_zh_cn
import segno
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from conversations.questionnaire import Questionnaire
from conversations.words import N_, Said, said
from reports.documents.workbook import fit
from reports.voice import Voice

FONT = "Noto Sans SC"
MARGIN, FOOT = 18, 16
BODY, SMALL, TITLE = 11, 9, 17
LINE = 6
CODE = 32
"""Millimetres of the QR code."""

BOX, ITEM = 4.2, 9.5
"""Millimetres of a box to tick, and of the row that it stands in where there is room."""

LOWEST = 6
LABEL = 0.32
"""How much of the width the names of the items take."""

WRITING = 3
"""Lines to write on under each open question."""

RULE = 120
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When it was written says nothing: the same questionnaire is the same file."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One page: for whom, with which link; both are empty on one that is for anybody."""

    voice: Voice
    whom: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on every page: who asks, under which number and form number, about which period, until when."""

    company: str
    number: str
    form_number: str
    period: str
    until: datetime
    return_to: str


def questionnaire_pdf(asked: Questionnaire, printed: Printed, copies: Sequence[Copy]) -> bytes:
    """The pages as one PDF; the same pages give the same bytes."""
    paper = _Paper()
    paper.set_title(f"{printed.number} {asked.name.zh}")
    for copy in copies:
        paper.add_page()
        paper.wrap = WrapMode.CHAR if copy.voice.language == "zh" else WrapMode.WORD
        paper.head(asked, printed, copy)
        paper.items(asked, copy.voice)
        paper.questions(asked, copy.voice)
        paper.foot(printed, copy.voice)
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self) -> None:
        super().__init__(format="A4")
        self.wrap = WrapMode.CHAR
        # one weight: a second one of a font with every Chinese character would double the file
        self.add_font(FONT, "", pylopdf_fonts_zh_cn.sans_path())
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=FOOT)
        self.set_creation_date(MADE)
        self.set_draw_color(RULE)

    def words(self, text: str, size: float = BODY, *, width: float = 0, height: float = LINE) -> None:
        self.set_font(FONT, size=size)
        self.multi_cell(
            width or self.epw, height, fit(text), align="L", wrapmode=self.wrap, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def head(self, asked: Questionnaire, printed: Printed, copy: Copy) -> None:
        """Who asks whom, until when; the code beside it."""
        say, top = copy.voice.say, self.get_y()
        width = self.epw - (CODE + 6 if copy.link else 0)
        self.words(printed.company, width=width)
        self.words(asked.name.of(copy.voice.language), TITLE, width=width, height=10)
        self.words(" · ".join(filter(None, (printed.number, printed.form_number, printed.period))), SMALL, width=width)
        whom = say(said(N_("For {name}"), name=copy.whom)) if copy.whom else say(said(N_("Company and name:")))
        self.words(whom, width=width)
        self.words(say(said(N_("Please answer until {until}."), until=printed.until)), width=width)
        if copy.link:
            self.words(say(said(N_("Or on your phone, by the code: it is for you alone."))), SMALL, width=width)
            self.code(copy.link, top)
        self.set_y(max(self.get_y(), top + (CODE + 2 if copy.link else 0)) + 3)

    def code(self, link: str, top: float) -> None:
        """A QR code drawn as squares, with the quiet zone that readers need."""
        rows = tuple(segno.make(link, error="m", boost_error=False).matrix_iter(border=4))
        side, left = CODE / len(rows), self.w - MARGIN - CODE
        self.set_fill_color(0)
        for down, row in enumerate(rows):
            for right, dark in enumerate(row):
                if dark:
                    self.rect(left + right * side, top + down * side, side, side, style="F")

    def items(self, asked: Questionnaire, voice: Voice) -> None:
        """A row to each item, a box to each grade; what the grades mean under them."""
        language, label = voice.language, self.epw * LABEL
        column = (self.epw - label) / len(asked.grades)
        left = self.h - FOOT - self.get_y() - len(asked.questions) * (WRITING + 1) * 9 - (len(asked.grades) + 3) * LINE
        high = max(LOWEST, min(ITEM, left / (len(asked.items) + 1)))
        self.set_font(FONT, size=BODY)
        self.cell(label, high, "")
        for grade in asked.grades:
            self.cell(column, high, fit(grade.label.of(language)), align="C")
        self.ln(high)
        for at, item in enumerate(asked.items, 1):
            self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
            self.fitted(f"{at}. {fit(item.label.of(language))}", label, high)
            for place in range(len(asked.grades)):
                middle = MARGIN + label + (place + 0.5) * column
                self.rect(middle - BOX / 2, self.get_y() + (high - BOX) / 2, BOX, BOX)
            self.ln(high)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(2)
        for grade in asked.grades:
            if grade.help:
                pair = said(N_("{label}: {value}"), label=grade.label, value=grade.help)
                self.words(voice.say(pair), SMALL, height=LINE - 1)

    def fitted(self, text: str, width: float, height: float) -> None:
        """One line in a cell, smaller where it is long; what does not fit even so ends in dots."""
        size: float = BODY
        self.set_font(FONT, size=size)
        while self.get_string_width(text) > width - 2 and size > SMALL - 2:
            size -= 0.5
            self.set_font(FONT, size=size)
        while self.get_string_width(text) > width - 2 and len(text) > 2:
            text = text[:-2] + "…"
        self.cell(width, height, text)
        self.set_font(FONT, size=BODY)

    def questions(self, asked: Questionnaire, voice: Voice) -> None:
        """Lines to write on."""
        for question in asked.questions:
            self.ln(3)
            self.words(question.label.of(voice.language))
            for _ in range(WRITING):
                self.ln(8)
                self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())

    def foot(self, printed: Printed, voice: Voice) -> None:
        """Where it goes."""
        self.ln(4)
        one_box: Said = said(N_("Please tick one box in each row; a row may be left out."))
        back = said(N_("Please return it to {name}."), name=printed.return_to) if printed.return_to else None
        self.words(" ".join(voice.say(each) for each in (one_box, back) if each is not None), SMALL)
