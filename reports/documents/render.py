"""From a sheet to a page that stands alone: one HTML file, nothing loaded from anywhere, printed on A4."""

from base64 import b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from conversations.words import said
from reports.documents.disciplines import HEAD, parts
from reports.documents.satisfaction import form_line, report_parts
from reports.documents.sheet import Picture, Sheet
from reports.voice import Voice
from reports.words import translated

TEMPLATES = Path(__file__).parent / "templates"
PNG = b"\x89PNG"


def page(sheet: Sheet, voice: Voice) -> bytes:
    """Lay a sheet out by its form's template, labels in the reader's language, as UTF-8.

    The same sheet gives the same bytes. What people wrote is text and never markup.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    text = environment.get_template(sheet.form.template).render(
        sheet=sheet,
        language=voice.language,
        _=lambda message, **values: voice.say(said(message, **values)),
        in_language=translated,
        head=HEAD,
        parts=report_parts(sheet, voice) if sheet.form.report else parts(sheet, voice),
        form_line=form_line(sheet, voice),
        data_uri=_data_uri,
    )
    return text.encode("utf-8", "replace")


def _data_uri(picture: Picture) -> str:
    kind = "png" if picture.jpeg.startswith(PNG) else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture.jpeg).decode()}"
