"""What follows a change whatever it was: cards that show a changed case are brought up to date where they stand.

Nothing is sent here: each card has one waiting job at most, and shows what is true when that job is done.
"""

from datetime import timedelta

from handlers import home
from handlers.outgoing import STEP
from handlers.turn import Turn
from storage.cases import Case
from storage.outbox_rows import Message

DEBOUNCE = timedelta(seconds=2)
"""How long a home waits for more changes before it is drawn anew."""

EDITED = frozenset({"slack"})
"""Platforms on which a message that was sent can be edited."""


def bring_up_to_date(turn: Turn) -> None:
    """Queue what shows the cases that were changed in this transaction."""
    if EDITED.isdisjoint(turn.company.platforms):
        return
    for case in turn.uow.cases.touched.values():
        _cards(turn, case)
    _homes(turn)


def _cards(turn: Turn, case: Case) -> None:
    card = f"case:{case.id}"
    done = len(turn.uow.cases.actions_of(case.id))
    for platform, address in turn.uow.outbox.places_of(card):
        if platform in EDITED:
            edit = Message(
                key=f"card/{case.id}/{done}/{address}/{platform}", platform=platform, address=address, topic="card",
                case_id=case.id, subject=card, card=card, priority=STEP,
            )  # fmt: skip
            turn.uow.outbox.refresh(edit)


def _homes(turn: Turn) -> None:
    """The homes of those whom it touches, as far as they ever looked at one; each soon, and once for many changes."""
    touched = set(turn.uow.drafts.touched)
    for case in turn.uow.cases.touched.values():
        touched |= _concerned(turn, case)
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
