"""Editions: a month's or a year's summary, counted here and drawn in a process of its own."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import Settings
from conversations.plain import Json
from handlers.summaries import Edition
from reports import monthly as months
from reports import yearly as years
from reports.charts import draw_all
from reports.figures import MonthlyFigures, Remarks, YearlyFigures
from reports.summary_text import month_text, year_text
from reports.voice import Voice
from reports.words import Words
from storage.database import Database

DRAWING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Told:
    """A summary as the terminal gives it: the text, the same as data, and the pictures that were written."""

    text: str
    data: dict[str, Json]
    charts: tuple[Path, ...] = ()


def monthly(database: Database, settings: Settings, month: str | None, out: Path | None) -> Told:
    """Summarise a month (without one: the month that is over), with pictures where there is a folder for them."""
    chosen = month or month_before(database.clock(), settings)
    figures = _month(database, settings, chosen, database.clock())
    charts = _drawn(figures, settings.company.language, out)
    voice = _voice(figures, settings)
    data = months.as_json(figures, charts, language=settings.company.language)
    return Told(month_text(figures, voice, Remarks()), data, charts)


def yearly(database: Database, settings: Settings, year: int, out: Path | None) -> Told:
    """Summarise a year, with pictures where there is a folder for them."""
    with database.reading() as session:
        figures = years.yearly_figures(session, str(year), cut_off=database.clock(), zone=settings.zone)
    charts = _drawn(figures, settings.company.language, out)
    data = years.year_json(figures, tuple(map(str, charts)))
    return Told(year_text(figures, _voice(figures, settings), Remarks()), data, charts)


def drawer(database: Database, settings: Settings) -> Callable[[str, datetime], Edition]:
    """Give what the monthly tick draws with: a month and an instant in, text and pictures out."""

    def draw(month: str, cut_off: datetime) -> Edition:
        figures = _month(database, settings, month, cut_off)
        with TemporaryDirectory(prefix="gukebot-") as folder:
            paths = _drawn(figures, settings.company.language, Path(folder))
            pictures = tuple(path.read_bytes() for path in paths)
        return Edition(month_text(figures, _voice(figures, settings), Remarks()), pictures)

    return draw


def month_before(now: datetime, settings: Settings) -> str:
    """Give the month that is over, in the company's zone."""
    return f"{now.astimezone(settings.zone).replace(day=1) - timedelta(days=1):%Y-%m}"


def _month(database: Database, settings: Settings, month: str, cut_off: datetime) -> MonthlyFigures:
    with database.reading() as session:
        return months.monthly_figures(session, month, cut_off=cut_off, zone=settings.zone)


def _voice(figures: MonthlyFigures | YearlyFigures, settings: Settings) -> Voice:
    return Voice(Words(settings.zone), settings.company.language, figures.cut_off)


def _drawn(figures: MonthlyFigures | YearlyFigures, language: str, out: Path | None) -> tuple[Path, ...]:
    """Draw in a process that is started for it and ends with it: beside the event loop it would stop all else."""
    if out is None:
        return ()
    out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return tuple(pool.submit(draw_all, figures, language, out).result(DRAWING_SECONDS))
