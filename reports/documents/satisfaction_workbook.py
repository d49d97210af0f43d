"""A satisfaction report as a workbook (XLSX): its parts row under row, two pictures side by side."""

from io import BytesIO

import xlsxwriter

from reports.documents.satisfaction import report_parts
from reports.documents.sheet import Picture, Sheet
from reports.documents.workbook import PLAIN, Writer, fit
from reports.voice import Voice

ACROSS = 2
WIDE, HIGH = 400, 500
"""Pixels of a picture: a row is no higher than 545."""


def satisfaction_workbook(sheet: Sheet, voice: Voice) -> bytes:
    """The report as XLSX, labels in the reader's language, ready to be printed on A4."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        writer = Writer(book, book.add_worksheet(fit(sheet.number)[:31]), voice)
        writer.head(sheet)
        for part in report_parts(sheet, voice):
            writer.across(part.title, writer.heading)
            for line in part.pairs:
                writer.pair(line.label, line.text)
            if part.text:
                writer.pair("", part.text)
            _pictures(writer, part.pictures)
        writer.foot(sheet)
    return file.getvalue()


def _pictures(writer: Writer, pictures: tuple[Picture, ...]) -> None:
    from PIL import Image

    for first in range(0, len(pictures), ACROSS):
        writer.page.set_row_pixels(writer.row, HIGH + 8)
        for place, picture in enumerate(pictures[first : first + ACROSS]):
            with Image.open(BytesIO(picture.jpeg)) as drawn:
                scale = min(WIDE / drawn.width, HIGH / drawn.height)
            options = {
                "image_data": BytesIO(picture.jpeg), "x_scale": scale, "y_scale": scale,
                "x_offset": 4 + place * (WIDE + 8), "y_offset": 4, "description": fit(picture.name)[:2000],
            }  # fmt: skip
            writer.page.insert_image(writer.row, 0, "picture.png", options)
        writer.row += 1
