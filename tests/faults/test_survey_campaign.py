"""A campaign of hundreds through a chat in trouble: each invitation comes once, whole, to whom it is for (D1 4.2.1)."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from conversations.words import people
from handlers.outgoing import STEP
from handlers.tokens import Links
from notifications.merging import TOPIC as MERGED
from notifications.notices import Notice
from storage.customers import Contact, Customer
from storage.outbox_rows import Message, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.answering import LINK, SURVEY
from tests.support.customer import KEY, PUBLIC
from tests.support.desk import Desk, at
from tests.support.slack.desk import SlackDesk
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand as Slack
from tests.support.wecom.stand import Stand as WeCom
from tests.support.wecom_office import Office

CONTACTS, AT_A_CUSTOMER = (500, 5) if LONG else (45, 5)
REPS = ("程小满", "罗一帆", "丁雨禾")
"""They look after the customers between them."""

STANDS_IN = {"罗一帆": "程小满"}
"""Who passes it on for somebody on leave."""

NEWS = 9
"""So many plain notices each of them gets besides: enough to be put together."""

TROUBLE = 0.06
"""Each of four or five troubles has this share of all calls: a quarter of them goes wrong."""

INVITED = re.compile(r"联系人\d{3}")


def moved_in(uow: UnitOfWork) -> dict[str, str]:
    """Customers with contacts who have business with us, and none besides; who looks after each contact, by names."""
    uow.session.execute(update(Contact).values(business_relation=""))
    keepers = {}
    for place in range(CONTACTS // AT_A_CUSTOMER):
        keeper = uow.organisation.person_by_name(REPS[place % len(REPS)])
        assert keeper is not None
        uow.session.add(Customer(code=f"N{place:03}", name=f"新客户{place:03}", owner_sales_id=keeper.id))
        uow.session.flush()
        for number in range(place * AT_A_CUSTOMER, (place + 1) * AT_A_CUSTOMER):
            keepers[f"联系人{number:03}"] = STANDS_IN.get(keeper.name, keeper.name)
            uow.session.add(Contact(customer=f"N{place:03}", name=f"联系人{number:03}", business_relation="采购"))
    return keepers


def news(uow: UnitOfWork, platform: str) -> None:
    """Plain notices of other matters to each of them."""
    addresses = [f"person:{person.id}" for person in uow.organisation.people() if person.name in REPS]
    uow.outbox.add_all(
        Message(key=f"news/{address}/{number}", platform=platform, address=address, topic="step", priority=STEP,
                payload=Notice("step", people(f"第 {number} 件事"), (people("细节"),)).payload())
        for address in addresses
        for number in range(NEWS)
    )  # fmt: skip


def asked(desk: Desk, platform: str) -> dict[str, str]:
    """Everybody is asked while other news is on its way; who looks after each contact."""
    keepers = desk.do(moved_in)
    desk.say("程小满", "发问卷", "顾客满意度", "所有顾客", "提交")
    desk.decide("顾晓岚", "approve_plan", SURVEY)
    desk.say("程小满", f"发送问卷 {SURVEY}")
    desk.do(partial(news, platform=platform))
    return keepers


def contact_of(uow: UnitOfWork, desk: Desk, link: str) -> str:
    """Whose answers a link takes."""
    assert desk.company.links is not None
    found = desk.company.links.opened("s", link.rpartition("/")[2], uow.now)
    row = uow.access_links.get(found or "")
    invitation = uow.surveys.invitation(row.subject.removeprefix("invitation:")) if row else None
    contact = uow.customers.contact(invitation.contact_id or 0) if invitation else None
    return contact.name if contact else ""


def came_once(desk: Desk, keepers: Mapping[str, str], phones: Mapping[str, Iterable[str]]) -> None:
    """Each contact's link came once, in a text to pass on that names the contact, to whoever looks after them."""
    texts = [(rep, text) for rep, read in phones.items() for text in read if LINK.search(text)]
    links = [link for _, text in texts for link in LINK.findall(text)]
    assert Counter(links).most_common(1)[0][1] == 1
    assert len(links) == len(texts) == CONTACTS
    seen = {}
    for rep, text in texts:
        [name] = set(INVITED.findall(text))
        [link] = LINK.findall(text)
        assert desk.do(partial(contact_of, desk=desk, link=link)) == name
        seen[name] = rep
    assert seen == keepers


def states(desk: Desk, **only: str) -> Counter[str]:
    """How many messages to people are in which state."""
    wanted = select(OutboxRow.state).where(OutboxRow.address.startswith("person:")).filter_by(**only)
    return desk.do(lambda uow: Counter(map(str, uow.session.scalars(wanted))))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_invitation_comes_once_by_wecom(database_url: str, wecom_stand: WeCom, tmp_path: Path) -> None:
    """
    A quarter of the calls is answered with -1, 502, by silence before or after, and some too late; WeCom's pace and
    two restarts: every contact's link is on one phone once, and none stands in a message that puts others together.
    """
    office = Office.open(Desk.furnished(database_url, tmp_path), wecom_stand, tmp_path)
    office.more, office.seconds = {"server": {"public_url": PUBLIC}}, 1
    office.restart()
    keepers = asked(office.desk, "wecom")
    chance = random.Random(7)
    some = partial(_some, chance)
    wecom_stand.slow("message/send", 1.3, times=5 if LONG else 1, only=some)
    for trouble in (wecom_stand.fail, wecom_stand.http_error, wecom_stand.drop, wecom_stand.lose_reply):
        trouble("message/send", times=1_000_000, only=some)
    for _ in range(2):
        office.deliver(timedelta(seconds=40))
        office.desk.do(partial(died, platform="wecom"))
        office.restart()
    office.deliver(timedelta(hours=6))
    phones = {rep: [each.text for each in office.phone(rep).messages] for rep in REPS}
    office.stop()

    came_once(office.desk, keepers, phones)
    assert states(office.desk, topic="survey") == {"sent": CONTACTS}
    assert states(office.desk, topic=MERGED)["sent"] > 0
    assert (wecom_stand.dropped, [each for each in wecom_stand.refused if each.code == 45009]) == ([], [])
    # of a card whose answer was lost WeCom says when it comes again that it has it
    assert [fault for fault in wecom_stand.forgive() if "42014" not in fault] == []
    office.desk.leave()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_invitation_comes_once_by_slack(database_url: str, slack_stand: Slack, tmp_path: Path) -> None:
    """
    The same by Slack, which answers 429 and 503, with an error of its own, or not at all, before or after it was done.
    """
    Desk.furnished(database_url, tmp_path).leave()
    links = Links(PUBLIC, KEY)
    desk = SlackDesk.at(slack_stand, database_url, tmp_path, links=links)
    keepers = asked(desk, "slack")
    some = partial(_some, random.Random(7))
    gate = slack_stand.gate
    gate.fail("chat.postMessage", "internal_error", times=1_000_000, only=some)
    for trouble in (gate.limit, gate.http_error, gate.drop, gate.lose_reply):
        trouble("chat.postMessage", times=1_000_000, only=some)
    for _ in range(3):
        desk.deliver()
        desk.do(partial(died, platform="slack"))
        desk.leave()
        desk = SlackDesk.at(slack_stand, database_url, tmp_path, desk.clock() + timedelta(minutes=2), links)
    while (following := desk.following()) is not None and following < at(11, 21):
        desk.clock.set(max(following, desk.clock()))
        desk.deliver()

    came_once(desk, keepers, {rep: map(text_of, desk.dm(rep)) for rep in REPS})
    assert states(desk, topic="survey") == {"sent": CONTACTS}
    assert states(desk, topic=MERGED)["sent"] > 0
    desk.leave()


def died(uow: UnitOfWork, platform: str) -> None:
    """A worker takes what is due, and is never heard of again."""
    uow.outbox.claim("somebody else", platform, 3)


def _some(chance: random.Random, _call: object) -> bool:
    return chance.random() < TROUBLE
