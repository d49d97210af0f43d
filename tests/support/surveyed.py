"""Surveys that were answered: responses and ballots put in behind the door, and a pencil that draws in no time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from io import BytesIO

from PIL import Image

from conversations.plain import load
from conversations.words import Said
from handlers.surveys import running
from handlers.surveys.drawn import Drawing
from handlers.surveys.reporting import tick
from reports.satisfaction_figures import SatisfactionFigures
from storage.ballots import Ballot, BallotAnswer
from storage.cases import Case
from storage.rules import RuleVersion
from storage.surveys import AnswerRow, Response
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk


@dataclass
class Pencil:
    """Draws two small pictures in no time, each time other ones, and remembers what it was asked to draw."""

    asked: list[SatisfactionFigures] = field(default_factory=list)

    def draw(self, figures: SatisfactionFigures) -> Drawing:
        self.asked.append(figures)
        shades = (10 * len(self.asked), 10 * len(self.asked) + 1)
        return Drawing(
            tuple(_picture(shade) for shade in shades), ("最低:交货期 50.0\n得分", "不满意最多:交货期\n份数")
        )


def _picture(shade: int) -> bytes:
    file = BytesIO()
    Image.new("L", (27, 34), shade).save(file, "PNG")
    return file.getvalue()


def threshold(uow: UnitOfWork) -> RuleVersion:
    """Customers' items below 60 are rectified here too; the product itself asks for nothing (A-13)."""
    return RuleVersion(key="customer_survey.item", value="60", unit="%", effective_from=date(2026, 1, 1), at=uow.now)


def answered(desk: Desk, number: str, *given: Mapping[str, int | None], mode: str = "link") -> None:
    """Customers' contacts submit, one after another in the order of their codes; None is an item that is left out."""
    desk.look(number, partial(_answered, given=given, mode=mode))


def _answered(uow: UnitOfWork, case: Case, given: Sequence[Mapping[str, int | None]], mode: str) -> None:
    campaign = uow.surveys.of_case(case.id)
    assert campaign is not None
    invited = sorted(uow.surveys.invitations(campaign, "invited"), key=lambda each: each.customer)
    for invitation, scores in zip(invited, given, strict=False):
        assert uow.surveys.use_up(invitation)
        response = Response(
            campaign_id=campaign.id, invitation_id=invitation.id, customer=invitation.customer, mode=mode,
            begun_at=uow.now, submitted_at=uow.now,
        )  # fmt: skip
        uow.surveys.begin(response)
        kept = {item: score for item, score in scores.items() if score is not None}
        rows = [AnswerRow(response_id=response.id, item=item, points=score * 100) for item, score in kept.items()]
        rows.append(AnswerRow(response_id=response.id, item="suggestions", text=f"{mode}: <b>{{n}}</b>"))
        uow.surveys.answer(response, rows)


def voted(desk: Desk, number: str, *ballots: Mapping[str, int], participants: int) -> None:
    """So many employees took part, and these ballots went on: item -> hundredths."""

    def vote(uow: UnitOfWork, case: Case) -> None:
        campaign = uow.surveys.of_case(case.id)
        assert campaign is not None
        for invitation in uow.surveys.invitations(campaign)[:participants]:
            assert uow.surveys.use_up(invitation)
        for each in ballots:
            ballot = Ballot(campaign_id=campaign.id)
            uow.session.add(ballot)
            uow.session.flush()
            for item, points in each.items():
                uow.session.add(BallotAnswer(ballot_id=ballot.id, item=item, grade="", points=points))

    desk.look(number, vote)


def told(desk: Desk, number: str, section: str) -> str:
    """A section of a report as it is read in Chinese."""
    kept = load(desk.answers(number)[section])  # type: ignore[arg-type]  # plain JSON, as the row keeps it
    return desk.company.words.say(kept, "zh", desk.clock()) if isinstance(kept, Said) else str(kept)


def count(desk: Desk, now: datetime | None = None) -> None:
    """What the clock does with surveys that are over, closed or approved, now or at once at a later time; the post."""
    if now is not None:
        desk.clock.set(now)
    running.tick(desk.database, desk.company)
    tick(desk.database, desk.company, desk.draw_survey)
    desk.deliver()
