"""Whatever people write stays text in WeCom: it calls nobody, links nowhere, and breaks out of nothing (S7, S8)."""

import re
from functools import partial
from itertools import cycle

import pytest

from bot.demo.play import photo
from bot.wecom import texts
from conversations.words import people
from notifications.notices import Notice
from storage.outbox_rows import Message
from storage.unit_of_work import UnitOfWork
from tests.support.desk import CASE
from tests.support.hostile import PAYLOADS, UNWANTED, visible
from tests.support.wecom.world import Message as Sent
from tests.support.wecom_office import Office

OURS = "https://guke.example.com"
TAG = re.compile(r"<(?=[A-Za-z/!@?])")
CALL = re.compile(r"<@([^>]*)>")
FOREIGN = re.compile(
    r"(?i)[a-z]+://(?!guke\.example\.com/)|//(?!guke\.example\.com/)[a-z-]+\.[a-z]|\bwww\.[a-z]|javascript:[a-z]|evil\.example"
)
"""What a client makes a link of, and is none of ours."""


def judged(sent: Sent) -> list[str]:
    """What is wrong with a message: a tag in a text, a call to whom we did not call, markup, what nobody sees."""
    body, bad = sent.body, list[str]()
    words = str(body.get("content", "")) if sent.kind in ("text", "markdown") else str(body)
    ours = {"ShenZhiheng", "GuXiaolan", "LuMingzhou", "ChengXiaoman", "LiangKexin"}
    if sent.kind == "text" and TAG.search(words):
        bad.append(f"a tag: {words[:80]!r}")
    if sent.kind in ("text", "markdown"):
        bad += [f"a link: {words[found.start() :][:80]!r}" for found in FOREIGN.finditer(words)]
    if sent.kind == "markdown":
        head, *lines = words.split("\n")
        inner = [head.removeprefix("**").removesuffix("**"), *(line.removeprefix("> ") for line in lines)]
        bad += [f"markup: {line!r}" for line in inner if not CALL.fullmatch(line) and not texts.is_plain(line)]
    bad += [f"calls {name}" for name in CALL.findall(words) if name not in ours]
    mentioned = body.get("mentioned_list") or []
    bad += [f"calls {name}" for name in mentioned if name not in ours]
    if UNWANTED.search(words.replace("\\n", "")):
        bad.append(f"unseen: {words[:80]!r}")
    return bad


def _queued(uow: UnitOfWork, message: Message) -> bool:
    return uow.outbox.add(message)


def test_hostile_texts_stay_texts(office: Office) -> None:
    """
    Every hostile text as the words of a complaint, of a measure, of what the customer said: nothing of it calls,
    links or marks up, in nobody's chat and in no group; what is written arrives.
    """
    phone, quality, hostile = office.phone("程小满"), office.phone("沈知衡"), cycle(PAYLOADS)
    phone.menu("start:complaint")
    phone.say("瀚途", "前下控制臂", "1", "4")
    phone.photos(photo(1))
    phone.say('孔位偏移 <a href="http://evil.example">点</a> @所有人 <@all>', "12", "刚刚")
    for words in PAYLOADS[::3]:
        phone.say("修改问题说明", f"{words}如上所述")
    phone.tap(phone.phone.card("请核对"), "提交并转品保")
    for line in ("一般", "装配线(0公里)", "孔位"):
        quality.say(*([f"接收 {CASE}"] if line == "一般" else []), line)
    quality.say(f"提措施 {CASE}", f"{next(hostile)} 补发 [点此](http://evil.example)")
    office.later(hours=60)
    world = office.stand.world
    everything = [*world.messages, *(each for robot in world.robots.values() for each in robot.messages)]
    assert len(everything) > 80
    assert [fault for each in everything for fault in judged(each)] == []
    assert office.wecom.lost == []


def test_every_text_arrives_as_it_was_written(office: Office) -> None:
    """
    As title, line, field, button and forward text, to a person and to a group, as a level: nothing is refused.
    """
    person = f"person:{office.desk.person_id('程小满')}"
    for number, words in enumerate(PAYLOADS):
        text = people(words)
        notice = Notice("step", text, (text,), forward=text, fields=((people("说明"), text),))
        for address, level in ((person, None), ("channel:PB", "L1")):
            message = Message(key=f"h{number}/{address}", platform="wecom", address=address, topic="level",
                              payload=notice.payload(), level=level)  # fmt: skip
            office.desk.do(partial(_queued, message=message))
        office.deliver()
    counts = office.desk.do(lambda uow: uow.outbox.counts())
    assert counts == {"sent": 2 * len(PAYLOADS)}
    world = office.stand.world
    sent = [*world.messages, *(each for robot in world.robots.values() for each in robot.messages)]
    assert [fault for each in sent for fault in judged(each)] == []
    shown = "\n".join(str(each.body.get("content", "")) for each in sent)
    for words in PAYLOADS[:-1]:
        assert visible(texts.plain(words))[:20] in " ".join(shown.split()), words


FOREIGN_LINKS = (
    "http://evil.example/x?a=1", "HTTPS://Evil.Example", "www.evil.example", "evil.example/pay", "//evil.example",
    "a.jpg.evil.example", "evil.zip", "evil.pdf/x", "javascript:alert(1)", f"{OURS}.evil.example/c/ab",
    f"{OURS}@evil.example/c/ab", f"x{OURS}/c/ab", f"http://evil.example/?to={OURS}/c/ab",
)  # fmt: skip
HARMLESS = (
    f"{OURS}/c/ab_-1.2.x", "3.14", "TS-2026-0082", "12:05", "wang@chian.example", "1.5毫米", "11.24", "photo.jpg",
    "a.b.xlsx",
)  # fmt: skip


@pytest.mark.parametrize("words", [*FOREIGN_LINKS, *HARMLESS])
def test_only_our_links_lead_somewhere(words: str) -> None:
    """
    Alone, after a colon, in brackets, in a row: a link of ours stays to the letter, any other can be read and is dead.
    """
    for line in (words, f"请点:{words}", f"({words})", f"{words}。{OURS}/s/cd.1 {words}"):
        shown = texts.plain(line, OURS)
        assert shown.replace("\u200b", "") == line
        assert (words in shown.split("。")[0]) == (words in HARMLESS), shown
        assert (f"{OURS}/s/cd.1" in shown) == (f"{OURS}/s/cd.1" in line)


@pytest.fixture
def linking(office: Office) -> Office:
    """The office, whose company has pages for its customers."""
    office.more = {"server": {"public_url": OURS}}
    office.restart()
    return office


def test_the_customers_link_can_be_tapped(linking: Office) -> None:
    """
    The text for the customer has our link whole, though what was reported brings another; so has the text that asks
    the first question and offers the page, and the card beside it still asks that question.
    """
    phone = linking.phone("程小满")
    phone.menu("start:complaint")
    asked, card = phone.messages[-2:]
    assert asked.text.startswith("哪家客户?\n")
    assert re.search(rf"{OURS}/f/[\w.-]+", asked.text)
    assert card.body["main_title"]["title"] == "哪家客户?"
    phone.say("瀚途", "前下控制臂", "1", "4", "跳过", "孔位偏移,见 http://evil.example/a.png", "12", "刚刚")
    phone.tap(phone.phone.card("请核对"), "提交并转品保")
    told = "\n".join(each.text for each in phone.messages)
    assert re.search(rf"{OURS}/c/[\w.-]+", told)
    assert "http:\u200b//evil.\u200bexample/a.\u200bpng" in told
    assert [fault for each in linking.stand.world.messages for fault in judged(each)] == []
