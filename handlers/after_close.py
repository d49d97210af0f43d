"""After a complaint was closed: its contact may be asked how it was dealt with, once for each closing (U-14)."""

from conversations.facts import CaseFacts
from conversations.fields import folded
from conversations.replies import Reply, say
from conversations.words import N_, people, said
from handlers import invitations
from handlers.facts import answers_of
from handlers.standing import allowed
from handlers.turn import Turn
from storage.cases import Case
from storage.customers import Contact
from storage.surveys import INVITED, WITHDRAWN, Invitation

KIND, CLOSED = "after_close", "closed"


def look(turn: Turn, case: Case, facts: CaseFacts) -> None:
    """Ask when a complaint was closed; take back what was asked when it was opened again."""
    if case.procedure != "complaint" or facts.latest.step == case.step:
        return
    if case.step == CLOSED:
        _ask(turn, case)
    elif facts.latest.step == CLOSED:
        opened_again(turn, case)


def opened_again(turn: Turn, case: Case) -> None:
    """Nobody is asked about a case that is not closed any more."""
    if case.procedure == "complaint" and case.step != CLOSED:
        for invitation in turn.uow.surveys.about(case.id):
            _withdraw(turn, invitation)


def _ask(turn: Turn, case: Case) -> None:
    """One invitation, where such a survey is open and we know whom to ask."""
    campaign = next((each for each in turn.uow.surveys.open(KIND) if each.closes_at > turn.now), None)
    survey = turn.uow.cases.get(campaign.case_id) if campaign is not None else None
    contact = _contact(turn, case)
    if campaign is None or survey is None or contact is None:
        return
    customer = turn.uow.customers.get(case.customer)
    invitation = Invitation(
        campaign_id=campaign.id, subject=f"case:{case.id}:{case.visit}", customer=case.customer, contact_id=contact.id,
        about_case=case.id, language=contact.language or (customer.language if customer else turn.company.language),
    )  # fmt: skip
    turn.uow.surveys.invite(campaign, [invitation])
    turn.uow.audit.write_case(survey, "invited", turn.actor, data={"invitation": invitation.id, "about": case.number})
    invitations.invite(turn, survey, campaign, invitation)


def _contact(turn: Turn, case: Case) -> Contact | None:
    """The contact of the case, if we know more of them than a name."""
    name = folded(str(answers_of(case).get("contact") or ""))
    known = (each for each in turn.uow.customers.contacts(case.customer) if folded(each.name) == name)
    return next(known, None)


def leave_out(turn: Turn, invitation_id: str) -> Reply:
    """不发评价: nobody is asked this time; the link opens nothing."""
    invitation = turn.uow.surveys.invitation(invitation_id)
    campaign = turn.uow.surveys.campaign(invitation.campaign_id) if invitation is not None else None
    survey = turn.uow.cases.get(campaign.case_id) if campaign is not None else None
    if invitation is None or survey is None or invitation.about_case is None:
        return say(said(N_("There is nothing to take back.")))
    if allowed(turn, survey, turn.company.handbook[survey.procedure].starts) is None:
        return say(said(N_("This is for sales to decide.")))
    if invitation.state != INVITED:
        return say(said(N_("That is settled already: it was answered or taken back.")))
    _withdraw(turn, invitation)
    about = turn.uow.cases.get(invitation.about_case)
    number = people(about.number if about is not None else "")
    return say(said(N_("{n}: nobody is asked. A link that was forwarded opens nothing any more."), n=number))


def _withdraw(turn: Turn, invitation: Invitation) -> None:
    campaign = turn.uow.surveys.campaign(invitation.campaign_id)
    survey = turn.uow.cases.get(campaign.case_id) if campaign is not None else None
    invitation.state = WITHDRAWN
    turn.uow.outbox.cancel_subject(invitations.about_subject(invitation.about_case or 0))
    if survey is not None:
        turn.uow.audit.write_case(survey, "taken back", turn.actor, data={"invitation": invitation.id})
