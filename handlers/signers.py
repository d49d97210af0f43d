"""From the signers of a declaration to people: whoever proposed it is replaced by the next level, never by nobody."""

from conversations.fields import folded
from conversations.sign_off import Signer, Signers, next_level
from handlers.facts import answers_of
from handlers.turn import Turn
from storage.cases import Case
from storage.organisation import Person

LEVELS = 4
"""So many levels up are tried before the administrator is asked."""

LAST = ("deputy_gm", "gm", "admin")


def signers_of(turn: Turn, case: Case, asked: Signers, barred: frozenset[int | None]) -> list[tuple[Person, str]]:
    """Everyone to be asked, once, and as what. Nobody left means the next level, at last the administrator.

    ``barred`` are those who may not decide: whoever proposed it, and its owner where the declaration says so.
    """
    found: dict[int, tuple[Person, str]] = {}
    for signer in asked:
        for person, role in _people(turn, case, signer, barred):
            found.setdefault(person.id, (person, role))
    for role in LAST if not found else ():
        for person in _free(turn, turn.uow.organisation.people_with(role), barred):
            found.setdefault(person.id, (person, role))
        if found:
            break
    return list(found.values())


def _people(turn: Turn, case: Case, signer: Signer, barred: frozenset[int | None]) -> list[tuple[Person, str]]:
    if signer.role:
        return _with_role(turn, signer.role, barred)
    organisation = turn.uow.organisation
    if signer.head_of:
        lead = organisation.lead(signer.head_of)
        free = _free(turn, [lead] if lead else [], barred)
        return [(each, "head") for each in free] or _with_role(turn, "deputy_gm", barred)
    if signer.person is not None:
        person = organisation.person(signer.person)
        free = _free(turn, [person] if person else [], barred)
        return [(each, "person") for each in free] or _with_role(turn, "deputy_gm", barred)
    return [(each, "named") for each in _free(turn, _named(turn, case, signer.named_in), barred)]


def _with_role(turn: Turn, role: str, barred: frozenset[int | None]) -> list[tuple[Person, str]]:
    """Everyone who holds the role and did not propose it; else whoever holds the next one up."""
    for _ in range(LEVELS):
        free = _free(turn, turn.uow.organisation.people_with(role), barred)
        if free:
            return [(person, role) for person in free]
        role = next_level(role)
    return []


def _free(turn: Turn, people: list[Person], barred: frozenset[int | None]) -> list[Person]:
    """Those who may decide: neither barred, nor in the hands of somebody who is, today."""
    return [
        person for person in people if not barred & {person.id, turn.uow.organisation.stand_in(person, turn.today).id}
    ]


def _named(turn: Turn, case: Case, key: str) -> list[Person]:
    """The people whose names stand in an answer, and the heads of the departments that do."""
    organisation, text = turn.uow.organisation, folded(str(answers_of(case).get(key) or ""))
    named = [person for person in organisation.people() if folded(person.name) in text]
    aliases = {alias.alias: alias.department for alias in organisation.aliases()}
    names = {department.name: department.code for department in organisation.departments()} | aliases
    codes = dict.fromkeys(code for name, code in names.items() if folded(name) in text or _short(name) in text)
    leads = [organisation.lead(code) for code in codes]
    return list({person.id: person for person in (*named, *leads) if person is not None}.values())


def _short(name: str) -> str:
    """品保部 is called 品保 as well; a name of two characters is not shortened."""
    return folded(name.removesuffix("部")) if len(name) > 2 else folded(name)
