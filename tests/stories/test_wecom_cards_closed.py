"""A card in WeCom never lies: once what it offers is done, wherever and by whomever, it says so."""

from tests.support.desk import CASE
from tests.support.wecom.reading import Bubble
from tests.support.wecom_office import Hand, Office

ACCEPTED = ("一般", "装配线(0公里)", "CC02")


def handed_over(office: Office) -> tuple[Hand, Bubble]:
    """A complaint comes to quality; its lead with the card that asks to accept it."""
    office.desk.transmit()
    office.later(minutes=1)
    lead = office.phone("沈知衡")
    return lead, lead.phone.card("待品保接收")


def now(hand: Hand, card: Bubble) -> Bubble:
    """A card as it stands now."""
    return next(each for each in hand.messages if each.number == card.number)


def test_dealt_with_by_somebody_else(office: Office) -> None:
    """
    A colleague accepts it at another place: the lead's card says who did it; a tap that was under way is answered.
    """
    lead, card = handed_over(office)
    office.desk.say("梁可欣", f"接收 {CASE}", *ACCEPTED)
    office.deliver()
    assert (now(lead, card).greyed, now(lead, card).buttons) == ("已由梁可欣处理", [])
    assert "接收(梁可欣)" in now(lead, card).text
    late = lead.tap(card, "接收", stale=True)
    assert "梁可欣 已于" in late
    assert "处理:接收。" in late
    assert office.desk.done() == ["file", "accept"]


def test_a_card_is_open_until_it_is_done(office: Office) -> None:
    """
    A tap that only opens a form leaves the card as it is; 取消 changes nothing; filed, the card is closed.
    """
    lead, card = handed_over(office)
    lead.tap(card, "接收")
    lead.say("取消")
    assert "接收" in now(lead, card).buttons
    lead.tap(card, "接收")
    lead.tap(lead.card, choose={"问题等级": "一般", "发现环节": "装配线(0公里)"})
    lead.say("CC02")
    assert now(lead, card).greyed == "已由沈知衡处理"
    assert office.stand.world.counts()["message/update_template_card"] == 2


def test_a_card_that_is_too_old_to_be_changed(office: Office) -> None:
    """
    After 72 hours WeCom lets nobody change a card: it is left alone, and a late tap closes it with a code of its own.
    """
    lead, card = handed_over(office)
    office.later(hours=73)
    office.desk.say("梁可欣", f"接收 {CASE}", *ACCEPTED)
    office.deliver()
    changes = [call.answer["errcode"] for call in office.stand.world.calls if "update_template" in call.path]
    assert set(changes) == {0}
    assert "接收" in now(lead, card).buttons
    assert "梁可欣 已于" in lead.tap(card, "接收")
    assert now(lead, card).greyed == "已由梁可欣处理"


def test_whoever_takes_it_over_takes_it_from_everybody(office: Office) -> None:
    """
    An escalation stands with several people: one takes it over, and nobody else is asked any more.
    """
    handed_over(office)
    office.desk.say("梁可欣", f"接收 {CASE}", *ACCEPTED)
    office.later(hours=110)
    asked = {
        name: [each for each in office.phone(name).phone.cards() if "我来处理" in each.buttons]
        for name in ("沈知衡", "顾晓岚", "陆明舟")
    }
    assert len([name for name, cards in asked.items() if cards]) > 1, asked
    lead = office.phone("沈知衡")
    lead.tap(asked["沈知衡"][-1], "我来处理")
    for name, cards in asked.items():
        for card in cards:
            assert now(office.phone(name), card).greyed == "已由沈知衡处理", (name, card.text)


def test_what_was_asked_in_time_is_over_when_it_is_met(office: Office) -> None:
    """
    A reminder's card offers what is still to be done; when the last of it is done by the page, it is closed.
    """
    handed_over(office)
    office.desk.say("沈知衡", f"接收 {CASE}", *ACCEPTED)
    office.later(hours=30)
    lead = office.phone("沈知衡")
    card = next(each for each in reversed(lead.phone.cards()) if "提出措施" in each.buttons)
    office.desk.say("沈知衡", f"提措施 {CASE}", "补发并致歉")
    office.deliver()
    assert now(lead, card).buttons
    office.desk.say("沈知衡", f"登记沟通 {CASE}", "汪店长", "已说明措施")
    office.deliver()
    assert now(lead, card).greyed == "已由沈知衡处理"


def test_what_was_taken_back_is_asked_again(office: Office) -> None:
    """
    A card that was closed stays closed; when what closed it is taken back, whoever had it gets another.
    """
    lead, card = handed_over(office)
    office.desk.say("梁可欣", f"接收 {CASE}", *ACCEPTED)
    office.deliver()
    assert now(lead, card).greyed == "已由梁可欣处理"
    office.desk.say("梁可欣", "撤回")
    office.later(minutes=2)
    again = lead.card
    assert "撤回接收(梁可欣)" in again.text
    assert {"接收", "退回", "详情"} == set(again.buttons)
    lead.tap(again, "接收")
    lead.tap(lead.card, choose={"问题等级": "重大", "发现环节": "售后市场"})
    lead.say("CC02")
    assert now(lead, again).greyed == "已由沈知衡处理"
