"""Nights: once in each, ballots go on among others, and the database's files forget how they lay before (N-05)."""

from datetime import datetime, time
from functools import partial

import structlog

from handlers.company import Company
from handlers.surveys import ballots
from handlers.turn import Turn
from storage.database import Database
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

AT = time(2)
"""From then on; a bot that was down makes up for it when it is back."""

LAST = "ballots.night"
log = structlog.stdlib.get_logger("handlers.surveys")

STILL_OPEN = ("open", "closing")
"""Steps from which a survey may be kept open longer: its last ten ballots stay back."""


def tick(database: Database, company: Company) -> None:
    """Do what the night asks, once in each; wipe after it, or after a survey was finished."""
    if company.links is None:
        return
    if database.look(lambda uow: _due(Turn(uow, company))):
        for campaign_id in database.look(lambda uow: uow.ballots.waiting()):
            database.do(partial(_move_on, company=company, campaign_id=campaign_id))
        database.do(lambda uow: uow.state.put(LAST, company.today(uow.now).isoformat()))
    if database.look(lambda uow: uow.state.get(ballots.TO_WIPE)):
        _wipe(database)


def _wipe(database: Database) -> None:
    try:
        database.wipe()
    except StorageError:  # others work on it, or the disk is full: reports need not wait, and the next minute is near
        log.warning("the files are not wiped yet", exc_info=True)
        return
    database.do(lambda uow: uow.state.put(ballots.TO_WIPE, value=False))


def _due(turn: Turn) -> bool:
    begun = turn.now >= datetime.combine(turn.today, AT, turn.company.zone)
    return begun and turn.uow.state.get(LAST) != turn.today.isoformat()


def _move_on(uow: UnitOfWork, company: Company, campaign_id: int) -> None:
    turn = Turn(uow, company)
    campaign = turn.uow.surveys.held(campaign_id)
    case = turn.uow.cases.get(campaign.case_id) if campaign is not None else None
    if campaign is None or case is None:
        return
    if case.step == "cancelled":
        turn.uow.ballots.discard(campaign.id)
    else:
        ballots.move_on(turn, campaign, everything=campaign.closed_at is not None and case.step not in STILL_OPEN)
