"""The console's post: what the console gateway delivered, to be read by ``gukebot console``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Key, Row
from storage.upsert import insert_missing


class MailboxRow(Row):
    """One delivered message, under the key of its outbox row. A newer letter of the same card replaces it."""

    __tablename__ = "mailbox"
    __table_args__ = (Index(None, "address", "id"),)

    id: Mapped[Key] = mapped_column(init=False)
    key: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    text: Mapped[str]
    picture: Mapped[str | None] = mapped_column(default=None)
    card: Mapped[str] = mapped_column(default="", server_default="")
    replaced: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """What to put in; ``card`` names the living notice whose older letters it replaces."""

    key: str
    address: str
    text: str
    picture: str | None = None
    card: str = ""


class Mailbox:
    """Put a message in once, and read what lies there."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def put(self, letter: NewLetter) -> bool:
        """Deliver under a key. False when it lay there already: it is not put in twice."""
        row = {name: getattr(letter, name) for name in ("key", "address", "text", "picture", "card")}
        if letter.card:
            same = (MailboxRow.address == letter.address, MailboxRow.card == letter.card, MailboxRow.key != letter.key)
            older = update(MailboxRow).where(*same).values(replaced=True)
            self._session.execute(older, execution_options={"synchronize_session": False})
        return insert_missing(self._session, MailboxRow, [{**row, "replaced": False, "at": self._now}]) == 1

    def find(self, key: str) -> MailboxRow | None:
        """The message delivered under this key."""
        return self._session.scalar(select(MailboxRow).where(MailboxRow.key == key))

    def of(self, address: str, after: int = 0, limit: int = 100) -> Sequence[MailboxRow]:
        """What an address received after the message with that id, oldest first."""
        theirs = select(MailboxRow).where(MailboxRow.address == address, MailboxRow.id > after)
        return self._session.scalars(theirs.order_by(MailboxRow.id).limit(limit)).all()

    def all_after(self, after: int, limit: int = 10_000) -> Sequence[MailboxRow]:
        """What anybody received after the message with that id, oldest first."""
        later = select(MailboxRow).where(MailboxRow.id > after)
        return self._session.scalars(later.order_by(MailboxRow.id).limit(limit)).all()
