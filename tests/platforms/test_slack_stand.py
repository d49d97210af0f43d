"""Slack's test stand is what stories about Slack rest on: it is strict, and it is like Slack."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from tests.support.slack import typecheck
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
