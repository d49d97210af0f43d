"""What people have set for themselves: muted topics and quiet hours."""

from datetime import time

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from conversations.attention import Settings, Topic
from storage.base import Identifier, Row


class PersonSettings(Row):
    """One person's settings; without a row the defaults hold."""

    __tablename__ = "person_settings"

    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    muted: Mapped[list[str]] = mapped_column(default_factory=list, insert_default=list)
    quiet_from: Mapped[str] = mapped_column(default="20:00")
    quiet_until: Mapped[str] = mapped_column(default="08:00")


class SettingsOfPeople:
    """Read and change."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, person_id: int) -> Settings:
        """What a person has set; the defaults for one who has set nothing."""
        row = self._session.scalar(select(PersonSettings).where(PersonSettings.person_id == person_id))
        if row is None:
            return Settings()
        return Settings(
            frozenset(Topic(topic) for topic in row.muted),
            time.fromisoformat(row.quiet_from),
            time.fromisoformat(row.quiet_until),
        )

    def put(self, person_id: int, settings: Settings) -> None:
        """Keep a person's settings."""
        self._session.merge(
            PersonSettings(
                person_id=person_id,
                muted=sorted(topic.value for topic in settings.muted),
                quiet_from=f"{settings.quiet_from:%H:%M}",
                quiet_until=f"{settings.quiet_until:%H:%M}",
            )
        )
        self._session.flush()
