"""Deadlines as rows: what is due is a query, and a level fires once however many sweep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Key, Row, UtcDateTime
from storage.session import grouped
from storage.upsert import insert_missing_told, table_of

WAITING = text("next_level_at IS NOT NULL")


class Deadline(Row):
    """An instant by which a step must be done. Breached is a fact (``breached_at``) that nothing takes back."""

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("case_id", "key", "round", "started_at"),
        Index("ix_deadlines_next_level_at", "next_level_at", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))
    key: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    basis: Mapped[str]
    span_minutes: Mapped[int]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="running")
    breached_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    rule_key: Mapped[str] = mapped_column(default="")
    rule_version: Mapped[int | None] = mapped_column(default=None)
    source: Mapped[str] = mapped_column(default="declaration")
    explanation: Mapped[list[object]] = mapped_column(default_factory=list, insert_default=list)
    pauses: Mapped[list[object]] = mapped_column(default_factory=list, insert_default=list)
    levels: Mapped[list[dict[str, object]]] = mapped_column(default_factory=list, insert_default=list)
    next_level: Mapped[str | None] = mapped_column(default=None)
    next_level_at: Mapped[datetime | None] = mapped_column(default=None)


class Escalation(Row):
    """One level of one deadline, reached once: fired, folded into a later one, or missed while we were down."""

    __tablename__ = "escalations"
    __table_args__ = (UniqueConstraint("deadline_id", "level"),)

    id: Mapped[Key] = mapped_column(init=False)
    deadline_id: Mapped[int] = mapped_column(Identifier, ForeignKey("deadlines.id"))
    level: Mapped[str]
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="fired")
    addresses: Mapped[list[str]] = mapped_column(default_factory=list, insert_default=list)
    acknowledged_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    promised_at: Mapped[datetime | None] = mapped_column(default=None)


@dataclass(frozen=True, slots=True)
class DueLevel:
    """A level whose time has come."""

    deadline_id: int
    case_id: int
    key: str
    level: str
    at: datetime


def _due() -> Select[int, int, str, str, datetime]:
    """The sweep's question, made once; answered by the partial index in its own order."""
    table = table_of(Deadline)
    columns = [table.c[name] for name in ("id", "case_id", "key", "next_level", "next_level_at")]
    moment = bindparam("moment", type_=UtcDateTime())
    due = select(*columns).where(table.c.next_level_at <= moment).order_by(table.c.next_level_at, table.c.id)
    return due.limit(bindparam("most")).with_for_update(skip_locked=True)


DUE = _due()


REACHED = ("deadline_id", "level", "due_at", "fired_at", "state", "addresses", "promised_at")


OF = select(Deadline).where(Deadline.case_id == bindparam("case")).order_by(Deadline.started_at, Deadline.id)
REACHED_OF = select(Escalation).where(Escalation.deadline_id == bindparam("deadline")).order_by(Escalation.id)
"""Made once; a case's deadlines are read once in a unit of work."""


class Deadlines:
    """Find deadlines, keep new ones, and write down which levels were reached."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._of: dict[int, list[Deadline]] = {}
        self._reached: dict[int, list[Escalation]] = {}

    def read_ahead(self, cases: Sequence[int]) -> None:
        """Read the deadlines of many cases with the levels they reached, for a job that will ask for each."""
        of_cases = select(Deadline).where(Deadline.case_id.in_(cases)).order_by(Deadline.started_at, Deadline.id)
        rows = self._session.scalars(of_cases).all()
        self._of = grouped(cases, rows, lambda row: row.case_id)
        ids = [row.id for row in rows]
        reached = select(Escalation).where(Escalation.deadline_id.in_(ids)).order_by(Escalation.id)
        self._reached = grouped(ids, self._session.scalars(reached), lambda row: row.deadline_id)

    def add(self, deadline: Deadline) -> Deadline:
        """Keep a new deadline; its ``id`` is known afterwards."""
        fresh = deadline not in self._session
        self._session.add(deadline)
        self._session.flush()
        if fresh:
            # what is known already is added to: a case that is filed begins several, and looks at them each time
            self._reached[deadline.id] = []
            known = self._of.get(deadline.case_id, [])
            known.append(deadline)
            known.sort(key=lambda row: (row.started_at, row.id))
        return deadline

    def get(self, deadline_id: int) -> Deadline | None:
        """The deadline with this identifier."""
        return self._session.get(Deadline, deadline_id)

    def of(self, case_id: int) -> Sequence[Deadline]:
        """Every deadline a case ever had, in order of their start."""
        if case_id not in self._of:
            self._of[case_id] = [*self._session.scalars(OF, {"case": case_id})]
        return tuple(self._of[case_id])

    def begun(self, case_id: int, key: str, round_: int, started_at: datetime) -> Deadline | None:
        """The deadline that began at exactly this instant: taken back with its action, it may begin again."""
        wanted = (key, round_, started_at)
        return next((row for row in self.of(case_id) if (row.key, row.round, row.started_at) == wanted), None)

    def running(self, case_id: int) -> Sequence[Deadline]:
        """The deadlines of a case that still run, the nearest first."""
        mine = [row for row in self.of(case_id) if row.state == "running"]
        return sorted(mine, key=lambda row: (row.due_at, row.id))

    def cases_running(self) -> Sequence[int]:
        """The identifiers of all cases with a deadline that still runs."""
        theirs = select(Deadline.case_id).where(Deadline.state == "running").distinct()
        return self._session.scalars(theirs.order_by(Deadline.case_id)).all()

    def due(self, now: datetime, limit: int = 500) -> list[DueLevel]:
        """Levels whose time has come, oldest first, held for this transaction so that no other sweep takes them."""
        self._session.flush()
        found = self._session.connection().execute(DUE, {"moment": now, "most": limit})
        return [DueLevel(*row) for row in found]

    def next_at(self) -> datetime | None:
        """When the next level is due: all that a restart must know."""
        soonest = select(Deadline.next_level_at).where(Deadline.next_level_at.is_not(None))
        return self._session.scalar(soonest.order_by(Deadline.next_level_at).limit(1))

    def reach(self, *escalations: Escalation) -> frozenset[str]:
        """Write down the levels a deadline reached. Those that were new; of one written before nobody may be told."""
        rows = [{name: getattr(escalation, name) for name in REACHED} for escalation in escalations]
        for escalation in escalations:
            self._reached.pop(escalation.deadline_id, None)
        return frozenset(insert_missing_told(self._session, Escalation, rows, Escalation.level))

    def reached(self, deadline_id: int) -> Sequence[Escalation]:
        """The levels a deadline has reached, in order."""
        if deadline_id not in self._reached:
            self._reached[deadline_id] = [*self._session.scalars(REACHED_OF, {"deadline": deadline_id})]
        return tuple(self._reached[deadline_id])
