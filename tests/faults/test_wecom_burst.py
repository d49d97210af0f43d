"""A burst of notices through WeCom's narrow door: nothing dropped or lost, escalations first, cases in order (R10)."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from storage.organisation import Department, Person
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.desk import Desk
from tests.support.faults.burst import TITLE, Told, in_order, queue
from tests.support.wecom.reading import Bubble
from tests.support.wecom.stand import Stand
from tests.support.wecom.world import Member
from tests.support.wecom_office import Office

NOTICES, PEOPLE, GROUPS = (2000, 300, 40) if LONG else (400, 60, 10)


@dataclass(frozen=True)
class Town:
    """Who gets the burst: addresses, and the name by which each reads."""

    people: dict[str, str]
    groups: dict[str, str]


def moved_in(uow: UnitOfWork, stand: Stand) -> Town:
    """People, and departments of which two share a group, each with a robot."""
    names = [f"member{count}" for count in range(PEOPLE)]
    stand.world.add(Member(name) for name in names)
    rows = [Person(name=name, department="XS", wecom_id=name) for name in names]
    uow.organisation.add(*rows)
    keys = [stand.add_robot(f"群{count}") for count in range(GROUPS)]
    # the first two departments share a group, and its robot
    places = [keys[max(count, 1)] for count in range(GROUPS)]
    uow.organisation.add(*(
        Department(code=f"D{count}", name=f"部门{count}", channels={"wecom": f"robot:{place}"})
        for count, place in enumerate(places)
    ))  # fmt: skip
    return Town(
        {f"person:{row.id}": name for row, name in zip(rows, names, strict=True)},
        {f"channel:D{count}": place for count, place in enumerate(places)},
    )


def heard(office: Office, town: Town) -> dict[str, list[Bubble]]:
    """What was read at each address, in order; departments that share a group read the same."""
    inboxes: dict[str, list[Bubble]] = defaultdict(list)
    with office.stand.lock:
        for person, name in town.people.items():
            inboxes[person] = office.stand.inbox(name)
        for group, key in town.groups.items():
            inboxes[group] = office.stand.robot(key)
    return inboxes


def shown(read: list[Bubble]) -> Iterator[tuple[int, Bubble]]:
    """The notices in what somebody read, each where its text is: the cards beside them say the same once more."""
    for bubble in read:
        if not bubble.is_card:
            yield from ((int(number), bubble) for number in TITLE.findall(bubble.text))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_burst_loses_nothing(sqlite_url: str, wecom_stand: Stand, tmp_path: Path) -> None:
    """
    Hundreds of notices at one instant to people and groups of a WeCom that drops silently above 30 a minute, with two
    restarts meanwhile: nothing dropped, refused or lost, escalations before digests, the notices of a case in order.
    """
    desk = Desk.furnished(sqlite_url, tmp_path)
    office = Office.open(desk, wecom_stand, tmp_path)
    town = desk.do(partial(moved_in, stand=wecom_stand))
    told = desk.do(lambda uow: queue(uow, "wecom", (list(town.people), list(town.groups)), random.Random(10), NOTICES))
    for _ in range(2):
        office.deliver(timedelta(seconds=20))
        office.restart()
    office.deliver(timedelta(hours=2))
    inboxes = heard(office, town)
    office.stop()
    desk.leave()

    assert wecom_stand.dropped == []
    assert [refusal for refusal in wecom_stand.refused if refusal.code == 45009] == []
    for address, theirs in by_address(told, town).items():
        found = list(shown(inboxes[address]))
        assert Counter(number for number, _ in found) == Counter(each.number for each in theirs), address
        place = {number: (bubble.at, index) for index, (number, bubble) in enumerate(found)}
        levels = [place[each.number] for each in theirs if each.kind == "level"]
        digests = [place[each.number] for each in theirs if each.kind == "digest"]
        assert not levels or not digests or max(levels) < min(digests), address
        assert in_order(theirs, place), address


def by_address(told: list[Told], town: Town) -> dict[str, list[Told]]:
    """Who was told what; a shared group counts once."""
    found: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        same = [address for address, key in town.groups.items() if key == town.groups.get(each.address)]
        found[min(same, default=each.address)].append(each)
    return found
