"""A database under a clock that tests turn, and the smallest rows that tables accept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.cases import Case
from storage.database import Database
from storage.engine import Patience
from storage.outbox_rows import Message
from storage.unit_of_work import UnitOfWork

START = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


@dataclass
class TurnedClock:
    """The time, as a test wants it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class House:
    """A database and its clock."""

    url: str
    folder: Path
    clock: TurnedClock = field(default_factory=TurnedClock)
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        self.database = Database(self.url, self.clock, attachments=self.folder / "files", patience=self.patience)

    def close(self) -> None:
        self.database.dispose()

    def do(self, job: Callable[[UnitOfWork], object]) -> None:
        self.database.do(job)


def a_case(uow: UnitOfWork, number: str | None = None, **values: object) -> Case:
    """Keep a case that was just received."""
    facts: dict[str, object] = {
        "procedure": "complaint",
        "step": "sales_handling",
        "received_at": uow.now,
        "received_month": "2026-11",
        "created_at": uow.now,
        "updated_at": uow.now,
        **values,
    }
    return uow.cases.add(Case(number=number, **facts))  # type: ignore[arg-type]  # the values of a test


def a_message(key: str, **values: object) -> Message:
    """A message to one person on the console."""
    facts: dict[str, object] = {"platform": "console", "address": "person:1", "topic": "level", **values}
    return Message(key=key, **facts)  # type: ignore[arg-type]  # the values of a test
