"""Drafts that grow old: their owner is warned a day before, and after seven days they are dropped (design 8)."""

from datetime import timedelta

from conversations.words import said
from handlers.addresses import Address
from handlers.company import Company
from handlers.forms import form_of
from handlers.outgoing import DIGEST, How, send
from handlers.turn import Turn
from notifications import notices
from storage.database import Database
from storage.drafts import DraftRow
from storage.unit_of_work import UnitOfWork

WARNING = timedelta(days=1)
MANY = 5000


def tick(database: Database, company: Company) -> None:
    """Warn once of each draft that ends within a day, and drop what has ended: safe to call at any time."""

    def look(uow: UnitOfWork) -> None:
        for row in uow.drafts.expiring(uow.now + WARNING, MANY):
            if row.expires_at <= uow.now:
                uow.drafts.end(row)
            elif row.warned_at is None:
                _warn(Turn(uow, company), row)

    database.do(look)


def _warn(turn: Turn, row: DraftRow) -> None:
    notice = notices.draft_expires(said(form_of(turn, row).title), row.expires_at)
    key = f"draft/{row.id}/{row.expires_at:%Y%m%d%H%M%S}"
    send(turn, notice, [Address(f"person:{row.person_id}", "drafter")], How(key=key, priority=DIGEST))
    row.warned_at = turn.now
