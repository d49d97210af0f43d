"""The gate before Slack's emulator is as strict as Slack, and does what networks do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import SettableClock
from tests.support.slack.emulator import Room
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand

SALES = "销售部-客诉群"


def plain(text: str) -> dict[str, Any]:
    """Plain text."""
    return {"type": "plain_text", "text": text}


def test_the_gate_keeps_the_pace_of_a_channel(slack_stand: Stand, slack_client: WebClient) -> None:
    """
    A second message within a second is too many, in that channel only; by the story's clock where it has one.
    """
    clock = SettableClock(datetime(2026, 11, 20, 8, 5, tzinfo=UTC))
    slack_stand.set_clock(clock)
    sales, quality = slack_stand.channel(SALES), slack_stand.channel("品保部-客诉群")
    posted = slack_client.chat_postMessage(channel=sales, text="一")
    assert posted["ts"].startswith("1795161900.")
    slack_client.chat_postMessage(channel=quality, text="一")
    with pytest.raises(SlackApiError) as refused:
        slack_client.chat_postMessage(channel=sales, text="二")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")
    clock.forward(timedelta(seconds=1))
    slack_client.chat_postMessage(channel=sales, text="二")
    assert slack_stand.world.count("chat.postMessage") == 4
    assert [text_of(message) for message in slack_stand.messages(SALES)] == ["一", "二"]


def test_the_gate_does_what_networks_do(slack_stand: Stand, slack_client: WebClient) -> None:
    """
    A lost reply is a message that is there, found by its metadata; a dropped request is none.
    """
    gate, channel = slack_stand.gate, slack_stand.channel(SALES)
    slack_stand.world.paced = False
    metadata = {"event_type": "notice", "event_payload": {"key": "k1"}}
    gate.lose_reply("chat.postMessage")
    with pytest.raises(OSError, match="closed"):
        slack_client.chat_postMessage(channel=channel, text="有", metadata=metadata)
    gate.drop("chat.postMessage")
    with pytest.raises(OSError, match="closed"):
        slack_client.chat_postMessage(channel=channel, text="没有")
    history = slack_client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert [(message["text"], message["metadata"]) for message in history] == [("有", metadata)]
    assert "metadata" not in slack_client.conversations_history(channel=channel)["messages"][0]
    gate.fail("chat.postMessage", "channel_not_found", only=lambda args: args["text"] == "三")
    gate.limit("chat.update", retry_after=30)
    gate.http_error("chat.update", 503)
    slack_client.chat_postMessage(channel=channel, text="二")
    refusals: tuple[tuple[Callable[[], object], int, str], ...] = (
        (lambda: slack_client.chat_postMessage(channel=channel, text="三"), 200, "channel_not_found"),
        (lambda: slack_client.chat_update(channel=channel, ts=history[0]["ts"], text="改"), 429, "ratelimited"),
    )
    for call, status, error in refusals:
        with pytest.raises(SlackApiError) as refused:
            call()
        assert (refused.value.response.status_code, refused.value.response["error"]) == (status, error)
    with pytest.raises(SlackApiError) as trouble:
        slack_client.chat_update(channel=channel, ts=history[0]["ts"], text="改")
    assert trouble.value.response.status_code == 503
    slack_client.chat_update(channel=channel, ts=history[0]["ts"], text="改")


def refusal(call: Callable[[], object]) -> str:
    """The error a call is refused with."""
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


def test_the_gate_is_as_strict_as_slack(slack_stand: Stand, slack_client: WebClient) -> None:
    """
    A wrong token, a foreign channel, a bad payload, a retired method: refused, and bad payloads are remembered.
    """
    slack_stand.open(channels=(Room(SALES), Room("外面", joined=False), Room("密", private=True, joined=False)))
    stranger = WebClient(token="xoxb-stranger", base_url=slack_stand.api, retry_handlers=[])
    channel, outside = slack_stand.channel(SALES), slack_stand.channel("外面")
    header = [{"type": "header", "text": plain("长" * 151)}]
    assert refusal(stranger.auth_test) == "invalid_auth"
    assert refusal(lambda: slack_client.chat_postMessage(channel=outside, text="外")) == "not_in_channel"
    assert (
        refusal(lambda: slack_client.chat_postMessage(channel=slack_stand.channel("密"), text="密"))
        == "channel_not_found"
    )
    assert refusal(lambda: slack_client.chat_postMessage(channel=f"#{SALES}", text="名")) == "channel_not_found"
    assert refusal(lambda: slack_client.chat_postMessage(channel=channel, text="长", blocks=header)) == "invalid_blocks"
    assert refusal(lambda: slack_client.blocks_validate(blocks=header)) == "invalid_blocks"
    assert slack_client.blocks_validate(blocks=[{"type": "divider"}])["ok"]
    assert refusal(lambda: slack_client.api_call("files.upload")) == "method_deprecated"
    assert refusal(lambda: slack_client.api_call("chat.shout")) == "unknown_method"
    assert {fault.partition(":")[0] for fault in slack_stand.gate.forgive()} == {
        "message", "files.upload is gone", "unknown method chat.shout"
    }  # fmt: skip
    slack_client.conversations_join(channel=outside)
    slack_client.chat_postMessage(channel=outside, text="进来了")
    assert slack_client.usergroups_list()["usergroups"] == []
    assert "chat:write" in slack_client.auth_test().headers["x-oauth-scopes"]


def test_a_picture_is_ready_after_a_while(slack_stand: Stand, slack_client: WebClient) -> None:
    """
    An upload is looked through first; before that a card with its picture is refused, and the file says nothing.
    """
    slack_stand.world.polls = 2
    channel = slack_stand.channel(SALES)
    uploaded = slack_client.files_upload_v2(content=b"\x89PNG\r\n\x1a\n", filename="月报.png", alt_txt="十月 12 起")
    file = uploaded["files"][0]["id"]
    card = [{"type": "image", "slack_file": {"id": file}, "alt_text": "十月 12 起"}]
    assert refusal(lambda: slack_client.chat_postMessage(channel=channel, text="月报", blocks=card)) == "invalid_blocks"
    seen = [slack_client.files_info(file=file)["file"]["mimetype"] for _ in range(3)]
    assert seen == ["", "", "image/png"]
    slack_client.chat_postMessage(channel=channel, text="月报", blocks=card)
    unknown = [{"type": "image", "slack_file": {"id": "F0000000000"}, "alt_text": "?"}]
    assert refusal(lambda: slack_client.chat_postMessage(channel=channel, text="?", blocks=unknown)) == "invalid_blocks"
    assert slack_client.files_info(file=file)["file"]["alt_txt"] == "十月 12 起"
    quality = slack_stand.channel("品保部-客诉群")
    slack_client.files_upload_v2(content=b"\x89PNG\r\n\x1a\n", filename="再.png", channel=quality)
    assert slack_stand.messages(quality)[0]["files"][0]["name"] == "再.png"
