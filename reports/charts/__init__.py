"""Charts: figures in, PNG files out, five to a summary. matplotlib is loaded here and nowhere else."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from reports import findings
from reports.charts import bars, trend
from reports.charts.canvas import Canvas
from reports.charts.open_cases import open_cases
from reports.charts.season import season
from reports.edition import of_month, of_year
from reports.figures import MonthlyFigures, Remarks, YearlyFigures
from reports.phrases import closing
from reports.voice import Voice
from reports.words import Words

NAMES = ("1-trend", "2-customers", "3-defects", "4-season", "5-open")


def draw_all(
    figures: MonthlyFigures | YearlyFigures, language: str, directory: Path, remarks: Remarks | None = None
) -> list[Path]:
    """Draw the five pictures of a month or a year into a directory; gives their paths in order.

    The same figures give the same bytes. Without a day of confirmation every picture says 未确认.
    """
    period = figures.month if isinstance(figures, MonthlyFigures) else figures.year
    voice = Voice(Words(figures.zone), language, figures.cut_off)
    paths = []
    for name, picture in zip(NAMES, pictures(figures, voice, remarks or Remarks()), strict=True):
        path = directory / f"{period}-{name}.png"
        # one sheet at a time is held in memory
        picture().save(path)
        paths.append(path)
    return paths


def pictures(
    figures: MonthlyFigures | YearlyFigures, voice: Voice, remarks: Remarks
) -> tuple[Callable[[], Canvas], ...]:
    """Give the five pictures, each drawn when it is called for."""
    confirmed = remarks.confirmed_on is not None
    if isinstance(figures, MonthlyFigures):
        edition, title = of_month(figures), findings.month_title(figures)
        first = partial(trend.month, figures, voice, confirmed=confirmed)
    else:
        edition, title = of_year(figures), findings.year_title(figures)
        first = partial(trend.year, figures, voice, confirmed=confirmed)
    conclusions = closing(edition, title, remarks)
    return (
        first,
        partial(bars.customers, edition, voice, confirmed=confirmed),
        partial(bars.defects, edition, voice, confirmed=confirmed),
        partial(season, edition, voice, confirmed=confirmed),
        partial(open_cases, edition, voice, conclusions, confirmed=confirmed),
    )
