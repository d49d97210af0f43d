"""Drafts that grow old: their owner is warned a day before, and after seven days they are dropped (design 8)."""

from datetime import timedelta

from conversations.words import said
from handlers.company import Company
from handlers.forms import form_of
from handlers.telling import DIGEST
from handlers.turn import Turn
from notifications import notices
from storage.database import Database
from storage.drafts import DraftRow
from storage.outbox_rows import Message
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
    turn.uow.outbox.add(
        Message(
            key=f"draft/{row.id}/{row.expires_at:%Y%m%d%H%M%S}/person:{row.person_id}",
            platform=turn.company.platform,
            address=f"person:{row.person_id}",
            topic=notice.topic,
            payload=notice.payload(),
            priority=DIGEST,
        )
    )
    row.warned_at = turn.now
