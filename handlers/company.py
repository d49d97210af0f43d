"""The company as the handlers know it: its words, its zone, its handbook and its working calendar."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from conversations.calendar import FIVE_DAYS, Alternate, Calendar, Week
from conversations.procedures.handbook import HANDBOOK, Handbook
from handlers.tokens import Links
from reports.words import Words
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Company:
    """One company per installation: what the configuration says, made once at the start."""

    name: str
    zone: ZoneInfo
    language: str = "zh"
    phone: str = ""
    handbook: Handbook = HANDBOOK
    week: Week = field(default_factory=lambda: FIVE_DAYS)
    alternate: Alternate | None = None
    platforms: tuple[str, ...] = ("console",)
    links: Links | None = None
    _calendars: dict[object, Calendar] = field(default_factory=dict, repr=False, compare=False)

    @property
    def words(self) -> Words:
        """The words, in the company's zone, with the links that customers may follow."""
        return Words(self.zone, self.links.url if self.links else None)

    def calendar(self, uow: UnitOfWork) -> Calendar:
        """The working calendar as the rows have it; read again only when they were changed."""
        revision = uow.calendar.revision()
        if revision not in self._calendars:
            calendar = Calendar(
                zone=self.zone,
                days=uow.calendar.days(),
                known_years=uow.calendar.known_years(),
                week=self.week,
                alternate=self.alternate,
                notes=uow.calendar.notes(),
            )
            self._calendars.clear()
            self._calendars[revision] = calendar
        return self._calendars[revision]

    def rehearsing(self) -> "Company":
        """The same company for a transaction that will be taken back: what it reads there is not kept."""
        return replace(self, _calendars={})

    def today(self, now: datetime) -> date:
        """The day it is in the company."""
        return now.astimezone(self.zone).date()

    def month(self, instant: datetime) -> str:
        """The month an instant belongs to, in company time: 2026-11."""
        return f"{instant.astimezone(self.zone):%Y-%m}"
