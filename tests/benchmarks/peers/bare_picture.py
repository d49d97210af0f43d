"""The same artists, size, dpi and font, put on a figure by bare matplotlib and saved as PNG."""

from collections.abc import Callable
from io import BytesIO
from typing import cast

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyBboxPatch, Patch, Rectangle
from matplotlib.text import Text

Make = Callable[[], Artist]


def drawing(like: Figure) -> Callable[[], bytes]:
    """What draws this figure again from plain values, knowing already where everything goes."""
    makes = [_make(artist) for artist in like.get_children() if artist is not like.patch]
    size, dpi, ground = like.get_size_inches(), like.dpi, like.get_facecolor()

    def draw() -> bytes:
        figure = Figure(figsize=(size[0], size[1]), dpi=dpi, facecolor=ground)
        for make in makes:
            artist = make()
            figure.add_artist(artist)
            artist.set_transform(None)  # pixels
        stream = BytesIO()
        figure.savefig(stream, format="png", dpi=dpi)
        return stream.getvalue()

    return draw


def _make(artist: Artist) -> Make:
    if isinstance(artist, Text):
        return _text(artist)
    if isinstance(artist, Line2D):
        return _line(artist)
    if isinstance(artist, Patch):
        return _patch(artist)
    raise TypeError(type(artist).__name__)


def _text(like: Text) -> Make:
    (x, y), words, effects = like.get_position(), like.get_text(), like.get_path_effects()
    font, color, turned = like.get_fontproperties(), like.get_color(), like.get_rotation()
    across, up = like.get_horizontalalignment(), like.get_verticalalignment()

    def make() -> Text:
        text = Text(x, y, words, color=color, fontproperties=font, rotation=turned, parse_math=False)
        text.set_horizontalalignment(across)
        text.set_verticalalignment(up)
        if effects:
            text.set_path_effects(effects)
        return text

    return make


def _line(like: Line2D) -> Make:
    xs, ys, color, width = like.get_xdata(), like.get_ydata(), like.get_color(), like.get_linewidth()
    style, marker, size = like.get_linestyle(), like.get_marker(), like.get_markersize()
    return lambda: Line2D(xs, ys, color=color, linewidth=width, linestyle=style, marker=marker, markersize=size)


def _patch(like: Patch) -> Make:
    shape = _shape(like)
    face, edge, width = like.get_facecolor(), like.get_edgecolor(), like.get_linewidth()
    filled, hatch = like.get_fill(), like.get_hatch()

    def make() -> Patch:
        patch = shape()
        patch.set_facecolor(face)
        patch.set_edgecolor(edge)
        patch.set_linewidth(width)
        patch.set_fill(filled)
        patch.set_hatch(hatch)
        return patch

    return make


def _shape(like: Patch) -> Callable[[], Patch]:
    if isinstance(like, Rectangle):
        corner, width, height = like.get_xy(), like.get_width(), like.get_height()
        return lambda: Rectangle(corner, width, height)
    if isinstance(like, FancyBboxPatch):
        box = (like.get_x(), like.get_y()), like.get_width(), like.get_height()
        style = like.get_boxstyle()
        return lambda: FancyBboxPatch(*box, boxstyle=style, mutation_aspect=1)
    if isinstance(like, Ellipse):
        middle, across, up = _middle(like), like.get_width(), like.get_height()
        return lambda: Ellipse(middle, across, up)
    raise TypeError(type(like).__name__)


def _middle(like: Ellipse) -> tuple[float, float]:
    x, y = cast("tuple[float, float]", like.get_center())
    return x, y
