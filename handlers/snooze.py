"""稍后提醒: a reminder put off, never a deadline: its levels come as if nobody had snoozed (U11)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from conversations.replies import Button, Reply, say
from conversations.words import N_, said
from handlers import listings, telling
from handlers.addresses import person_address
from handlers.lateness import lateness, rule_line
from handlers.outcomes import nearest
from handlers.outgoing import How
from handlers.turn import Turn
from notifications import notices

LABELS: Mapping[str, str] = {
    "hour": N_("In an hour"),
    "afternoon": N_("At 13:00"),
    "tomorrow": N_("When work starts next"),
}


def _afternoon(turn: Turn) -> datetime:
    local = turn.now.astimezone(turn.company.zone)
    return local.replace(hour=13, minute=0, second=0, microsecond=0)


def _next_start(turn: Turn) -> datetime:
    """The start of work on the next day that is worked."""
    midnight = datetime.combine(turn.today + timedelta(days=1), datetime.min.time(), turn.company.zone)
    return turn.calendar.next_start(midnight)


WHEN: Mapping[str, Callable[[Turn], datetime]] = {
    "hour": lambda turn: turn.now + timedelta(hours=1),
    "afternoon": _afternoon,
    "tomorrow": _next_start,
}


def ask(turn: Turn, number: str) -> Reply:
    """When to remind again: only what lies ahead and before the due instant."""
    found = listings.find(turn, number)
    deadline = nearest(turn, found[0]) if found else None
    if deadline is None:
        return listings.not_found(number)
    possible = [key for key in LABELS if turn.now < WHEN[key](turn) < deadline.due_at]
    if not possible:
        return say(said(N_("It is due before any later reminder. Please do it now, or hand it over.")))
    buttons = tuple(Button(f"snooze_for:{key}", said(LABELS[key]), number) for key in possible)
    return say(said(N_("When shall I remind you again?")), buttons=buttons)


def put_off(turn: Turn, key: str, number: str) -> Reply:
    """Queue the reminder again; it is taken back by itself when the deadline ends before."""
    found = listings.find(turn, number)
    deadline = nearest(turn, found[0]) if found else None
    if deadline is None or turn.person is None or key not in WHEN:
        return listings.not_found(number)
    case, at = found[0], WHEN[key](turn)
    if not turn.now < at < deadline.due_at:
        return ask(turn, number)
    procedure = turn.company.handbook[case.procedure]
    needs = said(procedure.deadline[deadline.key].needs)
    notice = notices.again(telling.about(turn, case, procedure), lateness(turn, case, deadline, needs))
    notice = notice.because(notices.why("owner", rule_line(procedure, deadline)))
    to = [person_address(turn, turn.person, "owner")]
    how = How(key=f"snooze/{deadline.id}/{at:%Y%m%d%H%M}", subject=f"deadline:{deadline.id}", waits_until=at)
    telling.queue(turn, case, notice, to, how)
    turn.uow.audit.write(f"case:{case.id}/snooze", "snooze", turn.actor, data={"until": at.isoformat()})
    return say(said(N_("I remind you {at}. The due time stays {due}."), at=at, due=deadline.due_at))
