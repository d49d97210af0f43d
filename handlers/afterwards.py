"""What follows a change whatever it was: cards that show a changed case are brought up to date where they stand.

Nothing is sent here: each card has one waiting job at most, and shows what is true when that job is done.
"""

from handlers.outgoing import STEP
from handlers.turn import Turn
from storage.cases import Case
from storage.outbox_rows import Message

EDITED = frozenset({"slack"})
"""Platforms on which a message that was sent can be edited."""


def bring_up_to_date(turn: Turn) -> None:
    """Queue what shows the cases that were changed in this transaction."""
    if EDITED.isdisjoint(turn.company.platforms):
        return
    for case in turn.uow.cases.touched.values():
        _cards(turn, case)


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
