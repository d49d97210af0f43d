"""Who works here: departments with their other names, people, groups, and who stands in for whom."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import ForeignKey, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Key, Row
from storage.errors import DelegateCircleError

DELEGATES = 3
"""How many people on leave may hand on to the next."""


class Person(Row):
    """Someone who works here, with roles, leave and the names the platforms know."""

    __tablename__ = "people"

    id: Mapped[Key] = mapped_column(init=False)
    name: Mapped[str] = mapped_column(unique=True)
    department: Mapped[str] = mapped_column(index=True)
    post: Mapped[str] = mapped_column(default="")
    roles: Mapped[list[str]] = mapped_column(default_factory=list, insert_default=list)
    skills: Mapped[list[str]] = mapped_column(default_factory=list, insert_default=list)
    site: Mapped[str] = mapped_column(default="")
    leave_from: Mapped[date | None] = mapped_column(default=None)
    leave_to: Mapped[date | None] = mapped_column(default=None)
    delegate_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    email: Mapped[str] = mapped_column(default="")
    slack_id: Mapped[str | None] = mapped_column(unique=True, default=None)
    wecom_id: Mapped[str | None] = mapped_column(unique=True, default=None)
    language: Mapped[str] = mapped_column(default="zh")
    active: Mapped[bool] = mapped_column(default=True)

    def on_leave(self, day: date) -> bool:
        """Whether the person is away on that day of the company; an open end means until further notice."""
        if self.leave_from is None and self.leave_to is None:
            return False
        return (self.leave_from or day) <= day <= (self.leave_to or day)


class Department(Row):
    """A line department, its lead and deputy, and its channel on each platform."""

    __tablename__ = "departments"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    lead_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    deputy_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    channels: Mapped[dict[str, str]] = mapped_column(default_factory=dict, insert_default=dict)
    channel_name: Mapped[str] = mapped_column(default="")


class DepartmentAlias(Row):
    """Another name of a department (A-07); it belongs to one alone."""

    __tablename__ = "department_aliases"

    alias: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str] = mapped_column(ForeignKey("departments.code"))


class Group(Row):
    """A named circle of people who decide together, with its quorum."""

    __tablename__ = "groups"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    members: Mapped[list[int]]
    quorum: Mapped[int]


class Duty(Row):
    """Who is on duty on a day."""

    __tablename__ = "duty"

    day: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), primary_key=True)


KNOWN_BY = {
    platform: select(Person).where(column == bindparam("platform_id"), Person.active)
    for platform, column in (("slack", Person.slack_id), ("wecom", func.lower(Person.wecom_id)), ("", Person.name))
}
"""Made once: every event asks who it is from."""

PEOPLE = select(Person).where(Person.active).order_by(Person.id)
WITH_LEAVE = PEOPLE.where(or_(Person.leave_from.is_not(None), Person.leave_to.is_not(None)))


class Organisation:
    """Find people and departments."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people: Sequence[Person] | None = None
        self._with_leave: Sequence[Person] | None = None
        self._on_duty: dict[date, Sequence[Person]] = {}
        self._departments: dict[str, Department] = {}
        """Held on to: the session itself forgets what nobody holds, and every right asks who leads."""

    def add(self, *rows: Row) -> None:
        """Keep new people, departments, aliases, groups or duty, in the order given."""
        self._people = self._with_leave = None
        self._on_duty.clear()
        self._departments.clear()
        for row in rows:
            self._session.add(row)
            self._session.flush()

    def person(self, person_id: int) -> Person | None:
        """The person with this identifier, whether still active or not."""
        return self._session.get(Person, person_id)

    def person_by_name(self, name: str) -> Person | None:
        """The person with this name."""
        return self._session.scalar(select(Person).where(Person.name == name))

    def person_by_platform(self, platform: str, platform_id: str) -> Person | None:
        """The active person whom Slack or WeCom knows by this id; on the console, by name.

        WeCom gives its ids back in any case: there letters are not told from capitals.
        """
        platform_id = platform_id.lower() if platform == "wecom" else platform_id
        return self._session.scalar(KNOWN_BY.get(platform, KNOWN_BY[""]), {"platform_id": platform_id})

    def person_by_email(self, email: str) -> Person | None:
        """The only active person with this e-mail address; letters are not told from capitals."""
        found = self._session.scalars(PEOPLE.where(func.lower(Person.email) == email.strip().lower())).all()
        return found[0] if email.strip() and len(found) == 1 else None

    def people(self) -> Sequence[Person]:
        """Everyone active, in the order they were entered; read once."""
        if self._people is None:
            self._people = self._session.scalars(PEOPLE).all()
        return self._people

    def away(self, day: date) -> Iterator[Person]:
        """Everyone active who is on leave on a day; whose leave is entered is read once."""
        if self._with_leave is None:
            self._with_leave = self._session.scalars(WITH_LEAVE).all()
        return (person for person in self._with_leave if person.on_leave(day))

    def people_with(self, role: str, department: str | None = None) -> list[Person]:
        """The active people with a role, of one department when it is given."""
        return [
            person
            for person in self.people()
            if role in person.roles and department in (None, person.department)
        ]  # fmt: skip

    def departments(self) -> Sequence[Department]:
        """Every department, by code."""
        return self._session.scalars(select(Department).order_by(Department.code)).all()

    def department(self, said: str) -> Department | None:
        """The department meant by a code, a name or an alias (A-07)."""
        code = said.upper()
        if code in self._departments:
            return self._departments[code]
        if found := self._session.get(Department, code):
            self._departments[code] = found
            return found
        if found := self._session.scalar(select(Department).where(Department.name == said)):
            return found
        alias = self._session.get(DepartmentAlias, said)
        return self._session.get(Department, alias.department) if alias else None

    def aliases(self) -> Sequence[DepartmentAlias]:
        """Every other name of every department."""
        return self._session.scalars(select(DepartmentAlias).order_by(DepartmentAlias.alias)).all()

    def lead(self, department: str) -> Person | None:
        """Who leads a department."""
        found = self.department(department)
        return self.person(found.lead_id) if found and found.lead_id is not None else None

    def deputy(self, department: str) -> Person | None:
        """Who deputises for the lead."""
        found = self.department(department)
        return self.person(found.deputy_id) if found and found.deputy_id is not None else None

    def channel(self, department: str, platform: str) -> str | None:
        """The id of a department's channel on a platform."""
        found = self.department(department)
        return found.channels.get(platform) if found else None

    def group(self, code: str) -> Group | None:
        """The group with this code."""
        return self._session.get(Group, code)

    def groups(self) -> Sequence[Group]:
        """Every group, by code."""
        return self._session.scalars(select(Group).order_by(Group.code)).all()

    def on_duty(self, day: date) -> Sequence[Person]:
        """Who is on duty on a day of the company; read once."""
        if day not in self._on_duty:
            there = select(Person).join(Duty, Duty.person_id == Person.id).where(Duty.day == day)
            self._on_duty[day] = self._session.scalars(there.order_by(Person.id)).all()
        return self._on_duty[day]

    def stand_in(self, person: Person, day: date) -> Person:
        """Who acts for a person on a day: themselves when present, else their delegate, three hands at most.

        When all of them are away the last one named keeps it; a circle of delegates is refused.
        """
        seen = [person.id]
        while person.on_leave(day) and person.delegate_id is not None and len(seen) <= DELEGATES:
            following = self.person(person.delegate_id)
            if following is None or not following.active:
                break
            if following.id in seen:
                raise DelegateCircleError(f"{following.name} is in a circle of delegates on {day}")
            seen.append(following.id)
            person = following
        return person
