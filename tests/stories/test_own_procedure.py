"""A procedure is its declaration: one that only a test declares goes from intake to closing, nothing else touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.procedures.handbook import HANDBOOK
from storage.customers import CustomerRule
from tests.support.desk import Desk, at
from tests.support.samples import SAMPLES

NUMBER = "YP-2026-0001"
TASK = "RW-2026-0001"
ENGINEER, LEAD, CHANNEL = "江若川", "韩立群", "channel:JS"


@pytest.fixture
def desk(url: str, tmp_path: Path) -> Iterator[Desk]:
    """The whole bot, whose handbook has one procedure more."""
    desk = Desk.open(url, tmp_path, handbook=HANDBOOK.and_also(SAMPLES))
    yield desk
    desk.leave()


def asked(desk: Desk) -> str:
    """Sales asks technology for samples."""
    return desk.say("程小满", "送样", "远岫", "橡胶衬套新配方", "5")


def test_from_intake_to_closing(desk: Desk) -> None:
    """
    Number, deadlines, the loop with its round, the task it calls for, the guard and the end: all from the declaration.
    """
    filed = asked(desk)
    sent = desk.say(ENGINEER, "寄样", "SF-001")
    refused = desk.say("程小满", "样品不认可", "硬度偏低")
    desk.say(ENGINEER, "寄样", "SF-002")
    agreed = desk.say(ENGINEER, "样品认可")
    early = desk.say(ENGINEER, "归档")
    desk.tap("邱铁成", "done", TASK)
    desk.say("邱铁成", "已封样,标签已贴", "跳过")
    last = desk.say(ENGINEER, f"归档 {NUMBER}")

    assert f"编号 {NUMBER}" in filed
    assert "技术部" in filed
    assert "当前状态:待顾客认可" in sent
    assert "第 2 轮开始" in refused
    assert f"已开:{TASK}" in agreed
    assert early == "请先完成封样。"
    assert "当前状态:已封样" in last
    assert desk.done(NUMBER) == ["file", "send", "refuse", "send", "agree", "archive"]
    assert [(time.round, time.state) for time in desk.times("Y1", NUMBER)] == [(1, "met"), (2, "met")]
    assert [(time.round, time.state) for time in desk.times("Y2", NUMBER)] == [(1, "met"), (2, "met")]
    assert desk.linked(NUMBER) == [TASK]


def test_its_levels_reach_the_department_that_has_it(desk: Desk) -> None:
    """
    Eight working hours from Friday 16:05 end on Monday 16:05; then its lead and channel hear, by its own rule.
    """
    asked(desk)
    desk.until(at(11, 23, 16, 5))

    assert desk.time("Y1", NUMBER).due == at(11, 23, 16, 5)
    for address in (LEAD, CHANNEL):
        [level] = desk.heard(address, "超期通知")
        assert level.at == at(11, 23, 16, 5)
        assert "尚未寄出样品。负责人 尚未指定" in level.text
        assert "承诺时间" not in level.text
        assert "公司补充规定,1 个工作日" in level.text


def test_whoever_waits_hears_of_it(desk: Desk) -> None:
    """
    The department's channel gets the card with its button, and the reporter hears what became of it.
    """
    asked(desk)
    desk.tick()
    desk.say(ENGINEER, "寄样", "SF-001")
    desk.tick()

    assert "[寄出样品]" in desk.heard(CHANNEL, NUMBER)[0].text
    assert f"寄出样品({ENGINEER})" in desk.heard("程小满", NUMBER)[-1].text


def test_lists_help_and_explanations_know_it(desk: Desk) -> None:
    """
    The menu, my cases, the details, the reasons of its deadlines and the rules come from the declaration too.
    """
    asked(desk)

    assert "送样" in desk.say("程小满", "帮助")
    assert f"{NUMBER} 远岫 · 橡胶衬套新配方 · 样品准备中" in desk.say("程小满", "我的事项")
    assert "橡胶衬套新配方" in desk.say("程小满", NUMBER)
    assert "1 个工作日" in desk.say("程小满", f"为什么 {NUMBER}")
    assert "顾客不认可" in desk.say("程小满", f"流程图 {NUMBER}")
    assert "寄样" in desk.say("程小满", "规则")


def test_only_who_may(desk: Desk) -> None:
    """
    Its permissions hold: production neither asks for samples nor sends them, and its own lead may drop it.
    """
    asked(desk)
    start, send = desk.say("方大勇", "送样"), desk.say("方大勇", f"寄样 {NUMBER}")
    desk.say(LEAD, f"取消送样 {NUMBER}")

    assert "样品送审" in start
    assert "销售" in start
    assert "没有您可查看的事项" in send
    assert desk.step(NUMBER) == "dropped"
    assert desk.time("Y1", NUMBER).state == "cancelled"


def test_what_was_done_can_be_taken_back(desk: Desk) -> None:
    """
    撤回 needs nothing of its own: the task it called for is void, the case stands where it stood.
    """
    asked(desk)
    desk.say(ENGINEER, "寄样", "SF-001", "样品认可", "撤回")

    assert desk.step(NUMBER) == "with_customer"
    assert desk.step(TASK) == "void"
    assert desk.time("Y2", NUMBER).state == "running"


def test_a_number_of_its_own_can_be_overridden(desk: Desk) -> None:
    """
    A customer's special requirement shortens it, and the deadline names the requirement.
    """
    shorter = CustomerRule(customer="K04", key="samples.Y1", value="4", unit="h", source="TY-2026-0009")
    desk.do(lambda uow: uow.customers.add(shorter))
    asked(desk)

    assert desk.time("Y1", NUMBER).due == at(11, 23, 11, 5)
    assert desk.time("Y1", NUMBER).source == "TY-2026-0009"
