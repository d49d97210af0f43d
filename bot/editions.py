"""Editions: a month's or a year's summary, counted here and drawn in a process of its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from conversations.plain import Json
from handlers import rules
from handlers.company import Company
from handlers.remarks import remarks_of
from handlers.summaries import Edition
from handlers.surveys.drawn import Drawing
from handlers.turn import Turn
from reports import monthly as months
from reports import satisfaction_text
from reports import yearly as years
from reports.drawing import draw_flow_in_process, draw_in_process, draw_survey_in_process
from reports.figures import MonthlyFigures, Remarks, YearlyFigures
from reports.flow import Flow
from reports.satisfaction_figures import SatisfactionFigures
from reports.summary_text import key_figures, month_body, month_text, picture_texts, suggestions, year_text
from reports.voice import Voice
from reports.words import Words
from storage.database import Database

ON_TIME = "monthly_summary.on_time"


@dataclass(frozen=True, slots=True)
class Told:
    """A summary as the terminal gives it: the text, the same as data, and the pictures that were written."""

    text: str
    data: dict[str, Json]
    charts: tuple[Path, ...] = ()


def monthly(database: Database, company: Company, month: str | None, out: Path | None) -> Told:
    """Summarise a month (without one: the month that is over), with pictures where there is a folder for them."""
    chosen = month or month_before(database.clock(), company)
    figures = _month(database, company, chosen, database.clock())
    # a month that was summed up in the chat says here what it says there
    added = _added(database, company, chosen)
    charts = _drawn(figures, company.language, out, added)
    voice = _voice(figures, company)
    data = months.as_json(figures, charts, language=company.language)
    return Told(month_text(figures, voice, added), data, charts)


def yearly(database: Database, company: Company, year: int, out: Path | None) -> Told:
    """Summarise a year, with pictures where there is a folder for them."""
    with database.reading() as session:
        figures = years.yearly_figures(session, str(year), cut_off=database.clock(), zone=company.zone)
    charts = _drawn(figures, company.language, out)
    data = years.year_json(figures, tuple(map(str, charts)))
    return Told(year_text(figures, _voice(figures, company), Remarks()), data, charts)


def drawer(database: Database, company: Company) -> Callable[[str, datetime], Edition]:
    """Give what the monthly tick draws with: a month and an instant in, text and pictures out."""

    def draw(month: str, cut_off: datetime) -> Edition:
        added = _added(database, company, month)
        clean = replace(added, confirmed_on=cut_off.astimezone(company.zone).date())
        looks = (("clean", clean), ("stamped", replace(added, confirmed_on=None)))
        figures = _month(database, company, month, cut_off)
        with TemporaryDirectory(prefix="gukebot-") as folder:
            paths = [_drawn(figures, company.language, Path(folder) / name, remarks) for name, remarks in looks]
            pictures, stamped = (tuple(path.read_bytes() for path in each) for each in paths)
        voice = _voice(figures, company)
        alts = tuple(picture_texts(figures, voice, added))
        text, suggested = month_body(figures, voice), suggestions(figures)
        return Edition(text, pictures, stamped, suggested, alts, key_figures(figures))

    return draw


def survey_drawer(company: Company) -> Callable[[SatisfactionFigures], Drawing]:
    """Give what surveys are drawn with: figures in, pictures and what each shows out."""

    def draw(figures: SatisfactionFigures) -> Drawing:
        with TemporaryDirectory(prefix="gukebot-") as folder:
            paths = draw_survey_in_process(figures, company.language, Path(folder))
            pictures = tuple(path.read_bytes() for path in paths)
        voice = Voice(Words(company.zone), company.language, figures.campaign.cut_off)
        return Drawing(pictures, satisfaction_text.picture_texts(figures, voice))

    return draw


def draw_flow(flow: Flow) -> bytes:
    """Draw a procedure's steps, in a process of its own."""
    with TemporaryDirectory(prefix="gukebot-") as folder:
        return draw_flow_in_process(flow, Path(folder) / "flow.png").read_bytes()


def month_before(now: datetime, company: Company) -> str:
    """Give the month that is over, in the company's zone."""
    return f"{now.astimezone(company.zone).replace(day=1) - timedelta(days=1):%Y-%m}"


def _added(database: Database, company: Company, month: str) -> Remarks:
    """What people have added to a month's summary in the chat."""
    return database.do(lambda uow: remarks_of(Turn(uow, company), uow.cases.find(f"YB-{month}")))


def _month(database: Database, company: Company, month: str, cut_off: datetime) -> MonthlyFigures:
    with database.reading() as session:
        figures = months.monthly_figures(session, month, cut_off=cut_off, zone=company.zone)
    return months.with_target(figures, database.do(lambda uow: rules.value_of(Turn(uow, company), ON_TIME)))


def _voice(figures: MonthlyFigures | YearlyFigures, company: Company) -> Voice:
    return Voice(Words(company.zone), company.language, figures.cut_off)


def _drawn(
    figures: MonthlyFigures | YearlyFigures, language: str, out: Path | None, remarks: Remarks | None = None
) -> tuple[Path, ...]:
    """Draw in a process of its own, where there is a folder for the pictures."""
    if out is None:
        return ()
    out.mkdir(parents=True, exist_ok=True)
    return tuple(draw_in_process(figures, language, out, remarks))
