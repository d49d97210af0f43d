"""Slack's test stand is what stories about Slack rest on: it is strict, and it is like Slack."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from tests.support.slack import typecheck
from tests.support.slack.payloads import Answered
from tests.support.slack.phone import Phone, Slack
from tests.support.slack.reading import text_of
from tests.support.slack.senders import over_http, through
from tests.support.slack.stand import Stand
from tests.support.waiting import eventually

Json = dict[str, Any]
SALES = "销售部-客诉群"


def plain(text: str) -> Json:
    """A text object."""
    return {"type": "plain_text", "text": text}


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
def product(slack_stand: Stand, slack_client: WebClient) -> Product:
    """The product of these tests."""
    return Product(slack_stand, slack_client)


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
            "blocks": [{"type": "section", "block_id": "s", "text": plain("一"),
                        "accessory": {"type": "button", "action_id": "next", "text": plain("下一页")}}]}  # fmt: skip

    def opened(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def stacked(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=view)

    product.app.shortcut("steps")(opened)
    product.app.action("next")(stacked)
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
    for _ in range(4):
        assert phone.form.view["previous_view_id"] == first.view["id"]
        phone.form.submit()
        assert phone.form is first
        phone.press(first.view, "下一页")
        assert eventually(lambda: phone.form is not first)
    phone.form.close()
    said.update(response_action="errors", errors={"nowhere": "?"})
    first.submit()
    assert phone.stand.gate.forgive() == ["ack: errors beside no input: ['nowhere']"]
    said |= {"response_action": "clear"}
    first.submit()
    assert phone.modal is None


def test_what_is_said_to_one_person_alone(phone: Phone, product: Product) -> None:
    """
    An answer in the ack, an ephemeral message and the response_url reach one person; five times, then no more.
    """
    answers: list[int] = []

    def asked(ack: Ack, body: Json, client: WebClient) -> None:
        client.chat_postEphemeral(channel=body["channel_id"], user=body["user_id"], text="二")
        for number in range(6):
            said = {"text": f"三 {number}"}
            answers.append(httpx.post(body["response_url"], json=said, trust_env=False).status_code)
        ack(text="一")

    product.app.command("/ask")(asked)
    phone.command("/ask", channel=SALES)
    assert answers == [200] * 5 + [404]
    whispered = [whisper["text"] for whisper in phone.whispers()]
    assert whispered == ["二", *(f"三 {number}" for number in range(5)), "一"]
    assert Slack(phone.stand, product.send).phone("顾晓岚").whispers() == []
    assert phone.messages(SALES) == []


async def echo(_scope: object, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    """Answer with what came."""
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def test_requests_reach_an_application_or_a_server(slack_stand: Stand) -> None:
    """
    The same phone talks to an application in this process, and to a server over the wire.
    """
    near = Slack(slack_stand, through(echo)).phone("程小满")
    assert "command=%2Fguke" in near.command("/guke").text
    far = Slack(slack_stand, over_http(slack_stand.gate.url)).phone("程小满")
    assert far.command("/guke").status_code == 404


def test_types_find_what_is_not_of_slack() -> None:
    """
    A wrong argument, a wrong block, a request that Slack would not send, an ack that it would not take.
    """
    found = typecheck.check([
        ("ChatPostMessageArguments", {"channel": "C1", "text": "x"}),
        ("ChatPostMessageArguments", {"channel": "C1", "text": 1}),
        ("KnownBlock[]", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
        ("SlashCommand", {"command": "/guke"}),
        ("ViewResponseAction", {"response_action": "errors", "errors": {"a": 1}}),
    ])  # fmt: skip
    kinds = ["ChatPostMessageArguments", "KnownBlock[]", "SlashCommand", "ViewResponseAction"]
    assert [fault.partition(":")[0] for fault in found] == kinds
