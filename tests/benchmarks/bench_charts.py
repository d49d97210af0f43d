"""Each picture of a month against the same artists drawn by bare matplotlib, in this process, warm."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from reports.charts import NAMES, pictures
from reports.charts.canvas import Canvas
from reports.figures import MonthlyFigures, Remarks
from reports.monthly import monthly_figures
from reports.voice import Voice
from tests.benchmarks.pairing import Goal, Row, Side, Work, compare, seconds
from tests.benchmarks.peers import bare_picture
from tests.benchmarks.rig import Rig
from tests.support.desk import ZONE, Desk

MONTH = "2026-10"
CUT_OFF = datetime(2026, 11, 2, 8, 5, tzinfo=ZONE)
MOST = 1.3


def rows(rig: Rig) -> Iterator[Row]:
    """Five pictures of the sample company's October."""
    desk = Desk.open(rig.sqlite(), rig.folder / "charts")
    figures = sample_figures(desk)
    voice = Voice(desk.company.words, "zh", CUT_OFF)
    desk.database.dispose()
    for name, picture in zip(NAMES, pictures(figures, voice, Remarks()), strict=True):
        goal = Goal(f"chart {name}", MOST)
        bare = bare_picture.drawing(picture().figure)
        bare()
        yield compare(
            goal, Side("drawn", partial(_drawn, picture)), Side("bare matplotlib", partial(seconds, bare)),
            Work(rounds=5 if rig.quick else 11),
        )  # fmt: skip


def sample_figures(desk: Desk) -> MonthlyFigures:
    """The figures of the sample company's October."""
    from handlers.sample.history import load_history

    desk.people(with_numbers=False)
    desk.do(load_history)
    with desk.database.reading() as session:
        return monthly_figures(session, MONTH, cut_off=CUT_OFF, zone=ZONE)


def _drawn(picture: Callable[[], Canvas]) -> float:
    return seconds(lambda: picture().png())
