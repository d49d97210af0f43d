"""Somebody's home: what waits for them, nearest deadline first; their drafts and settings; what is wrong just now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from conversations.attention import Settings
from conversations.replies import Button, Reply, say
from conversations.words import N_, Left, Over, Said, people, said
from handlers import calendars, forms, listings, outcomes, telling
from handlers.standing import acting_as, allowed
from handlers.turn import Turn
from storage.cases import Case
from storage.drafts import DraftRow
from storage.worklists import LISTS, Whose

MOST_ROWS = 10
MOST_DRAFTS = 5
MOST_BANNERS = 3

TITLES: Mapping[str, str] = {
    "urgent": N_("Most urgent"),
    "waiting": N_("Waiting for somebody to take over or decide"),
    "mine": N_("My cases"),
    "overdue": N_("Overdue in my department"),
    "reported": N_("Reported by me"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case: what it is, how much time is left, and what is to be tapped first."""

    number: str
    what: Said
    stands: Said
    late: bool
    button: Button


@dataclass(frozen=True, slots=True)
class Pending:
    """A draft, and how it is gone on with."""

    id: str
    title: Said
    line: Said


@dataclass(frozen=True, slots=True)
class Home:
    """A person's home as it stands. ``first`` counts from 0; ``lists`` are (key, name with its number)."""

    language: str
    now: datetime
    greeting: Said
    counts: Said
    banners: tuple[Said, ...]
    starts: tuple[Button, ...]
    lists: tuple[tuple[str, Said], ...]
    showing: str
    first: int
    total: int
    rows: tuple[Row, ...]
    drafts: tuple[Pending, ...]
    more_drafts: int
    settings: Settings
    leave: Said


def key_of(person: int) -> str:
    """Under which it is remembered that a person has a home, and what they look at there."""
    return f"home:{person}"


def opened(turn: Turn) -> None:
    """The person looks at their home: from now on it is kept up to date. It begins with the most urgent."""
    if turn.person is not None:
        turn.uow.state.put(key_of(turn.person.id), {"showing": "urgent", "first": 0})


def turn_to(turn: Turn, where: str) -> Reply:
    """Look at another list, or at another page of it: ``mine:10``."""
    which, _, first = where.partition(":")
    if turn.person is not None and which in LISTS and first.isascii() and first.isdigit() and len(first) < 7:
        turn.uow.state.put(key_of(turn.person.id), {"showing": which, "first": int(first)})
    return listings.mine(turn)


def resume(turn: Turn, draft_id: str) -> Reply:
    """Go on with one draft; the newest where none is named."""
    rows = turn.uow.drafts.of(turn.person.id) if turn.person else []
    row = next((row for row in rows if draft_id in ("", row.id)), None)
    if row is None:
        return say(said(N_("You have no drafts.")) if not draft_id else GONE)
    turn.uow.drafts.activate(row)
    return forms.answer(turn, row, {})


GONE = said(N_("This draft was filed or dropped already."))


def drop(turn: Turn, draft_id: str) -> Reply:
    """Drop one draft."""
    row = turn.uow.drafts.get(draft_id)
    if row is None or turn.person is None or row.person_id != turn.person.id:
        return say(GONE)
    return forms.cancel(turn, row)


def shown(turn: Turn) -> Home | None:
    """The home of the person acting, as they look at it; None for somebody we do not know. Changes nothing."""
    if turn.person is None:
        return None
    whose = _whose(turn)
    counts = turn.uow.worklists.counts(whose)
    kept = cast("Mapping[str, object]", turn.uow.state.get(key_of(turn.person.id)) or {})
    showing = str(kept.get("showing", "urgent"))
    total = counts[showing]
    first = min(int(str(kept.get("first", 0))), max(total - 1, 0) // MOST_ROWS * MOST_ROWS)
    drafts, number = turn.uow.drafts.newest_of(turn.person.id, MOST_DRAFTS)
    return Home(
        language=turn.language,
        now=turn.now,
        greeting=_greeting(turn, counts),
        counts=_counted(counts),
        banners=tuple(_banners(turn))[:MOST_BANNERS],
        starts=_starts(turn),
        lists=tuple((key, said(N_("{title} ({n})"), title=said(TITLES[key]), n=counts[key])) for key in LISTS),
        showing=showing,
        first=first,
        total=total,
        rows=_rows(turn, turn.uow.worklists.page(showing, whose, first, MOST_ROWS)),
        drafts=tuple(_pending(turn, row) for row in drafts),
        more_drafts=number - len(drafts),
        settings=turn.uow.settings.of(turn.person.id),
        leave=_leave(turn),
    )


def _whose(turn: Turn) -> Whose:
    person = turn.person
    everybody = [each.id for each in acting_as(turn)]
    return Whose(
        person=person.id if person else 0,
        people=frozenset(everybody),
        department=person.department if person else "",
        to_decide=frozenset(turn.uow.sign_offs.waiting_for(everybody)),
    )


def _greeting(turn: Turn, counts: Mapping[str, int]) -> Said:
    name = people(turn.person.name if turn.person else "")
    if not counts["urgent"]:
        return said(N_("{name}, nothing waits for you"), name=name)
    return said(N_("{name}, {n} to look after"), name=name, n=counts["urgent"])


def _counted(counts: Mapping[str, int]) -> Said:
    return said(
        N_("To take over or decide: {waiting} · mine: {mine} · overdue in my department: {overdue} · "
           "reported by me: {reported}"),
        waiting=counts["waiting"], mine=counts["mine"], overdue=counts["overdue"], reported=counts["reported"],
    )  # fmt: skip


def _starts(turn: Turn) -> tuple[Button, ...]:
    """What the person may begin; the first stands out."""
    handbook = turn.company.handbook.by_key
    known = [handbook[key] for key in ("complaint", "survey") if key in handbook]
    may = [procedure for procedure in known if allowed(turn, None, procedure.starts) is not None]
    begin = [Button(f"start:{each.key}", said(each.intake.title), main=not i) for i, each in enumerate(may)]
    return (
        *begin,
        Button("start:monthly_summary", said(N_("Monthly summary"))),
        Button("help", said(N_("Help"))),
    )


def _rows(turn: Turn, cases: Sequence[Case]) -> tuple[Row, ...]:
    ids = [case.id for case in cases]
    turn.uow.cases.read_ahead(ids)
    turn.uow.deadlines.read_ahead(ids)
    return tuple(_row(turn, case) for case in cases)


def _row(turn: Turn, case: Case) -> Row:
    procedure = turn.company.handbook[case.procedure]
    customer = telling.customer_name(turn, case)
    headline, step = telling.headline(case, procedure), said(procedure.step[case.step].label)
    words = N_("{n} {c} · {h}")
    what = said(words, n=case.number or "", c=customer, h=headline) if customer else said(
        N_("{n} · {h}"), n=case.number or "", h=headline)  # fmt: skip
    button = outcomes.next_buttons(turn, case)[0]
    if case.due_at is None:
        return Row(case.number or "", what, step, late=False, button=button)
    late = case.due_at < turn.now
    span = Over(turn.now - case.due_at) if late else Left(case.due_at - turn.now)
    stands = said(N_("{span} · due {due} · {step}"), span=span, due=case.due_at, step=step)
    return Row(case.number or "", what, stands, late=late, button=button)


def _pending(turn: Turn, row: DraftRow) -> Pending:
    case = forms.case_of(turn, row)
    title = said(forms.form_of(turn, row).title)
    name = said(N_("{form} · {n}"), form=title, n=case.number or "") if case else title
    return Pending(row.id, name, said(N_("Last changed {time}, kept until {end}"), time=row.updated_at,
                                      end=row.expires_at))  # fmt: skip


def _leave(turn: Turn) -> Said:
    person = turn.person
    if person is None or person.leave_to is None or person.leave_to < turn.today:
        return said(N_("Leave: none entered"))
    deputy = turn.uow.organisation.person(person.delegate_id) if person.delegate_id else None
    return said(
        N_("Away {first} to {last}; {deputy} stands in"), first=person.leave_from or turn.today, last=person.leave_to,
        deputy=deputy.name if deputy else "—",
    )  # fmt: skip


def _banners(turn: Turn) -> list[Said]:
    """What is wrong, for those who can see to it: administrators, and whoever leads the department concerned."""
    person = turn.person
    if person is None:
        return []
    administers = "admin" in person.roles
    found = []
    if administers:
        missing = calendars.unknown(turn.uow.calendar.known_years(), turn.today)
        found += [said(N_("The holidays of {year} are not imported; the weekly pattern decides until then."),
                       year=str(year)) for year in missing]  # fmt: skip
    seen = [each for each in turn.uow.organisation.departments() if administers or each.lead_id == person.id]
    platform = turn.company.platforms[0]
    broken = turn.uow.outbox.unreachable(platform, [f"channel:{each.code}" for each in seen])
    for each in seen:
        if f"channel:{each.code}" in broken:
            found.append(said(N_("The channel of {department} cannot be reached; its notices go to people instead."),
                              department=each.name))  # fmt: skip
        elif not each.channels.get(platform) and platform != "console":
            found.append(said(N_("{department} has no channel yet; its notices go to people instead."),
                              department=each.name))  # fmt: skip
    return found
