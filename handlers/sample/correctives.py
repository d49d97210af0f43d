"""The corrective actions that the sample company's past complaints led to, as rows."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from conversations.procedures.task import TASK
from conversations.words import people
from handlers.sample.course import Corrective, Course
from handlers.sample.past import ZONE
from handlers.sample.playing import MANAGER, QUALITY, Company, Event, Ran, Record, deadline, own, play
from storage.cases import Case
from storage.deadlines import Deadline

CHECKED_AFTER = timedelta(days=29)
"""The effect is checked the day before its time limit of 30 days."""

UNTIL = datetime(2026, 11, 20, 8, 0, tzinfo=ZONE)
"""When the story of the demo begins: what was not done by then is left open."""


def corrective(course: Course, action: Corrective, number: str, company: Company) -> Record:
    """Make the rows of one corrective action as it stands when the story begins."""
    done = None if action.open else datetime.combine(action.due, time(15), ZONE)
    verified = done + CHECKED_AFTER if done and done + CHECKED_AFTER < UNTIL else None
    department = company.looks[course.defect].department
    case = Case(
        procedure=TASK.key,
        number=number,
        step="",
        kind="corrective",
        title=action.title,
        department="PB" if done else department,
        responsible=department,
        reporter_id=company.people[QUALITY],
        received_at=course.analysed.astimezone(UTC),
        received_month=f"{course.analysed:%Y-%m}",
        closed_at=verified.astimezone(UTC) if verified else None,
        created_at=course.analysed.astimezone(UTC),
        updated_at=(verified or done or course.analysed).astimezone(UTC),
    )
    made = _Made(course, action, done, verified)
    play(case, made.events(company.leads[department]), company.people)
    deadlines = list(made.deadlines(company))
    running = [row.due_at for row in deadlines if row.state == "running"]
    case.due_at = min(running, default=None)
    return Record(case, deadlines)


class _Made:
    """What was made of a corrective action, and when."""

    def __init__(self, course: Course, action: Corrective, done: datetime | None, verified: datetime | None) -> None:
        self.opened, self.action, self.done, self.verified = course.analysed, action, done, verified

    def events(self, lead: str) -> Iterator[Event]:
        filed = {"kind": "corrective", "title": people(self.action.title), "due": self.action.due}
        yield Event(self.opened, "file", QUALITY, filed, "open")
        if self.done:
            yield Event(self.done, "done", lead, {"evidence": "已按计划实施,记录已归档"}, "checking")
        if self.verified:
            yield Event(self.verified, "verify_ok", MANAGER, {"method": "跟踪 30 天,未再发生"}, "closed")

    def deadlines(self, company: Company) -> Iterator[Deadline]:
        ran = Ran(self.opened, self.done, planned=self.action.due)
        yield deadline("KT", own("task.due"), ran, company.calendar)
        if self.done:
            yield deadline("KA3", own("task.KA3"), Ran(self.done, self.verified), company.calendar)
