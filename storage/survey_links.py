"""What a survey's link leads to, read at once: whatever it opens, or does not, takes one question of the database."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from storage.cases import Case
from storage.customers import Contact, Customer
from storage.links import AccessLink
from storage.surveys import Campaign, Invitation, QuestionnaireRow

SUBJECT = "invitation:"
"""With this a link names its invitation."""

_BEHIND = (
    select(AccessLink, Invitation, Campaign, Case, QuestionnaireRow, Contact, Customer)
    .join(Invitation, Invitation.id == func.substr(AccessLink.subject, len(SUBJECT) + 1))
    .join(Campaign, Campaign.id == Invitation.campaign_id)
    .join(Case, Case.id == Campaign.case_id)
    .join(
        QuestionnaireRow,
        and_(QuestionnaireRow.key == Campaign.questionnaire, QuestionnaireRow.version == Campaign.version),
    )
    .outerjoin(Contact, Contact.id == Invitation.contact_id)
    .outerjoin(Customer, Customer.code == Invitation.customer)
    .where(
        AccessLink.id == bindparam("link"), AccessLink.purpose == bindparam("purpose"),
        AccessLink.subject.startswith(SUBJECT),
    )
)  # fmt: skip
_HELD = _BEHIND.with_for_update(read=True, of=Campaign)


@dataclass(frozen=True, slots=True)
class Behind:
    """A link, its invitation, and what that is part of; the contact and the customer, where it is theirs."""

    link: AccessLink
    invitation: Invitation
    campaign: Campaign
    case: Case
    questionnaire: QuestionnaireRow
    contact: Contact | None
    customer: Customer | None


class SurveyLinks:
    """Find what is behind a link."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def behind(self, link_id: str, purpose: str, *, hold: bool = False) -> Behind | None:
        """What a link leads to, open or not. Held, its campaign is neither closed nor opened before our commit."""
        row = self._session.execute(_HELD if hold else _BEHIND, {"link": link_id, "purpose": purpose}).first()
        return Behind(*row) if row is not None else None
