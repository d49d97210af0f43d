"""Cases, what people did on them, and how they hang together."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.base import Identifier, JsonText, Key, Row
from storage.errors import ConflictError
from storage.numbers import NumberSeries, written
from storage.session import grouped

OPEN = text("closed_at IS NULL")
OF_AN_EVENT = text("event_key <> ''")
TAIL = re.compile(r"(?P<prefix>[A-Z]{2})?-?(?:(?P<year>\d{4})-)?(?P<count>\d{1,6})")


class Action(Row):
    """One thing a person did on a case, kept for ever. ``visit`` is set when it moved the case on.

    ``before`` is how the case stood, for taking it back; ``undone_at`` says that it was.
    """

    __tablename__ = "actions"
    __table_args__ = (
        UniqueConstraint("case_id", "visit"),
        Index("ix_actions_event", "event_key", sqlite_where=OF_AN_EVENT, postgresql_where=OF_AN_EVENT),
    )

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"), init=False)
    step: Mapped[str]
    visit: Mapped[int | None] = mapped_column(default=None)
    key: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    answers: Mapped[dict[str, object]]
    by_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    on_behalf_of_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    surface: Mapped[str] = mapped_column(default="")
    event_key: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, object] | None] = mapped_column(JsonText(), default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    at: Mapped[datetime]


class Case(Row):
    """One record going through a procedure. ``version`` makes the second of two concurrent changes lose."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_department_open", "department", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_cases_owner_open", "owner_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_cases_reporter_open", "reporter_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_cases_step_open", "procedure", "step", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "procedure", "received_month", "customer"),
        Index(None, "customer", "received_at"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    procedure: Mapped[str]
    number: Mapped[str | None] = mapped_column(unique=True, default=None)
    source_key: Mapped[str | None] = mapped_column(unique=True, default=None)
    draft_id: Mapped[str | None] = mapped_column(unique=True, default=None)
    step: Mapped[str]
    visit: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(init=False)
    count: Mapped[int] = mapped_column(default=1)
    imported: Mapped[bool] = mapped_column(default=False)

    kind: Mapped[str] = mapped_column(default="")
    customer: Mapped[str] = mapped_column(default="")
    product: Mapped[str] = mapped_column(default="")
    lot: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    impact: Mapped[str] = mapped_column(default="")
    defect: Mapped[str] = mapped_column(default="")
    severity: Mapped[str] = mapped_column(default="")
    priority: Mapped[int] = mapped_column(default=0)
    quantity: Mapped[int | None] = mapped_column(default=None)
    title: Mapped[str] = mapped_column(default="")

    department: Mapped[str] = mapped_column(default="")
    responsible: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    reporter_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)

    received_at: Mapped[datetime]
    received_month: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    promised_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    answers: Mapped[dict[str, object]] = mapped_column(default_factory=dict, insert_default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    actions: Mapped[list[Action]] = relationship(order_by=Action.id, init=False, default_factory=list)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once, as an instance's type


class Link(Row):
    """Two cases that belong together: spawned, merged_into, repeat_of or claim."""

    __tablename__ = "links"
    __table_args__ = (UniqueConstraint("case_id", "other_id", "kind"),)

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))
    other_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"), index=True)
    kind: Mapped[str]


ACTIONS_OF = select(Action).where(Action.case_id == bindparam("case")).order_by(Action.id)
LINKS_OF = (
    select(Link).where((Link.case_id == bindparam("case")) | (Link.other_id == bindparam("case"))).order_by(Link.id)
)
"""Made once: every action asks for a case's whole story, which is then read once in a unit of work."""


class Cases:
    """Find cases, and keep new ones."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._actions: dict[int, list[Action]] = {}
        self._links: dict[int, list[Link]] = {}
        self.touched: dict[int, Case] = {}

    def read_ahead(self, ids: Sequence[int]) -> None:
        """Read many cases with their actions and ties in three questions, for a job that will ask for each."""
        self._session.scalars(select(Case).where(Case.id.in_(ids))).all()
        actions = self._session.scalars(select(Action).where(Action.case_id.in_(ids)).order_by(Action.id))
        self._actions = grouped(ids, actions, lambda action: action.case_id)
        tied = select(Link).where(Link.case_id.in_(ids) | Link.other_id.in_(ids)).order_by(Link.id)
        self._links = {case_id: [] for case_id in ids}
        for link in self._session.scalars(tied):
            for case_id in {link.case_id, link.other_id} & self._links.keys():
                self._links[case_id].append(link)

    def add(self, case: Case) -> Case:
        """Keep a new case; its ``id`` is known afterwards."""
        self._session.add(case)
        self._session.flush()
        return case

    def record(self, case: Case, action: Action) -> Action:
        """Keep what was done on a case. If another moved the case on first, ours is undone as a conflict."""
        action.case_id = case.id
        self.touched[case.id] = case
        self._actions.pop(case.id, None)
        self._session.add(action)
        self._session.flush()
        return action

    def get(self, case_id: int) -> Case | None:
        """The case with this identifier."""
        return self._session.get(Case, case_id)

    def find(self, number: str) -> Case | None:
        """The case with exactly this number, as in ``TS-2026-0082``."""
        return self._session.scalar(select(Case).where(Case.number == number))

    def as_read(self) -> None:
        """Make sure that what was read fits together: ConflictError where another changed a case since it was read.

        PostgreSQL shows every statement what was committed before it; a refusal must not come of two halves.
        """
        held = {each.id: each.version for each in self._session.identity_map.values() if isinstance(each, Case)}
        stored = self._session.execute(select(Case.id, Case.version).where(Case.id.in_(held))) if held else ()
        if any(held[key] != version for key, version in stored):
            raise ConflictError("a case was changed meanwhile")

    def tail(self, said: str) -> Sequence[Case]:
        """The cases a person may mean by ``82``, ``0082``, ``TS82`` or the whole number: the newest year's alone."""
        asked = TAIL.fullmatch(unicodedata.normalize("NFKC", said).strip().upper())
        if asked is None:
            return []
        series = [
            row
            for row in self._session.scalars(select(NumberSeries.series))
            if row[:2] == (asked["prefix"] or row[:2]) and row[3:] == (asked["year"] or row[3:])
        ]
        numbers = [written(row, int(asked["count"])) for row in series]
        found = self._session.scalars(select(Case).where(Case.number.in_(numbers)).order_by(Case.number)).all()
        newest = max((_year(case) for case in found), default="")
        return [case for case in found if _year(case) == newest]

    def open_of(
        self, *, department: str | None = None, owner: int | None = None, reporter: int | None = None
    ) -> Sequence[Case]:
        """Open cases of a department, an owner or a reporter (all that are given), the most urgent first."""
        asked = select(Case).where(Case.closed_at.is_(None))
        if department is not None:
            asked = asked.where(Case.department == department)
        if owner is not None:
            asked = asked.where(Case.owner_id == owner)
        if reporter is not None:
            asked = asked.where(Case.reporter_id == reporter)
        return self._session.scalars(asked.order_by(Case.due_at.is_(None), Case.due_at, Case.id)).all()

    def newest(self, procedure: str) -> Case | None:
        """The case of a procedure that was opened last."""
        theirs = select(Case).where(Case.procedure == procedure)
        return self._session.scalar(theirs.order_by(Case.id.desc()).limit(1))

    def any_received(self, month: str) -> bool:
        """Whether any complaint was received up to the end of a month: before the first there is nothing to sum up."""
        received = select(Case.id).where(Case.procedure == "complaint", Case.received_month <= month)
        return self._session.scalar(received.limit(1)) is not None

    def of_step(self, procedure: str, step: str) -> Sequence[Case]:
        """Open cases that stand at this step, oldest first."""
        at_step = (Case.procedure == procedure, Case.step == step, Case.closed_at.is_(None))
        return self._session.scalars(select(Case).where(*at_step).order_by(Case.id)).all()

    def closed_between(self, procedure: str, step: str, span: tuple[datetime, datetime]) -> Sequence[Case]:
        """The cases of a procedure that were closed at a step from one instant to before another; none imported."""
        first, last = span
        ended = (Case.procedure == procedure, Case.step == step, Case.imported.is_(False))
        within = (Case.closed_at >= first, Case.closed_at < last)
        return self._session.scalars(select(Case).where(*ended, *within).order_by(Case.closed_at, Case.id)).all()

    def filed_since(self, procedure: str, since: datetime) -> Sequence[Case]:
        """The cases of a procedure that were opened since an instant, the oldest first."""
        wanted = (Case.procedure == procedure, Case.created_at >= since)
        return self._session.scalars(select(Case).where(*wanted).order_by(Case.id)).all()

    def actions_of(self, case_id: int) -> Sequence[Action]:
        """What was done on a case, in order."""
        if case_id not in self._actions:
            self._actions[case_id] = [*self._session.scalars(ACTIONS_OF, {"case": case_id})]
        return tuple(self._actions[case_id])

    def customers_of_reporter(self, reporter: int, limit: int) -> list[str]:
        """The customers a person reported about last, the newest first."""
        newest = func.max(Case.id)
        mine = select(Case.customer).where(Case.reporter_id == reporter, Case.customer != "")
        return list(self._session.scalars(mine.group_by(Case.customer).order_by(newest.desc()).limit(limit)))

    def newest_of(self, person: int, since: datetime) -> Action | None:
        """The last thing that a person did on any case since then and that was not taken back."""
        theirs = (Action.by_id == person, Action.at >= since, Action.undone_at.is_(None), Action.key != "undo")
        newest = self._session.scalar(select(Action).where(*theirs).order_by(Action.id.desc()).limit(1))
        if newest is None or not newest.event_key:
            return newest
        # one event may also have opened or completed linked cases; what it was about came first
        same = select(Action).where(*theirs, Action.event_key == newest.event_key)
        return self._session.scalar(same.order_by(Action.id).limit(1))

    def done_for(self, person: int) -> list[tuple[str, str]]:
        """What was done in a person's place while away, as (number, action), in order."""
        theirs = (Action.on_behalf_of_id == person, Action.undone_at.is_(None))
        found = select(Case.number, Action.key).join(Case, Case.id == Action.case_id).where(*theirs)
        return [(number or "", key) for number, key in self._session.execute(found.order_by(Action.id))]

    def unlink(self, link: Link) -> None:
        """Take a tie back."""
        self._links.clear()
        self._session.delete(link)
        self._session.flush()

    def link(self, case_id: int, other_id: int, kind: str) -> Link:
        """Tie two cases together; a tie that exists is kept as it is."""
        self._links.clear()
        tied = select(Link).filter_by(case_id=case_id, other_id=other_id, kind=kind)
        link = self._session.scalar(tied) or Link(case_id=case_id, other_id=other_id, kind=kind)
        self._session.add(link)
        self._session.flush()
        return link

    def links_of(self, case_id: int) -> Sequence[Link]:
        """Every tie of a case, in either direction."""
        if case_id not in self._links:
            self._links[case_id] = [*self._session.scalars(LINKS_OF, {"case": case_id})]
        return tuple(self._links[case_id])


def _year(case: Case) -> str:
    return (case.number or "")[3:7]
