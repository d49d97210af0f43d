"""Surveys of customers: questionnaires, campaigns, who is invited, and what was answered."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    CursorResult,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from storage.base import Identifier, Key, Row
from storage.upsert import table_of

INVITED, ANSWERED, WITHDRAWN = "invited", "answered", "withdrawn"
"""An invitation waits, is used up, or was taken back."""


def new_id() -> str:
    """An identifier that says nothing of when it was made."""
    return secrets.token_urlsafe(18)


class QuestionnaireRow(Row):
    """One version of a questionnaire: never changed once it was used, approved once. ``body`` is what it asks."""

    __tablename__ = "questionnaires"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    body: Mapped[dict[str, object]]
    sample: Mapped[bool] = mapped_column(default=False)
    approved_by: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]


class Campaign(Row):
    """One survey run: its case has the plan, the report and the approvals; here is what answering needs."""

    __tablename__ = "survey_campaigns"
    __table_args__ = (
        ForeignKeyConstraint(["questionnaire", "version"], ["questionnaires.key", "questionnaires.version"]),
    )

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"), unique=True)
    kind: Mapped[str]
    questionnaire: Mapped[str]
    version: Mapped[int]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    def takes(self, now: datetime) -> bool:
        """Whether answers are still taken: a campaign is open until it is closed, not until it is due."""
        return self.closed_at is None


class Invitation(Row):
    """One invitee of a campaign: a customer's contact, or one of ours. Whether they answered, never what or when.

    ``subject`` names whom it is for (``contact:12``, ``person:3``), once in a campaign. ``id`` is random.
    """

    __tablename__ = "survey_invitations"
    __table_args__ = (UniqueConstraint("campaign_id", "subject"),)

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
    campaign_id: Mapped[int] = mapped_column(Identifier, ForeignKey("survey_campaigns.id"))
    subject: Mapped[str]
    customer: Mapped[str] = mapped_column(default="")
    contact_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("contacts.id"), default=None)
    person_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    about_case: Mapped[int | None] = mapped_column(Identifier, ForeignKey("cases.id"), default=None)
    language: Mapped[str] = mapped_column(default="zh")
    state: Mapped[str] = mapped_column(default=INVITED)
    reminded: Mapped[int] = mapped_column(default=0)


class Response(Row):
    """What one invitee of a customer answered, by which mode; counted once it was submitted."""

    __tablename__ = "survey_responses"

    id: Mapped[str] = mapped_column(primary_key=True, default_factory=new_id)
    campaign_id: Mapped[int] = mapped_column(Identifier, ForeignKey("survey_campaigns.id"), index=True)
    invitation_id: Mapped[str] = mapped_column(ForeignKey("survey_invitations.id"), unique=True)
    customer: Mapped[str] = mapped_column(default="")
    mode: Mapped[str] = mapped_column(default="link")
    entered_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    begun_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)


class AnswerRow(Row):
    """One answer: a grade and its score in hundredths, or a text; one to each item."""

    __tablename__ = "survey_answers"

    response_id: Mapped[str] = mapped_column(ForeignKey("survey_responses.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(default="")
    points: Mapped[int | None] = mapped_column(default=None)
    text: Mapped[str] = mapped_column(default="")


# made once: making a statement costs as much as running it
_RATE = (
    select(Invitation.state, func.count())
    .where(Invitation.campaign_id == bindparam("campaign"))
    .group_by(Invitation.state)
)
_RESPONSE = select(Response).where(Response.invitation_id == bindparam("invitation"))
_USE_UP = (
    update(table_of(Invitation))
    .where(table_of(Invitation).c.id == bindparam("invitation"), table_of(Invitation).c.state == INVITED)
    .values(state=ANSWERED)
)
_ANSWERS = insert(table_of(AnswerRow))


class Surveys:
    """Find campaigns and those they invite, and keep what customers answer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # ------------------------------------------------------------ questionnaires

    def questionnaire(self, key: str, version: int) -> QuestionnaireRow | None:
        """One version of a questionnaire."""
        return self._session.get(QuestionnaireRow, (key, version))

    def newest(self, kind: str) -> Sequence[QuestionnaireRow]:
        """The newest version of every questionnaire of a kind."""
        last = func.max(QuestionnaireRow.version)
        newest = select(QuestionnaireRow.key, last).where(QuestionnaireRow.kind == kind).group_by(QuestionnaireRow.key)
        found = [self.questionnaire(key, version) for key, version in self._session.execute(newest).all()]
        return sorted((row for row in found if row is not None), key=lambda row: row.key)

    def keep_questionnaire(self, row: QuestionnaireRow) -> QuestionnaireRow:
        """Keep a new version."""
        self._session.add(row)
        self._session.flush()
        return row

    # ------------------------------------------------------------ campaigns

    def launch(self, campaign: Campaign, invitations: Sequence[Invitation]) -> Campaign:
        """Open a campaign with its roster, frozen from now on."""
        self._session.add(campaign)
        self._session.flush()
        self.invite(campaign, invitations)
        return campaign

    def invite(self, campaign: Campaign, invitations: Sequence[Invitation]) -> None:
        """Add invitees: all of them at launch; later only for a campaign that has no roster (after close)."""
        for invitation in invitations:
            invitation.campaign_id = campaign.id
            self._session.add(invitation)
        self._session.flush()

    def of_case(self, case_id: int) -> Campaign | None:
        """The campaign of a case, once it was launched."""
        return self._session.scalar(select(Campaign).where(Campaign.case_id == case_id))

    def campaign(self, campaign_id: int) -> Campaign | None:
        """The campaign with this identifier."""
        return self._session.get(Campaign, campaign_id)

    def held(self, campaign_id: int) -> Campaign | None:
        """The campaign as it is now; it is neither closed nor opened before our commit."""
        mine = select(Campaign).where(Campaign.id == campaign_id)
        return self._session.scalar(mine.with_for_update(read=True).execution_options(populate_existing=True))

    def open(self, kind: str = "") -> Sequence[Campaign]:
        """Every campaign that takes answers, of a kind if one is given."""
        wanted = (Campaign.closed_at.is_(None), *((Campaign.kind == kind,) if kind else ()))
        return self._session.scalars(select(Campaign).where(*wanted).order_by(Campaign.id)).all()

    def closed_before(self, campaign: Campaign, most: int) -> Sequence[Campaign]:
        """The campaigns of the same kind that were closed before one was launched, the newest so many, in order."""
        earlier = (Campaign.kind == campaign.kind, Campaign.id != campaign.id, Campaign.closed_at <= campaign.opened_at)
        newest = select(Campaign).where(*earlier).order_by(Campaign.closed_at.desc(), Campaign.id.desc()).limit(most)
        return list(reversed(self._session.scalars(newest).all()))

    def last_launch(self, kind: str) -> datetime | None:
        """When a campaign of a kind was launched last."""
        return self._session.scalar(select(func.max(Campaign.opened_at)).where(Campaign.kind == kind))

    # ------------------------------------------------------------ invitations

    def invitation(self, invitation_id: str) -> Invitation | None:
        """The invitation with this identifier."""
        return self._session.get(Invitation, invitation_id)

    def invitations(self, campaign: Campaign, state: str = "") -> Sequence[Invitation]:
        """The invitees of a campaign in the order of their subjects, those in one state if it is given."""
        wanted = (Invitation.campaign_id == campaign.id, *((Invitation.state == state,) if state else ()))
        return self._session.scalars(select(Invitation).where(*wanted).order_by(Invitation.subject)).all()

    def about(self, case_id: int) -> Sequence[Invitation]:
        """The invitations to say something about a case that wait for an answer."""
        waiting = (Invitation.about_case == case_id, Invitation.state == INVITED)
        return self._session.scalars(select(Invitation).where(*waiting).order_by(Invitation.subject)).all()

    def rate(self, campaign: Campaign) -> tuple[int, int]:
        """How many answered, of how many who are invited."""
        by_state: dict[str, int] = dict(self._session.execute(_RATE, {"campaign": campaign.id}).all())
        return by_state.get(ANSWERED, 0), by_state.get(ANSWERED, 0) + by_state.get(INVITED, 0)

    def use_up(self, invitation: Invitation) -> bool:
        """Mark an invitation as answered; False when it was before, or was taken back: one of many at once wins."""
        self._session.flush()
        done = self._session.execute(_USE_UP, {"invitation": invitation.id})
        won = isinstance(done, CursorResult) and done.rowcount == 1
        if won:
            set_committed_value(invitation, "state", ANSWERED)
        else:
            self._session.expire(invitation)
        return won

    # ------------------------------------------------------------ responses

    def response(self, invitation: Invitation) -> Response | None:
        """What was answered to an invitation so far, submitted or not."""
        return self._session.scalar(_RESPONSE, {"invitation": invitation.id})

    def begin(self, response: Response, given: Sequence[AnswerRow] = ()) -> Response:
        """Keep a response that was begun, with its first answers."""
        self._session.add(response)
        self._session.flush()
        self._insert(response, given)
        return response

    def answers(self, response: Response) -> Sequence[AnswerRow]:
        """The answers of a response."""
        mine = select(AnswerRow).where(AnswerRow.response_id == response.id)
        return self._session.scalars(mine.order_by(AnswerRow.item)).all()

    def answer(self, response: Response, given: Sequence[AnswerRow]) -> None:
        """Put these answers in the place of those there are."""
        for row in self.answers(response):
            self._session.delete(row)
        self._session.flush()
        self._insert(response, given)

    def _insert(self, response: Response, given: Sequence[AnswerRow]) -> None:
        rows = [
            {"response_id": response.id, "item": row.item, "grade": row.grade, "points": row.points, "text": row.text}
            for row in given
        ]
        if rows:
            self._session.execute(_ANSWERS, rows)
