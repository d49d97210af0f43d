"""A burst of notices at one instant: steps, forms, long texts, escalations and digests to many places, all mixed."""

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.replies import Button
from conversations.words import people
from handlers.outgoing import DIGEST, STEP, URGENT
from notifications.notices import Notice
from storage.outbox_rows import Message
from storage.unit_of_work import UnitOfWork
from tests.support.storage import a_case

CROWD = 4
"""So many people and so many groups get a third of it all."""

KINDS, SHARES = ("step", "form", "long", "level", "digest"), (50, 15, 5, 20, 10)

TITLE = re.compile(r"#(\d+) ")
DETAILS, ACCEPT = Button("details", people("详情"), "TS-1"), Button("accept", people("接收"), "TS-1")


@dataclass(frozen=True)
class Told:
    """One notice of the burst: what it is, to whom, and about which case."""

    number: int
    kind: str
    address: str
    case: int | None


def queue(
    uow: UnitOfWork, platform: str, addresses: tuple[Sequence[str], Sequence[str]], chance: random.Random, count: int
) -> list[Told]:
    """Queue so many at one instant, to people and to groups."""
    cases = [a_case(uow, f"TS-2027-{number:04}").id for number in range(count // 20)]
    every = [*addresses[0], *addresses[1]]
    crowded = [*addresses[0][:CROWD], *addresses[1][:CROWD]]
    told = []
    for number in range(count):
        address = chance.choice(crowded if chance.random() < 1 / 3 else every)
        kind = chance.choices(KINDS, SHARES)[0]
        told.append(Told(number, kind, address, None if kind == "digest" else chance.choice(cases)))
    uow.outbox.add_all(_message(one, platform) for one in told)
    return told


def _message(one: Told, platform: str) -> Message:
    title = people(f"#{one.number} {one.kind} TS-2027")
    taps = {"form": (ACCEPT,), "level": (ACCEPT, DETAILS), "step": (DETAILS,)}.get(one.kind, ())
    lines = (people("很长的说明。" * 500),) if one.kind == "long" else (people(f"第 {one.number} 件"),)
    topic = {"level": "level", "digest": "digest"}.get(one.kind, "step")
    return Message(
        key=f"burst/{one.number}", platform=platform, address=one.address, topic=topic,
        payload=Notice(topic, title, lines, taps).payload(), case_id=one.case,
        level="L1" if one.kind == "level" else None,
        priority={"level": URGENT, "digest": DIGEST}.get(one.kind, STEP),
    )  # fmt: skip


def in_order(theirs: list[Told], place: Mapping[int, tuple[Any, int]]) -> bool:
    """Whether the notices of each case came to each address in the order in which they were queued."""
    cases: dict[tuple[str, int], list[int]] = defaultdict(list)
    for each in theirs:
        if each.case is not None:
            cases[each.address, each.case].append(each.number)
    return all(sorted(numbers, key=lambda number: place[number]) == numbers for numbers in cases.values())
