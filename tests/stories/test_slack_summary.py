"""The month's summary in Slack: one card per channel with figures and picture, the other pictures in its thread."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.slack.pictures import LOOKS
from conversations.words import people
from handlers.summaries import Edition
from tests.support.desk import at
from tests.support.slack.desk import SlackDesk
from tests.support.slack.stand import Stand

LEAD, NUMBER = "顾晓岚", "YB-2026-11"
CHANNELS = ("XS", "PB", "JS", "SC", "ZJ")
PICTURES = 5


def drawn(number: int) -> bytes:
    """A small PNG, another for every number."""
    written = io.BytesIO()
    Image.new("RGB", (32, 24), (number * 20, 120, 150)).save(written, "PNG")
    return written.getvalue()


def draw(month: str, cut_off: datetime) -> Edition:
    """Five pictures, drawn in no time, each with its words."""
    clean, stamped = (tuple(drawn(first + number) for number in range(PICTURES)) for first in (0, PICTURES))
    alts = tuple(f"2026年11月\n发现 {number}\n投诉 {number} 件" for number in range(1, PICTURES + 1))
    figures = ((people("投诉(重大)"), people("1(0)")), (people("48小时达成"), people("1/1(100%)")))
    return Edition("【月报】2026年11月", clean, stamped, (people("投诉1件"),), alts, figures)


@pytest.fixture
def desk(slack_stand: Stand, url: str, tmp_path: Path) -> Iterator[SlackDesk]:
    """A desk before Slack with one complaint of November, on the evening before the draft is due."""
    desk = SlackDesk.at(slack_stand, url, tmp_path, start=at(11, 30, 16))
    slack_stand.world.polls = 0
    desk.draw = draw
    desk.tick()
    desk.report()
    yield desk
    desk.leave()


def about(messages: list[dict[str, Any]], containing: str) -> list[dict[str, Any]]:
    """Those among the messages that say something."""
    return [message for message in messages if containing in SlackDesk.words([message])[0]]


def images(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The pictures on a message."""
    return [block for block in message["blocks"] if block["type"] == "image"]


def test_one_card_for_each_channel_and_the_other_pictures_in_its_thread(desk: SlackDesk) -> None:
    """
    A channel is called once: headline, figures, the first picture with its numbers in words, then the text.

    The four other pictures stand in the thread, each with its finding; each is uploaded once for five channels.
    """
    desk.until(at(12, 1, 8, 5))
    drafted = desk.stand.world.count("files.getUploadURLExternal")
    desk.tap(LEAD, "confirm", NUMBER)
    desk.tick()
    uploads = desk.stand.world.count("files.getUploadURLExternal") - drafted

    assert uploads == PICTURES
    for code in CHANNELS:
        [card] = about(desk.channel(code), "2026-11 月度汇总")
        shapes = [block["type"] for block in card["blocks"]]
        assert shapes == ["header", "section", "image", "rich_text", "context"]
        assert [field["text"] for field in card["blocks"][1]["fields"]] == ["投诉(重大)\n1(0)", "48小时达成\n1/1(100%)"]
        assert images(card)[0]["alt_text"] == "2026年11月\n发现 1\n投诉 1 件"
        thread = [each for each in desk.channel(code) if each.get("thread_ts") == card["ts"] != each["ts"]]
        assert [desk.words([each])[0].splitlines()[:2] for each in thread] == [
            [f"图 {number}", f"发现 {number}"] for number in range(2, PICTURES + 1)
        ]
        assert [images(each)[0]["alt_text"].splitlines()[-1] for each in thread] == [
            f"投诉 {number} 件" for number in range(2, PICTURES + 1)
        ]


def test_the_lead_confirms_on_the_draft_itself(desk: SlackDesk) -> None:
    """The draft comes with its figures, the first picture and its two buttons; the others hang in its thread."""
    desk.until(at(12, 1, 8, 5))
    [draft] = about(desk.dm(LEAD), "月度汇总草稿")
    buttons = [each["text"]["text"] for each in draft["blocks"][-2]["elements"]]

    assert buttons == ["确认发布", "修改说明"]
    assert len(images(draft)) == 1
    assert len([each for each in desk.dm(LEAD) if each.get("thread_ts") == draft["ts"] != each["ts"]]) == PICTURES - 1


def test_a_picture_that_slack_does_not_look_through_is_shared_as_a_file(desk: SlackDesk) -> None:
    """Slack never gets done with it: the text comes all the same, and the file itself lies in its thread."""
    desk.stand.world.polls = 1000
    desk.until(at(12, 1, 8, 5))
    [draft] = about(desk.dm(LEAD), "月度汇总草稿")
    shared = [each for each in desk.stand.gate.called("files.completeUploadExternal") if each.get("channel_id")]

    assert images(draft) == []
    assert {(each["channel_id"], each["thread_ts"]) for each in shared} == {(desk.stand.dm(LEAD), draft["ts"])}
    assert max(_looks(desk)) == LOOKS


def _looks(desk: SlackDesk) -> list[int]:
    """How often Slack was asked about each picture."""
    asked = [call["file"] for call in desk.stand.gate.called("files.info")]
    return [asked.count(each) for each in dict.fromkeys(asked)]


def test_pictures_keep_no_escalation_waiting(desk: SlackDesk) -> None:
    """While the pictures of a draft are not ready, what stops the customer's line is told before it."""
    desk.stand.world.polls = 1000
    desk.until(at(12, 1, 8, 4))
    desk.clock.set(at(12, 1, 8, 5))
    desk.report(impact="已停线", handling="提交并转品保", category="产品质量", product="暂不清楚")
    desk.tick()
    urgent, *_ = about(desk.dm("沈知衡"), "停线")
    [draft] = about(desk.dm(LEAD), "月度汇总草稿")

    assert urgent["ts"] < draft["ts"]
