"""Why an instant is due when it is: 为什么, answered step by step, as sentences that any language can show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from conversations.calendar import DAY, NOTHING, WORKING_DAY, Calendar, DayKind
from conversations.deadlines import Basis, Pause, Term, due, together
from conversations.rules import Resolved, cited
from conversations.words import N_, Said, Value, said

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAYS_FROM = timedelta(days=7)  # 48 hours stay 48 hours, as the procedure says it; 60 days are not 1440 hours


@dataclass(frozen=True, slots=True)
class Ground:
    """What a deadline rests on: its label, how long it lasts, the clause that says so, and who changed the number."""

    label: Said
    span: timedelta
    clause: str
    source: str = ""

    @classmethod
    def of(cls, rule: Resolved) -> "Ground":
        """The ground that a resolved rule gives."""
        return cls(said(rule.rule.label), rule.span, rule.rule.clause, rule.source)


def explain(ground: Ground, term: Term, calendar: Calendar) -> tuple[Said, ...]:
    """Tell how the term's due instant came about, and what it would be in the other basis (A-02, N-01).

    A term that stands still has no due instant: the last sentence says since when.
    """
    steps = [said(N_("It runs from {start}."), start=term.start), _rule(ground, term.basis)]
    paused = together(term.pauses)
    if paused and paused[-1].end is None:
        return (*steps, *map(_pause, paused))
    if term.basis is Basis.WORKING:
        steps += _days(term, calendar)
    return (*steps, *map(_pause, paused), *_result(ground, term, calendar))


def lasting(span: timedelta, basis: Basis) -> Said:
    """Say how long a deadline is, in the unit people use for it: a working day is 8 working hours."""
    if basis is Basis.WORKING:
        if span >= WORKING_DAY and span % WORKING_DAY == NOTHING:
            return said(N_("{n} working days"), n=span // WORKING_DAY)
        if span % HOUR == NOTHING:
            return said(N_("{n} working hours"), n=span // HOUR)
        return said(N_("{n} working minutes"), n=span // MINUTE)
    if span >= DAYS_FROM and span % DAY == NOTHING:
        return said(N_("{n} days"), n=span // DAY)
    if span % HOUR == NOTHING:
        return said(N_("{n} hours"), n=span // HOUR)
    return said(N_("{n} minutes"), n=span // MINUTE)


def _exchanged(span: timedelta, basis: Basis) -> timedelta:
    """The same number in the other basis: hours are hours, but ten working days compare with ten days."""
    if basis is Basis.WORKING and span >= WORKING_DAY and span % WORKING_DAY == NOTHING:
        return span // WORKING_DAY * DAY
    if basis is Basis.NATURAL and span >= DAYS_FROM and span % DAY == NOTHING:
        return span // DAY * WORKING_DAY
    return span


def _rule(ground: Ground, basis: Basis) -> Said:
    clause = cited(ground.clause)
    counted = N_("only working time counts") if basis is Basis.WORKING else N_("every hour counts, rest days too")
    values: dict[str, Value] = {
        "label": ground.label,
        "span": lasting(ground.span, basis),
        "counted": said(counted),
        "clause": clause,
    }
    if ground.source:
        return Said(
            N_("{label}: {span}, {counted} ({clause}; number set by {source})."), {**values, "source": ground.source}
        )
    return Said(N_("{label}: {span}, {counted} ({clause})."), values)


def _days(term: Term, calendar: Calendar) -> Iterator[Said]:
    """Name every day between start and due that counts otherwise than an ordinary working day."""
    first, last = (at.astimezone(calendar.zone).toordinal() for at in (term.start, term.due))
    days = map(date.fromordinal, range(first, last + 1))
    for what, run in groupby(days, key=lambda day: _special(day, calendar)):
        if what is None:
            continue
        stretch = list(run)
        if len(stretch) == 1:
            yield said(N_("{day}: {what}."), day=stretch[0], what=what)
        else:
            yield said(N_("{first} to {last}: {what}."), first=stretch[0], last=stretch[-1], what=what)


def _special(day: date, calendar: Calendar) -> Said | None:
    kind, note = calendar.kind(day), calendar.notes.get(day, "")
    if kind is DayKind.MAKEUP:
        found = said(N_("make-up working day, counted"))
    elif kind is DayKind.HOLIDAY:
        found = said(N_("public holiday, not counted"))
    elif day not in calendar.days and day not in calendar.hours:
        return said(N_("weekly rest day, not counted")) if kind is DayKind.REST else None
    elif kind is DayKind.REST:
        found = said(N_("company rest day, not counted"))
    else:
        found = said(N_("company working day, counted"))
    return said(N_("{note}, {what}"), note=note, what=found) if note else found


def _pause(pause: Pause) -> Said:
    if pause.end is None:
        return said(N_("It has stood still since {start}."), start=pause.start)
    return said(N_("It stood still from {start} to {end}."), start=pause.start, end=pause.end)


def _result(ground: Ground, term: Term, calendar: Calendar) -> Iterator[Said]:
    """Say the due instant, what limits or weakens it, and its equivalent in the other basis."""
    other = Basis.NATURAL if term.basis is Basis.WORKING else Basis.WORKING
    counted = due(term.start, ground.span, term.basis, calendar, term.pauses)
    equivalent = due(term.start, _exchanged(ground.span, term.basis), other, calendar, term.pauses)
    for year in calendar.unknown_years(term.start, max(counted, equivalent, term.due)):
        yield said(N_("⚠ The holidays of {year} are not imported: counted by the weekly pattern."), year=str(year))
    if term.due != counted:
        yield said(N_("Counted out it would be due {at}; another limit applies."), at=counted)
    yield said(N_("Due {at}."), at=term.due)
    if calendar.is_rest(term.due):
        last = calendar.last_moment(term.due, NOTHING)
        yield said(N_("That is in rest time; work ends before it at {at}."), at=last)
    if other is Basis.WORKING:
        yield said(N_("For comparison: counted in working time alone it would be due {at}."), at=equivalent)
    else:
        yield said(N_("For comparison: counted day and night it would be due {at}."), at=equivalent)
