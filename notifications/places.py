"""Where a message goes on its platform, and who hears it instead when that place is gone.

An address of ours (``person:12``, ``channel:XS``, ``user:U07``) becomes the platform's own id at the last
moment: people are entered and channels are renamed while messages wait.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from conversations.plain import Json, load
from conversations.words import N_, Said, people, said
from notifications.gateway import Letter, Place
from storage.organisation import Person
from storage.outbox_rows import Claimed, Message
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

INSTEAD_OF = N_("For {whom}, where it could not be delivered.")

OF_CARDS = frozenset({"card", "root"})
"""Topics of jobs about a card, which carry no words of their own."""

INSTEAD = "/instead/"
"""In the key of a message that somebody else gets, because its first address is gone."""


def language(uow: UnitOfWork, message: Claimed, default: str) -> str:
    """The language of the person addressed; the company's for a channel."""
    person = _person(uow, message.address)
    return person.language if person else default


def addressed(uow: UnitOfWork, letter: Letter, message: Claimed, say: Callable[[Said], str]) -> Letter:
    """The letter with its place and with those it calls by name; one for somebody else says for whom it was."""
    payload = cast("Mapping[str, Json]", message.payload)
    called = [_id_of(uow, str(to), message.platform)[0] for to in cast("list[Json]", payload.get("mentions") or [])]
    found, email = _id_of(uow, message.address, message.platform)
    standing = uow.outbox.standing(message.card, message.address, message.platform) if message.card else ""
    above = str(payload.get("under") or "") or (f"case:{message.case_id}" if message.case_id is not None else "")
    under = standing
    if above and above != message.card:
        under = uow.outbox.standing(above, message.address, message.platform)
    lost = str(payload.get("instead_of") or "")
    lines = (say(said(INSTEAD_OF, whom=_called(uow, lost))), *letter.lines) if lost else letter.lines
    foot = _why(uow, message, say) if message.topic in OF_CARDS else letter.foot
    place = Place(found, email, standing, under)
    return replace(letter, place=place, lines=lines, foot=foot, mentions=tuple(name for name in called if name))


def _why(uow: UnitOfWork, message: Claimed, say: Callable[[Said], str]) -> str:
    """Why a card came to where it stands: as its newest notice says."""
    told = uow.outbox.told_of(message.card, message.address, message.platform)
    reason = load(cast("Json", told.get("foot")))
    return say(reason) if isinstance(reason, Said) else ""


def _called(uow: UnitOfWork, address: str) -> Said:
    """An address as people call it."""
    kind, _, code = address.partition(":")
    if kind == "channel":
        department = uow.organisation.department(code)
        return said(N_("the channel of {department}"), department=department.name if department else code)
    person = _person(uow, address)
    return people(person.name if person else code)


def instead(uow: UnitOfWork, message: Claimed) -> None:
    """The address is gone: its deputy hears it, then the administrators; nobody twice."""
    root = message.key.partition(INSTEAD)[0]
    tried = {row.address for row in uow.outbox.of_keys([root])} | {message.address}
    for person in _others(uow, message.address):
        to = f"person:{person.id}"
        if to in tried:
            continue
        lost = str(message.payload.get("instead_of") or message.address)
        told = Message(
            key=f"{root}{INSTEAD}{to}", platform=message.platform, address=to, topic=message.topic,
            payload={**message.payload, "instead_of": lost}, case_id=message.case_id, subject=message.subject,
            level=message.level, priority=message.priority,
        )  # fmt: skip
        if uow.outbox.add(told):
            return
    log.error("message %s: nobody is left to tell", message.key)


def _others(uow: UnitOfWork, address: str) -> Iterator[Person]:
    kind, _, code = address.partition(":")
    person = _person(uow, address)
    department = code if kind == "channel" else person.department if person else ""
    organisation = uow.organisation
    first = organisation.lead(department) if kind == "channel" else None
    delegate = organisation.person(person.delegate_id) if person and person.delegate_id else None
    for found in (first, delegate, organisation.deputy(department), *organisation.people_with("admin")):
        if found is not None and found.active:
            yield found


def measured(uow: UnitOfWork, address: str, platform: str) -> str:
    """By which name the messages to an address are counted: a group's own where departments share one."""
    kind, _, code = address.partition(":")
    shared = uow.organisation.channel(code, platform) if kind == "channel" else None
    return f"{platform}/{shared}" if shared else address


def _id_of(uow: UnitOfWork, address: str, platform: str) -> tuple[str, str]:
    """The platform's own id and, for a person, the e-mail address."""
    kind, _, code = address.partition(":")
    if kind == "channel":
        return uow.organisation.channel(code, platform) or "", ""
    person = _person(uow, address)
    if person is None:
        return (code if kind == "user" else ""), ""
    if not person.active:
        return "", ""
    ids = {"slack": person.slack_id, "wecom": person.wecom_id}
    return ids.get(platform) or "", person.email


def _person(uow: UnitOfWork, address: str) -> Person | None:
    kind, _, number = address.partition(":")
    return uow.organisation.person(int(number)) if kind == "person" and number.isdigit() else None
