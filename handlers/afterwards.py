"""What follows a change whatever it was: cards and homes that show a changed case are brought up to date.

Nothing is sent here: each card has one waiting job at most, and shows what is true when that job is done.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from handlers import home, spent
from handlers.outgoing import STEP, How, platforms_of
from handlers.turn import Turn
from storage.cases import Case
from storage.outbox_rows import Message

DEBOUNCE = timedelta(seconds=2)
"""How long a home waits for more changes before it is drawn anew."""

EDITED = frozenset({"slack"})
"""Platforms on which a message that was sent can be edited."""


def bring_up_to_date(turn: Turn) -> None:
    """Queue what shows the cases that were changed in this transaction."""
    spent.close(turn)
    if EDITED.isdisjoint(turn.company.platforms):
        return
    for case in turn.uow.cases.touched.values():
        renew(turn, case)
    _homes(turn, turn.uow.drafts.touched)


def renew(turn: Turn, case: Case) -> None:
    """Queue the bringing up to date of a case's cards, wherever they stand, and of the homes that show it."""
    if EDITED.isdisjoint(turn.company.platforms):
        return
    for platform, address in turn.uow.outbox.places_of(f"case:{case.id}"):
        if platform in EDITED:
            turn.uow.outbox.refresh(_of_card(turn, case, "card", (platform, address)))
    _homes(turn, _concerned(turn, case))


def stand(turn: Turn, case: Case, address: str, how: How) -> None:
    """See to it that a case's card stands in a channel before a notice comes that belongs under it."""
    for platform in EDITED.intersection(platforms_of(turn, address)):
        if not turn.uow.outbox.standing(f"case:{case.id}", address, platform):
            root = _of_card(turn, case, "root", (platform, address))
            turn.uow.outbox.refresh(replace(root, priority=how.priority, not_before=how.waits_until))


def _of_card(turn: Turn, case: Case, topic: str, place: tuple[str, str]) -> Message:
    """A job about a case's card in a place; what it shows is read when it is done."""
    card, (platform, address) = f"case:{case.id}", place
    # with the event: what was done may be taken back, and done again, at one instant
    change = f"{len(turn.uow.cases.actions_of(case.id))}/{turn.event_key or turn.now.isoformat()}"
    return Message(
        key=f"{topic}/{case.id}/{change}/{address}/{platform}", platform=platform, address=address, topic=topic,
        case_id=case.id, subject=card, card=card, priority=STEP,
    )  # fmt: skip


def _homes(turn: Turn, touched: Collection[int]) -> None:
    """The homes of these people, as far as they ever looked at one; each soon, and once for many changes."""
    opened = turn.uow.state.among(map(home.key_of, touched)) if touched else ()
    for key in opened:
        address = f"person:{key.partition(':')[2]}"
        for platform in EDITED.intersection(turn.company.platforms):
            renewal = Message(
                key=f"{key}/{turn.event_key or turn.now.isoformat()}", platform=platform, address=address, topic="home",
                card="home", priority=STEP, not_before=turn.now + DEBOUNCE,
            )  # fmt: skip
            turn.uow.outbox.refresh(renewal)


def _concerned(turn: Turn, case: Case) -> set[int]:
    """Who has, had, reported or signs the case, and everybody of a department that has or had it."""
    done = turn.uow.cases.actions_of(case.id)
    before = (done[-1].before or {}) if done else {}
    departments = {case.department, str(before.get("department") or "")} - {""}
    asked = turn.uow.sign_offs.open_of(case.id)
    signers = {each.signer_id for each in turn.uow.sign_offs.requests(asked)} if asked is not None else set()
    leads = {lead.id for code in departments if (lead := turn.uow.organisation.lead(code)) is not None}
    members = {person.id for person in turn.uow.organisation.people() if person.department in departments}
    known = (case.owner_id, case.reporter_id, before.get("owner_id"))
    return signers | leads | members | {each for each in known if isinstance(each, int)}
