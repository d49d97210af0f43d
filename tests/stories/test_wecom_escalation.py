"""Who is late in WeCom: each level with its buttons on a card, the lead's deputy where the lead is not to be had."""

import pytest

from tests.support.desk import CASE, Desk
from tests.support.wecom.reading import Bubble
from tests.support.wecom_office import Hand, Office

LEVELS = {
    "超期通知": ["我来处理", "承诺时间", "详情", "转交", "为什么"],
    "超期升级(主管)": ["我来处理", "转交", "承诺时间", "详情", "为什么"],
    "超期升级(副总)": ["转交", "详情", "我来处理", "承诺时间", "为什么"],
}
"""What can be tapped at each level: the buttons, then the menu (domain A6)."""


@pytest.fixture
def overdue(office: Office) -> Office:
    """A complaint that quality does not take up."""
    office.desk.transmit()
    return office


def asked(hand: Hand, words: str) -> Bubble:
    """The newest card with these words, with something to tap on it."""
    return next(each for each in reversed(hand.phone.cards()) if words in each.text and not each.greyed)


def of_level(office: Office, words: str) -> list[Bubble]:
    """The cards of a level, at everybody who has one."""
    names = ("沈知衡", "顾晓岚", "陆明舟", "程小满", "梁可欣")
    return [each for name in names for each in office.phone(name).phone.cards() if words in each.text]


def test_each_level_has_its_buttons(overdue: Office) -> None:
    """
    Lead, supervisor, deputy general manager: what stands on the card is what the level offers, the rest in its menu;
    and the text beside it says everything, for whoever sees no cards.
    """
    overdue.later(hours=140)
    for words, labels in LEVELS.items():
        cards = of_level(overdue, words)
        assert cards, words
        assert [each.buttons for each in cards if not each.greyed] == [labels] * len(cards), words
    texts = [each.text for each in overdue.phone("沈知衡").messages if each.kind == "text" and "超期通知" in each.text]
    assert all("尚未" in text and f"我来处理 {CASE}" in text and "规则:" in text for text in texts)


def test_a_promise_is_given_on_the_card(overdue: Office) -> None:
    """
    延期 is a promise of a time: the tap asks for it, everybody who was told hears it, and the next level waits.
    """
    overdue.later(hours=64)
    lead = overdue.phone("沈知衡")
    card = asked(lead, "超期通知")
    assert "什么时间前完成" in lead.tap(card, "承诺时间")
    lead.say("今天 17:00")
    overdue.later(minutes=2)
    assert next(each for each in lead.messages if each.number == card.number).greyed == "已由沈知衡处理"
    assert any("承诺" in each.text and "沈知衡" in each.text for each in overdue.group("PB"))
    assert not of_level(overdue, "超期升级(主管)")


def test_why_is_in_the_menu(overdue: Office) -> None:
    """
    A menu's choice is answered like a button, and changes nothing on the card.
    """
    overdue.later(hours=64)
    lead = overdue.phone("沈知衡")
    card = asked(lead, "超期通知")
    assert "48 小时" in lead.tap(card, "为什么")
    assert asked(lead, "超期通知").number == card.number


def test_the_deputy_hears_where_the_lead_cannot_be_reached(overdue: Office) -> None:
    """
    WeCom does not know the lead any more (81013): the deputy gets the card, is told for whom, and takes it over.
    """
    overdue.stand.world.members.pop("shenzhiheng")
    overdue.later(hours=64)
    name = deputy_of(overdue.desk)
    hand = overdue.phone(name)
    card = asked(hand, "超期通知")
    assert any("沈知衡" in each.text and "无法送达" in each.text for each in hand.messages)
    assert "已登记" in hand.tap(card, "我来处理")
    assert overdue.desk.last().by_id == overdue.desk.person_id(name)


def test_the_deputy_stands_in_while_the_lead_is_away(overdue: Office) -> None:
    """
    On leave, the lead is not called; the deputy is, knows for whom, and acts in the lead's place.
    """
    name = deputy_of(overdue.desk)
    overdue.desk.say("沈知衡", "请假", "11-21", "11-30", name)
    overdue.later(hours=64)
    hand = overdue.phone(name)
    card = asked(hand, "超期通知")
    assert any("代理" in each.text and "沈知衡" in each.text for each in hand.messages)
    assert "已登记" in hand.tap(card, "我来处理")
    done = overdue.desk.last()
    assert (done.key, done.by_id) == ("take_over", overdue.desk.person_id(name))
    assert not [each for each in overdue.phone("沈知衡").phone.cards() if "超期通知" in each.text]


def deputy_of(desk: Desk) -> str:
    """The name of quality's deputy."""
    deputy = desk.do(lambda uow: uow.organisation.deputy("PB"))
    assert deputy is not None
    return deputy.name
