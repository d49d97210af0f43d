"""Pictures are fit to be shown: nothing overlaps, nothing is cut off, nothing is too small, nothing is missing."""

import os
import random
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text

from reports.charts import draw_all, pictures
from reports.charts.canvas import HEIGHT, MISSING, SMALL, WIDTH, Canvas, fitted, shown, width, wrapped
from reports.figures import MonthlyFigures, Remarks, YearlyFigures
from reports.months import NAMES
from reports.summary_text import picture_texts
from reports.voice import Voice
from reports.words import Words
from tests.rules import chart_data
from tests.rules.chart_data import ZONE, dice
from tests.support import LONG

DATA_SETS, AT_A_TIME = 500 if LONG else 100, 50
BATCHES = [pytest.param(at, marks=[pytest.mark.slow] if at else []) for at in range(DATA_SETS // AT_A_TIME)]
RENDERER = RendererAgg(WIDTH, HEIGHT, 72)  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NO_FIGURE = re.compile(r"…|^\d{1,2}月$")
"""A name that was shortened may end within a number of its own; 3月 beside a row is a name."""


def of(seed: int) -> tuple[MonthlyFigures | YearlyFigures, Voice, Remarks]:
    """One data set: four months to one year, three in Chinese to one in English."""
    chance = dice(seed)
    figures = chart_data.yearly(chance) if seed % 5 == 4 else chart_data.monthly(chance)
    language = "en" if seed % 4 == 3 else "zh"
    return figures, Voice(Words(ZONE), language, figures.cut_off), chart_data.remarks(chance)


def boxes(canvas: Canvas) -> list[tuple[str, float, float, float, float]]:
    """Every label with its edges in pixels, as the renderer itself measures them."""
    # one renderer for all sheets, which are alike: it remembers what it has measured
    extents = [(text.get_text(), text.get_window_extent(RENDERER)) for text in canvas.texts if text.get_text()]
    return [(words, box.x0, box.y0, box.x1, box.y1) for words, box in extents]


def height(text: Text) -> float:
    """How high a line of text is, as the renderer measures it; upright digits are as high as they are broad."""
    box = text.get_window_extent(RENDERER)
    return float(box.width if text.get_rotation() else box.height)


def faults(canvas: Canvas) -> list[str]:
    """What a reader would not accept: labels cut off, crossing each other, or too small at 360 pixels."""
    labels = boxes(canvas)
    found = [f"small: {text.get_text()}" for text in canvas.texts if text.get_text() and height(text) < SMALL]
    for at, (words, left, low, right, high) in enumerate(labels):
        if left < 0 or low < 0 or right > WIDTH or high > HEIGHT:
            found.append(f"cut off: {words}")
        for other, left2, low2, right2, high2 in labels[at + 1 :]:
            if left < right2 and left2 < right and low < high2 and low2 < high:
                found.append(f"crossing: {words} / {other}")
    return found


@pytest.mark.parametrize("batch", BATCHES)
def test_no_label_crosses_another_or_the_edge(batch: int, capsys: pytest.CaptureFixture[str]) -> None:
    """On 100 random data sets, or 500, no label box crosses another, leaves the sheet, or is under 12 px at 360."""
    base = int(os.environ.get("GUKEBOT_CHART_SEED", "") or random.SystemRandom().randrange(10**6))
    first = base + batch * AT_A_TIME
    with capsys.disabled():
        sys.stdout.write(f" [pictures of seeds {first} to {first + AT_A_TIME - 1}] ")
    found = []
    for seed in range(first, first + AT_A_TIME):
        for number, picture in enumerate(pictures(*of(seed)), start=1):
            found += [f"seed {seed} picture {number}: {fault}" for fault in faults(picture())]

    assert not found, f"seed {base}: " + "\n".join(found[:30])


def test_every_number_of_a_picture_is_in_its_text() -> None:
    """Who hears the text instead of seeing the picture hears the same numbers, to the last digit."""
    for seed in range(60):
        figures, voice, remarks = of(seed)
        texts = picture_texts(figures, voice, remarks)
        for text, picture in zip(texts, pictures(figures, voice, remarks), strict=True):
            # an axis says 9 where an English text says September
            named = {str(at) for at, month in enumerate(NAMES, start=1) if month in text}
            told = set(NUMBER.findall(text)) | named
            drawn = [label.get_text() for label in picture().texts if not NO_FIGURE.search(label.get_text())]
            missing = {number for words in drawn for number in NUMBER.findall(words)} - told

            assert not missing, f"seed {seed}: {missing}\n{text}"


def test_no_glyph_is_missing(tmp_path: Path) -> None:
    """Whatever people type, a picture is drawn without one 'Glyph missing' warning."""
    figures, _, remarks = of(3)
    customers = [replace(each, name=name) for each, name in zip(figures.customers, chart_data.NAMES, strict=False)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = draw_all(replace(figures, customers=customers), "zh", tmp_path, remarks)

    assert [path.name[-3:] for path in drawn] == ["png"] * 5


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    """A summary drawn again, in another process, is the same to the byte; it is 1080 by 1350."""
    program = (
        "import sys; from pathlib import Path; from tests.rules.test_charts import of; "
        "from reports.charts import draw_all; figures, _, remarks = of(7); "
        "draw_all(figures, 'zh', Path(sys.argv[1]), remarks)"
    )
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        subprocess.run([sys.executable, "-c", program, str(tmp_path / name)], check=True)
    first, second = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    header = first[0].read_bytes()[16:24]
    assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")) == (1080, 1350)


def test_an_unconfirmed_summary_says_so_on_every_picture() -> None:
    """A draft that is forwarded cannot be taken for the confirmed summary."""
    figures, voice, _ = of(8)
    for confirmed_on, stamped in ((None, True), (date(2026, 11, 2), False)):
        for picture in pictures(figures, voice, Remarks(confirmed_on=confirmed_on)):
            words = [text.get_text() for text in picture().texts]
            assert any("未确认" in each for each in words) is stamped


def test_text_is_shown_as_it_is_written() -> None:
    """Mathematics, markup and direction marks from outside are letters or nothing, never commands."""
    canvas = Canvas()
    canvas.text((40, 40), "$x^2$ <b> \u202eabc")

    assert isinstance(canvas.texts[0], Text)
    assert canvas.texts[0].get_text() == "$x^2$ <b> abc"
    assert not canvas.texts[0].get_parse_math()


def test_characters_outside_the_font_are_replaced() -> None:
    """A letter keeps its base, everything else becomes one empty box; Chinese stays."""
    assert shown("Łódź 䶮𠮷😀\n凌岳") == f"Lódz 䶮{MISSING}{MISSING} 凌岳"


def test_lines_are_cut_and_broken_where_they_fit() -> None:
    """A shortened line fits with its ellipsis; a broken one keeps numbers and Latin words whole."""
    long = "数据不足:现有 14 个月,需 24 个月"

    assert width(fitted(long, 300)) <= 300
    assert fitted(long, 300).endswith("…")
    assert wrapped("主要为H134,M279(9件)", 300, 2) == ["主要为", "H134,M279(9件)"]
    assert wrapped(long, 260, 6) == ["数据不足:", "现有 14 个月,", "需 24 个月"]
    assert all(width(line) <= 260 for line in wrapped("BMW OF NORTH AMERICA, LLC " * 3, 260, 4))


def test_matplotlib_is_not_loaded_by_figures_or_text() -> None:
    """Counting, and every command that draws nothing, starts without matplotlib."""
    program = (
        "import sys, reports.monthly, reports.yearly, reports.summary_text, reports.drawing; "
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
