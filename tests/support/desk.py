"""The bench stories are played on: the whole bot, a real database, a clock that is turned, a post box that is read."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.clock import SettableClock
from bot.console import Console, ConsoleGateway
from conversations.procedures.handbook import HANDBOOK, Handbook
from handlers import deadlines
from handlers.company import Company
from handlers.imports import organisation
from notifications.delivery import Post, deliver_due
from storage.database import Database
from storage.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
T = TypeVar("T")


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of 2026 in company time."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


FRIDAY = at(11, 20, 16, 5)
"""Where the story of domain C6 begins."""


@dataclass
class Heard:
    """One message as it arrived."""

    address: str
    at: datetime
    text: str


@dataclass
class Desk:
    """Say things, let time pass, hear what arrives. The sample company works here."""

    database: Database
    clock: SettableClock
    company: Company
    consoles: dict[str, Console] = field(default_factory=dict)

    @classmethod
    def open(
        cls, url: str, folder: Path, *, start: datetime = FRIDAY, handbook: Handbook = HANDBOOK, history: bool = False
    ) -> "Desk":
        """A desk on a migrated database; with its history when a story needs the months before."""
        clock = SettableClock(start)
        database = Database(url, clock, attachments=folder / "files")
        desk = cls(database, clock, Company("衡岚立光", ZONE, handbook=handbook))
        desk.do(lambda uow: organisation.apply(uow, organisation.sample()))
        if history:
            from handlers.sample.history import load_history

            desk.do(load_history)
        else:
            desk.do(lambda uow: uow.numbers.start_after("TS-2026", 81))
            desk.do(lambda uow: uow.numbers.start_after("JZ-2026", 32))
        return desk

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

    def until(self, instant: datetime) -> None:
        """Let time pass up to an instant; whatever is due on the way happens in its minute."""
        while (following := self._following()) is not None and following < instant:
            self.clock.set(max(following, self.clock()))
            self.tick()
        self.clock.set(instant)
        self.tick()

    def _following(self) -> datetime | None:
        """When something is due next."""
        moments = self.do(lambda uow: (uow.deadlines.next_at(), uow.outbox.next_at("console")))
        return min((moment for moment in moments if moment is not None), default=None)

    def later(self, **span: float) -> None:
        """Let a span pass."""
        self.until(self.clock() + timedelta(**span))

    def tick(self) -> None:
        """What the clock asks for, then the post."""
        deadlines.sweep(self.database, self.company)
        self.deliver()

    def deliver(self) -> None:
        """Deliver what is due."""
        post = Post(self.database, ConsoleGateway(self.database), self.company.words, jitter=random.Random(7))
        while deliver_due(post):
            pass

    def heard(self, address: str, containing: str = "") -> list[Heard]:
        """What arrived at ``person:…`` or ``channel:…``, or at a person by name."""
        place = address if ":" in address else f"person:{self.person_id(address)}"
        rows = self.do(lambda uow: uow.mailbox.of(place, limit=1000))
        return [Heard(row.address, row.at.astimezone(ZONE), row.text) for row in rows if containing in row.text]

    def person_id(self, name: str) -> int:
        """The row of a person."""
        person = self.do(lambda uow: uow.organisation.person_by_name(name))
        assert person is not None, name
        return person.id


    def report(self, person: str = "程小满", **answers: str) -> str:
        """Somebody reports a complaint: domain C6, thread 1, unless told otherwise. The last answer."""
        asked = {
            "customer": "驰安", "product": "球头总成", "category": "交付", "impact": "仅通知", "photos": "跳过",
            "description": "少送两箱,门店断货", "quantity": "11–100只", "received_at": "刚刚", "handling": "销售自行处理",
        }  # fmt: skip
        return self.say(person, "报投诉", *{**asked, **answers}.values())
