"""A complaint in WeCom, from 报投诉 to closing: by chat, with photos, by cards, with a restart in the middle."""

import pytest

from bot import editions
from bot.demo.play import photo
from bot.demo.stage import at
from tests.support.desk import CASE
from tests.support.wecom.reading import Bubble
from tests.support.wecom_office import Hand, Office


def reported(office: Office) -> Hand:
    """程小满 reports a quality problem by the menu: words, numbers, a card, and three photos of one burst."""
    phone = office.phone("程小满")
    assert "第 1 题" in phone.menu("start:complaint")
    assert "第 3 题" in phone.say("瀚途", "前下控制臂")
    assert "第 4 题" in phone.say("1")
    phone.tap(phone.card, choose="换货")
    answer = phone.photos(photo(1), photo(2), photo(3))
    assert answer.count("张照片") == 1
    assert "已收到 3 张照片" in answer
    phone.say("孔位偏移,装不上", "120")
    phone.tap(phone.card, choose="刚刚")
    assert "涉及数量:120" in "".join(each.text for each in phone.messages[-2:])
    assert "已受理" in phone.tap(phone.card, "提交并转品保")
    return phone


def carded(hand: Hand, words: str) -> Bubble:
    """The newest card with these words."""
    return hand.phone.card(words)


def test_a_complaint_goes_from_the_menu_to_closing(office: Office) -> None:
    """
    报投诉 by chat and cards with a burst of photos; handed over, accepted, measure, contact; a restart; satisfied,
    implemented, cause, closed. A card that was tapped says who did what; the text for the customer stands alone.
    """
    sales = reported(office)
    assert any(each.text.startswith("卢工您好") and "也可以输入" not in each.text for each in sales.messages)
    assert carded(sales, "请核对").greyed == "已处理"
    assert "程小满" in carded(sales, "请核对").text
    quality = office.phone("沈知衡")
    assert any(CASE in each.text and "接收" in each.text for each in office.group("PB"))
    quality.tap(carded(quality, CASE), "接收")
    for line in ("一般", "装配线(0公里)", "孔位"):
        quality.say(line)
    assert office.desk.step() == "qa_handling"
    office.restart()
    sales, quality = office.phone("程小满"), office.phone("沈知衡")
    quality.say(f"提措施 {CASE}", "补发并致歉")
    quality.say(f"登记沟通 {CASE}", "汪店长", "已说明措施")
    sales.say(f"满意 {CASE}", "汪店长")
    office.restart()
    sales, quality = office.phone("程小满"), office.phone("沈知衡")
    sales.say("跳过")
    quality.say(f"已实施 {CASE}", "签收单已回")
    quality.photos(photo(4))
    quality.say("好了")
    quality.say(f"登记原因 {CASE}", "定位销磨损", "跳过", "生产部", "不需要", "偶发")
    quality.say(f"关闭 {CASE}", "定位销磨损", "已更换", "汪店长", "已发送")
    assert office.desk.done() == [
        "file", "accept", "propose_remedy", "log_contact", "satisfied", "done_implementing", "analyse", "close",
    ]  # fmt: skip
    assert office.wecom.lost == []
    assert office.stand.dropped == []
    files = office.desk.look(CASE, lambda uow, case: [file.sha256 for file in uow.files.of_case(case.id)])
    assert len([each for each in files if each]) >= 4


def test_short_choices_come_on_one_card(office: Office) -> None:
    """
    Category and impact are chosen together; sent unread the card answers nothing, half chosen it asks for the rest, and
    where the first of them was typed meanwhile it is out of date. Nothing stands in the text that stands on the card.
    """
    phone, other = office.phone("程小满"), office.phone("丁雨禾")
    for hand in (phone, other):
        hand.menu("start:complaint")
        hand.say("瀚途", "前下控制臂")
    asked, card = phone.messages[-2:]
    assert [each["title"] for each in card.body["select_list"]] == ["问题类别", "客户影响"]
    assert ("第 3 题" in asked.text, "第 3 题" in card.text) == (False, True)
    assert asked.text.startswith("是哪类问题?\n1. 产品质量")
    assert "请回答" in phone.tap(card)
    assert phone.phone.card("一次选完").buttons == ["发送"]
    assert "是哪类问题" in phone.tap(card, choose={"客户影响": "换货"})
    assert next(each for each in phone.messages if each.number == card.number).greyed == "已处理"
    assert "照片" in phone.tap(phone.card, choose="产品质量")
    stale = other.card
    assert "客户" in other.say("1")
    assert "已过期" in other.tap(stale, choose={"问题类别": "交付", "客户影响": "换货"})


def test_who_is_late_is_told_in_person_and_in_the_group(office: Office) -> None:
    """
    Overdue, the lead gets it with buttons in person, and the group reads it with the lead called by name. A tap takes
    it over, and the card says who tapped what and when.
    """
    reported(office)
    office.later(hours=90)
    lead = office.phone("沈知衡")
    group = [each for each in office.group("PB") if "超期通知" in each.text]
    assert group
    assert all("<@ShenZhiheng>" in each.body["content"] for each in group if each.kind == "markdown")
    assert all(each.mentioned == ("ShenZhiheng",) for each in group if each.kind == "text")
    card = next(each for each in reversed(lead.phone.cards()) if "我来处理" in each.buttons)
    assert "已登记" in lead.tap(card, "我来处理")
    after = next(each for each in lead.phone.cards() if each.number == card.number)
    assert (after.greyed, after.buttons) == ("已由沈知衡处理", [])
    assert "我来处理(沈知衡)" in after.text
    details = next(each for each in reversed(lead.phone.cards()) if "详情" in each.buttons)
    assert "孔位偏移" in lead.tap(details, "详情")
    assert "详情" in next(each for each in lead.phone.cards() if each.number == details.number).buttons


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_month_comes_with_its_charts(office: Office) -> None:
    """
    On the first working day the supervisor gets the draft; confirmed by a tap, every group gets the text, and each
    picture with its numbers in words. On both databases with one small chart: test_wecom_whole_story.py.
    """
    reported(office)
    office.desk.draw = editions.drawer(office.desk.database, office.desk.company)
    office.until(at(12, 1, 8, 10))
    supervisor = office.phone("顾晓岚")
    assert "已发布并锁定" in supervisor.tap(supervisor.phone.card("月度汇总草稿"), "确认发布")
    office.later(minutes=5)
    seen = office.group("XS")
    pictures = [each for each in seen if each.kind == "image"]
    assert len(pictures) == 5
    assert all(each.picture and each.picture.startswith(b"\x89PNG") for each in pictures)
    assert any("顾客投诉/抱怨汇总" in each.text and "涉及 120 只" in each.text for each in seen)
    assert sum("图 " in each.text for each in seen) >= 5
