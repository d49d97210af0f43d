"""A closed survey is counted: its report is drafted, each item below the threshold goes to a department (M-61)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from handlers import cases, roster
from handlers.addresses import person_address
from handlers.company import Company
from handlers.outgoing import How, send
from handlers.surveys import ballots, counting, distributing, drawn
from handlers.surveys.counting import LEADS, Counted
from handlers.surveys.drawn import Draw
from handlers.turn import Turn
from notifications import survey_reports as notices
from reports import satisfaction_phrases as phrases
from reports.satisfaction_figures import ItemFigures
from reports.survey_report import hidden, section_a, section_b, section_c
from storage.cases import Case
from storage.database import Database
from storage.unit_of_work import UnitOfWork

DEPARTMENTS: Mapping[str, str] = {"product": "PB", "delivery": "DD"}
"""Which department answers for a group of items; sales for what is left, the office for all of employees."""


def tick(database: Database, company: Company, draw: Draw | None = None) -> None:
    """Count what is closed, draw it, distribute what is approved; each survey in a transaction of its own."""
    for case_id in database.look(lambda uow: [case.id for case in drawn.at(Turn(uow, company), "closed")]):
        database.do(partial(_analyse, company=company, case_id=case_id))
    drawn.tick(database, company, draw)
    distributing.tick(database, company)


def _analyse(uow: UnitOfWork, company: Company, case_id: int) -> None:
    turn = Turn(uow, company)
    case = uow.cases.get(case_id)
    if case is None or case.step != "closed":
        return
    campaign = uow.surveys.of_case(case.id)
    if campaign is not None and case.procedure == roster.EMPLOYEE and company.links is not None:
        ballots.finish(turn, campaign)
    counted = counting.count(turn, case)
    if counted is None:
        return
    action = company.handbook[case.procedure].action["analyse_survey"]
    cases.act(turn, case, action, report_of(turn, counted))
    _tell(turn, case, counted)


def report_of(turn: Turn, counted: Counted) -> dict[str, object]:
    """The sections as they are drafted, the score, and what is below the threshold."""
    figures = counted.figures
    common: dict[str, object] = {
        "section_a": section_a(figures, counting.conduct(turn, counted)),
        "indicators": counting.told_indicators(turn, counted),
    }
    if counted.hidden:
        words = hidden(figures.respondents)
        return {**common, "section_b": words, "section_c": words, "below": ()}
    score = {"score": phrases.told(figures.overall, figures.campaign.target)} if figures.overall is not None else {}
    sections = {
        "section_b": section_b(figures, tuple(counting.remarks(turn, counted))),
        "section_c": section_c(figures),
    }
    return {**common, **sections, **score, "below": tuple(_below(turn, counted))}


def _below(turn: Turn, counted: Counted) -> Iterator[tuple[str, str, str]]:
    """Every item strictly below the threshold: its label, its score, and the department that answers for it."""
    for item in counted.figures.below:
        yield item.label.of(turn.company.language), _told(counted, item), department_of(counted, item)


def _told(counted: Counted, item: ItemFigures) -> str:
    return str(phrases.told(item.score or Decimal(0), counted.figures.campaign.threshold))


def department_of(counted: Counted, item: ItemFigures) -> str:
    """The department that answers for an item; of a group that the company made itself, sales finds out."""
    return "BG" if counted.case.procedure == roster.EMPLOYEE else DEPARTMENTS.get(item.group, "XS")


def _tell(turn: Turn, case: Case, counted: Counted) -> None:
    """The head of the department finishes the report; the general manager hears once of all low items (2.0-14)."""
    period, lines = counted.figures.campaign.period, tuple(distributing.rectifications(turn, case))
    organisation = turn.uow.organisation
    to = [person_address(turn, lead, "supervisor") for lead in organisation.people_with(LEADS[case.procedure])]
    told = phrases.DASH if counted.hidden else phrases.score_said(counted.figures.campaign, counted.figures.overall)
    how = How(key=f"survey/{case.number}/analysed", case_id=case.id, subject=f"case:{case.id}")
    send(turn, notices.analysed(case.number or "", period, told, lines), to, how)
    if case.procedure == roster.EMPLOYEE and lines:
        gm = [person_address(turn, person, "gm") for person in organisation.people_with("gm")]
        how = How(key=f"survey/{case.number}/low", case_id=case.id, subject=f"case:{case.id}")
        send(turn, notices.low_items(case.number or "", period, lines), gm, how)
