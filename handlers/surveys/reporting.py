"""A closed survey is counted: its report is drafted, each item below the threshold goes to a department (M-61)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from conversations.plain import dump
from conversations.words import Said, said, sentences
from handlers import cases, posting, roster
from handlers.addresses import Address, person_address
from handlers.company import Company
from handlers.facts import answers_of
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

DRAFTED = "drafted_at"
SECTIONS = ("section_a", "section_b", "section_c", "indicators")

DEPARTMENTS: Mapping[str, str] = {"product": "PB", "delivery": "DD"}
"""Which department answers for a group of items; sales for what is left, the office for all of employees."""


def tick(database: Database, company: Company, draw: Draw | None = None) -> None:
    """Count what is closed, draw it, distribute what is approved; each survey in a transaction of its own."""
    for case_id in database.look(lambda uow: [case.id for case in drawn.at(Turn(uow, company), "closed")]):
        database.do(partial(_analyse, company=company, case_id=case_id))
    drawn.tick(database, company, draw)
    _send_drafts(database, company)
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
    _tell_low(turn, case, counted)


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


def _tell_low(turn: Turn, case: Case, counted: Counted) -> None:
    """The general manager hears once of all items of employees that are too low (2.0-14)."""
    lines = tuple(distributing.rectifications(turn, case))
    if case.procedure != roster.EMPLOYEE or not lines:
        return
    gm = [person_address(turn, person, "gm") for person in turn.uow.organisation.people_with("gm")]
    how = How(key=f"survey/{case.number}/low", case_id=case.id, subject=f"case:{case.id}")
    send(turn, notices.low_items(case.number or "", counted.figures.campaign.period, lines), gm, how)


def _send_drafts(database: Database, company: Company) -> None:
    """The draft with its pictures to whoever finishes the report; once."""
    for case_id in database.look(lambda uow: [case.id for case in drawn.at(Turn(uow, company), "analysed")]):
        database.do(partial(_send_draft, company=company, case_id=case_id))


def _send_draft(uow: UnitOfWork, company: Company, case_id: int) -> None:
    turn = Turn(uow, company)
    case = uow.cases.get(case_id)
    if case is None or DRAFTED in case.answers or not drawn.ready(case):
        return
    answers, fields = answers_of(case), company.handbook[case.procedure].fields
    told = [line for key in SECTIONS for line in (said(fields[key].label), *_lines(answers.get(key)))]
    score = answers.get("score")
    overall = said("{score}", score=score) if isinstance(score, Decimal) else phrases.DASH
    low = tuple(distributing.rectifications(turn, case))
    notice = notices.analysed(case.number or "", str(answers.get("period") or ""), overall, (told, low))
    shown = (notice, *posting.kept(turn, case, finding=0))
    posting.queue(turn, case, shown, _finishers(turn, case), f"survey/{case.number}/draft")
    case.answers = {**case.answers, DRAFTED: dump(turn.now)}


def _lines(section: object) -> Iterator[Said]:
    """The sentences of a drafted section, each a line of its own."""
    if isinstance(section, Said):
        yield from sentences(section)


def _finishers(turn: Turn, case: Case) -> list[Address]:
    """Whoever runs the survey, and the head of the department."""
    owner = turn.uow.organisation.person(case.owner_id or case.reporter_id or 0)
    leads = turn.uow.organisation.people_with(LEADS[case.procedure])
    to = [*([person_address(turn, owner, "owner")] if owner else [])]
    to += [person_address(turn, lead, "supervisor") for lead in leads]
    return list({address.to: address for address in to}.values())
