"""Taking a calendar file in: what it would change and which deadlines would move first, then the change itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from conversations.words import N_, Said, people, said
from handlers.calendars import Followed, follow
from handlers.company import Company
from handlers.imports.calendar_file import OWN, STATUTORY, CalendarFile, CalendarFileError, read_calendar
from handlers.turn import Turn
from storage.calendar import CalendarDay
from storage.database import Database
from storage.unit_of_work import UnitOfWork

__all__ = ["CalendarFileError", "Outcome", "Terms", "import_calendar", "read_calendar"]

KINDS = {
    "holiday": N_("public holiday"),
    "makeup": N_("make-up working day"),
    "work": N_("company working day"),
    "rest": N_("company rest day"),
    "": N_("as its weekday"),
}

Days = Mapping[date, tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What differs, in sentences: days, years; and the deadlines that move with them."""

    days: tuple[Said, ...]
    years: tuple[Said, ...]
    moved: tuple[Followed, ...]

    @property
    def nothing(self) -> bool:
        """Whether the calendar is as the file says already."""
        return not self.days


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which name the days are kept, who takes them in, and whether it is only tried."""

    source: str
    by: str = ""
    dry_run: bool = False


class _Rehearsed(Exception):  # noqa: N818 - no fault: it takes a rehearsal back
    """Ends the transaction of a rehearsal, so that nothing of it stays."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def import_calendar(database: Database, company: Company, file: CalendarFile, terms: Terms) -> Outcome:
    """Change the calendar and let open deadlines follow, in one transaction; or only say what would be changed."""
    if not terms.dry_run:
        return database.do(lambda uow: _apply(Turn(uow, company), file, terms))

    def rehearse(uow: UnitOfWork) -> None:
        raise _Rehearsed(_apply(Turn(uow, company.rehearsing()), file, terms))

    try:
        database.do(rehearse)
    except _Rehearsed as rehearsed:
        return rehearsed.outcome
    raise AssertionError("a rehearsal ends by being taken back")


def _apply(turn: Turn, file: CalendarFile, terms: Terms) -> Outcome:
    uow = turn.uow
    stored, known = uow.calendar.stored(), uow.calendar.known_years()
    wanted, kept = _wanted(file, stored)
    changed = {day: told for day, told in wanted.items() if _now(stored, day) != told}
    whole = [year for year in file.years if file.whole(year)]
    told = tuple(_change(day, stored, changed[day]) for day in sorted(changed))
    told += tuple(_stays(day, stored[day]) for day in kept)
    years = tuple(_year(year, whole=year in whole) for year in file.years if year not in known)
    if not changed and set(whole) <= known:
        return Outcome((), years, ())
    uow.calendar.change(changed, whole, source=terms.source)
    data = {f"{day}": list(said_of) if said_of else None for day, said_of in sorted(changed.items())}
    uow.audit.write("calendar", "import", actor=terms.by, data={"source": terms.source, "days": data, "years": whole})
    return Outcome(told or years, years, follow(turn))


def _wanted(file: CalendarFile, stored: Mapping[date, CalendarDay]) -> tuple[Days, list[date]]:
    """What the file says of every day that it speaks of, and the days on which the company's own decision stays.

    A whole year takes the place of what was said of that year's holidays before; a single day wins over anything.
    """
    wanted, kept = dict(file.days), []
    for year in filter(file.whole, file.years):
        for day, row in stored.items():
            if day.year != year:
                continue
            told = wanted.get(day)
            if row.kind in STATUTORY and day not in wanted:
                wanted[day] = None
            elif row.kind in OWN and told is not None and told[0] in STATUTORY:
                del wanted[day]
                kept.append(day)
    return wanted, kept


def _now(stored: Mapping[date, CalendarDay], day: date) -> tuple[str, str] | None:
    row = stored.get(day)
    return (row.kind, row.note) if row else None


def _named(told: tuple[str, str] | None) -> Said:
    kind, note = told or ("", "")
    return said(N_("{kind} ({note})"), kind=said(KINDS[kind]), note=people(note)) if note else said(KINDS[kind])


def _change(day: date, stored: Mapping[date, CalendarDay], told: tuple[str, str] | None) -> Said:
    return said(N_("{day}: {before} → {after}"), day=day, before=_named(_now(stored, day)), after=_named(told))


def _stays(day: date, row: CalendarDay) -> Said:
    return said(N_("{day}: {kind} stays, the company decided it"), day=day, kind=_named((row.kind, row.note)))


def _year(year: int, *, whole: bool) -> Said:
    if whole:
        return said(N_("{year}: its holidays are known from now on"), year=str(year))
    return said(N_("{year}: stays unknown; 01-01, 05-01 or 10-01 is missing among the holidays"), year=str(year))
