"""The one way out: every notice to every address, with respect for people's attention (N-15).

Breaches and pages go at once and cannot be muted. Anything else waits out the night and the rest
days, keeps silent where a person muted its topic, and after the day's share becomes one living line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.attention import PINGS_A_DAY, Settings, not_before, topic_of
from conversations.plain import dump
from conversations.replies import Button, Reply, run_to_plain
from conversations.words import N_, Said, said
from handlers.addresses import Address
from handlers.turn import Turn
from notifications import notices
from notifications.notices import Notice
from storage.outbox_rows import Message

URGENT, ANSWER, STEP, DIGEST = 0, 1, 3, 7
"""Priorities: pages and escalations before everything else, digests last (design 5.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a notice travels: under which key, about which case and subject, how urgent, and not before when.

    ``card`` names the living notice that this one replaces at the same address. What goes ``at_once`` is not even
    kept back for a minute in which everybody writes.
    """

    key: str
    case_id: int | None = None
    subject: str = ""
    level: str | None = None
    priority: int = STEP
    waits_until: datetime | None = None
    card: str = ""
    at_once: bool = False


def send(turn: Turn, notice: Notice, to: Iterable[Address], how: How) -> list[str]:
    """Queue a notice to each address, once per key. Returns the addresses that will hear it."""
    heard = []
    for address in to:
        told = (
            notice
            if notice.foot is not None
            else notice.because(notices.because_of(address.reason, address.standing_in_for))
        )
        decided = _decide(turn, address, told, how)
        if decided is None:
            continue
        _queue(turn, told, address, decided)
        heard.append(address.to)
    return heard


def _decide(turn: Turn, address: Address, notice: Notice, how: How) -> How | None:
    """When it may come; None when the person muted it, or when the day's share is used up."""
    topic = topic_of(notice.topic, how.level)
    if topic is None or how.priority == URGENT:
        return how
    person = _person_of(address)
    settings = turn.uow.settings.of(person) if person else Settings()
    if topic in settings.muted:
        return None
    if person and _used_up(turn, address):
        _overflow(turn, address)
        return None
    waits = not_before(how.waits_until or turn.now, turn.calendar, settings)
    return replace(how, waits_until=waits or how.waits_until)


def _queue(turn: Turn, notice: Notice, address: Address, how: How) -> None:
    for platform in platforms_of(turn, address.to):
        first = platform == turn.company.platforms[0]
        turn.uow.outbox.add(
            Message(
                key=f"{how.key}/{address.to}" if first else f"{how.key}/{address.to}/{platform}",
                platform=platform,
                address=address.to,
                topic=notice.topic,
                payload={**notice.payload(), **({"at_once": True} if how.at_once else {})},
                case_id=how.case_id,
                subject=how.subject,
                level=how.level,
                card=how.card,
                priority=how.priority,
                not_before=how.waits_until,
            )
        )


def platforms_of(turn: Turn, address: str) -> tuple[str, ...]:
    """Where an address hears: a person on the first platform that knows them, a channel wherever it is."""
    used = turn.company.platforms
    if len(used) == 1:
        return used
    kind, _, code = address.partition(":")
    if kind == "channel":
        return tuple(platform for platform in used if turn.uow.organisation.channel(code, platform)) or used[:1]
    person = turn.uow.organisation.person(int(code)) if code.isdigit() else None
    ids = {"slack": person.slack_id, "wecom": person.wecom_id} if person else {}
    return next(((platform,) for platform in used if ids.get(platform)), used[:1])


BURST = timedelta(seconds=3)
"""So long photos that come one by one are waited for; whatever is answered next answers them too."""


def overtaken(turn: Turn, platform: str, to: str) -> None:
    """An answer that waits for more photos is not sent: a newer one follows."""
    turn.uow.outbox.cancel(_waiting(platform, to))


def _waiting(platform: str, to: str) -> str:
    return f"reply/burst/{platform}/{to}/"


def answer(turn: Turn, platform: str, to: str, reply: Reply, *, waits: bool = False) -> None:
    """Send an answer as a message: what was done can be found again, and a line of chat gets its reply.

    One that ``waits`` comes a little later, for it may be overtaken.
    """
    key = f"{_waiting(platform, to) if waits else 'reply/'}{turn.event_key}"
    message = Message(
        key=key, platform=platform, address=to, topic="reply", payload=payload_of(reply),
        priority=ANSWER, not_before=turn.now + BURST if waits else None,
    )  # fmt: skip
    turn.uow.outbox.add(message)


def payload_of(reply: Reply) -> dict[str, object]:
    """What a message keeps of an answer: its words, its buttons, and what it asks."""
    first, *rest = reply.lines
    return {
        **Notice("reply", first, tuple(rest), reply.buttons, forward=reply.forward).payload(),
        "main": [button.action for button in reply.buttons if button.main],
        "data": {
            "draft": reply.draft,
            "question": reply.question,
            "choice": reply.choice,
            "prompt": dump(reply.prompt),
        },
        "run": run_to_plain(reply.run),
    }


def _foot(address: Address) -> Said:
    return notices.because_of(address.reason, address.standing_in_for)


def _person_of(address: Address) -> int:
    kind, _, number = address.to.partition(":")
    return int(number) if kind == "person" and number.isdigit() else 0


def _used_up(turn: Turn, address: Address) -> bool:
    start = datetime.combine(turn.today, datetime.min.time(), turn.company.zone)
    return turn.uow.outbox.count_of(address.to, start) >= PINGS_A_DAY


def _overflow(turn: Turn, address: Address) -> None:
    """One living line instead of the thirteenth ping of a day."""
    day = f"{turn.today:%Y-%m-%d}"
    title = said(N_("There are more updates today. My cases shows them all."))
    notice = Notice("overflow", title, (), (Button("mine", said(N_("My cases"))),))
    _queue(turn, notice.because(_foot(address)), address, How(key=f"overflow/{day}", priority=DIGEST))
