"""The sections of a satisfaction report (D9 4.3.3.1): a) the survey, b) how satisfied they are, c) the trend.

Sentences as data, told in each reader's language until somebody writes a section anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from conversations.words import N_, Said, Text, lines, people, said
from reports import satisfaction_phrases as phrases
from reports.ballots import FEWEST
from reports.satisfaction_figures import ItemFigures, SatisfactionFigures
from reports.satisfaction_phrases import Row
from reports.satisfaction_pictures import response_said
from reports.statistics import Ratio

CUSTOMERS, CAMPAIGNS = 10, 6
REMARKS, LONGEST = 6, 120
"""So many remarks stand in the report, and so much of each."""

MODES = {
    "link": N_("by link"),
    "phone": N_("by telephone"),
    "paper": N_("on paper"),
    "fax": N_("by fax"),
    "chat": N_("in chat"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How a survey was carried out: between which days, with which form, and how many answered by which mode."""

    opened: date
    closed: date
    questionnaire: Text
    version: int
    form: str
    asked: Said
    modes: Mapping[str, int]
    departments: Sequence[tuple[str, Ratio]] = ()
    below_why: str = ""


def section_a(figures: SatisfactionFigures, conduct: Conduct) -> Said:
    """概述: when, with what, whom, and how many answered in which way."""
    return lines(_survey(figures, conduct))


def _survey(figures: SatisfactionFigures, conduct: Conduct) -> Iterator[Said]:
    campaign = figures.campaign
    yield said(N_("Period {period}; answers were taken from {first} to {last}."), period=people(campaign.period),
               first=conduct.opened, last=conduct.closed)  # fmt: skip
    words = N_("Questionnaire: {name} {form} v{version}") if conduct.form else N_("Questionnaire: {name} v{version}")
    yield said(words, name=conduct.questionnaire, form=conduct.form, version=conduct.version)
    yield said(N_("Asked: {whom}"), whom=conduct.asked)
    if campaign.response is not None:
        yield response_said(campaign.response)
    if conduct.below_why:
        yield said(N_("Why fewer answered: {why}"), why=people(conduct.below_why))
    if conduct.departments:
        shares = tuple(said("{name} {ratio}", name=name, ratio=ratio.said()) for name, ratio in conduct.departments)
        yield said(N_("Response by department, from who took part alone: {list}"), list=shares)
    if conduct.modes:
        told = tuple(
            said("{mode} {count}", mode=said(MODES.get(mode, mode)), count=count)
            for mode, count in conduct.modes.items()
        )
        yield said(N_("Answered: {modes}"), modes=told)


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody at a customer wrote to an open question."""

    question: Text
    text: str
    customer: str


def section_b(figures: SatisfactionFigures, remarks: Sequence[Remark] = ()) -> Said:
    """How satisfied they are: as a whole, by item, by group, by customer, what was left out, what was written."""
    return lines((*_satisfaction(figures), *_written(remarks)))


def _written(remarks: Sequence[Remark]) -> Iterator[Said]:
    for each in remarks[:REMARKS]:
        text = each.text if len(each.text) <= LONGEST else f"{each.text[:LONGEST]}…"
        yield said(N_("{question} ({customer}): {text}"), question=each.question, customer=people(each.customer),
                   text=people(" ".join(text.split())))  # fmt: skip
    if len(remarks) > REMARKS:
        yield said(N_("and {count} more remarks"), count=len(remarks) - REMARKS)


def hidden(answered: int) -> Said:
    """In the place of all figures, where so few answered that a figure would be somebody's answer."""
    words = N_("Only {n} ballots were given. Of fewer than {k} no result is shown, so that nobody can be recognised.")
    return said(words, n=answered, k=FEWEST)


def _satisfaction(figures: SatisfactionFigures) -> Iterator[Said]:
    overall = phrases.overall_row(figures)
    yield _line(overall)
    yield from _compared(figures)
    yield from map(_line, _lowest_marked(figures))
    yield said(N_("Groups: {list}"), list=tuple(map(_line, phrases.group_rows(figures))))
    yield said(N_("Grades: {list}"), list=tuple(_grades(figures)))
    for item in figures.items:
        given = tuple(said("{grade} {count}", grade=each.label, count=each.count) for each in item.shares)
        yield said(N_("{item}: {grades}"), item=item.label, grades=given)
    yield from _customers(figures)
    missing = tuple(
        said("{item} {count}", item=item.label, count=item.missing) for item in figures.items if item.missing
    )
    if missing:
        yield said(N_("Not answered, and not counted as 0: {items}"), items=missing)


def _compared(figures: SatisfactionFigures) -> Iterator[Said]:
    """Against the target; the competitor is named when the report is submitted, and stands in the pictures."""
    target, overall = figures.campaign.target, figures.overall
    if target is None or overall is None:
        return
    words = N_("Target {target}: reached") if overall >= target else N_("Target {target}: not reached")
    yield said(words, target=phrases.plain(target))


def _lowest_marked(figures: SatisfactionFigures) -> Iterator[Row]:
    """Every item, the lowest first and named as such."""
    rows = dict(zip((item.key for item in figures.items), phrases.item_rows(figures), strict=True))
    ordered = sorted(figures.items, key=lambda item: (item.score is None, item.score or 0))
    for at, item in enumerate(ordered):
        row = rows[item.key]
        lowest = at == 0 and item.score is not None and len(ordered) > 1
        yield Row(said(N_("Lowest: {item}"), item=row.name), row.figures, row.score) if lowest else row


def _grades(figures: SatisfactionFigures) -> Iterator[Said]:
    """How often each grade was given, over all items."""
    shares = [share for item in figures.items for share in item.shares]
    total = sum(share.count for share in shares)
    for answer in sorted({share.answer for share in shares}, reverse=True):
        alike = [share for share in shares if share.answer == answer]
        ratio = Ratio(sum(share.count for share in alike), total)
        yield said("{grade} {ratio}", grade=alike[0].label, ratio=ratio.said())


def _customers(figures: SatisfactionFigures) -> Iterator[Said]:
    rows = phrases.customer_rows(figures)
    if not rows:
        return
    yield said(N_("Customers, the lowest first: {list}"), list=tuple(map(_line, rows[:CUSTOMERS])))
    if len(rows) > CUSTOMERS:
        yield said(N_("and {count} customers with higher scores"), count=len(rows) - CUSTOMERS)


def section_c(figures: SatisfactionFigures) -> Said:
    """变化趋势: against the campaigns before; the first has nothing to be compared with, and says so."""
    if not figures.campaign.previous:
        return said(N_("First survey of its kind: there is nothing to compare it with."))
    return lines(_trend(figures))


def _trend(figures: SatisfactionFigures) -> Iterator[Said]:
    yield from map(_line, phrases.trend_rows(figures, CAMPAIGNS))
    fell, rose = (_moved(figures.items, falling=falling) for falling in (True, False))
    if fell:
        yield said(N_("Lower than before: {items}"), items=fell)
    if rose:
        yield said(N_("Higher than before: {items}"), items=rose)


def _moved(items: Sequence[ItemFigures], *, falling: bool) -> tuple[Said, ...]:
    changes = [(item, phrases.change(item.score, item.previous)) for item in items]
    sign = "−" if falling else "+"
    return tuple(
        said("{item} {change}", item=item.label, change=change) for item, change in changes if change.startswith(sign)
    )


def _line(row: Row) -> Said:
    return said(N_("{name}: {figures}"), name=row.name, figures=row.figures)
