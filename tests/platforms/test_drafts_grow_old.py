"""Drafts that are left lying: a warning first, then the end, each once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SettableClock
from bot.console import Console
from handlers import drafts
from handlers.company import Company
from handlers.imports import organisation
from storage.database import Database
from storage.unit_of_work import UnitOfWork

COMPANY = Company("HLLG", ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock() -> SettableClock:
    """A Friday morning."""
    return SettableClock(datetime(2026, 11, 20, 2, tzinfo=UTC))


@pytest.fixture
def database(database_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Database]:
    """
    The sample company, in which somebody has begun to report a complaint.
    """
    made = Database(database_url, clock, attachments=tmp_path)
    made.do(lambda uow: organisation.apply(uow, organisation.sample(), by="test"))
    console = Console(made, COMPANY, "程小满")
    console.say("报投诉")
    console.say("驰安")
    yield made
    made.dispose()


def warnings(uow: UnitOfWork) -> int:
    """Count the warnings that wait to be sent."""
    return len([message for message in uow.outbox.claim("test", "console", 100) if message.topic == "draft"])


def test_a_draft_is_warned_of_once_and_then_dropped(database: Database, clock: SettableClock) -> None:
    """
    Nothing for six days, one warning on the last, and after seven days the draft is gone.
    """
    person = database.do(lambda uow: uow.organisation.person_by_name("程小满"))
    assert person is not None
    clock.forward(timedelta(days=5, hours=23))
    drafts.tick(database, COMPANY)
    early = database.do(warnings)
    clock.forward(timedelta(hours=2))
    for _ in range(3):
        drafts.tick(database, COMPANY)
    late = database.do(warnings)
    kept = database.do(lambda uow: len(uow.drafts.of(person.id)))
    clock.forward(timedelta(days=1))
    drafts.tick(database, COMPANY)
    left = database.do(lambda uow: len(uow.drafts.of(person.id)))

    assert (early, late) == (0, 1)
    assert (kept, left) == (1, 0)
