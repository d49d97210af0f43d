"""Planning surveys: what a plan shows, and the plans that the calendar asks for (KS1, A-01)."""

from datetime import date, datetime, time, timedelta

from handlers import cases, questionnaires, roster
from handlers.addresses import person_address
from handlers.cases import Opening
from handlers.company import Company
from handlers.outgoing import How, send
from handlers.timing import end_of_day
from handlers.turn import Turn
from notifications import surveys as notices
from storage.database import Database

KIND = {roster.CUSTOMER: "customer", roster.EMPLOYEE: "employee"}
LEAD = {roster.CUSTOMER: "sales_lead", roster.EMPLOYEE: "office_lead"}
DEPARTMENT = {roster.CUSTOMER: "XS", roster.EMPLOYEE: "BG"}
SINCE = "surveys.since"
AT = time(8, 30)
LONGEST_OPEN = 15


def tick(database: Database, company: Company) -> None:
    """Open the plans that the calendar asks for, once in each period, on a workday morning."""
    database.do(lambda uow: _plan_due(Turn(uow, company)))


def _plan_due(turn: Turn) -> None:
    today = turn.today
    if not turn.calendar.intervals(today) or turn.now < datetime.combine(today, AT, turn.company.zone):
        return
    half = f"{today.year}-H{1 if today.month < 7 else 2}"
    ends = {
        roster.CUSTOMER: (half, date(today.year, 6, 30) if today.month < 7 else date(today.year, 12, 31)),
        roster.EMPLOYEE: (str(today.year), date(today.year, 12, 31)),
    }  # fmt: skip
    for procedure, (period, last) in ends.items():
        if _wanted(turn, procedure, period, last):
            _open(turn, procedure, period, last)


def _wanted(turn: Turn, procedure: str, period: str, last: date) -> bool:
    """Nobody has planned it, and a third of the period is over; never for a period that was begun without us."""
    begun = turn.uow.state.get(SINCE)
    if begun is None:
        begun = turn.today.isoformat()
        turn.uow.state.put(SINCE, begun)
    months = 6 if procedure == roster.CUSTOMER else 12
    first = date(last.year, last.month - months + 1, 1)
    if date.fromisoformat(str(begun)) > first or turn.today < first + timedelta(days=30 * months // 3):
        return False
    rows = turn.uow.cases.filed_since(procedure, datetime.combine(first, time(0), turn.company.zone))
    planned = (case for case in rows if case.step != "cancelled" and not roster.as_they_come(case.answers))
    return not any(case.answers.get("period") == period for case in planned)


def _open(turn: Turn, procedure: str, period: str, last: date) -> None:
    row = questionnaires.newest(turn.uow, KIND[procedure])[0]
    leads = turn.uow.organisation.people_with(LEAD[procedure])
    due = end_of_day(turn, _last_working(turn, last))
    closes = min(last, turn.today + timedelta(days=LONGEST_OPEN * 7 // 5))
    answers = {
        "questionnaire": questionnaires.name_of(row.key, row.version), "period": period, "who": "all",
        "closes_on": closes, "target": 85, "launch_by": due,
    }  # fmt: skip
    owner = leads[0].id if leads else None
    opening = Opening(department=DEPARTMENT[procedure], owner=owner)
    case = cases.open_case(turn, turn.company.handbook[procedure], answers, opening)
    notice = notices.to_be_planned(case.number or "", period, due, roster.told(turn, procedure, answers))
    to = [person_address(turn, lead, "supervisor") for lead in leads]
    send(turn, notice, to, How(key=f"survey/{case.number}/due", case_id=case.id, subject=f"case:{case.id}"))


def _last_working(turn: Turn, last: date) -> date:
    """The last day of a period on which anybody works."""
    for back in range(20):
        if turn.calendar.intervals(last - timedelta(days=back)):
            return last - timedelta(days=back)
    return last
