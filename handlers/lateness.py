"""Composing escalations: from a deadline and a level to the notices at their addresses."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.deadlines import Basis
from conversations.escalation import Target
from conversations.explanation import lasting
from conversations.procedure import Procedure
from conversations.rules import Resolved
from conversations.words import N_, Said, said
from handlers import telling
from handlers.addresses import Address, resolve, supervisor, told_before
from handlers.facts import facts_of
from handlers.outgoing import How
from handlers.timing import AGREED, Ended
from handlers.turn import Turn
from notifications import notices
from notifications.notices import Lateness, Notice
from storage.cases import Case
from storage.deadlines import Deadline

VIEWS = frozenset({"snooze", "details", "why"})
"""Buttons of a level that are no action of the procedure; any other is shown only where it is declared."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One level as it is told: its notices without their foot, its addresses, and the rule in one line."""

    notice: Notice
    later: Notice
    to: tuple[Address, ...]
    rule: Said
    urgent: bool


def compose(turn: Turn, case: Case, deadline: Deadline, level: str, read_at: datetime | None = None) -> Raised:
    """The notice of a level as it is read now and, by a channel, at a later instant; and everyone it goes to now."""
    procedure = turn.company.handbook[case.procedure]
    declared = procedure.deadline[deadline.key]
    facts = facts_of(turn, case, procedure)
    targets = declared.tells.get(level, (Target.LEAD,))
    if level == "L1" and turn.calendar.is_rest(turn.now):
        targets = (Target.DUTY, *targets)
    if level == "R1" and procedure.urgent(facts):
        targets = (Target.LEAD, *targets)
    late = lateness(turn, case, deadline, said(declared.needs))
    card, broken = telling.about(turn, case, procedure, facts), _broken_promise(turn, case, deadline)

    def read(at: datetime) -> Notice:
        notice = notices.level(card, replace(late, now=at), level)
        taps, more = (
            tuple(button for button in given if button.action in procedure.action or button.action in VIEWS)
            for given in (notice.buttons, notice.more)
        )
        return replace(notice, lines=(*broken, *notice.lines), buttons=taps, more=more)

    now = read(turn.now)
    later = read(read_at) if read_at is not None else now
    rule = rule_line(procedure, deadline)
    return Raised(now, later, resolve(turn, case, targets), rule, bool(procedure.urgent(facts)))


def _broken_promise(turn: Turn, case: Case, deadline: Deadline) -> tuple[Said, ...]:
    """The level that was told last was answered with a promised time, and that has passed."""
    fired = [told for told in turn.uow.deadlines.reached(deadline.id) if told.state == "fired"]
    last = fired[-1] if fired else None
    if last is None or last.promised_at is None or last.promised_at > turn.now:
        return ()
    person = turn.uow.organisation.person(last.acknowledged_by or 0)
    return (notices.promise_missed(case.number or "", person.name if person else "", last.promised_at),)


def lateness(turn: Turn, case: Case, deadline: Deadline, needs: Said) -> Lateness:
    """How a deadline stands now, with the names that its notices use."""
    organisation = turn.uow.organisation
    duty = organisation.on_duty(turn.company.today(deadline.due_at))
    first = next(iter(organisation.people_with("deputy_gm")), None)
    chief = supervisor(turn, case)
    procedure = turn.company.handbook[case.procedure]
    fired = [e for e in turn.uow.deadlines.reached(deadline.id) if e.state == "fired"]
    return Lateness(
        needs=needs,
        due=deadline.due_at,
        now=turn.now,
        rests=not turn.calendar.intervals(turn.company.today(deadline.due_at)),
        duty="、".join(person.name for person in duty),
        supervisor=chief.name if chief else "",
        deputy_gm=first.name if first else "",
        reminders=len(fired),
        impact=telling.value_of(turn, case, procedure, "impact") if case.impact else None,
    )


def rule_line(procedure: Procedure, deadline: Deadline) -> Said:
    """Which rule, in one line: clause and hours, or the requirement of the customer."""
    rule = next(rule for rule in procedure.rules if rule.key == deadline.rule_key)
    span = span_of(deadline)
    if deadline.source == AGREED:
        return said(N_("Rule: the agreed day."))
    if deadline.source != "declaration":
        return said(N_("Rule: {source}, {span}."), source=deadline.source, span=span)
    return notices.rule_of(rule.clause, span)


def span_of(deadline: Deadline) -> Said:
    """How long it takes, in the unit that the rule uses: 48 hours, 10 working days."""
    return lasting(timedelta(minutes=deadline.span_minutes), Basis(deadline.basis))


def amount(rule: Resolved) -> Said:
    """A rule's number as people read it: a span of time, or a share."""
    if rule.unit == "%":
        return said("{n}%", n=rule.value)
    return lasting(rule.span, rule.basis)


def tell_cleared(turn: Turn, case: Case, procedure: Procedure, ended: Ended) -> None:
    """Where a breach was raised, it is told that it is done, and how late it was."""
    reached = turn.uow.deadlines.reached(ended.row.id)
    addresses = dict.fromkeys(address for escalation in reached for address in escalation.addresses)
    if not addresses:
        return
    late = lateness(turn, case, ended.row, said(ended.needs))
    notice = notices.cleared(telling.about(turn, case, procedure), late)
    telling.queue(turn, case, notice, told_before(addresses), How(key=f"cleared/{ended.row.id}"))
