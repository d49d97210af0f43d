"""Drafts: the answers given so far, with who, where and when; there is no position to lose."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, bindparam, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Row

ACTIVE = text("active")


class DraftRow(Row):
    """One person's answers to one form about one case. ``answers`` is a list of {key, value, at, surface, skipped}."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index("ix_drafts_person_id_form", "person_id", "form"),
        Index("uq_drafts_active", "person_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
        Index(None, "expires_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=lambda: str(uuid.uuid4()))
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    form: Mapped[str]
    action: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("cases.id"), default=None)
    subject: Mapped[str] = mapped_column(default="")
    answers: Mapped[list[dict[str, object]]] = mapped_column(default_factory=list, insert_default=list)
    active: Mapped[bool] = mapped_column(default=True)
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    warned_at: Mapped[datetime | None] = mapped_column(default=None)


ACTIVE_OF = select(DraftRow).where(DraftRow.person_id == bindparam("person"), DraftRow.active)


class Drafts:
    """Find drafts, and keep their answers. At most one of a person is active, and the database sees to it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self.touched: set[int] = set()
        """The people whose drafts were begun, filed or dropped in this transaction."""

    def add(self, draft: DraftRow) -> DraftRow:
        """Keep a new draft; when it is active, the person's others step back."""
        if draft.active:
            self._step_back(draft.person_id)
        self.touched.add(draft.person_id)
        self._session.add(draft)
        self._session.flush()
        return draft

    def get(self, draft_id: str) -> DraftRow | None:
        """The draft with this identifier."""
        return self._session.get(DraftRow, draft_id)

    def held(self, draft_id: str) -> DraftRow | None:
        """The same, and nobody else who holds it may change it before our commit."""
        return self._session.scalar(select(DraftRow).where(DraftRow.id == draft_id).with_for_update())

    def active_of(self, person_id: int) -> DraftRow | None:
        """The draft that a line typed by this person answers."""
        return self._session.scalar(ACTIVE_OF, {"person": person_id})

    def of(self, person_id: int) -> Sequence[DraftRow]:
        """Every draft of a person, the newest change first."""
        mine = select(DraftRow).where(DraftRow.person_id == person_id)
        return self._session.scalars(mine.order_by(DraftRow.updated_at.desc(), DraftRow.id)).all()

    def newest_of(self, person_id: int, most: int) -> tuple[Sequence[DraftRow], int]:
        """The drafts of a person that were changed last, and how many there are."""
        mine = DraftRow.person_id == person_id
        newest = select(DraftRow).where(mine).order_by(DraftRow.updated_at.desc(), DraftRow.id).limit(most)
        count = select(func.count()).select_from(DraftRow).where(mine)
        return self._session.scalars(newest).all(), self._session.scalar(count) or 0

    def find(self, person_id: int, form: str, case_id: int | None = None) -> DraftRow | None:
        """The draft of a person for a form and a case: there is one at most in use."""
        mine = select(DraftRow).where(DraftRow.person_id == person_id, DraftRow.form == form)
        about = DraftRow.case_id.is_(None) if case_id is None else DraftRow.case_id == case_id
        return self._session.scalar(mine.where(about).order_by(DraftRow.updated_at.desc()).limit(1))

    def activate(self, draft: DraftRow) -> None:
        """Let this draft take what the person types from now on."""
        self._step_back(draft.person_id)
        draft.active = True
        self._session.flush()

    def keep(self, draft: DraftRow, answers: list[dict[str, object]], expires_at: datetime) -> None:
        """Keep the answers so far, and live on until then."""
        draft.answers = answers
        draft.updated_at = self._now
        draft.expires_at = expires_at
        draft.warned_at = None

    def end(self, draft: DraftRow) -> None:
        """Filed or dropped: the draft is gone."""
        self.touched.add(draft.person_id)
        self._session.delete(draft)
        self._session.flush()

    def expiring(self, before: datetime, limit: int = 200) -> Sequence[DraftRow]:
        """Drafts that end before then, soonest first."""
        ending = select(DraftRow).where(DraftRow.expires_at < before)
        return self._session.scalars(ending.order_by(DraftRow.expires_at).limit(limit)).all()

    def _step_back(self, person_id: int) -> None:
        others = update(DraftRow).where(DraftRow.person_id == person_id, DraftRow.active)
        self._session.execute(others.values(active=False), execution_options={"synchronize_session": "fetch"})
