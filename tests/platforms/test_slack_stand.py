"""Slack's test stand is what stories about Slack rest on: it is strict, and it is like Slack."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import SettableClock
from tests.support.slack import typecheck
from tests.support.slack.emulator import Room
from tests.support.slack.payloads import Answered
from tests.support.slack.phone import Phone, Slack, eventually
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand

Json = dict[str, Any]
SALES = "销售部-客诉群"


def plain(text: str) -> Json:
    """A text object."""
    return {"type": "plain_text", "text": text}


@pytest.fixture
def client(slack_stand: Stand) -> WebClient:
    """A product's client."""
    return WebClient(token=slack_stand.token, base_url=slack_stand.api, retry_handlers=[])


class Answer:
    """Bolt's answer as a phone sees it."""

    def __init__(self, status: int, body: str) -> None:
        self.status_code = status
        self.text = body


FORM: Json = {
    "type": "modal",
    "callback_id": "complaint",
    "title": plain("新建投诉"),
    "submit": plain("提交"),
    "notify_on_close": True,
    "blocks": [
        {"type": "input", "block_id": "customer", "label": plain("顾客"),
         "element": {"type": "external_select", "action_id": "v", "min_query_length": 1}},
        {"type": "input", "block_id": "pieces", "label": plain("数量"), "dispatch_action": True,
         "element": {"type": "number_input", "action_id": "v", "is_decimal_allowed": False, "min_value": "1"}},
        {"type": "input", "block_id": "what", "label": plain("说明"), "optional": True,
         "element": {"type": "plain_text_input", "action_id": "v", "multiline": True}},
        {"type": "input", "block_id": "photos", "label": plain("照片"), "optional": True,
         "element": {"type": "file_input", "action_id": "v", "max_files": 3}},
        {"type": "input", "block_id": "who", "label": plain("负责人"),
         "element": {"type": "users_select", "action_id": "v"}},
    ],
}  # fmt: skip


class Product:
    """A small Bolt app that takes complaints."""

    def __init__(self, stand: Stand, client: WebClient) -> None:
        self.seen: list[Json] = []
        self.app = App(client=client, signing_secret=stand.signing_secret, token_verification_enabled=False)
        self.app.command("/guke")(self.command)
        self.app.options("v")(self.customers)
        self.app.action("v")(self.changed)
        self.app.action("accept")(self.accepted)
        self.app.view("complaint")(self.filed)
        self.app.view_closed("complaint")(self.left)
        self.app.event("message")(self.heard)
        self.app.event("app_mention")(self.heard)
        self.app.event("app_home_opened")(self.home)
        self.app.shortcut("new")(self.command)

    def send(self, body: bytes, headers: Mapping[str, str]) -> Answered:
        said = self.app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return Answer(said.status, said.body or "")

    def command(self, ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
        ack()

    def customers(self, ack: Ack, body: Json) -> None:
        names = [name for name in ("瀚途新能源", "凌岳汽车") if body["value"] in name]
        ack(options=[{"text": plain(name), "value": name} for name in names])

    def changed(self, ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        told = {"type": "section", "block_id": "told", "text": plain(f"{body['actions'][0]['value']} 件")}
        client.views_update(view_id=body["view"]["id"], view={**FORM, "blocks": [*FORM["blocks"], told]})

    def filed(self, ack: Ack, body: Json, view: Json, client: WebClient) -> None:
        values = view["state"]["values"]
        self.seen.append(values)
        if values["pieces"]["v"]["value"] == "13":
            ack(response_action="errors", errors={"pieces": "十三件不行"})
            return
        ack()
        button = {"type": "button", "action_id": "accept", "text": plain("接收"), "value": "TS-1"}
        client.chat_postMessage(
            channel=body["user"]["id"],
            text="TS-1 已受理",
            blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "*TS-1* 已受理 &lt;急&gt;"}},
                    {"type": "actions", "elements": [button]}],
        )  # fmt: skip

    def accepted(self, ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="TS-1 已接收")

    def left(self, ack: Ack, body: Json) -> None:
        ack()
        self.seen.append({"closed": body["view"]["callback_id"]})

    def heard(self, event: Json) -> None:
        self.seen.append(event)

    def home(self, event: Json, client: WebClient) -> None:
        client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "header", "text": plain("我的事项")}]}
        )


@pytest.fixture
def product(slack_stand: Stand, client: WebClient) -> Product:
    """The product of these tests."""
    return Product(slack_stand, client)


@pytest.fixture
def phone(slack_stand: Stand, product: Product) -> Phone:
    """A sales rep's phone."""
    return Slack(slack_stand, product.send).phone("程小满")


def test_a_command_opens_a_form_that_is_filled_in_and_filed(phone: Phone, product: Product) -> None:
    """
    What a person types, chooses and attaches arrives as Slack sends it; what comes back is on their phone.
    """
    assert phone.command("/guke", "投诉").status_code == 200
    form = phone.form
    assert (form.title, form.labels) == ("新建投诉", ["顾客", "数量", "说明", "照片", "负责人"])
    assert form.choices("顾客", "岳") == ["凌岳汽车"]
    form.fill("顾客", "瀚途").fill("数量", 13)
    assert eventually(lambda: "13 件" in form.text)
    assert form.submit() is None
    assert form.errors == {"who": "Please complete this required field."}
    form.fill("负责人", "顾晓岚").fill("照片", [("孔位.png", b"\x89PNG\r\n\x1a\n....")]).submit()
    assert form.errors == {"pieces": "十三件不行"}
    form.fill("数量", 3).submit()
    assert phone.modal is None
    values = product.seen[-1]
    assert values["customer"]["v"]["selected_option"]["value"] == "瀚途新能源"
    assert values["who"]["v"]["selected_user"] == phone.stand.user("顾晓岚")
    assert values["photos"]["v"]["files"][0]["name"] == "孔位.png"
    card = phone.message("TS-1")
    assert text_of(card) == "*TS-1* 已受理 <急>\n[接收]"
    phone.press(card, "接收")
    assert text_of(phone.message("已接收")) == "TS-1 已接收"
    assert len(phone.messages()) == 1
    assert not "\n".join(typecheck.check(phone.world))


def test_a_conversation_a_photo_a_mention_and_the_home(phone: Phone, product: Product) -> None:
    """
    Messages arrive with what Slack puts into them, text escaped; files can be fetched with the token alone.
    """
    phone.dm("孔位 <偏> & 松")
    assert eventually(lambda: product.seen)
    assert product.seen[-1]["text"] == "孔位 &lt;偏&gt; &amp; 松"
    phone.dm("照片", files=[("a.png", b"\x89PNG\r\n\x1a\nabc")])
    assert eventually(lambda: product.seen[-1].get("subtype") == "file_share")
    url = product.seen[-1]["files"][0]["url_private_download"]
    assert httpx.get(url).text.startswith("<!DOCTYPE html>")
    assert httpx.get(url, headers={"Authorization": f"Bearer {phone.stand.token}"}).content.endswith(b"abc")
    phone.mention(SALES, "TS-1 怎样了")
    assert eventually(lambda: product.seen[-1]["type"] == "app_mention")
    phone.open_home()
    home = eventually(phone.home)
    assert home is not None
    assert text_of(home) == "我的事项"
    assert not "\n".join(typecheck.check(phone.world))


def test_shortcuts_a_closed_form_and_the_same_request_again(phone: Phone, product: Product) -> None:
    """
    Whoever closes a form is heard where the product asked for it; a request can be sent again, byte for byte or late.
    """
    phone.shortcut("new")
    phone.form.close()
    assert phone.modal is None
    assert eventually(lambda: product.seen) == [{"closed": "complaint"}]
    assert phone.again(timestamp=int(time.time()) - 600).status_code == 401
    assert len(product.seen) == 1
    phone.dm("在吗")
    phone.again()
    assert eventually(lambda: len(product.seen) == 3)
    assert product.seen[1]["ts"] == product.seen[2]["ts"]
    phone.message_shortcut("attach", phone.message("在吗"))
    assert phone.answer is not None
    assert phone.answer.status_code == 404  # this product has no such shortcut


def test_an_answer_can_change_stack_or_clear_a_form(phone: Phone, product: Product) -> None:
    """
    What the answer to a submission says is what the person sees next; nonsense in it is a fault of the product.
    """
    said: dict[str, Any] = {}
    view = {"type": "modal", "title": plain("一"), "submit": plain("好"), "callback_id": "steps",
            "blocks": [{"type": "section", "block_id": "s", "text": plain("一")}]}  # fmt: skip

    def opened(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    product.app.shortcut("steps")(opened)
    product.app.view("steps")(lambda ack: ack(**said))
    phone.shortcut("steps")
    first = phone.form
    said.update(response_action="update", view={**view, "title": plain("二")})
    first.submit()
    assert phone.form is first
    assert first.title == "二"
    said.update(response_action="push", view={**view, "title": plain("三")})
    first.submit()
    assert phone.form.title == "三"
    said.clear()
    phone.form.submit()
    assert phone.form is first
    said.update(response_action="errors", errors={"nowhere": "?"})
    first.submit()
    assert phone.stand.gate.forgive() == ["ack: errors beside no input: ['nowhere']"]
    said.clear()
    said.update(response_action="clear")
    first.submit()
    assert phone.modal is None


def test_the_gate_keeps_the_pace_of_a_channel(slack_stand: Stand, client: WebClient) -> None:
    """
    A second message within a second is too many, in that channel only; by the story's clock where it has one.
    """
    clock = SettableClock(datetime(2026, 11, 20, 8, 5, tzinfo=UTC))
    slack_stand.set_clock(clock)
    sales, quality = slack_stand.channel(SALES), slack_stand.channel("品保部-客诉群")
    posted = client.chat_postMessage(channel=sales, text="一")
    assert posted["ts"].startswith("1795161900.")
    client.chat_postMessage(channel=quality, text="一")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=sales, text="二")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")
    clock.forward(timedelta(seconds=1))
    client.chat_postMessage(channel=sales, text="二")
    assert slack_stand.world.count("chat.postMessage") == 4
    assert [text_of(message) for message in slack_stand.messages(SALES)] == ["一", "二"]


def test_the_gate_does_what_networks_do(slack_stand: Stand, client: WebClient) -> None:
    """
    A lost reply is a message that is there, found by its metadata; a dropped request is none.
    """
    gate, channel = slack_stand.gate, slack_stand.channel(SALES)
    slack_stand.world.paced = False
    metadata = {"event_type": "notice", "event_payload": {"key": "k1"}}
    gate.lose_reply("chat.postMessage")
    with pytest.raises(OSError, match="closed"):
        client.chat_postMessage(channel=channel, text="有", metadata=metadata)
    gate.drop("chat.postMessage")
    with pytest.raises(OSError, match="closed"):
        client.chat_postMessage(channel=channel, text="没有")
    history = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert [(message["text"], message["metadata"]) for message in history] == [("有", metadata)]
    assert "metadata" not in client.conversations_history(channel=channel)["messages"][0]
    gate.fail("chat.postMessage", "channel_not_found", only=lambda args: args["text"] == "三")
    gate.limit("chat.update", retry_after=30)
    gate.http_error("chat.update", 503)
    client.chat_postMessage(channel=channel, text="二")
    refusals: tuple[tuple[Callable[[], object], int, str], ...] = (
        (lambda: client.chat_postMessage(channel=channel, text="三"), 200, "channel_not_found"),
        (lambda: client.chat_update(channel=channel, ts=history[0]["ts"], text="改"), 429, "ratelimited"),
    )
    for call, status, error in refusals:
        with pytest.raises(SlackApiError) as refused:
            call()
        assert (refused.value.response.status_code, refused.value.response["error"]) == (status, error)
    with pytest.raises(SlackApiError) as trouble:
        client.chat_update(channel=channel, ts=history[0]["ts"], text="改")
    assert trouble.value.response.status_code == 503
    client.chat_update(channel=channel, ts=history[0]["ts"], text="改")


def refusal(call: Callable[[], object]) -> str:
    """The error a call is refused with."""
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


def test_the_gate_is_as_strict_as_slack(slack_stand: Stand, client: WebClient) -> None:
    """
    A wrong token, a foreign channel, a bad payload, a retired method: refused, and bad payloads are remembered.
    """
    slack_stand.open(channels=(Room(SALES), Room("外面", joined=False), Room("密", private=True, joined=False)))
    stranger = WebClient(token="xoxb-stranger", base_url=slack_stand.api, retry_handlers=[])
    channel, outside = slack_stand.channel(SALES), slack_stand.channel("外面")
    header = [{"type": "header", "text": plain("长" * 151)}]
    assert refusal(stranger.auth_test) == "invalid_auth"
    assert refusal(lambda: client.chat_postMessage(channel=outside, text="外")) == "not_in_channel"
    assert refusal(lambda: client.chat_postMessage(channel=slack_stand.channel("密"), text="密")) == "channel_not_found"
    assert refusal(lambda: client.chat_postMessage(channel=f"#{SALES}", text="名")) == "channel_not_found"
    assert refusal(lambda: client.chat_postMessage(channel=channel, text="长", blocks=header)) == "invalid_blocks"
    assert refusal(lambda: client.blocks_validate(blocks=header)) == "invalid_blocks"
    assert client.blocks_validate(blocks=[{"type": "divider"}])["ok"]
    assert refusal(lambda: client.api_call("files.upload")) == "method_deprecated"
    assert refusal(lambda: client.api_call("chat.shout")) == "unknown_method"
    assert {fault.partition(":")[0] for fault in slack_stand.gate.forgive()} == {
        "message", "files.upload is gone", "unknown method chat.shout"
    }  # fmt: skip
    client.conversations_join(channel=outside)
    client.chat_postMessage(channel=outside, text="进来了")
    assert client.usergroups_list()["usergroups"] == []
    assert "chat:write" in client.auth_test().headers["x-oauth-scopes"]


def test_a_picture_is_ready_after_a_while(slack_stand: Stand, client: WebClient) -> None:
    """
    An upload is looked through first; before that a card with its picture is refused, and the file says nothing.
    """
    slack_stand.world.polls = 2
    channel = slack_stand.channel(SALES)
    uploaded = client.files_upload_v2(content=b"\x89PNG\r\n\x1a\n", filename="月报.png", alt_txt="十月 12 起")
    file = uploaded["files"][0]["id"]
    card = [{"type": "image", "slack_file": {"id": file}, "alt_text": "十月 12 起"}]
    assert refusal(lambda: client.chat_postMessage(channel=channel, text="月报", blocks=card)) == "invalid_blocks"
    seen = [client.files_info(file=file)["file"]["mimetype"] for _ in range(3)]
    assert seen == ["", "", "image/png"]
    client.chat_postMessage(channel=channel, text="月报", blocks=card)
    unknown = [{"type": "image", "slack_file": {"id": "F0000000000"}, "alt_text": "?"}]
    assert refusal(lambda: client.chat_postMessage(channel=channel, text="?", blocks=unknown)) == "invalid_blocks"
    assert client.files_info(file=file)["file"]["alt_txt"] == "十月 12 起"
    quality = slack_stand.channel("品保部-客诉群")
    client.files_upload_v2(content=b"\x89PNG\r\n\x1a\n", filename="再.png", channel=quality)
    assert slack_stand.messages(quality)[0]["files"][0]["name"] == "再.png"
