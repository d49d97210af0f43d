"""What a customer's contact answers: kept until it is whole, submitted once, told to whoever looks after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from conversations.fields import cleaned
from conversations.questionnaire import Item, Questionnaire
from conversations.words import N_, Said, said
from handlers import invitees, questionnaires
from handlers.addresses import person_address
from handlers.invitations import owner_of
from handlers.outgoing import How, send
from handlers.refusals import RefusedError
from handlers.turn import Turn
from notifications import surveys as notices
from storage.cases import Case
from storage.surveys import INVITED, AnswerRow, Campaign, Invitation, Response

LONGEST = 2000
"""Characters of one answer in words."""

LINK, PHONE, PAPER, FAX = "link", "phone", "paper", "fax"
"""How an answer came."""

TOO_LATE = said(N_("This questionnaire was answered already, or it takes no answers any more."))
NOTHING = said(N_("Nothing is answered yet."))


@dataclass(frozen=True, slots=True)
class Given:
    """What was ticked, the grade's key by the item's, and what was written, by the question's key."""

    grades: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.grades or self.texts)


@dataclass(frozen=True, slots=True)
class Invited:
    """One invitation with what it is part of: the campaign, its case, and the questionnaire as it is asked."""

    invitation: Invitation
    campaign: Campaign
    case: Case
    asked: Questionnaire


def read(asked: Questionnaire, grades: Mapping[str, str], texts: Mapping[str, str]) -> Given:
    """What a questionnaire asks of what came in; whatever it does not ask is no answer."""
    ticked = {item.key: grades[item.key] for item in asked.items if asked.grade(grades.get(item.key, "")) is not None}
    written = {each.key: cleaned(texts.get(each.key, "")).strip() for each in asked.questions}
    return Given(ticked, {key: text for key, text in written.items() if text})


def missing(asked: Questionnaire, given: Given) -> tuple[Item, ...]:
    """The items that were left out."""
    return tuple(item for item in asked.items if item.key not in given.grades)


def lowest(asked: Questionnaire, given: Given) -> tuple[Item, ...]:
    """The items that got the worst grade there is."""
    worst = min(asked.grades, key=lambda grade: grade.score).key
    return tuple(item for item in asked.items if given.grades.get(item.key) == worst)


def kept(turn: Turn, whose: Invited) -> Given:
    """What was kept so far."""
    response = turn.uow.surveys.response(whose.invitation)
    rows = turn.uow.surveys.answers(response) if response is not None else ()
    return Given({row.item: row.grade for row in rows if row.grade}, {row.item: row.text for row in rows if row.text})


def keep(turn: Turn, whose: Invited, given: Given, mode: str = LINK, submitted_at: datetime | None = None) -> None:
    """Keep answers in the place of those that were kept before; they count once they are submitted."""
    response, entered_by = turn.uow.surveys.response(whose.invitation), turn.person.id if turn.person else None
    rows = _rows(whose.asked, given)
    if response is None:
        response = Response(
            campaign_id=whose.campaign.id, invitation_id=whose.invitation.id, customer=whose.invitation.customer,
            mode=mode, entered_by=entered_by, begun_at=turn.now, submitted_at=submitted_at,
        )  # fmt: skip
        turn.uow.surveys.begin(response, rows)
        return
    response.mode, response.entered_by, response.submitted_at = mode, entered_by, submitted_at
    turn.uow.surveys.answer(response, rows)


def submit(turn: Turn, whose: Invited, given: Given, mode: str = LINK) -> bool:
    """Submit answers: of many at once for one invitation one wins. False when it was too late, with nothing kept.

    The campaign is held by whoever calls, so that it is not closed meanwhile.
    """
    if not whose.campaign.takes(turn.now) or not turn.uow.surveys.use_up(whose.invitation):
        return False
    keep(turn, whose, given, mode, turn.now)
    turn.uow.audit.write_case(whose.case, "answered", turn.actor,
                              data={"invitation": whose.invitation.id, "mode": mode})  # fmt: skip
    _tell(turn, whose, given)
    return True


def enter(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """Enter what a contact said by phone or sent on paper. Raises RefusedError when it came too late."""
    whose = entered_for(turn, case, answers)
    mode = str(answers.get("mode") or PHONE)
    given = _from_form(whose.asked, answers)
    if not given:
        raise RefusedError(NOTHING)
    if not submit(turn, whose, given, mode):
        raise RefusedError(TOO_LATE)


def entered_for(turn: Turn, case: Case, answers: Mapping[str, object]) -> Invited:
    """Whose answers are entered. Raises RefusedError when they have answered already, or nobody is asked any more."""
    invitation = turn.uow.surveys.invitation(str(answers.get("invitation") or ""))
    campaign = turn.uow.surveys.held(invitation.campaign_id) if invitation is not None else None
    if invitation is None or campaign is None or campaign.case_id != case.id:
        raise RefusedError(TOO_LATE)
    row = turn.uow.surveys.questionnaire(campaign.questionnaire, campaign.version)
    if row is None or invitation.state != INVITED or not campaign.takes(turn.now):
        raise RefusedError(TOO_LATE)
    if turn.person is not None and turn.person.id in invitees.rated(turn.uow, invitation):
        raise RefusedError(invitees.NOT_ONESELF)
    return Invited(invitation, campaign, case, questionnaires.asked_by(row))


def _from_form(asked: Questionnaire, answers: Mapping[str, object]) -> Given:
    grades = {item.key: str(answers.get(f"item_{item.key}") or "") for item in asked.items}
    texts = {each.key: str(answers.get(f"text_{each.key}") or "") for each in asked.questions}
    return read(asked, grades, texts)


def _rows(asked: Questionnaire, given: Given) -> Sequence[AnswerRow]:
    rows = []
    for item, key in given.grades.items():
        grade = asked.grade(key)
        if grade is not None:
            rows.append(AnswerRow(response_id="", item=item, grade=key, points=int(grade.score * 100)))
    return [*rows, *(AnswerRow(response_id="", item=key, text=text) for key, text in given.texts.items())]


def _tell(turn: Turn, whose: Invited, given: Given) -> None:
    """Whoever looks after the customer hears it at once; unless they entered it themselves and nothing is bad."""
    customer = turn.uow.customers.get(whose.invitation.customer)
    contact = turn.uow.customers.contact(whose.invitation.contact_id or 0)
    owner = owner_of(turn, whose.case, customer) if customer is not None else None
    low = lowest(whose.asked, given)
    if customer is None or owner is None or (turn.person is not None and turn.person.id == owner.id and not low):
        return
    who = (customer.short or customer.name, contact.name if contact is not None else "")
    labels = tuple(_label(item) for item in low)
    notice = notices.answered(whose.case.number or "", who, turn.uow.surveys.rate(whose.campaign), labels)
    how = How(key=f"survey/{whose.invitation.id}/answered", case_id=whose.case.id)
    send(turn, notice, [person_address(turn, owner, "customer")], how)


def _label(item: Item) -> Said:
    return said("{text}", text=item.label)
