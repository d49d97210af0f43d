"""Cards that cannot be edited, only closed once: when what they offer is done, they say by whom, wherever they are.

A step's card is over when nothing it offers can be done any more; one about a deadline also when the deadline is met,
or somebody has taken the case over, promised a time or handed it on (docs/decisions/0018-a-card-is-closed-once.md).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from conversations.procedure import Action, Effect
from conversations.words import N_, Said, said
from handlers import happened
from handlers.facts import facts_of
from handlers.outgoing import ANSWER
from handlers.turn import Turn
from notifications.notices import Notice
from storage.cases import Case
from storage.outbox_rows import Message
from storage.parts import Card

CLOSED = "wecom"
"""The platform whose cards are closed."""

WITHIN = timedelta(hours=71, minutes=50)
"""So long after it was sent a card can be changed (WeCom: 72 hours)."""

DEADLINE = "deadline:"
TAKEN = frozenset({Effect.PROMISE, Effect.HAND_OVER})

SHUT = "closed/"
"""How the keys of jobs begin that close a card because its case went on."""

DONE = said(N_("Dealt with"))


def close(turn: Turn) -> None:
    """Close the cards of the cases that were changed in this transaction, as far as they are over."""
    if CLOSED not in turn.company.platforms:
        return
    for case in turn.uow.cases.touched.values():
        for card in turn.uow.parts.cards_about(_subjects(turn, case), WITHIN):
            if is_over(turn, case, card):
                shut(turn, case, card)


def is_over(turn: Turn, case: Case, card: Card) -> bool:
    """Whether what a card offers was done, or can be done no more."""
    offered = list(_offered(turn, case, card))
    if not offered:
        return False
    if _subjects(turn, case).get(card.subject, False):
        return True
    procedure = turn.company.handbook[case.procedure]
    facts = facts_of(turn, case, procedure)
    taken = {action.key for action in offered if action.takes or action.effect in TAKEN}
    just_done = {row.key for row in turn.uow.cases.actions_of(case.id) if row.at == turn.now}
    if card.subject.startswith(DEADLINE) and taken & just_done:
        return True
    return not any(action in procedure.at(case.step) and action.is_offered(facts) for action in offered)


def shut(turn: Turn, case: Case, card: Card) -> None:
    """Queue what a card says from now on, once for each event: who did what and when."""
    done = turn.uow.cases.actions_of(case.id)
    doer = turn.uow.organisation.person(done[-1].by_id) if done and done[-1].by_id else None
    by = (said(N_("Dealt with by {name}"), name=doer.name),) if doer is not None else ()
    words = happened.latest(turn, case, turn.company.handbook[case.procedure]) or DONE
    job = closing(f"{SHUT}{card.task}/{turn.event_key}", card, (words, *by, DONE))
    turn.uow.outbox.add(replace(job, case_id=case.id))
    turn.uow.parts.closed(card.task)


def closing(key: str, card: Card, words: tuple[Said, ...], chosen: dict[str, object] | None = None) -> Message:
    """The job that closes a card: what stands on it then, and in place of its buttons the first of these that fits."""
    first, *states = words
    payload = {
        **Notice("card", first, tuple(states)).payload(),
        "data": {"code": card.code, "task": card.task, "chosen": chosen or {}},
    }  # fmt: skip
    return Message(key=key, platform=CLOSED, address=card.address, topic="card", payload=payload, priority=ANSWER)


def _offered(turn: Turn, case: Case, card: Card) -> Iterator[Action]:
    """The actions on this case that can be tapped on a card."""
    actions = turn.company.handbook[case.procedure].action
    for kind, subject in card.taps:
        action = actions.get(kind.partition(":")[0])
        if subject == case.number and action is not None:
            yield action


def _subjects(turn: Turn, case: Case) -> dict[str, bool]:
    """What messages about a case are about, and whether that is over."""
    deadlines = turn.uow.deadlines.of(case.id)
    times = {f"{DEADLINE}{row.id}": row.state not in ("running", "paused") for row in deadlines}
    asked = {f"sign_off:{each.id}": each.state != "open" for each in turn.uow.sign_offs.of(case.id)}
    return {f"case:{case.id}": case.closed_at is not None, **times, **asked}
