"""Loading the sample company's past: 26 months of complaints, the last of them case by case."""

from collections import Counter
from collections.abc import Iterator

from conversations.calendar import FIVE_DAYS, Calendar
from handlers.imports import organisation
from handlers.sample.complaints import complaint, counted
from handlers.sample.correctives import corrective
from handlers.sample.course import Past
from handlers.sample.drawing import counted as counts_of
from handlers.sample.drawing import courses
from handlers.sample.past import ZONE, read_past
from handlers.sample.playing import SURFACE, Company, Record
from storage.audit_rows import case_entry
from storage.bulk import put_all
from storage.cases import Case, Link
from storage.numbers import written
from storage.unit_of_work import UnitOfWork

LOADED = "sample.history"
ELSEWHERE = {"SP-2026": 7, "TY-2026": 5}
"""Numbers that records of other procedures have taken already."""


class NotEmptyError(RuntimeError):
    """There are cases already; the sample's past would mix with them."""


def load_history(uow: UnitOfWork) -> int:
    """Load the past of the sample company, which must be there; say how many cases were written.

    Everything is as people left it before 20 November 2026, and no deadline in it raises anything
    any more. A second time nothing happens. Raises NotEmptyError where other cases exist.
    """
    if uow.state.get(LOADED):
        return 0
    if uow.numbers.last("TS-2025") or uow.numbers.last("TS-2026"):
        raise NotEmptyError("There are numbered cases already; load the sample company into an empty database.")
    past = read_past()
    company = _company(uow, past)
    cases = [case for month in _counted(uow, past) for case in month]
    cases += _told(uow, past, company)
    uow.audit.write_all([case_entry(case, SURFACE, actor=SURFACE) for case in cases])
    uow.case_terms.remember_all(cases)
    uow.state.put(LOADED, True)
    return len(cases)


def _counted(uow: UnitOfWork, past: Past) -> Iterator[list[Case]]:
    for month, customers in counts_of(past).items():
        rows = [counted(month, customer, count, uow.now) for customer, count in sorted(customers.items())]
        put_all(uow.session, rows)
        yield rows


def _told(uow: UnitOfWork, past: Past, company: Company) -> list[Case]:
    """The cases with their whole course, numbered as they came, and what each led to."""
    series = _Series()
    told = courses(
        past, {product.code: product.customers for product in organisation.sample().products}, company.calendar
    )
    records = [complaint(course, series.next("TS", course.received.year), company) for course in told]
    led = sorted((course.analysed, at) for at, course in enumerate(told) if course.corrective)
    actions: list[tuple[int, Record]] = []
    for opened, at in led:
        if (action := told[at].corrective) is not None:
            actions.append((at, corrective(told[at], action, series.next("JZ", opened.year), company)))
    _write(uow, [*records, *(record for _, record in actions)])
    put_all(
        uow.session,
        [Link(case_id=records[at].case.id, other_id=record.case.id, kind="spawned") for at, record in actions],
    )
    for name, last in {**series.last, **ELSEWHERE}.items():
        uow.numbers.start_after(name, last)
    return [record.case for record in records] + [record.case for _, record in actions]


def _write(uow: UnitOfWork, records: list[Record]) -> None:
    put_all(uow.session, [record.case for record in records])
    for record in records:
        for row in record.deadlines:
            row.case_id = record.case.id
    put_all(uow.session, [row for record in records for row in record.deadlines])


class _Series:
    """The numbers given while the past is written."""

    def __init__(self) -> None:
        self.last = Counter[str]()

    def next(self, prefix: str, year: int) -> str:
        """Give the next number of a series."""
        series = f"{prefix}-{year}"
        self.last[series] += 1
        return written(series, self.last[series])


def _company(uow: UnitOfWork, past: Past) -> Company:
    people = {person.name: person.id for person in uow.organisation.people()}
    sample = organisation.sample()
    calendar = Calendar(zone=ZONE, days=uow.calendar.days(), known_years=uow.calendar.known_years(), week=FIVE_DAYS)
    return Company(
        people=people,
        sales={customer.code: customer.sales for customer in sample.customers},
        contacts={customer.code: customer.contacts[0].name for customer in sample.customers},
        leads={department.code: department.lead for department in sample.departments},
        looks=past.looks,
        calendar=calendar,
    )
