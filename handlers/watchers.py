"""Who follows a corrective action from beside it: departments that support it, and whoever has its complaint."""

from conversations.escalation import Target
from conversations.facts import CaseFacts
from conversations.procedure import Procedure
from conversations.words import said
from handlers import telling
from handlers.addresses import Address, person_address, resolve
from handlers.outgoing import How
from handlers.turn import Turn
from notifications import decisions, notices
from storage.cases import Case

SUPPORT = "support"


def tell(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts) -> None:
    """Tell the departments that support a case and the handlers of the cases that called for it how it moved on."""
    latest = facts.latest
    if procedure.key != "corrective_action" or latest.step in ("", case.step):
        return
    card = telling.about(turn, case, procedure, facts)
    key = f"watch/{case.number}/{len(turn.uow.cases.actions_of(case.id))}"
    doer = turn.person.name if turn.person else ""
    asked = turn.uow.sign_offs.open_of(case.id)
    signing = {request.signer_id for request in turn.uow.sign_offs.requests(asked)} if asked else set()
    told = {case.owner_id, case.reporter_id, turn.person.id if turn.person else None, *signing}
    to = [address for address in _watching(turn, case) if address.to not in {f"person:{each}" for each in told}]
    telling.queue(turn, case, notices.moved(card, said(procedure.action[latest.key].label), doer), to, How(key=key))
    if latest.key in procedure.refusals:
        higher = resolve(turn, case, (Target.DEPUTY_GM,))
        telling.queue(turn, case, decisions.not_effective(card, facts.round), higher, How(key=f"{key}/level"))


def _watching(turn: Turn, case: Case) -> list[Address]:
    found: dict[str, Address] = {}
    for link in turn.uow.cases.links_of(case.id):
        other = turn.uow.cases.get(link.other_id if link.case_id == case.id else link.case_id)
        if other is None or link.kind != "spawned":
            continue
        if link.case_id == case.id and other.kind != SUPPORT:
            continue
        lead = turn.uow.organisation.lead(other.department)
        owner = turn.uow.organisation.person(other.owner_id) if other.owner_id else None
        person = owner if link.case_id != case.id and owner else lead
        if person is not None:
            address = person_address(turn, person, "watcher")
            found.setdefault(address.to, address)
    return list(found.values())
