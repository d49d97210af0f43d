"""A sheet of 1080 x 1350 pixels for a phone, counted from the top left, on which text is measured before it is put.

``Figure`` and Agg alone: no pyplot, no window, no global state. Every text is drawn as it is written
(``parse_math=False``); a letter that the font lacks loses its mark (ł, l), anything else becomes an empty box.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn
from matplotlib import font_manager, ft2font
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyBboxPatch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

WIDTH, HEIGHT = 1080, 1350
SMALL, BODY, TITLE, FIGURE = 38, 40, 54, 60
MARGIN = 48
CLOSING = ",。;:、)】,.;:)%"
MISSING = "□"
ELLIPSIS = "…"
FAMILY = "Noto Sans SC"
PLAIN = {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "Ħ": "H", "ħ": "h", "ĸ": "k", "ſ": "s"}
"""Letters that do not decompose, as they are written without their mark."""

INK, SOFT, FAINT, GROUND, PAPER = "#1F2329", "#5F6670", "#D9DDE3", "#FFFFFF", "#F4F6F9"
BLUE, RED, GREY, GREEN, DARK = "#4C78A8", "#C8322B", "#B8BEC6", "#2E7D4F", "#555555"
METADATA = {"Software": "gukebot"}
"""Fixed, so that the same figures give the same bytes."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks: size in pixels, colour, weight, and which of its corners is given."""

    size: int = SMALL
    color: str = INK
    bold: bool = False
    across: Literal["left", "center", "right"] = "left"
    turned: bool = False
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet, in pixels from the top left."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


class Canvas:
    """One sheet. What is put on it is kept in ``texts``, so that a proof can measure what was drawn."""

    def __init__(self, height: int = HEIGHT) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=GROUND)
        self.agg = FigureCanvasAgg(self.figure)
        self.texts: list[Text] = []

    def text(self, at: tuple[float, float], words: str, style: Style | None = None) -> None:
        """Put one line of text; ``at`` is its top corner (left, middle or right, as the style says)."""
        look = style or Style()
        x, y = at
        artist = Text(
            x, self.height - y, shown(words),
            fontproperties=_font(look.size), color=look.color, horizontalalignment=look.across,
            verticalalignment="bottom" if look.turned else "top", rotation=90 if look.turned else 0, parse_math=False,
        )  # fmt: skip
        if look.bold:
            # the font we depend on has one weight: a thin outline in the same colour makes the other
            artist.set_path_effects([withStroke(linewidth=look.size / 30, foreground=look.color)])
        elif look.halo:
            artist.set_path_effects([withStroke(linewidth=8, foreground=GROUND)])
        self.texts.append(artist)
        self.figure.add_artist(artist)
        artist.set_transform(None)

    def rectangle(self, box: Box, color: str, *, hatch: bool = False) -> None:
        """Fill a rectangle; hatched in white where the colour must survive black and white."""
        corner = (box.left, self.height - box.bottom)
        patch = Rectangle(corner, box.width, box.height, facecolor=color, edgecolor=GROUND, linewidth=0)
        if hatch:
            patch.set_hatch("///")
            patch.set_hatch_linewidth(2)
        self._add(patch)

    def panel(self, box: Box, color: str = PAPER) -> None:
        """Lay a quiet ground with round corners under what belongs together."""
        corner = (box.left, self.height - box.bottom)
        self._add(FancyBboxPatch(corner, box.width, box.height, boxstyle="round,pad=0,rounding_size=14",
                                 facecolor=color, linewidth=0, mutation_aspect=1))  # fmt: skip

    def frame(self, box: Box, color: str = INK) -> None:
        """Draw a border round the cell in question."""
        corner = (box.left, self.height - box.bottom)
        self._add(Rectangle(corner, box.width, box.height, fill=False, edgecolor=color, linewidth=4))

    def ring(self, box: Box, color: str = RED) -> None:
        """Draw a ring round something that must be seen."""
        middle = (box.left + box.width / 2, self.height - box.top - box.height / 2)
        self._add(Ellipse(middle, box.width, box.height, fill=False, edgecolor=color, linewidth=4))

    def line(
        self,
        points: Sequence[tuple[float, float]],
        color: str,
        *,
        width: float = 3,
        dash: Literal["-", "--", "-."] = "-",
    ) -> None:
        """Draw a line through points: solid ``-``, dashed ``--`` or dash-dot ``-.``."""
        across, down = [x for x, _ in points], [self.height - y for _, y in points]
        line = Line2D(across, down, color=color, linewidth=width, linestyle=dash, solid_capstyle="butt")
        self.figure.add_artist(line)
        line.set_transform(None)

    def dot(self, at: tuple[float, float], color: str, size: float = 12) -> None:
        """Mark one point of a line."""
        mark = Line2D([at[0]], [self.height - at[1]], color=color, marker="o", markersize=size, linestyle="none")
        self.figure.add_artist(mark)
        mark.set_transform(None)

    def save(self, path: Path) -> None:
        """Write the sheet as PNG; the same sheet gives the same bytes."""
        path.write_bytes(self.png())

    def png(self) -> bytes:
        """Give the sheet as PNG bytes."""
        stream = BytesIO()
        self.figure.savefig(stream, format="png", dpi=72, metadata=METADATA)
        return stream.getvalue()

    def _add(self, patch: Rectangle | FancyBboxPatch | Ellipse) -> None:
        self.figure.add_artist(patch)
        patch.set_transform(None)


def width(words: str, size: int = SMALL) -> float:
    """How many pixels a line of text takes."""
    return sum(_advance(character, size) for character in shown(words))


def fitted(words: str, room: float, size: int = SMALL) -> str:
    """Shorten a line until it fits, with an ellipsis where something was left out."""
    if width(words, size) <= room:
        return words
    kept, left = "", room - width(ELLIPSIS, size)
    for character in shown(words):
        left -= _advance(character, size)
        if left < 0:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS


def wrapped(words: str, room: float, most: int, size: int = SMALL) -> list[str]:
    """Break a text into at most ``most`` lines that fit; the last is shortened if it must be.

    A line ends with a mark where it can, unless the text then needs to be shortened.
    """
    at_marks = _lines(shown(words), room, (most, size), _break)
    return (
        at_marks
        if not at_marks or not at_marks[-1].endswith(ELLIPSIS)
        else _lines(shown(words), room, (most, size), _full)
    )


def _lines(words: str, room: float, form: tuple[int, int], cut_at: Callable[[str, float, int], int]) -> list[str]:
    most, size = form
    lines: list[str] = []
    left = words.strip()
    while left and len(lines) < most - 1:
        cut = cut_at(left, room, size)
        lines.append(left[:cut].rstrip())
        left = left[cut:].lstrip()
    return [*lines, fitted(left, room, size)] if left else lines


@lru_cache(maxsize=1024)
def shown(words: str) -> str:
    """Give a text as a picture can show it: one line, no control marks, no character without a glyph."""
    flat = " ".join(unicodedata.normalize("NFC", words).split())
    return "".join(_glyph(character) for character in flat)


@cache
def _glyph(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Mn", "Me"):
        return ""
    bare = PLAIN.get(character, unicodedata.normalize("NFKD", character)[:1])
    return next((each for each in (character, bare) if ord(each) in _metrics().get_charmap()), MISSING)


def _break(text: str, room: float, size: int) -> int:
    """Where a line ends best: after a mark in its second half, else where it is full."""
    end = _fits(text, room, size)
    if end == len(text):
        return end
    at_mark = next((at for at in range(end, max(end // 2, 1), -1) if _ends_with_mark(text, at)), None)
    return at_mark or _full(text, room, size)


def _full(text: str, room: float, size: int) -> int:
    """Where a full line ends: before a word of Latin letters, never before a closing mark."""
    end = _fits(text, room, size)
    if end == len(text):
        return end
    return next((at for at in range(end, 1, -1) if _may_break(text[at - 1], text[at])), None) or _forced(text, end)


def _fits(text: str, room: float, size: int) -> int:
    widths = list(accumulate(_advance(character, size) for character in text))
    return max(bisect_right(widths, room), 1)


def _ends_with_mark(text: str, at: int) -> bool:
    # the comma of 1,000 and of H93,H15 and the colon of 08:05 are no ends
    within = at > 1 and all(each.isascii() and each.isalnum() for each in (text[at - 2], text[at]))
    return text[at - 1] in ",;:,;:" and not within


def _forced(text: str, end: int) -> int:
    """Break where nothing is fit for it, but never before a closing mark."""
    return next((at for at in range(end, 1, -1) if text[at] not in CLOSING), end)


def _may_break(before: str, after: str) -> bool:
    if after in CLOSING:
        return False
    return not (before.isascii() and after.isascii()) or before == " " or after == " "


@cache
def _advance(character: str, size: int) -> float:
    # letters are measured one by one and remembered: a whole line is at most as wide, for kerning only narrows
    font = _metrics()
    font.set_size(size, 72)
    font.set_text(character, 0.0)
    return float(font.get_width_height()[0]) / 64


@cache
def _metrics() -> ft2font.FT2Font:
    """The font as the drawing itself reads it."""
    return font_manager.get_font(font_manager.findfont(_font(SMALL)))


@cache
def _font(size: int) -> FontProperties:
    _load()
    return FontProperties(family=FAMILY, size=size)


@cache
def _load() -> None:
    """Load the Chinese font by its path, once: no search on this machine decides what is drawn."""
    font_manager.fontManager.addfont(str(pylopdf_fonts_zh_cn.sans_path()))
