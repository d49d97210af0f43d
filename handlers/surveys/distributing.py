"""An approved report goes to every department with its pictures, is read there, and is then archived (M-45)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from conversations.plain import Json, dump, load
from conversations.words import N_, Said, people, said
from handlers import cases, posting, receipts, telling
from handlers.addresses import Address, channel_address, person_address
from handlers.company import Company
from handlers.outgoing import How
from handlers.refusals import RefusedError
from handlers.surveys import counting, drawn
from handlers.surveys.counting import LEADS
from handlers.turn import Turn
from notifications import survey_reports as notices
from reports import satisfaction_phrases as phrases
from reports.satisfaction_pictures import response_said
from storage.cases import Case
from storage.database import Database
from storage.unit_of_work import UnitOfWork

REMINDED = "reminded_of_reading"
PATIENCE = timedelta(hours=5 * 8)
"""Five working days: then the head of the department hears who has not read it."""

LOWEST = 3


def tick(database: Database, company: Company) -> None:
    """Send out what was approved, remind of what nobody reads, archive what all have read."""
    for case_id in database.look(lambda uow: [case.id for case in drawn.at(Turn(uow, company), "distributed")]):
        database.do(partial(_go_on, company=company, case_id=case_id))


def _go_on(uow: UnitOfWork, company: Company, case_id: int) -> None:
    turn = Turn(uow, company)
    case = uow.cases.get(case_id)
    if case is None or case.step != "distributed" or not drawn.ready(case):
        return
    since = load(cast("Json", case.answers.get(receipts.DISTRIBUTED)))
    if not isinstance(since, datetime):
        _distribute(turn, case)
        return
    lacking = receipts.missing(turn, case)
    if not lacking:
        _archive(turn, case)
    elif REMINDED not in case.answers and turn.calendar.between(since, turn.now) >= PATIENCE:
        _remind(turn, case, [each.name for each in lacking])


def _distribute(turn: Turn, case: Case) -> None:
    counted = counting.count(turn, case)
    if counted is None:
        return
    campaign = counted.figures.campaign
    notice = notices.report(case.number or "", campaign.title, campaign.period, tuple(_lines(turn, counted)))
    key = f"survey/{case.number}/report"
    posting.queue(turn, case, (notice, *posting.kept(turn, case, finding=0)), _channels(turn), key)
    case.answers = {**case.answers, receipts.DISTRIBUTED: dump(turn.now)}
    turn.uow.audit.write_case(case, "distributed", turn.actor)


def _channels(turn: Turn) -> list[Address]:
    """Every department's channel; one that two departments share is told once."""
    found: dict[tuple[str, ...], Address] = {}
    for each in receipts.departments(turn):
        places = tuple(each.channels.get(platform, "") for platform in turn.company.platforms)
        found.setdefault(places if any(places) else (each.code,), channel_address(each.code))
    return list(found.values())


def _lines(turn: Turn, counted: counting.Counted) -> Iterator[Said]:
    """The figures, the lowest items, what comes of it, and what is concluded; nothing where it is hidden."""
    case, figures = counted.case, counted.figures
    if figures.campaign.response is not None:
        yield response_said(figures.campaign.response)
    if not counted.hidden:
        rows = dict(zip((item.key for item in figures.items), phrases.item_rows(figures), strict=True))
        known = sorted((each for each in figures.items if each.score is not None), key=lambda each: each.score or 0)
        lowest = [item for item in known if item.weight or item.below][:LOWEST]
        for row in (phrases.overall_row(figures), *(rows[item.key] for item in lowest)):
            yield said(N_("{name}: {figures}"), name=row.name, figures=row.figures)
        if figures.campaign.competitor is not None:
            yield said(N_("Competitor: {score}"), score=phrases.told(figures.campaign.competitor))
    yield from rectifications(turn, case)
    conclusion = load(cast("Json", case.answers.get("conclusion")))
    if conclusion:
        told = conclusion if isinstance(conclusion, Said) else people(conclusion)
        yield said(N_("Conclusion: {text}"), text=told)


def rectifications(turn: Turn, case: Case) -> Iterator[Said]:
    """What was opened for the items below the threshold: number, what, and the department that has it."""
    for link in turn.uow.cases.links_of(case.id):
        task = turn.uow.cases.get(link.other_id) if link.case_id == case.id and link.kind == "spawned" else None
        if task is None or task.kind != "rectification":
            continue
        procedure = turn.company.handbook[task.procedure]
        department = turn.uow.organisation.department(task.department)
        name = department.name if department else task.department
        words = N_("Rectification {n}: {what} ({department})")
        yield said(words, n=task.number or "", what=telling.headline(task, procedure), department=people(name))


def _remind(turn: Turn, case: Case, departments: list[str]) -> None:
    """Once."""
    case.answers = {**case.answers, REMINDED: dump(turn.now)}
    notice = notices.not_read(case.number or "", str(case.answers.get("period") or ""), departments)
    leads = turn.uow.organisation.people_with(LEADS[case.procedure])
    to = [person_address(turn, lead, "supervisor") for lead in leads]
    telling.queue(turn, case, notice, to, How(key=f"survey/{case.number}/unread"))


def _archive(turn: Turn, case: Case) -> None:
    """Everybody has read it; where something still has to be approved first, it waits."""
    try:
        cases.act(turn, case, turn.company.handbook[case.procedure].action["archive_report"], {})
    except RefusedError:
        return
