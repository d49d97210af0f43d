"""What Slack shows of a case: its card where people work, and in whose thread it climbs when it is late."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import CASE, at
from tests.support.slack.desk import SlackDesk
from tests.support.slack.pings import pings_and_links
from tests.support.slack.stand import Stand

LEAD, QUALITY, SELLER = "沈知衡", "梁可欣", "程小满"


@pytest.fixture
def desk(slack_stand: Stand, url: str, tmp_path: Path) -> Iterator[SlackDesk]:
    """The whole bot before a Slack of its own, Friday 20 November 2026, 16:05."""
    desk = SlackDesk.at(slack_stand, url, tmp_path)
    yield desk
    desk.leave()


def cards(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cards of cases among messages."""
    return [each for each in messages if each["blocks"][0]["type"] == "header"]


def taps(message: dict[str, Any]) -> list[str]:
    """What is seen at once to be tapped on a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row if each["type"] == "button"]


def thread(messages: list[dict[str, Any]], root: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands under a message."""
    return [each for each in messages if each.get("thread_ts") == root["ts"] != each["ts"]]


def test_a_card_is_brought_up_to_date_where_it_stands(desk: SlackDesk) -> None:
    """In a channel there is one card per case, however often it changes; closed it says by whom, and asks nothing."""
    desk.transmit()
    desk.deliver()
    [first] = cards(desk.channel("PB"))
    desk.accept()
    desk.remedy(QUALITY)
    desk.deliver()
    [changed] = cards(desk.channel("PB"))
    desk.satisfied(QUALITY)
    desk.implemented(QUALITY)
    desk.cause()
    desk.close()
    desk.deliver()
    [closed] = cards(desk.channel("PB"))

    assert first["ts"] == changed["ts"] == closed["ts"]
    assert taps(first) == ["接收", "退回"]
    assert "状态 待品保接收\n负责人 品保部\n处理时限 11月22日(周日)16:05 · 时限内" in desk.words([first])[0]
    assert "负责人 梁可欣" in desk.words([changed])[0]
    assert "状态 已关闭" in desk.words([closed])[0]
    assert "关闭(梁可欣)" in desk.words([closed])[0]
    assert "处理时限" not in desk.words([closed])[0]
    assert taps(closed) == ["详情"]


def test_many_changes_are_one_edit(desk: SlackDesk) -> None:
    """What happened since the last look goes out once: the card shows what is true when it is edited."""
    desk.transmit()
    desk.deliver()
    before = desk.stand.world.count("chat.update")
    desk.accept()
    desk.say(QUALITY, f"提措施 {CASE}", "补发并致歉")
    desk.say(QUALITY, f"登记沟通 {CASE}", "汪店长", "已说明措施")
    desk.deliver()
    edits = [
        each for each in desk.stand.gate.called("chat.update")[before:] if each["channel"] == desk.channel_of("PB")
    ]

    assert len(edits) == 1


def test_in_a_conversation_the_newest_card_stands_below_and_the_older_ones_are_a_line(desk: SlackDesk) -> None:
    """An edit rings nobody's phone: a person gets a new card, and what stood there says that it is below."""
    desk.transmit()
    desk.accept()
    desk.deliver()
    desk.remedy(QUALITY)
    desk.deliver()
    mine = [each for each in desk.dm(SELLER) if CASE in desk.words([each])[0] and "回执" not in desk.words([each])[0]]
    *older, newest = mine

    assert len(older) >= 1
    assert {desk.words([each])[0] for each in older} == {f"{CASE} 瀚途 · 最新进度见下方。"}
    assert all(taps(each) == [] for each in older)
    assert cards([newest]) == [newest]


def test_what_was_taken_back_shows_on_the_card(desk: SlackDesk) -> None:
    """After an undo the card is what it was before; its thread says so, and nobody who only saw the card is called."""
    desk.transmit()
    desk.deliver()
    [before] = cards(desk.channel("PB"))
    desk.accept()
    desk.deliver()
    desk.say(QUALITY, "撤回")
    desk.deliver()
    [after] = cards(desk.channel("PB"))

    assert desk.words([after])[0].splitlines()[:4] == desk.words([before])[0].splitlines()[:4]
    assert not [each for each in desk.dm(LEAD)[:-1] if "撤回" in desk.words([each])[0]]


def test_what_slack_swallows_the_answer_to_is_told_once(desk: SlackDesk) -> None:
    """The line goes dead after each kind of call: one card, one line in its thread, and the card is still the card."""
    gate = desk.stand.gate
    gate.lose_reply("chat.postMessage")
    desk.transmit()
    desk.deliver()
    gate.lose_reply("chat.update")
    desk.accept()
    desk.deliver()
    gate.lose_reply("chat.postMessage", only=lambda args: bool(args.get("thread_ts")))
    desk.say(LEAD, f"转交 {CASE}", QUALITY)
    desk.say(QUALITY, f"退回 {CASE}", "信息不足")
    desk.until(at(11, 24, 13))
    [card] = cards(desk.channel("PB"))
    lines = [desk.words([each])[0] for each in thread(desk.channel("PB"), card)]

    assert "梁可欣" in desk.words([card])[0]
    assert lines
    assert len(lines) == len(set(lines))


def test_a_breach_climbs_in_the_thread_of_its_card(desk: SlackDesk) -> None:
    """Where no card stands it is put up first; the lead is called by name, and from L2 on the channel reads along."""
    desk.report()
    desk.until(at(11, 23, 13))
    said = desk.channel("XS")
    [card] = cards(said)
    levels = thread(said, card)
    calls = [each for each in desk.stand.gate.called("chat.postMessage") if each.get("thread_ts") == card["ts"]]
    lead = desk.stand.user("顾晓岚")

    assert "· 超期" in desk.words([card])[0]
    assert desk.words(levels)[0].startswith(f"@{lead} ⚠️ 超期通知|{CASE} 驰安:")
    assert taps(levels[0]) == ["我来处理", "承诺时间", "详情"]
    assert [pings_and_links(each) for each in levels] == [[f"@{lead}"]] * len(levels)
    loud = {
        desk.words([each])[0].partition("|")[0].split(" ", 1)[1]: bool(each.get("reply_broadcast")) for each in calls
    }
    assert loud == {"⚠️ 超期通知": False, "⚠️ 超期升级(主管)": True}


def test_who_takes_it_is_told_in_the_thread(desk: SlackDesk) -> None:
    """A promised time is told where the breach was raised, and the card shows who has it now."""
    desk.report()
    desk.until(at(11, 23, 8, 30))
    desk.say("顾晓岚", f"承诺时间 {CASE}", "今天17:00")
    desk.deliver()
    said = desk.channel("XS")
    [card] = cards(said)

    assert desk.words(thread(said, card))[-1].splitlines()[0].startswith(f"顾晓岚 已接手 {CASE}")


def test_a_channel_that_is_gone_is_heard_by_the_lead(desk: SlackDesk) -> None:
    """The channel was archived: the lead hears in person, and reads for whom it was."""
    room = desk.channel_of("PB")
    desk.stand.gate.fail("chat.postMessage", "is_archived", times=99, only=lambda args: args["channel"] == room)
    desk.transmit()
    desk.deliver()

    assert any("原应发给品保部群,无法送达,转发给您。" in text for text in desk.words(desk.dm(LEAD)))
