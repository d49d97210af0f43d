"""Letters that cannot be delivered, among many that can: they stop nobody, and each is dealt with (R9)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from conversations.words import people
from notifications.delivery import WAITS
from notifications.notices import Notice
from storage.outbox_rows import Message
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.faults.postroom import Json, Poison, Postroom, postroom

LETTERS, EACH = (2000, 4) if LONG else (300, 1)
"""One in a hundred is poison at full length: so many of each of five kinds."""

PLACES = 40
LATER = timedelta(hours=6)


def _too_long_in_blocks(args: Json) -> str:
    return "msg_too_long" if args.get("blocks") else ""


KINDS: Mapping[str, Poison | None] = {
    "unreadable": None,  # our own fault: it cannot be put into words
    "plain": _too_long_in_blocks,
    "hopeless": lambda _args: "msg_too_long",
    "gone": lambda args: "channel_not_found" if args["channel"].startswith("C") else "",
    "trouble": lambda _args: "503",
}


@pytest.fixture
def room(sqlite_url: str, tmp_path: Path) -> Iterator[Postroom]:
    """Forty channels; each has the lead of its department, who hears what cannot be said there."""
    with postroom(sqlite_url, tmp_path, people=4, channels=PLACES) as made:
        yield made


def written(room: Postroom, *, poisoned: bool) -> dict[str, str]:
    """Queue everything at one instant; the kind of each letter that is poison, by its key."""
    every = LETTERS // (EACH * len(KINDS))
    kinds = [kind for kind in KINDS for _ in range(EACH)] if poisoned else []
    bad = {f"{'bad' if poisoned else 'good'}/{(count + 1) * every - 1}": kind for count, kind in enumerate(kinds)}

    def queue(uow: UnitOfWork) -> None:
        for number in range(LETTERS):
            key = f"{'bad' if poisoned else 'good'}/{number}"
            payload = Notice("step", people(f"#{number} 第几件")).payload()
            if bad.get(key) == "unreadable":
                payload = {"buttons": 7}
            address = room.channels[number % PLACES]
            uow.outbox.add(Message(key=key, platform="slack", address=address, topic="step", payload=payload))

    room.desk.do(queue)
    room.slack.poisons = {key: poison for key, kind in bad.items() if (poison := KINDS[kind]) is not None}
    return bad


def delay(room: Postroom, prefix: str, bad: Mapping[str, str]) -> float:
    """The seconds within which 99 of 100 healthy letters went."""
    letters = [row for key, row in room.letters().items() if key.startswith(prefix) and key not in bad]
    assert {row.state for row in letters} == {"sent"}
    began = min(row.next_at for row in letters)
    waited = sorted((row.sent_at - began).total_seconds() for row in letters if row.sent_at is not None)
    return waited[int(len(waited) * 0.99)]


def test_poison_stops_nobody(room: Postroom) -> None:
    """
    What Slack finds too long is told plainly, what has no channel any more is told to somebody, what fails for ever is
    a dead letter with its reason after eight attempts; nobody else waits longer. Mended, each dead letter goes once.
    """
    written(room, poisoned=False)
    room.deliver(LATER)
    without = delay(room, "good/", {})
    bad = written(room, poisoned=True)
    room.deliver(LATER)
    beside, letters = delay(room, "bad/", bad), room.letters()
    print(f"{LETTERS} letters, {len(bad)} of them poison: 99 % within {beside:.1f} s, without poison {without:.1f} s")  # noqa: T201 - a figure of docs/reliability.md

    of = {kind: [key for key in bad if bad[key] == kind] for kind in KINDS}
    dead = {key: letters[key] for key in bad if letters[key].state == "dead"}
    assert beside <= 1.2 * without
    assert set(dead) == {key for key, kind in bad.items() if kind != "plain"}
    assert all(row.reason for row in dead.values())
    assert {letters[key].state for key in of["plain"]} == {"sent"}
    assert {letters[key].attempts for key in of["trouble"]} == {len(WAITS) + 1}
    assert all(room.slack.tried.count(key) <= len(WAITS) + 1 for key in bad)
    assert {sum(each.key.startswith(f"{key}/instead/") for each in room.slack.said) for key in of["gone"]} == {1}
    assert room.slack.limited <= 5

    room.slack.poisons = {}
    mended = [row.id for key, row in dead.items() if bad[key] in ("hopeless", "trouble")]
    room.desk.do(lambda uow: [uow.outbox.replay(letter) for letter in mended])
    room.deliver(LATER)
    shown = room.slack.shown()
    assert {shown[key] for key in (*of["plain"], *of["hopeless"], *of["trouble"])} == {1}
