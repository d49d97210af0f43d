"""Versions of the rules' numbers: appended, never changed, each with who approved it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Index, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Key, Row


class RuleVersion(Row):
    """One approved value of one rule, from a day on."""

    __tablename__ = "rule_versions"
    __table_args__ = (Index(None, "key", "effective_from"),)

    id: Mapped[Key] = mapped_column(init=False)
    key: Mapped[str]
    value: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    clause: Mapped[str] = mapped_column(default="")
    edition: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    effective_from: Mapped[date]
    editor: Mapped[str] = mapped_column(default="")
    approver: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


IN_FORCE = (
    select(RuleVersion)
    .where(RuleVersion.key == bindparam("rule"), RuleVersion.effective_from <= bindparam("day"))
    .order_by(RuleVersion.effective_from.desc(), RuleVersion.id.desc())
    .limit(1)
)


class RuleVersions:
    """Read the versions in force, and append new ones."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, version: RuleVersion) -> RuleVersion:
        """Add a version; those before it stay."""
        self._session.add(version)
        self._session.flush()
        return version

    def at(self, key: str, day: date) -> RuleVersion | None:
        """The version of a rule in force on a day: the latest to take effect, of those the latest written."""
        return self._session.scalar(IN_FORCE, {"rule": key, "day": day})

    def current(self, day: date) -> Mapping[str, RuleVersion]:
        """Every rule's version in force on a day, by key."""
        known = select(RuleVersion).where(RuleVersion.effective_from <= day)
        ordered = self._session.scalars(known.order_by(RuleVersion.effective_from, RuleVersion.id))
        return {version.key: version for version in ordered}

    def history(self, key: str) -> Sequence[RuleVersion]:
        """Every version of a rule, oldest first."""
        return self._session.scalars(select(RuleVersion).where(RuleVersion.key == key).order_by(RuleVersion.id)).all()
