"""The monthly summary: drafted on the first working day, confirmed, posted with its charts, locked (design 8)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from conversations.replies import Reply, say
from conversations.words import N_, Said, people, said
from handlers import cases, listings, posting, telling
from handlers.addresses import person_address
from handlers.cases import Opening
from handlers.company import Company
from handlers.outgoing import How
from handlers.remarks import SUGGESTED, ends, mark_of, remarks_of
from handlers.turn import Turn
from notifications import notices
from notifications.notices import Notice
from storage.cases import Case
from storage.database import Database
from storage.files import Belongs

log = logging.getLogger(__name__)

PROCEDURE = "monthly_summary"
DRAFT_AT = time(8, 5)
CONFIRM_BY = time(17, 0)
CONFIRM_ON = 3
SINCE = "summaries.since"


@dataclass(frozen=True, slots=True)
class Edition:
    """A month's summary, drawn: the figures as text, the pictures in their order, and the same stamped 未确认."""

    text: str
    pictures: tuple[bytes, ...]
    stamped: tuple[bytes, ...]
    suggested: tuple[Said, ...] = ()
    """The conclusions that the figures themselves suggest."""
    alts: tuple[str, ...] = ()
    """What each picture shows, in words."""
    figures: tuple[tuple[Said, Said], ...] = ()
    """The key figures: label and value."""


Draw: TypeAlias = Callable[[str, datetime], Edition]
"""Counts and draws a month as of an instant; no transaction is open meanwhile."""


def tick(database: Database, company: Company, draw: Draw) -> None:
    """Do what is due: safe to call at any time, by any number of workers, any number of times."""
    month = _due_month(database, company)
    if month is not None:
        edition = draw(month, database.clock())
        database.do(lambda uow: _draft(Turn(uow, company), month, edition))
    # what people have added since it was drawn belongs on the pictures before they are posted
    for due in database.do(lambda uow: _outdated(Turn(uow, company))):
        _keep_again(database, company, due, draw(due.month, due.cut_off))
    database.do(lambda uow: _post_unconfirmed(Turn(uow, company)))


def _due_month(database: Database, company: Company) -> str | None:
    """The month that is over and has no summary yet, from 08:05 of the first working day on."""
    return database.do(lambda uow: _missing(Turn(uow, company)))


def _missing(turn: Turn) -> str | None:
    today = turn.today
    first = turn.calendar.nth_working_day(today.year, today.month, 1)
    if turn.now < datetime.combine(first, DRAFT_AT, turn.company.zone):
        return None
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    if month < _since(turn) or turn.uow.cases.find(f"YB-{month}") is not None:
        return None
    return month if turn.uow.cases.any_received(month) else None


def _since(turn: Turn) -> str:
    """The first month we sum up: that of the first tick. What was before, the company has summed up itself."""
    since = turn.uow.state.get(SINCE)
    if since is None:
        since = turn.company.month(turn.now)
        turn.uow.state.put(SINCE, since)
    return str(since)


def _draft(turn: Turn, month: str, edition: Edition) -> Case:
    """Open the draft with its text and pictures, and send it to the sales lead."""
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    last = turn.calendar.nth_working_day(after.year, after.month, CONFIRM_ON)
    confirm_by = datetime.combine(last, CONFIRM_BY, turn.company.zone)
    answers = {
        "month": month, "confirm_by": confirm_by, "text": edition.text, SUGGESTED: edition.suggested,
        posting.ALTS: edition.alts, posting.FIGURES: edition.figures,
    }  # fmt: skip
    procedure = turn.company.handbook[PROCEDURE]
    leads = turn.uow.organisation.people_with("sales_lead")
    owner = leads[0].id if leads else None
    case = cases.open_case(turn, procedure, answers, Opening(department="XS", owner=owner))
    _keep(turn, case, month, edition)
    to = [person_address(turn, lead, "supervisor") for lead in leads]
    head = said(N_("Draft of the monthly summary {month}: please confirm by {due}."), month=month, due=confirm_by)
    draft = Notice(
        "summary",
        head,
        (people(edition.text), *ends(turn, case)),
        notices.buttons(case.number or "", "confirm", "comment"),
    )
    posting.queue(turn, case, (draft, *posting.kept(turn, case, stamped=True)), to, f"summary/{month}/draft")
    return case


def _keep(turn: Turn, case: Case, month: str, edition: Edition) -> None:
    for mark, pictures in (("", edition.pictures), (posting.STAMPED, edition.stamped)):
        for index, picture in enumerate(pictures, 1):
            name = f"{month}-{index}{mark}.png"
            turn.uow.files.put(picture, name=name, mime="image/png", to=Belongs(case_id=case.id))


@dataclass(frozen=True, slots=True)
class _Outdated:
    """A summary whose pictures lack what people have added."""

    number: str
    month: str
    cut_off: datetime
    mark: str


def _outdated(turn: Turn) -> list[_Outdated]:
    drafts = turn.uow.cases.of_step(PROCEDURE, "draft")
    posted = [turn.uow.cases.find(number) for number in posting.owed(turn)]
    found = []
    for case in (*drafts, *(case for case in posted if case is not None)):
        mark = mark_of(remarks_of(turn, case))
        if case.closed_at or mark != posting.drawn(case):
            found.append(_Outdated(case.number or "", str(case.answers["month"]), case.created_at, mark))
    return found


def _keep_again(database: Database, company: Company, due: _Outdated, edition: Edition) -> None:
    database.do(lambda uow: _renew(Turn(uow, company), due, edition))


def _renew(turn: Turn, due: _Outdated, edition: Edition) -> None:
    """Keep the new pictures; a summary that was posted without them is completed."""
    case = turn.uow.cases.find(due.number)
    if case is not None:
        _keep(turn, case, due.month, edition)
        posting.redrawn(turn, case, due.mark, edition.alts)


def _post_unconfirmed(turn: Turn) -> None:
    """17:00 of the third working day: posted as it is, and the deputy general manager hears."""
    for case in turn.uow.cases.of_step(PROCEDURE, "draft"):
        if case.due_at is None or turn.now < case.due_at:
            continue
        action = turn.company.handbook[PROCEDURE].action["post_unconfirmed"]
        due = case.due_at
        cases.act(turn, case, action, {})
        # its deadline has ended with it, and with the deadline whatever that had to say
        month = str(case.answers["month"])
        words = N_(
            "The monthly summary {month} was not confirmed by {due}; it is posted with the stamp “not confirmed”."
        )
        notice = Notice("summary", said(words, month=month, due=due))
        to = [person_address(turn, each, "deputy_gm") for each in turn.uow.organisation.people_with("deputy_gm")]
        telling.queue(turn, case, notice, to, How(key=f"summary/{month}/unconfirmed"))


def show(turn: Turn, argument: str) -> Reply:
    """月报: the newest summary, or that of a month (2026-10)."""
    number = f"YB-{argument}" if argument else None
    case = turn.uow.cases.find(number) if number else turn.uow.cases.newest(PROCEDURE)
    if case is None:
        return say(said(N_("There is no monthly summary yet; the next is drafted on the first working day.")))
    head, line = said(N_("Monthly summary {month}"), month=str(case.answers["month"])), people(case.answers["text"])
    return say(head, line, *ends(turn, case), buttons=listings.details(turn, case).buttons)
