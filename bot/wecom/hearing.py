"""What is done with what WeCom tells: the event goes to the switchboard, and a card that was tapped is changed."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot import troubles
from bot.app import App
from bot.wecom.translating import PLATFORM, Tap, counted, event_of, key_of, meant, sender_of, tap_of, taps_of
from conversations.fields import folded
from conversations.replies import Reply, say
from conversations.words import N_, people, said
from handlers import outgoing, spent, switchboard
from handlers.events import Answered, Event, Pressed, Wrote
from handlers.turn import Turn
from storage.cases import Case
from storage.outbox_rows import Message
from storage.parts import Part, card_of
from storage.unit_of_work import UnitOfWork

Json = Mapping[str, Any]

BROUGHT_AGAIN = timedelta(seconds=30)
"""By then WeCom has brought a callback again as often as it ever does."""

KEPT_OPEN = frozenset({"details", "why", "mine", "snooze", "flow", "actions", "stale", "find", "rules", "home"})
"""Taps that change nothing: the card can be tapped again."""


def _changes(event: Event) -> bool:
    """Whether a tap is the last one on its card: it is done then, or answered."""
    if isinstance(event, Answered):
        return any(event.given.values())
    return isinstance(event, Pressed) and event.action.partition(":")[0] not in KEPT_OPEN


class Hearing:
    """One company's ear: an event is dealt with in one transaction; what it queued is sent at once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._failed: set[str] = set()

    def now(self) -> datetime:
        """The instant it is."""
        return self._app.clock()

    def hear(self, said: Json) -> None:
        """Deal with a callback that is ours; what is none of our business is let pass."""
        tap = tap_of(said)
        event = event_of(said) if tap is None else None
        if tap is not None:
            self._tapped(said, tap)
        elif event is not None:
            self._receive(self._counted(event) if isinstance(event, Wrote) else event)
        self._taken_after_all(key_of(said))

    def failed(self, said: Json, reference: str, error: Exception) -> None:
        """Keep for `gukebot trace` that a callback could not be dealt with; whoever sent it is told in a while.

        WeCom brings it again meanwhile: where it is taken then, nothing is told.
        """
        key, sender = key_of(said), sender_of(said)
        troubles.remember(self._app.database, reference, error, "wecom", key)
        if sender.id and not troubles.of_the_database(error):
            with suppress(Exception):  # that nothing can be told either must not go wrong as well
                self._app.database.do(partial(_regret, key=key, user=sender.id, reference=reference))
                self._failed.add(key)

    def _taken_after_all(self, key: str) -> None:
        if key in self._failed:
            self._failed.discard(key)
            self._app.database.do(lambda uow: uow.outbox.cancel(f"sorry/{key}"))

    def _receive(self, event: Event) -> Reply:
        reply = switchboard.receive(self._app.database, self._app.company, event)
        self._app.bell.ring()
        return reply

    def _counted(self, event: Wrote) -> Event:
        """A number counts among the options that were shown last, while their question is open."""
        if not folded(event.text)[:1].isdecimal():
            return event

        def look(uow: UnitOfWork) -> Event:
            person = uow.organisation.person_by_platform(PLATFORM, event.sender.id)
            row = uow.drafts.active_of(person.id) if person else None
            part = uow.parts.newest_asking(f"person:{person.id}") if person and row else None
            if part is None or row is None or part.taps.get("draft") != row.id:
                return event
            given = counted(event.text, part)
            return event if given is None else Answered(event.key, event.sender, row.id, given, asked=next(iter(given)))

        return self._app.database.look(look)

    # ------------------------------------------------------------ cards

    def _tapped(self, said: Json, tap: Tap) -> None:
        part = self._app.database.look(lambda uow: uow.parts.by_task(tap.task))
        event, label = meant(tap, said, part)
        self._receive(event)
        if part is not None and tap.code and _changes(event):
            self._app.database.do(lambda uow: self._change(uow, (event, label), tap, part))
            self._app.bell.ring()

    def _change(self, uow: UnitOfWork, what: tuple[Event, str], tap: Tap, part: Part) -> None:
        """Queue what the card says from now on; the same tap that comes again queues nothing more."""
        event, label = what
        person = uow.organisation.person_by_platform(PLATFORM, tap.user)
        turn = Turn(uow, self._app.company, person, PLATFORM, event_key=event.key)
        card = card_of(part, f"person:{person.id}" if person else f"user:{tap.user}", code=tap.code)
        case = uow.cases.find(event.subject) if isinstance(event, Pressed) and event.subject else None
        if case is None:
            words = said(N_("{at} {what} ({who})"), at=turn.now, what=people(label or _first(part)),
                         who=people(person.name if person else ""))  # fmt: skip
            chosen: dict[str, object] = {question: list(options) for question, options in tap.chosen.items()}
            uow.outbox.add(spent.closing(f"tapped/{event.key}", card, (words, spent.DONE), chosen))
        elif spent.is_over(turn, case, card) or any(
            row.event_key == event.key for row in uow.cases.actions_of(case.id)
        ):
            spent.shut(turn, case, card)


def _regret(uow: UnitOfWork, key: str, user: str, reference: str) -> None:
    person = uow.organisation.person_by_platform(PLATFORM, user)
    uow.outbox.add(
        Message(
            key=f"sorry/{key}", platform=PLATFORM, address=f"person:{person.id}" if person else f"user:{user}",
            topic="reply", payload=outgoing.payload_of(say(troubles.sentence(reference))), priority=outgoing.ANSWER,
            not_before=uow.now + BROUGHT_AGAIN,
        )
    )  # fmt: skip


def _done_by(turn: Turn, case: Case) -> bool:
    """Whether what was tapped is done: many taps only open a form."""
    return any(row.event_key == turn.event_key for row in turn.uow.cases.actions_of(case.id))


def _first(part: Part) -> str:
    return next((label for _, _, label in taps_of(part)), "")
