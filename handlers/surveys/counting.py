"""What a campaign came to, counted from its answers whenever it is asked: nothing is kept beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from conversations.questionnaire import Questionnaire
from conversations.words import N_, Said, Text, said
from handlers import questionnaires, roster, rules
from handlers.facts import answers_of
from handlers.surveys import ballots
from handlers.turn import Turn
from reports.ballots import FEWEST
from reports.counting import per_month
from reports.figures import Count
from reports.months import between, shifted
from reports.satisfaction_figures import Campaign as Compared
from reports.satisfaction_figures import CustomerFigures, Response, SatisfactionFigures
from reports.scoring import Before, figures
from reports.statistics import Ratio
from reports.survey_counts import EMPLOYEE, counted, followed_up, modes, written
from reports.survey_indicators import Asked, Period, indicators
from reports.survey_report import Conduct, Remark
from storage.cases import Case
from storage.surveys import Campaign

FORMS: Mapping[str, str] = {roster.CUSTOMER: "HLLG-QR721-03", roster.EMPLOYEE: ""}
"""The number of the questionnaire's form; the procedures give none to that of employees."""

LEADS: Mapping[str, str] = {roster.CUSTOMER: "sales_lead", roster.EMPLOYEE: "office_lead"}
MONTHS = {"H1": ("01", "06"), "H2": ("07", "12")}
MOST_BEFORE = 5
REST = said(N_("the others"))


@dataclass(frozen=True, slots=True)
class Counted:
    """A campaign that was counted, with the figures; ``hidden`` where they may not be shown, for so few answered."""

    case: Case
    campaign: Campaign
    asked: Questionnaire
    figures: SatisfactionFigures

    @property
    def hidden(self) -> bool:
        return self.campaign.kind == EMPLOYEE and self.figures.respondents < FEWEST


def count(turn: Turn, case: Case) -> Counted | None:
    """Count the campaign of a case, beside those before it; None for one that was never sent."""
    campaign = turn.uow.surveys.of_case(case.id)
    if campaign is None:
        return None
    before = list(_before(turn, case, campaign))
    compared = _compared(turn, case, campaign, before)
    return _counted(turn, case, campaign, compared, before[-1] if before else None)


def _counted(
    turn: Turn, case: Case, campaign: Campaign, compared: Compared | None = None, last: Counted | None = None
) -> Counted:
    row = turn.uow.surveys.questionnaire(campaign.questionnaire, campaign.version)
    if row is None:
        raise LookupError(f"the questionnaire of campaign {campaign.id} is not there")
    asked = questionnaires.asked_by(row)
    tallied = counted(turn.uow.session, campaign, asked)
    found = figures(asked, tallied, compared or _compared(turn, case, campaign, ()), _scores(last))
    return Counted(case, campaign, asked, replace(found, customers=tuple(_named(turn, found.customers))))


def _scores(last: Counted | None) -> Before | None:
    if last is None:
        return None
    return Before(
        {item.key: item.score for item in last.figures.items if item.score is not None},
        {group.key: group.score for group in last.figures.groups if group.score is not None},
    )


def _before(turn: Turn, case: Case, campaign: Campaign) -> Iterator[Counted]:
    """The campaigns of the same kind that were counted before, the oldest first; hidden ones compare with nothing."""
    for each in turn.uow.surveys.closed_before(campaign, MOST_BEFORE):
        earlier = turn.uow.cases.get(each.case_id)
        if earlier is None or earlier.procedure != case.procedure or "section_b" not in earlier.answers:
            continue
        found = _counted(turn, earlier, each)
        if found.figures.overall is not None and not found.hidden:
            yield found


def _compared(turn: Turn, case: Case, campaign: Campaign, before: Sequence[Counted]) -> Compared:
    procedure, answers = turn.company.handbook[case.procedure], answers_of(case)
    row = turn.uow.surveys.questionnaire(campaign.questionnaire, campaign.version)
    answered, invited = turn.uow.surveys.rate(campaign)
    threshold = rules.value_of(turn, f"{case.procedure}.item")
    return Compared(
        title=questionnaires.asked_by(row).name if row else Text(),
        period=str(answers.get("period") or ""),
        cut_off=campaign.closed_at or turn.now,
        zone=turn.company.zone,
        form=procedure.form_number,
        target=_score(answers.get("target")),
        competitor=_score(answers.get("competitor")),
        threshold=Decimal(threshold) if threshold else None,
        response=Response(invited, answered, rules.value_of(turn, f"{case.procedure}.rate") or None),
        previous=[
            (each.figures.campaign.period, each.figures.overall) for each in before if each.figures.overall is not None
        ],
        sample=row is not None and row.approved_at is None,
    )


def _score(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, Decimal | int) else None


def _named(turn: Turn, customers: Sequence[CustomerFigures]) -> Iterator[CustomerFigures]:
    for each in customers:
        customer = turn.uow.customers.get(each.name)
        yield replace(each, name=(customer.short or customer.name) if customer else each.name)


def conduct(turn: Turn, counted: Counted) -> Conduct:
    """How the survey was carried out."""
    case, campaign, zone = counted.case, counted.campaign, turn.company.zone
    return Conduct(
        opened=campaign.opened_at.astimezone(zone).date(),
        closed=(campaign.closed_at or turn.now).astimezone(zone).date(),
        questionnaire=counted.asked.name,
        version=campaign.version,
        form=FORMS.get(case.procedure, ""),
        asked=_asked(turn, case, campaign),
        modes=modes(turn.uow.session, campaign),
        departments=tuple(_departments(turn, case, campaign)),
        below_why=str(case.answers.get("below_why") or ""),
    )


def remarks(turn: Turn, counted: Counted) -> Iterator[Remark]:
    """What customers wrote to the open questions, by name; what employees write is copied nowhere (N-05)."""
    questions = {each.key: each.label for each in counted.asked.questions}
    for question, text, code in written(turn.uow.session, counted.campaign):
        customer = turn.uow.customers.get(code)
        name = (customer.short or customer.name) if customer else code
        yield Remark(questions.get(question, Text(question)), text, name)


def _departments(turn: Turn, case: Case, campaign: Campaign) -> Iterator[tuple[str, Ratio]]:
    """Who took part by department; the small ones together."""
    for rate in ballots.rate_by_department(turn, campaign) if case.procedure == roster.EMPLOYEE else ():
        department = turn.uow.organisation.department(rate.department) if rate.department else None
        name = department.name if department else turn.company.words.say(REST, turn.company.language, turn.now)
        yield name, Ratio(rate.answered, rate.invited)


def _asked(turn: Turn, case: Case, campaign: Campaign) -> Said:
    invited = turn.uow.surveys.invitations(campaign)
    if case.procedure == roster.EMPLOYEE:
        return said(N_("everyone who works here, {k} people, without names"), k=len(invited))
    customers = len({each.customer for each in invited})
    return said(N_("{k} people at {c} customers"), k=len(invited), c=customers)


def told_indicators(turn: Turn, counted: Counted) -> Said:
    """What was delivered in the months that a survey is about; of a survey of employees that is another matter."""
    if counted.case.procedure == roster.EMPLOYEE:
        return said(N_("No delivery indicators belong to a survey of employees."))
    opened = turn.company.month(counted.campaign.opened_at)
    first, last = months_of(str(counted.case.answers.get("period") or ""), opened)
    by_month = per_month(turn.uow.session, last)
    complaints = sum((by_month.get(month, Count()) for month in between(first, last)), Count())
    lead = next(iter(turn.uow.organisation.people_with(LEADS[counted.case.procedure])), None)
    owes = lead.name if lead else ""
    codes = sorted({each.customer for each in turn.uow.surveys.invitations(counted.campaign)})
    period = Period(
        first=first, last=last, complaints=complaints.total, major=complaints.major,
        follow_ups=followed_up(turn.uow.session, first, last), owes=owes,
    )  # fmt: skip
    asked = [_who_owes(turn, code, owes) for code in codes]
    return indicators(period, asked, turn.uow.indicators.between(first, last))


def _who_owes(turn: Turn, code: str, otherwise: str) -> Asked:
    customer = turn.uow.customers.get(code)
    owner = turn.uow.organisation.person(customer.owner_sales_id or 0) if customer else None
    name = (customer.short or customer.name) if customer else code
    return Asked(code, name, owner.name if owner else otherwise)


def months_of(period: str, opened: str) -> tuple[str, str]:
    """The first and the last month of a period: 2026-H2, 2026; of any other words, the half-year up to the launch."""
    year, _, half = period.strip().upper().partition("-")
    if year.isdecimal() and len(year) == 4 and half in ("", *MONTHS):
        begins, ends = MONTHS.get(half, ("01", "12"))
        return f"{year}-{begins}", f"{year}-{ends}"
    return shifted(opened, -5), opened
