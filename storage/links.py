"""Links that people outside were given: which, for what and until when. The token that opens one is never here."""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Row

ID_BYTES = 24


def new_id() -> str:
    """An identifier that nobody guesses: 192 bits."""
    return secrets.token_urlsafe(ID_BYTES)


class AccessLink(Row):
    """One link: its purpose, what it is about, whom it was made for, and its end."""

    __tablename__ = "access_links"
    __table_args__ = (Index(None, "purpose", "subject"),)

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
    purpose: Mapped[str]
    subject: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("cases.id"), default=None, index=True)
    contact: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)

    def opens(self, now: datetime) -> bool:
        """Whether it may be opened now."""
        return self.revoked_at is None and now < self.expires_at


class AccessLinks:
    """Find links, and keep new ones."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, link: AccessLink) -> AccessLink:
        """Keep a new link."""
        self._session.add(link)
        self._session.flush()
        return link

    def get(self, link_id: str) -> AccessLink | None:
        """The link with this identifier."""
        return self._session.get(AccessLink, link_id)

    def live(self, purpose: str, subject: str, contact: str, now: datetime) -> AccessLink | None:
        """The newest link that somebody has for something and that opens."""
        same = (AccessLink.purpose == purpose, AccessLink.subject == subject, AccessLink.contact == contact)
        found = self._session.scalars(select(AccessLink).where(*same).order_by(AccessLink.created_at.desc()))
        return next((link for link in found if link.opens(now)), None)

    def revoke(self, subject: str, now: datetime) -> int:
        """Close every link to something for good. Returns how many were open."""
        theirs = select(AccessLink).where(AccessLink.subject == subject, AccessLink.revoked_at.is_(None))
        found = self._session.scalars(theirs).all()
        for link in found:
            link.revoked_at = now
        self._session.flush()
        return len(found)
