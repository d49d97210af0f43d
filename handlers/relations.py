"""补业务关系: what connects a contact with us, one tap for each, so that they can be asked in a survey (2.0-17)."""

from collections.abc import Mapping

from conversations.replies import Button, Reply, say
from conversations.words import N_, people, said
from handlers import cases, listings, planned, roster
from handlers.facts import answers_of
from handlers.refusals import RefusedError
from handlers.turn import Turn
from storage.cases import Case
from storage.customers import Contact

ACTION, PROCEDURE = "add_relations", roster.CUSTOMER
RELATIONS: Mapping[str, str] = {
    "purchasing": N_("Purchasing"), "quality": N_("Quality"), "engineering": N_("Engineering"),
    "warehouse": N_("Warehouse"), "other": N_("Something else"),
}  # fmt: skip


def show(turn: Turn, number: str) -> Reply:
    """Ask of the first contact of a plan whose business with us is not known."""
    case = _plan(turn, number)
    if case is None:
        return say(said(N_("There is no survey of customers that is planned and not sent yet.")))
    cases.check(turn, case, turn.company.handbook[PROCEDURE], turn.company.handbook[PROCEDURE].action[ACTION])
    return _next(turn, case)


def chosen(turn: Turn, what: str) -> Reply:
    """One tap: kept with the contact, and the plan shows who is invited now. What was approved is asked anew."""
    contact_id, _, rest = what.partition("/")
    key, _, number = rest.partition("/")
    case = _plan(turn, number)
    contact = turn.uow.customers.contact(int(contact_id)) if contact_id.isdecimal() else None
    if case is None or contact is None or key not in RELATIONS:
        return say(said(N_("There is no survey of customers that is planned and not sent yet.")))
    procedure = turn.company.handbook[PROCEDURE]
    cases.check(turn, case, procedure, procedure.action[ACTION])
    if contact.id not in {each.id for each in _unrelated(turn, case)}:
        raise RefusedError(said(N_("{contact}: that is known already."), contact=people(contact.name)))
    contact.business_relation = turn.company.words.say(said(RELATIONS[key]), turn.company.language, turn.now)
    data = {"contact": contact.id, "relation": key}
    turn.uow.audit.write(f"customer:{contact.customer}", "business relation", turn.actor, data=data)
    renewed = planned.prepared(turn, procedure, answers_of(case))
    cases.act(turn, case, procedure.action[ACTION], {"roster": renewed["roster"]})
    return _next(turn, case)


def _next(turn: Turn, case: Case) -> Reply:
    left, number = _unrelated(turn, case), case.number or ""
    if not left:
        lines = roster.told(turn, PROCEDURE, answers_of(case))
        return say(said(N_("{n}: nothing is missing any more."), n=number), *lines,
                   buttons=listings.details(turn, case).buttons)  # fmt: skip
    contact = left[0]
    customer = turn.uow.customers.get(contact.customer)
    name = (customer.short or customer.name) if customer is not None else contact.customer
    asked = N_("{c} {contact} {post}: what connects them with us? ({k} left)")
    sentence = said(asked, c=people(name), contact=people(contact.name), post=people(contact.post), k=len(left))
    taps = (Button(f"relation:{contact.id}/{key}/{number}", said(label)) for key, label in RELATIONS.items())
    return say(sentence, buttons=tuple(taps))


def _unrelated(turn: Turn, case: Case) -> list[Contact]:
    return [contact for _, contact in roster.roster(turn, PROCEDURE, answers_of(case)).unrelated]


def _plan(turn: Turn, number: str) -> Case | None:
    """The plan that is meant: by its number, else the only one there is."""
    procedure = turn.company.handbook[PROCEDURE]
    steps = procedure.action[ACTION].at
    found = listings.find(turn, number) if number else [
        case for step in steps for case in turn.uow.cases.of_step(PROCEDURE, step)
    ]  # fmt: skip
    plans = [case for case in found if case.procedure == PROCEDURE and case.step in steps]
    return plans[0] if len(plans) == 1 else None
