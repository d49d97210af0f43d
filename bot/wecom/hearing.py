"""What is done with what WeCom tells: the event goes to the switchboard, and a card that was tapped is changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from bot.app import App
from bot.wecom import cards
from bot.wecom.translating import PLATFORM, Tap, counted, event_of, meant, tap_of, taps_of
from conversations.fields import folded
from conversations.replies import Reply
from conversations.words import N_, people, said
from handlers import happened, switchboard
from handlers.events import Answered, Event, Pressed, Wrote
from handlers.outgoing import ANSWER
from handlers.turn import Turn
from storage.outbox_rows import Message
from storage.parts import Part
from storage.unit_of_work import UnitOfWork

Json = Mapping[str, Any]

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

    def now(self) -> datetime:
        """The instant it is."""
        return self._app.clock()

    def hear(self, said: Json) -> None:
        """Deal with a callback that is ours; what is none of our business is let pass."""
        tap = tap_of(said)
        if tap is not None:
            self._tapped(said, tap)
            return
        event = event_of(said)
        if event is not None:
            self._receive(self._counted(event) if isinstance(event, Wrote) else event)

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
        turn = Turn(uow, self._app.company, person, PLATFORM)
        sent = cast("dict[str, Any]", part.body["template_card"])
        buttons = [text for _, _, text in taps_of(part)]
        words = self._words(turn, event, label or "、".join(buttons[:1]))
        state = turn.say(DONE)
        card = cards.done(sent, words, state, tap.chosen)
        to = f"person:{person.id}" if person else f"user:{tap.user}"
        message = Message(
            key=f"tapped/{event.key}", platform=PLATFORM, address=to, topic="card",
            payload={"data": {"code": tap.code, "card": card}}, priority=ANSWER,
        )  # fmt: skip
        uow.outbox.add(message)

    def _words(self, turn: Turn, event: Event, label: str) -> str:
        """Who did what and when: the newest thing done on the case, else what was tapped just now."""
        case = turn.uow.cases.find(event.subject) if isinstance(event, Pressed) and event.subject else None
        if case is not None and isinstance(event, Pressed):
            done = turn.uow.cases.actions_of(case.id)
            if done and done[-1].key == event.action.partition(":")[0]:
                latest = happened.latest(turn, case, turn.company.handbook[case.procedure])
                return turn.say(latest) if latest is not None else ""
        name = people(turn.person.name if turn.person else "")
        return turn.say(said(N_("{at} {what} ({who})"), at=turn.now, what=people(label), who=name))


DONE = said(N_("Dealt with"))
