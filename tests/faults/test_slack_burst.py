"""A burst of notices through Slack's narrow door: nothing refused or lost, escalations first, cases in order (R10)."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import LONG
from tests.support.faults.burst import TITLE, in_order, queue
from tests.support.faults.postroom import postroom

NOTICES, PEOPLE, CHANNELS = (7000, 300, 40) if LONG else (250, 40, 10)
MOST_REFUSED = 5


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_burst_loses_nothing_at_slack(sqlite_url: str, tmp_path: Path) -> None:
    """
    Notices at one instant to people and channels of a Slack that takes one a second and place: each is read once, at
    most five are told to wait, escalations come before digests, the notices of a case in order.
    """
    with postroom(sqlite_url, tmp_path, PEOPLE, CHANNELS) as room:
        addresses, chance = (room.people, room.channels), random.Random(10)
        told = room.desk.do(lambda uow: queue(uow, "slack", addresses, chance, NOTICES))
        began = room.desk.clock()
        room.deliver(timedelta(hours=4))
        took = room.desk.clock() - began
        rooms = {f"person:{row}": f"DUM{count}" for count, row in enumerate(p.partition(":")[2] for p in room.people)}
        rooms |= {address: f"C{address.partition(':')[2]}" for address in room.channels}
        print(f"{NOTICES} notices in {took}, {room.slack.limited} told to wait, {len(room.slack.said)} messages")  # noqa: T201 - a figure of docs/reliability.md

        assert room.slack.limited <= MOST_REFUSED
        for address, channel in rooms.items():
            theirs = [each for each in told if each.address == address]
            texts = [said.text for said in room.slack.said if said.channel == channel]
            read = [(int(found), (at, index)) for at, text in enumerate(texts)
                    for index, found in enumerate(TITLE.findall(text))]  # fmt: skip
            place = dict(read)
            levels = [place[each.number] for each in theirs if each.kind == "level"]
            digests = [place[each.number] for each in theirs if each.kind == "digest"]
            assert Counter(number for number, _ in read) == Counter(each.number for each in theirs), address
            assert not levels or not digests or max(levels) < min(digests), address
            assert in_order(theirs, place), address
