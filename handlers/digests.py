"""The digest of 08:30: one message a working day to each department's channel (N-15)."""

from datetime import datetime, time

from conversations.words import N_, Left, Over, Said, Value, people, said
from handlers import telling
from handlers.addresses import channel_address
from handlers.company import Company
from handlers.outgoing import DIGEST, How, send
from handlers.turn import Turn
from notifications.notices import Notice
from storage.cases import Case
from storage.database import Database
from storage.unit_of_work import UnitOfWork

AT = time(8, 30)
LAST = "digest.last"
MOST = 10


def tick(database: Database, company: Company) -> None:
    """From 08:30 of a working day until its first break, once for each department that has open cases.

    Safe to call at any time; a bot that was down all morning leaves it at that.
    """

    def look(uow: UnitOfWork) -> None:
        turn = Turn(uow, company)
        today = turn.today
        worked = turn.calendar.intervals(today)
        due = bool(worked) and datetime.combine(today, AT, company.zone) <= uow.now < worked[0][1]
        if not due or uow.state.held(LAST) == today.isoformat():
            return
        uow.state.put(LAST, today.isoformat())
        for department in uow.organisation.departments():
            _tell(turn, department.code)

    database.do(look)


def _tell(turn: Turn, department: str) -> None:
    cases = [case for case in turn.uow.cases.open_of(department=department) if case.number]
    if not cases:
        return
    late = [case for case in cases if case.due_at is not None and case.due_at < turn.now]
    today = [c for c in cases if c.due_at is not None and c.due_at >= turn.now and _day(turn, c.due_at) == turn.today]
    title = said(
        N_("Digest: {open} open, {late} overdue, {today} due today."), open=len(cases), late=len(late), today=len(today)
    )
    lines = [_line(turn, case) for case in (*late, *today)][:MOST]
    if len(late) + len(today) > MOST:
        lines.append(said(N_("… and {n} more."), n=len(late) + len(today) - MOST))
    key = f"digest/{department}/{turn.today:%Y%m%d}"
    send(turn, Notice("digest", title, tuple(lines)), [channel_address(department)], How(key=key, priority=DIGEST))


def _day(turn: Turn, instant: datetime) -> object:
    return turn.company.today(instant)


def _line(turn: Turn, case: Case) -> Said:
    card = telling.about(turn, case, turn.company.handbook[case.procedure], taps=False)
    due = case.due_at or turn.now
    span: Value = Over(turn.now - due) if due < turn.now else Left(due - turn.now)
    return said(
        N_("{n} {c} · {step} · {owner} · {span}"), n=card.number, c=people(card.customer), step=card.step,
        owner=card.owner or card.lead, span=span,
    )  # fmt: skip
