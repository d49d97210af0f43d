"""Dead letters at the command line: seen with their reason, tried again, or dropped for a reason that is kept."""

import json
from pathlib import Path

import pytest

from bot import config, databases
from storage.outbox import Outbox
from storage.outbox_rows import Message, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.support.edge import Run


def die(uow: UnitOfWork) -> None:
    """Three messages cannot be delivered."""
    for number in (1, 2, 3):
        uow.outbox.add(Message(key=f"k{number}", platform="slack", address="person:1", topic="level", subject="x"))
    for message in uow.outbox.claim("a worker", "slack", 10):
        uow.outbox.failed(message.id, message.fence, "channel_not_found", None)


@pytest.fixture
def dead(ready: Run) -> Run:
    """
    The sample company, three of its messages dead.
    """
    with databases.opened(config.load(Path("gukebot.toml"))) as database:
        database.do(die)
    return ready


def listed(run: Run, *words: str) -> "dict[int, dict[str, str]]":
    """The messages that a list shows, by their number."""
    return {row["id"]: row for row in json.loads(run("outbox", "list", *words, "--json").stdout)}


def test_dead_letters_are_dropped_for_a_reason(dead: Run) -> None:
    """
    Without a reason nothing is dropped; with one it is dropped once, and the trail says by whom and why.
    """
    first = min(listed(dead))
    silent = dead("outbox", "drop", str(first))
    dropped = dead("outbox", "drop", str(first), "--reason", "已电话告知")
    again = dead("outbox", "drop", str(first), "--reason", "已电话告知")

    assert silent.exit_code == 2
    assert "--reason" in silent.stderr
    assert dropped.exit_code == 0
    assert again.exit_code == 1
    assert len(listed(dead)) == 2
    gone = listed(dead, "--state", "dropped")[first]
    assert gone["reason"] == "dropped: 已电话告知 (before: channel_not_found)"
    trail = json.loads(dead("trace", gone["code"], "--json").stdout)
    assert any("已电话告知" in step["what"] for step in trail["steps"])
    assert dead("audit", "verify").exit_code == 0


def test_dead_letters_are_tried_again(dead: Run) -> None:
    """
    One by its number or all that are left; each list says why they died, the former name too.
    """
    first, *others = sorted(listed(dead))
    told = dead("outbox", "dead").stdout

    assert told.count("channel_not_found") == 3
    assert dead("outbox", "replay", str(first)).exit_code == 0
    assert sorted(listed(dead)) == others
    assert dead("outbox", "replay", "--all").exit_code == 0
    assert not listed(dead)
    assert sorted(listed(dead, "--state", "pending")) == [first, *others]
    assert dead("outbox", "replay", "999").exit_code == 1


def test_what_was_dropped_stays_dropped(dead: Run) -> None:
    """
    When the reason for other messages of the same subject comes back, what a person dropped does not.
    """
    dead("outbox", "drop", "--all", "--reason", "x")
    with databases.opened(config.load(Path("gukebot.toml"))) as database:
        database.do(lambda uow: uow.outbox.wait_again("x"))
        with database.reading() as session:
            rows: list[OutboxRow] = [*Outbox(session, database.clock()).newest("dropped")]

    assert len(rows) == 3
