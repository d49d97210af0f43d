"""A survey on paper, for mail, parcel or fax (M-36): a page to each customer's contact who has not answered, or one."""

from handlers import invitees, questionnaires
from handlers.invitations import link_of
from handlers.roster import EMPLOYEE
from handlers.turn import Turn
from reports.documents.questionnaire_pdf import Copy, Printed, questionnaire_pdf
from reports.voice import Voice
from storage.cases import Case
from storage.surveys import INVITED, Campaign

FORMS = {"customer": "HLLG-QR721-03"}
"""The form numbers of the company's questionnaires."""


class NothingToPrintError(Exception):
    """There is no questionnaire to print for this case; the sentence says why."""


def printed(turn: Turn, case: Case, *, blank: bool = False) -> tuple[bytes, int]:
    """The pages as PDF, and how many; ``blank`` is one page for anybody. Raises NothingToPrintError."""
    number = case.number or ""
    campaign = turn.uow.surveys.of_case(case.id)
    if case.procedure == EMPLOYEE:
        raise NothingToPrintError(f"{number} asks employees: what stands on paper would not be without names")
    row = turn.uow.surveys.questionnaire(campaign.questionnaire, campaign.version) if campaign is not None else None
    if campaign is None or row is None:
        raise NothingToPrintError(f"{number} is no survey that was sent")
    copies = [Copy(_voice(turn, turn.company.language))] if blank else _copies(turn, campaign)
    if not copies:
        raise NothingToPrintError(f"everybody invited by {number} has answered")
    paper = Printed(
        company=turn.company.name, number=number, form_number=FORMS.get(row.key, ""),
        period=str(case.answers.get("period") or ""), until=campaign.closes_at,
        return_to=" ".join(filter(None, (turn.company.name, turn.company.phone))),
    )  # fmt: skip
    return questionnaire_pdf(questionnaires.asked_by(row), paper, copies), len(copies)


def _copies(turn: Turn, campaign: Campaign) -> list[Copy]:
    """A page in their language to each who has not answered, with the link that is theirs."""
    links = turn.company.links
    found = []
    for invitation in turn.uow.surveys.invitations(campaign, INVITED):
        link = links.url(link_of(turn, campaign, invitation)) if links is not None else ""
        found.append(Copy(_voice(turn, invitation.language), invitees.name_of(turn.uow, invitation), link))
    return found


def _voice(turn: Turn, language: str) -> Voice:
    return Voice(turn.company.words, language, turn.now)
