"""The pictures of a survey: drawn outside any transaction, kept as its case's files, drawn anew for a new line."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from conversations.procedures.handbook import Handbook
from handlers import posting, roster
from handlers.company import Company
from handlers.surveys import counting
from handlers.turn import Turn
from reports.drawing import DrawingError
from reports.satisfaction_figures import SatisfactionFigures
from storage.cases import Case
from storage.database import Database
from storage.files import Belongs
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

PROCEDURES = (roster.CUSTOMER, roster.EMPLOYEE)
STEPS = ("analysed", "report_approval", "countersigning", "distributed")
NOTHING_TO_SHOW = "-"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Pictures in their order, and what each shows in words."""

    pictures: tuple[bytes, ...]
    alts: tuple[str, ...]


Draw: TypeAlias = Callable[[SatisfactionFigures], Drawing]
"""Draws a survey; no transaction is open meanwhile."""


def at(turn: Turn, *steps: str) -> list[Case]:
    """The surveys that stand at one of these steps."""
    known: Handbook = turn.company.handbook
    found = [key for key in PROCEDURES if key in {each.key for each in known.procedures}]
    return [case for key in found for step in steps for case in turn.uow.cases.of_step(key, step)]


def mark_of(case: Case) -> str:
    """What the pictures have to show beside the answers: the competitor's score, named last of all."""
    return f"competitor:{case.answers.get('competitor') or ''}"


def ready(case: Case) -> bool:
    """Whether the pictures that are kept show everything."""
    return posting.drawn(case) in (mark_of(case), NOTHING_TO_SHOW)


def tick(database: Database, company: Company, draw: Draw | None) -> None:
    """Draw what has no pictures yet, or not the right ones; each survey for itself."""
    for case_id in database.look(lambda uow: [case.id for case in at(Turn(uow, company), *STEPS) if not ready(case)]):
        figures = database.look(partial(_figures, company=company, case_id=case_id))
        try:
            drawing = draw(figures) if figures is not None and draw is not None else None
        except DrawingError:  # the others go on; this one is tried again, and its deadline says that it is late
            log.exception("the pictures of a survey could not be drawn")
            continue
        database.do(partial(_keep, company=company, case_id=case_id, drawing=drawing))


def _figures(uow: UnitOfWork, company: Company, case_id: int) -> SatisfactionFigures | None:
    turn = Turn(uow, company)
    case = uow.cases.get(case_id)
    found = counting.count(turn, case) if case is not None else None
    return None if found is None or found.hidden or found.figures.overall is None else found.figures


def _keep(uow: UnitOfWork, company: Company, case_id: int, drawing: Drawing | None) -> None:
    case = uow.cases.get(case_id)
    if case is None:
        return
    if drawing is None:
        case.answers = {**case.answers, posting.DRAWN: NOTHING_TO_SHOW}
        return
    put(uow, case, drawing.pictures)
    case.answers = {**case.answers, posting.DRAWN: mark_of(case), posting.ALTS: list(drawing.alts)}


def put(uow: UnitOfWork, case: Case, pictures: Sequence[bytes]) -> None:
    """Keep pictures as files of the case, in their order; nobody's in particular."""
    for index, picture in enumerate(pictures, 1):
        uow.files.put(picture, name=f"{case.number}-{index:02}.png", mime="image/png", to=Belongs(case_id=case.id))
