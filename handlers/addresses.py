"""Who hears: from a target in a declaration to people and channels, with those who stand in for the absent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conversations.escalation import Target
from handlers.turn import Turn
from storage.cases import Case
from storage.organisation import Person


@dataclass(frozen=True, slots=True)
class Address:
    """One address: ``person:12`` or ``channel:XS``, why it hears, and whom it stands in for."""

    to: str
    reason: str
    standing_in_for: str = ""


def resolve(turn: Turn, case: Case, targets: Iterable[Target]) -> tuple[Address, ...]:
    """Every address once, in the order of the targets; nobody found means the administrator (2.4)."""
    found: dict[str, Address] = {}
    for target in targets:
        addresses = _of(turn, case, target)
        if not addresses and target not in (Target.DUTY, Target.DEPUTY, Target.CHANNEL, Target.SIGNERS):
            addresses = _people(turn, turn.uow.organisation.people_with("admin"), target)
        for address in addresses:
            found.setdefault(address.to, address)
    return tuple(found.values())


def person_address(turn: Turn, person: Person, reason: str) -> Address:
    """A person, or whoever stands in today."""
    present = turn.uow.organisation.stand_in(person, turn.today)
    return Address(f"person:{present.id}", reason, "" if present.id == person.id else person.name)


def channel_address(department: str) -> Address:
    """A department's channel."""
    return Address(f"channel:{department}", "channel")


def told_before(addresses: Iterable[str]) -> tuple[Address, ...]:
    """The places that heard of a breach: they hear how it goes on too."""
    return tuple(Address(to, "channel" if to.startswith("channel:") else "told") for to in dict.fromkeys(addresses))


def supervisor(turn: Turn, case: Case) -> Person | None:
    """销售部主管 for what sales has, 品保部负责人 for the rest (domain A6, L2)."""
    role = "sales_lead" if case.department == "XS" else "qa_lead"
    return next(iter(turn.uow.organisation.people_with(role)), None)


def _of(turn: Turn, case: Case, target: Target) -> tuple[Address, ...]:
    organisation = turn.uow.organisation
    match target:
        case Target.CHANNEL:
            return (channel_address(case.department),)
        case Target.OWNER | Target.REPORTER | Target.DEPUTY:
            return _people(turn, [OF_THE_CASE[target](turn, case)], target)
        case Target.DUTY:
            day = turn.company.today(max(turn.now, case.due_at) if case.due_at else turn.now)
            return _people(turn, organisation.on_duty(day), target)
        case Target.LEAD:
            return _people(turn, [organisation.lead(case.department)], target)
        case Target.SUPERVISOR:
            return _people(turn, [supervisor(turn, case)], target)
        case Target.BOTH_LEADS:
            return _people(turn, _leads(turn, case), target)
        case Target.SIGNERS:
            return _people(turn, _signers(turn, case), target)
        case Target.DEPUTY_GM | Target.GM:
            return _people(turn, organisation.people_with(target.value), target)


def _owner(turn: Turn, case: Case) -> Person | None:
    if case.owner_id is not None:
        return turn.uow.organisation.person(case.owner_id)
    return turn.uow.organisation.lead(case.department)


def _deputy(turn: Turn, case: Case) -> Person | None:
    owner = _owner(turn, case)
    if owner is not None and owner.delegate_id is not None:
        return turn.uow.organisation.person(owner.delegate_id)
    return turn.uow.organisation.deputy(case.department)


def _reporter(turn: Turn, case: Case) -> Person | None:
    return turn.uow.organisation.person(case.reporter_id) if case.reporter_id is not None else None


OF_THE_CASE = {Target.OWNER: _owner, Target.REPORTER: _reporter, Target.DEPUTY: _deputy}


def _signers(turn: Turn, case: Case) -> list[Person | None]:
    """Who is asked to decide and has not yet."""
    asked = turn.uow.sign_offs.open_of(case.id)
    waiting = turn.uow.sign_offs.waiting(asked) if asked is not None else []
    return [turn.uow.organisation.person(request.signer_id) for request in waiting]


def _leads(turn: Turn, case: Case) -> list[Person | None]:
    """The heads of the department that has the case and of the one that reported it."""
    leads = [turn.uow.organisation.lead(case.department)]
    reporter = _reporter(turn, case)
    if reporter is not None:
        leads.append(turn.uow.organisation.lead(reporter.department))
    return leads


def _people(turn: Turn, people: Sequence[Person | None], target: Target) -> tuple[Address, ...]:
    return tuple(person_address(turn, person, target.value) for person in people if person is not None)
