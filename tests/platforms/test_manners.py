"""Good manners: a flood comes as one list, the full hour is avoided, and what is urgent does neither."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from conversations.replies import Button
from conversations.words import people
from handlers.outgoing import DIGEST, STEP, URGENT
from notifications.manners import MOST_WAITING, SPREAD, crowded, moment
from notifications.notices import Notice
from storage.outbox_rows import Message
from tests.support.desk import Desk, at
from tests.support.wecom.stand import Stand
from tests.support.wecom.world import Message as Sent
from tests.support.wecom_office import Office
from tests.support.workplace import Workplace

SALES = "程小满"
DETAILS, ACCEPT = Button("details", people("详情"), "TS-1"), Button("accept", people("接收"), "TS-1")
PLAIN_ONES = 30
"""The notices of a flood."""


def queue(desk: Desk, key: str, title: str, to: str, *taps: Button, topic: str = "step", platform: str = "wecom",
          level: str | None = None, priority: int = STEP, at_once: bool = False) -> None:  # fmt: skip
    """Queue a notice."""
    payload = {**Notice(topic, people(title), (people("说明"),), taps).payload(), "at_once": at_once}
    message = Message(key=key, platform=platform, address=to, topic=topic, payload=payload, level=level,
                      priority=priority)  # fmt: skip
    desk.do(lambda uow: uow.outbox.add(message))


@pytest.mark.parametrize("where", ["person", "group"])
def test_a_flood_comes_as_one_list(office: Office, where: str) -> None:
    """
    Thirty plain notices at once: what is beyond the pace comes as lists with each notice's own headline; a level, a
    form and an answer among them come by themselves.
    """
    to = "channel:PB" if where == "group" else f"person:{office.desk.person_id(SALES)}"
    for number in range(PLAIN_ONES):
        queue(office.desk, f"k{number}", f"TS-2026-0{number:03} 已受理", to, DETAILS)
    queue(office.desk, "level", "已超期", to, ACCEPT, topic="level", level="L1", priority=URGENT)
    queue(office.desk, "form", "请接收", to, ACCEPT)
    queue(office.desk, "reply", "您要的答复", to, topic="reply")
    office.deliver(timedelta(minutes=10))
    read = office.group("PB") if where == "group" else office.phone(SALES).messages
    texts = [each.text for each in read if not each.is_card]
    for number in range(PLAIN_ONES):
        assert sum(f"TS-2026-0{number:03} 已受理" in text for text in texts) == 1
    lists = [text for text in texts if "合并为一条" in text]
    assert 1 <= len(lists) <= 3
    assert not any(word in text for text in lists for word in ("已超期", "请接收", "您要的答复"))
    assert len(texts) < PLAIN_ONES / 2 + 3
    counts = office.desk.do(lambda uow: uow.outbox.counts())
    assert counts["merged"] + counts["sent"] == PLAIN_ONES + 3 + len(lists)
    assert set(counts) == {"merged", "sent"}


def test_a_few_come_one_by_one(office: Office) -> None:
    """
    As long as few wait, each notice is a message of its own.
    """
    to = f"person:{office.desk.person_id(SALES)}"
    for number in range(MOST_WAITING):
        queue(office.desk, f"k{number}", f"第 {number} 条", to)
    office.deliver()
    assert office.desk.do(lambda uow: uow.outbox.counts()) == {"sent": MOST_WAITING}


def test_a_flood_at_slack_is_a_list_too(work: Workplace) -> None:
    """
    By the same means at Slack, for people: in a channel notices are lines under their case's card.
    """
    person, channel = f"person:{work.desk.person_id(SALES)}", "channel:PB"
    for number in range(12):
        queue(work.desk, f"p{number}", f"TS-2026-0{number:03} 已受理", person, platform="slack")
        queue(work.desk, f"c{number}", f"TS-2026-0{number:03} 已受理", channel, platform="slack")
    work.deliver()
    counts = work.desk.do(lambda uow: uow.outbox.counts())
    assert counts["merged"] >= 12 - MOST_WAITING
    assert counts["sent"] == 12 + 12 - counts["merged"] + 1


@pytest.fixture
def work(sqlite_url: str, slack_stand: object, tmp_path: Path) -> Iterator[Workplace]:
    """The sample company with Slack."""
    desk = Desk.furnished(sqlite_url, tmp_path)
    place = Workplace.open(desk, slack_stand, tmp_path)  # type: ignore[arg-type]  # the stand is imported by who asks
    yield place
    place.leave()
    desk.leave()


def test_the_full_hour_is_avoided(office: Office, wecom_stand: Stand) -> None:
    """
    What the clock brings at 8:30 goes within the three minutes after it, each at its own moment; an answer, a safety
    escalation and what is due at 8:35 go at once.
    """
    office.desk.clock.set(at(11, 23, 8, 30))
    everybody = office.desk.do(lambda uow: [f"person:{each.id}" for each in uow.organisation.people() if each.wecom_id])
    for address in everybody:
        queue(office.desk, f"digest/{address}", "日报", address, topic="digest", priority=DIGEST)
        queue(office.desk, f"level/{address}", "已超期", address, topic="level", level="L1", priority=URGENT)
        queue(office.desk, f"line/{address}", "停线", address, topic="level", level="L1", priority=URGENT, at_once=True)
        queue(office.desk, f"reply/{address}", "答复", address, topic="reply")
    office.deliver(timedelta(minutes=4))
    came = {word: [each.at for each in said(wecom_stand, word)] for word in ("日报", "已超期", "停线", "答复")}
    start = at(11, 23, 8, 30)
    assert {word: len(found) for word, found in came.items()} == dict.fromkeys(came, len(everybody))
    assert {each for word in ("停线", "答复") for each in came[word]} == {start}
    for word in ("日报", "已超期"):
        assert len(set(came[word])) > len(everybody) / 2
        assert start < min(came[word]) <= max(came[word]) <= start + SPREAD
    office.desk.clock.set(at(11, 23, 8, 35))
    queue(office.desk, "late", "晚报", everybody[0], topic="digest", priority=DIGEST)
    office.deliver()
    assert [each.at for each in said(wecom_stand, "晚报")] == [at(11, 23, 8, 35)]


def said(stand: Stand, word: str) -> list[Sent]:
    """The messages to people in which a word stands."""
    return [each for each in stand.world.messages if word in str(each.body)]


def test_the_moment_is_always_the_same() -> None:
    """
    A key's moment after a crowded minute never moves, and a minute before or after counts as crowded.
    """
    mark = at(11, 23, 8, 30)
    assert moment("k", mark) == moment("k", mark) != moment("l", mark)
    instants: dict[datetime, bool] = {
        at(11, 23, 8, 28): False, at(11, 23, 8, 29): True, mark: True, at(11, 23, 8, 31): True,
        at(11, 23, 8, 32): False, at(11, 23, 8, 59): True, at(11, 23, 9, 0): True,
    }  # fmt: skip
    assert {instant: crowded(instant, (0, 30)) is not None for instant in instants} == instants
    assert crowded(mark, ()) is None
