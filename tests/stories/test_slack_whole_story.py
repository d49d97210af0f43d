"""The whole story in Slack: from /guke to closing with photos, an escalation, and the month's charts."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.demo.play import photo
from tests.support.desk import CASE, at
from tests.support.pictures import small_edition
from tests.support.slack.desk import SlackDesk
from tests.support.slack.phone import Phone
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand
from tests.support.workplace import Workplace

QUALITY, SALES = "品保部-客诉群", "销售部-客诉群"


@pytest.fixture
def work(slack_stand: Stand, url: str, tmp_path: Path) -> Iterator[Workplace]:
    """The sample company in Slack, clock and all."""
    desk = SlackDesk.at(slack_stand, url, tmp_path)
    desk.draw = small_edition
    desk.tick()
    work = Workplace.open(desk, slack_stand, tmp_path)
    yield work
    work.leave()
    desk.leave()


def card_of(phone: Phone) -> dict[str, Any]:
    """The case's card in quality's channel: there is one, whatever happens."""
    [card] = [
        each
        for each in phone.messages(QUALITY)
        if each["blocks"][0]["type"] == "header" and each["blocks"][0]["text"]["text"].startswith(CASE)
    ]
    return card


def step(work: Workplace, who: str, action: str, answers: Mapping[str, object]) -> None:
    """Somebody taps an action on the card in quality's channel, and fills in its form."""
    phone = work.phone(who)
    phone.press(card_of(phone), action)
    form = phone.form
    for label, value in answers.items():
        form.fill(label, value)
    form.submit()
    assert form.errors == {}
    form.close()
    work.deliver()


def test_a_complaint_from_the_command_to_the_months_chart(work: Workplace) -> None:
    """
    Reported from a phone with photos, taken up late, so that its lead is called in the card's thread; dealt with by
    buttons and forms, closed on its card; on the first working day the channel gets the month with its chart.
    """
    seller = work.phone("程小满")
    seller.command("/guke", "投诉")
    form = seller.form
    form.fill("顾客", "瀚途").fill("产品", "前下控制臂").fill("问题类别", "产品质量").fill("客户影响", "换货")
    form.fill("问题说明", "孔位偏移,装不上").fill("接到时间", "刚刚").fill("照片", [("hole.png", photo(1))]).submit()
    form.close()
    work.deliver()
    work.desk.until(at(11, 23, 9))
    thread = [each for each in seller.messages(QUALITY) if each.get("thread_ts") not in (None, each["ts"])]
    called = "\n".join(map(text_of, thread))
    accepted = {"问题等级": "一般", "发现环节": "装配线", "缺陷代码": "孔位"}
    step(work, "梁可欣", "接收", accepted)
    step(work, "梁可欣", "提出措施", {"补救措施": "补发并致歉"})
    step(work, "梁可欣", "登记沟通", {"联系人": "汪店长", "结果": "已说明措施"})
    step(work, "梁可欣", "顾客满意", {"联系人": "汪店长"})
    step(work, "梁可欣", "已实施", {"完成证据": "签收单已回"})
    cause = {"发生原因": "定位销磨损", "责任部门": "生产部", "capa_needed": "不需要", "capa_reason": "偶发"}
    step(work, "梁可欣", "登记原因", cause)
    told = {"告知客户的原因": "定位销磨损", "告知客户的措施": "已更换", "联系人": "汪店长", "告知方式": "已发送"}
    step(work, "梁可欣", "关闭", told)
    work.desk.until(at(12, 1, 8, 5))
    work.desk.tap("顾晓岚", "confirm", "YB-2026-11")
    work.desk.tick()
    [month] = [each for each in seller.messages(SALES) if "2026-11 月度汇总" in text_of(each)]

    assert "hole.png" in work.desk.look(CASE, lambda uow, case: [file.name for file in uow.files.of_case(case.id)])
    assert "超期" in called
    assert "沈知衡" in called
    assert work.desk.step() == "closed"
    assert "已关闭" in text_of(card_of(seller))
    assert [block["type"] for block in month["blocks"]].count("image") == 1
