"""A survey that runs: those who have not answered are reminded at most twice, and it closes on its day (D1 4.1.4)."""

from datetime import datetime, time, timedelta
from functools import partial

from handlers import cases, rules
from handlers.company import Company
from handlers.invitations import invite
from handlers.turn import Turn
from storage.cases import Case
from storage.database import Database
from storage.surveys import INVITED, Campaign, Invitation
from storage.unit_of_work import UnitOfWork

MORNING = (time(8, 30), time(12, 0))
REMINDERS, ONCE = 2, 1
"""How often those are reminded who have not answered; about a single complaint once at most (U-14)."""
FULL_DAY = timedelta(hours=8)


def tick(database: Database, company: Company) -> None:
    """Remind and close what is due; each campaign in a transaction of its own."""
    for campaign_id in database.look(lambda uow: [each.id for each in uow.surveys.open()]):
        database.do(partial(_due, company=company, campaign_id=campaign_id))


def _due(uow: UnitOfWork, company: Company, campaign_id: int) -> None:
    turn = Turn(uow, company)
    campaign = turn.uow.surveys.campaign(campaign_id)
    case = turn.uow.cases.get(campaign.case_id) if campaign is not None else None
    if campaign is None or case is None or campaign.closed_at is not None or case.step != "open":
        return
    if campaign.closes_at <= turn.now:
        close(turn, case, campaign)
    else:
        _remind(turn, case, campaign)


def close(turn: Turn, case: Case, campaign: Campaign) -> None:
    """Take no more answers; where fewer answered than must, that has to be stated first."""
    campaign.closed_at = turn.now
    action = turn.company.handbook[case.procedure].action["close_survey"]
    answered, invited = turn.uow.surveys.rate(campaign)
    below = 100 * answered < wanted_rate(turn, case) * invited
    cases.act(turn, case, action, {"answered": answered, "invited": invited, "below_rate": below})


def wanted_rate(turn: Turn, case: Case) -> int:
    """The least response rate, in percent."""
    return rules.value_of(turn, f"{case.procedure}.rate")


def _remind(turn: Turn, case: Case, campaign: Campaign) -> None:
    """On a workday morning, those who have not answered, at most twice."""
    wall = turn.now.astimezone(turn.company.zone)
    if not turn.calendar.intervals(wall.date()) or not MORNING[0] <= wall.time() < MORNING[1]:
        return
    after = [FULL_DAY * rules.value_of(turn, f"{case.procedure}.remind_{n}") for n in (1, 2)]
    for invitation in turn.uow.surveys.invitations(campaign, INVITED):
        passed = turn.calendar.between(_asked_at(turn, campaign, invitation), turn.now)
        due = min(sum(passed >= span for span in after), REMINDERS if invitation.about_case is None else ONCE)
        if invitation.reminded < due:
            invitation.reminded = due
            invite(turn, case, campaign, invitation, again=True)


def _asked_at(turn: Turn, campaign: Campaign, invitation: Invitation) -> datetime:
    """From when somebody was asked: with all others, or when a complaint of theirs was closed."""
    about = turn.uow.cases.get(invitation.about_case) if invitation.about_case is not None else None
    return max(campaign.opened_at, about.closed_at or turn.now) if about is not None else campaign.opened_at
