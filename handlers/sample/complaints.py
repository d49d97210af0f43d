"""One past complaint of the sample company, from its filing to its closing, as rows."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from conversations.deadlines import Basis
from conversations.procedures.complaint import COMPLAINT
from conversations.rules import Override
from handlers.sample.course import Course, Remedy
from handlers.sample.playing import QUALITY, SURFACE, Company, Event, Ran, Record, deadline, own, play, required
from storage.cases import Case
from storage.deadlines import Deadline

REQUIREMENT = Override("complaint.K1", Decimal(24), "h", Basis.NATURAL, "TY-2026-0001")


def complaint(course: Course, number: str, company: Company) -> Record:
    """Make the rows of one complaint."""
    told = _Complaint(course, company)
    case = told.case(number)
    play(case, told.events(), company.people)
    return Record(case, list(told.deadlines()))


def counted(month: str, customer: str, count: int, now: datetime) -> Case:
    """Make the row that stands for so many complaints of a customer in one month."""
    received = datetime.fromisoformat(f"{month}-15T12:00:00+08:00").astimezone(UTC)
    return Case(
        procedure=COMPLAINT.key,
        source_key=f"{SURFACE}:{month}:{customer}",
        step="closed",
        imported=True,
        count=count,
        kind="complaint",
        customer=customer,
        category="quality",
        received_at=received,
        received_month=month,
        closed_at=received + timedelta(days=10),
        created_at=now,
        updated_at=now,
    )


class _Complaint:
    def __init__(self, course: Course, company: Company) -> None:
        self.course, self.company = course, company
        self.look = company.looks[course.defect]
        self.rep = company.sales[course.customer]
        self.handler = QUALITY if course.accepted else self.rep
        self.contact = company.contacts[course.customer]
        self.filed = course.received + timedelta(minutes=10)

    def case(self, number: str) -> Case:
        course, people = self.course, self.company.people
        return Case(
            procedure=COMPLAINT.key,
            number=number,
            step="",
            kind="complaint",
            customer=course.customer,
            product=course.product,
            category=self.look.category,
            impact=course.impact,
            defect=course.defect,
            severity=course.severity if course.accepted else "",
            quantity=course.quantity,
            title=self.look.said,
            department="PB",
            responsible=self.look.department,
            owner_id=people[QUALITY] if course.accepted else None,
            reporter_id=people[self.rep],
            received_at=course.received.astimezone(UTC),
            received_month=f"{course.received:%Y-%m}",
            promised_at=(course.received + course.limit).astimezone(UTC),
            closed_at=course.closed.astimezone(UTC),
            created_at=self.filed.astimezone(UTC),
            updated_at=course.closed.astimezone(UTC),
        )

    def events(self) -> Iterator[Event]:
        """Everything that was done, not in order."""
        course, look = self.course, self.look
        yield Event(self.filed, "file", self.rep, self._intake, "handed_over" if course.accepted else "sales_handling")
        yield from self._acceptance()
        for remedy in course.remedies:
            yield from self._round(remedy)
        yield Event(course.implemented, "done_implementing", self.handler, {"evidence": "顾客签收确认"}, "analysing")
        if not course.accepted:
            yield Event(course.analysed, "set_defect", QUALITY, {"defect": course.defect})
        yield Event(course.analysed, "analyse", QUALITY, self._cause())
        told = {"cause_for_customer": look.cause, "action_for_customer": look.prevention}
        yield Event(course.closed, "close", QUALITY, {**told, "contact": self.contact, "told": "text"}, "closed")

    def deadlines(self) -> Iterator[Deadline]:
        """The time limits that ran, each as it ended."""
        course, remedies, calendar = self.course, self.course.remedies, self.company.calendar
        k1 = required("complaint.K1", REQUIREMENT) if course.limit == timedelta(hours=24) else own("complaint.K1")
        yield deadline("K1", k1, Ran(course.received, remedies[0].contact), calendar)
        if course.accepted:
            yield deadline("K2a", own("complaint.K2a"), Ran(self.filed, course.accepted), calendar)
        for at, again in enumerate(remedies[1:], start=2):
            yield deadline("KR", own("complaint.KR"), Ran(remedies[at - 2].judged, again.contact, at), calendar)
        last, rounds = remedies[-1], len(remedies)
        carried_out = Ran(last.judged, course.implemented, rounds, self._planned(last))
        yield deadline("KIMPL", own("complaint.KIMPL"), carried_out, calendar)
        if course.analysed > course.implemented:
            rule = own("complaint.K4.major" if course.severity == "major" else "complaint.K4")
            yield deadline("K4", rule, Ran(course.implemented, course.analysed, rounds), calendar)

    @cached_property
    def _intake(self) -> Mapping[str, object]:
        course = self.course
        return {
            "customer": course.customer,
            "product": course.product,
            "category": self.look.category,
            "impact": course.impact,
            "description": self.look.said,
            "quantity": course.quantity,
            "received_at": course.received,
            "type": "complaint",
            "contact": self.contact,
            "channel": "phone",
            "customer_due": "unset",
            "handling": "transmit" if course.accepted else "self",
        }

    def _acceptance(self) -> Iterator[Event]:
        course = self.course
        if course.accepted:
            judged = {"severity": course.severity, "stage": "line", "defect": course.defect}
            to = "meeting_pending" if course.meeting else "qa_handling"
            yield Event(course.accepted, "accept", QUALITY, judged, to)
        if course.meeting:
            minutes = {"attendees": "品保、技术、生产", "decisions": self._measure(course.remedies[-1])}
            yield Event(course.meeting, "hold_meeting", QUALITY, minutes, "qa_handling")

    def _round(self, remedy: Remedy) -> Iterator[Event]:
        by, talk = self.handler, {"contact": self.contact, "channel": "phone"}
        proposal = {"remedy": self._measure(remedy), "planned_done": self._planned(remedy)}
        yield Event(remedy.proposed, "propose_remedy", by, proposal)
        told = {**talk, "at": remedy.contact, "result": "已说明措施,等待答复"}
        yield Event(remedy.contact, "log_contact", by, told, "awaiting_customer")
        verdict: dict[str, object] = {**talk, "at": remedy.judged}
        if remedy.satisfied:
            yield Event(remedy.judged, "satisfied", by, {**verdict, "words": "认可"}, "implementing")
            return
        back = "qa_handling" if self.course.accepted else "sales_handling"
        yield Event(remedy.judged, "not_satisfied", by, {**verdict, "reason": remedy.reason}, back)

    def _measure(self, remedy: Remedy) -> str:
        return remedy.remedy or self.look.remedy

    def _planned(self, remedy: Remedy) -> date:
        """Five working days from the proposal, unless the file names the day."""
        if self.course.planned and remedy.satisfied:
            return self.course.planned
        calendar = self.company.calendar
        return calendar.add(remedy.proposed, timedelta(hours=40)).astimezone(calendar.zone).date()

    def _cause(self) -> Mapping[str, object]:
        look, action = self.look, self.course.corrective
        cause = {"cause_occur": look.cause, "cause_escape": look.escape, "responsible": look.department}
        if action is None:
            return {**cause, "capa_needed": "no", "capa_reason": "偶发,已纠正并培训"}
        return {**cause, "capa_needed": "yes", "capa_title": action.title, "capa_due": action.due}
