"""R8: somebody's home with five thousand open cases, from the tap to the view that goes to Slack."""

from collections.abc import Iterator
from functools import partial
from statistics import median

from bot.slack.home import view
from handlers import home
from handlers.turn import Turn
from storage.cases import Case
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.pairing import Row, duration, limit, seconds
from tests.benchmarks.rig import Rig
from tests.support.bulk import copy_case
from tests.support.desk import Desk

OPEN = 5_000
TAPS = 40
MOST_SECONDS = 1.0
WHO = "程小满"
"""She reported every one of them, and has half of them herself."""


def rows(rig: Rig) -> Iterator[Row]:
    """The first page and the last, on each database: the slowest tap counts."""
    for name, url in rig.urls().items():
        desk = rig.desk(url(), partial(_fill, count=OPEN))
        for page in ("urgent:0", f"reported:{OPEN - 10}"):
            desk.tap(WHO, f"home:{page}")
            _drawn(desk)
            took = [seconds(partial(_drawn, desk)) for _ in range(TAPS)]
            goal = f"home, {OPEN:,} open, {page.partition(':')[0]}, {name}"
            yield limit(goal, f"{duration(max(took))}, median {duration(median(took))}", max(took), MOST_SECONDS, "s")
        desk.database.dispose()


def _fill(uow: UnitOfWork, template: Case, count: int) -> None:
    copy_case(uow, template, count // 2)
    template.owner_id = None
    uow.session.flush()
    copy_case(uow, template, count - count // 2, "TS-2026-9")


def _drawn(desk: Desk) -> None:
    def draw(uow: UnitOfWork) -> None:
        turn = Turn(uow, desk.company, uow.organisation.person_by_name(WHO), "slack")
        found = home.shown(turn)
        assert found is not None
        assert len(view(found, turn.say)["blocks"]) <= 60

    desk.database.look(draw)
