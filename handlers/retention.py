"""Retention: what is no quality record goes when its time is over, by itself (S18)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from conversations.retention import RETENTION
from conversations.rules import Rule
from handlers.company import Company
from handlers.timing import resolved
from handlers.turn import Turn
from storage.database import Database
from storage.retention import EVIDENCE, REMOVE, Removed, anybody_held
from storage.unit_of_work import UnitOfWork

EVERY = timedelta(hours=6)
"""So often it is looked for; whatever is over is gone within a day even when the bot was down for most of it."""

LAST = "retention.last"


def tick(database: Database, company: Company, stopping: Callable[[], bool] = lambda: False) -> None:
    """Remove what was kept long enough, in bites; safe to call at any time."""
    if not database.look(_due):
        return
    for rule in RETENTION:
        while not stopping() and _bite(database, company, rule):
            pass
    if not stopping():
        database.do(lambda uow: uow.state.put(LAST, uow.now.isoformat()))


def _due(uow: UnitOfWork) -> bool:
    last = uow.state.get(LAST)
    return not isinstance(last, str) or uow.now - datetime.fromisoformat(last) >= EVERY


def _bite(database: Database, company: Company, rule: Rule) -> bool:
    """Remove one bite of a class; whether there was any."""

    def remove(uow: UnitOfWork) -> Removed:
        if rule.key in EVIDENCE and anybody_held(uow.session):
            return Removed(0)
        return REMOVE[rule.key](uow.session, uow.now - resolved(Turn(uow, company), rule, "").span)

    done = database.do(remove)
    database.discard(done.files)
    return done.count > 0
