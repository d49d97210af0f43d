"""The stage: the whole bot with the sample company, a clock that is turned, and a post box that is read.

The demo plays on it, and so do the tests' stories.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from bot.clock import SettableClock
from bot.console import Console, ConsoleGateway
from bot.editions import draw_flow
from conversations.procedures.handbook import HANDBOOK, Handbook
from handlers import deadlines, digests, flows, follow_ups, indicator_checks, leave, summaries, weekly
from handlers.company import Company
from handlers.imports import organisation
from handlers.summaries import Draw
from handlers.surveys import nights, plans, reporting, running
from handlers.surveys.drawn import Draw as DrawSurvey
from notifications.delivery import Post, deliver_due
from storage.database import Database
from storage.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
NAME = "衡岚立光"
FIRST_NUMBERS = {"TS-2026": 81, "JZ-2026": 32}
T = TypeVar("T")


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of 2026 in company time."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


FRIDAY = at(11, 20, 16, 5)
"""Where the story of domain C6 begins."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it arrived."""

    address: str
    at: datetime
    text: str
    picture: str | None


@dataclass
class Stage:
    """Say things, let time pass, hear what arrives."""

    database: Database
    clock: SettableClock
    company: Company
    draw: Draw | None = None
    draw_survey: DrawSurvey | None = None
    consoles: dict[str, Console] = field(default_factory=dict)

    @classmethod
    def open(cls, url: str, folder: Path, *, start: datetime = FRIDAY, handbook: Handbook = HANDBOOK) -> Self:
        """A stage on a migrated, empty database."""
        clock = SettableClock(start)
        return cls(Database(url, clock, attachments=folder / "files"), clock, Company(NAME, ZONE, handbook=handbook))

    def people(self, *, with_numbers: bool = True) -> None:
        """Let the sample company work here; with its numbers where no past is loaded that brings them."""
        self.do(lambda uow: organisation.apply(uow, organisation.sample()))
        if with_numbers:
            self.do(_first_numbers)

    def do(self, job: Callable[[UnitOfWork], T]) -> T:
        """Look or change directly, where a story needs what no person could say."""
        return self.database.do(job)

    def console(self, person: str) -> Console:
        """A person's terminal."""
        return self.consoles.setdefault(person, Console(self.database, self.company, person))

    def say(self, person: str, *lines: str) -> str:
        """Somebody types lines, one after another; the last answer."""
        answer = ""
        for line in lines:
            answer = self.console(person).say(line)
        return answer

    def tap(self, person: str, action: str, number: str = "") -> str:
        """Somebody taps a button."""
        return self.console(person).tap(action, number)

    def decide(self, person: str, action: str, number: str = "") -> str:
        """Somebody taps a button; where that shows what is to be decided, the button that is bound to it as well."""
        answer = self.tap(person, action, number)
        bound = (button.action for button in self.console(person).reply.buttons)
        shown = next((each for each in bound if each.startswith(f"{action}:")), None)
        return self.tap(person, shown, number) if shown else answer

    def until(self, instant: datetime) -> None:
        """Let time pass up to an instant; whatever is due on the way happens in its minute."""
        while (following := self.following()) is not None and following < instant:
            self.clock.set(max(following, self.clock()))
            self.tick()
        self.clock.set(instant)
        self.tick()

    def later(self, **span: float) -> None:
        """Let a span pass."""
        self.until(self.clock() + timedelta(**span))

    def tick(self) -> None:
        """What the clock asks for, then the post."""
        deadlines.sweep(self.database, self.company)
        digests.tick(self.database, self.company)
        weekly.tick(self.database, self.company)
        leave.tick(self.database, self.company)
        plans.tick(self.database, self.company)
        running.tick(self.database, self.company)
        nights.tick(self.database, self.company)
        indicator_checks.tick(self.database, self.company)
        follow_ups.tick(self.database, self.company)
        reporting.tick(self.database, self.company, self.draw_survey)
        if self.draw is not None:
            summaries.tick(self.database, self.company, self.draw)
            flows.tick(self.database, self.company, draw_flow)
        self.deliver()
        self.do(lambda uow: uow.audit.seal())

    def deliver(self) -> None:
        """Deliver what is due."""
        post = Post(
            self.database,
            ConsoleGateway(self.database),
            self.company.words,
            jitter=random.Random(7),  # noqa: S311 - how long to wait is no secret
        )
        while deliver_due(post):
            pass

    def heard(self, address: str, containing: str = "") -> list[Heard]:
        """What arrived at ``channel:…``, or at a person by name."""
        place = address if ":" in address else f"person:{self.person_id(address)}"
        rows = self.do(lambda uow: uow.mailbox.of(place, limit=1000))
        return [
            Heard(row.address, row.at.astimezone(ZONE), row.text, row.picture) for row in rows if containing in row.text
        ]

    def person_id(self, name: str) -> int:
        """The row of a person; 0 when there is nobody of that name."""
        person = self.do(lambda uow: uow.organisation.person_by_name(name))
        return person.id if person else 0

    def following(self) -> datetime | None:
        """When something may be due next: a level, a message, the morning of a working day, a monthly summary."""
        moments = [*self.do(lambda uow: (uow.deadlines.next_at(), uow.outbox.next_at("console")))]
        if self.draw is not None:
            moments.append(self.do(self._next_morning))
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_morning(self, uow: UnitOfWork) -> datetime:
        """The next 08:05 or 08:30 of a working day: that of the monthly summary, that of the digests."""
        calendar, day = self.company.calendar(uow), self.company.today(uow.now)
        while True:
            for of_day in (summaries.DRAFT_AT, digests.AT):
                moment = datetime.combine(day, of_day, self.company.zone)
                if moment > uow.now and calendar.intervals(day):
                    return moment
            day += timedelta(days=1)


def _first_numbers(uow: UnitOfWork) -> None:
    for series, last in FIRST_NUMBERS.items():
        uow.numbers.start_after(series, last)


@contextmanager
def closing(stage: Stage) -> Iterator[Stage]:
    """Close the stage's database at the end."""
    try:
        yield stage
    finally:
        stage.database.dispose()
