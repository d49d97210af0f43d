"""Phones of WeCom's test stand: what people do arrives as WeCom sends it, and what they see is what was delivered."""

import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.parser import parse_message

from tests.support.wecom import oauth
from tests.support.wecom.callbacks import xml
from tests.support.wecom.caller import PNG, Caller
from tests.support.wecom.crypto import Encrypter
from tests.support.wecom.driver import WeCom
from tests.support.wecom.errors import RefusedError
from tests.support.wecom.samples import URL, card, options
from tests.support.wecom.senders import over_http, through
from tests.support.wecom.stand import Stand

Json = dict[str, Any]


class Answer:
    """An answer of the product."""

    def __init__(self, content: bytes = b"", status: int = 200) -> None:
        self.content = content
        self.status_code = status


class Product:
    """A small product over wechatpy: it remembers what it was told, and answers what the test wants."""

    def __init__(self, stand: Stand) -> None:
        self.crypto = WeChatCrypto(stand.token, stand.aes_key, stand.corp_id)
        self.seen: list[Json] = []
        self.nonces: list[str] = []
        self.statuses: list[int] = []
        self.seconds: list[float] = []
        self.reply: Json = {}
        self.raw = b""

    def send(self, method: str, query: Mapping[str, str], body: bytes) -> Answer:
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        if self.seconds:
            time.sleep(self.seconds.pop(0))
        if method == "GET":
            return Answer(self.crypto.check_signature(*signed, query["echostr"]).encode())
        self.seen.append(parse_message(self.crypto.decrypt_message(body, *signed))._data)
        self.nonces.append(query["nonce"])
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0:
            raise ConnectionResetError
        if not self.reply:
            return Answer(self.raw, status)
        head = {
            "ToUserName": self.seen[-1]["FromUserName"],
            "FromUserName": self.seen[-1]["ToUserName"],
            "CreateTime": 1,
        }
        return Answer(self.crypto.encrypt_message(xml({**head, **self.reply}), "n", "1").encode(), status)


@pytest.fixture
def product(wecom_stand: Stand) -> Product:
    """The product of these tests."""
    return Product(wecom_stand)


@pytest.fixture
def wecom(wecom_stand: Stand, product: Product) -> WeCom:
    """WeCom before it."""
    return WeCom(wecom_stand, product.send)


def test_what_people_send(wecom_stand: Stand, product: Product, wecom_encrypter: Encrypter) -> None:
    """
    Words, photos, voices, places, the menu: as WeCom sends them, whoever encrypts; photos can be had for three days.
    """
    phone = WeCom(wecom_stand, product.send, wecom_encrypter).phone("程小满")
    phone.say("孔位偏 ]]> <b>3</b> & 😀")
    assert product.seen[0]["Content"] == "孔位偏 ]]> <b>3</b> & 😀"
    assert (product.seen[0]["FromUserName"], product.seen[0]["AgentID"]) == ("ChengXiaoman", "1000002")
    assert phone.delivery is not None
    phone.photo(PNG, PNG + b"2")
    first, second = product.seen[1:3]
    assert first["MsgId"] != second["MsgId"]
    assert wecom_stand.world.media[second["MediaId"]].content == PNG + b"2"
    assert wecom_stand.world.picture(first["PicUrl"]) == PNG
    phone.voice()
    phone.place("北门")
    phone.enter()
    phone.menu("complaint")
    kinds = [(each["MsgType"], each.get("Event"), each.get("EventKey")) for each in product.seen[3:]]
    assert kinds == [
        ("voice", None, None), ("location", None, None), ("event", "enter_agent", None),
        ("event", "click", "complaint"),
    ]  # fmt: skip
    phone.again()
    assert product.nonces[-1] == product.nonces[-2]


def test_the_menu_on_the_phone(wecom: WeCom, product: Product) -> None:
    """
    Buttons are found by what stands on them once there is a menu.
    """
    phone = wecom.phone("ChengXiaoman")
    below = [{"name": "我的事项", "type": "click", "key": "mine"}, {"name": "表单", "type": "view", "url": URL}]
    wecom.stand.app.menu = {"button": [{"name": "更多", "sub_button": below}]}
    phone.menu("我的事项")
    phone.menu("表单")
    assert [(each["Event"], each["EventKey"]) for each in product.seen] == [("click", "mine"), ("view", URL)]
    with pytest.raises(AssertionError, match="complaint"):
        phone.menu("complaint")


def test_a_card_is_pressed(wecom: WeCom, product: Product, wecom_caller: Caller) -> None:
    """
    A button by its words; the event has key, task and a code of its own that changes the card for everybody.
    """
    phone, other = wecom.phone("程小满"), wecom.phone("顾晓岚")
    links = {"jump_list": [{"title": "详情", "type": 1, "url": URL}]}
    wecom_caller.say("template_card", card("text_notice", **links))
    assert phone.link(phone.card(), "详情") == URL
    everybody = "ChengXiaoman|GuXiaolan"
    sent = wecom_caller.say("template_card", card("button_interaction", main_title={"title": "TS-1"}), everybody)
    phone.tap(phone.card("TS-1"), "接收")
    pressed = product.seen[0]
    assert (pressed["Event"], pressed["EventKey"], pressed["TaskId"]) == ("template_card_event", "accept", "t")
    assert (pressed["CardType"], "SelectedItems" in pressed) == ("button_interaction", False)
    assert pressed["ResponseCode"] not in ("", sent["response_code"])
    before = other.card("TS-1")
    update: Json = {"agentid": 1000002, "atall": 1, "response_code": pressed["ResponseCode"]}
    assert (
        wecom_caller.post("message/update_template_card", {**update, "button": {"replace_name": "已接收"}})["errcode"]
        == 0
    )
    assert (other.card("TS-1").greyed, other.card("TS-1").buttons) == ("已接收", [])
    with pytest.raises(AssertionError, match="已接收"):
        other.tap(before, "接收")
    other.tap(before, "接收", stale=True)
    assert product.seen[1]["ResponseCode"] != pressed["ResponseCode"]
    menu = {"action_list": [{"text": "不再提醒", "key": "mute"}]}
    wecom_caller.say("template_card", card("text_notice", task_id="t3", action_menu=menu))
    phone.tap(phone.latest(), "不再提醒")
    assert (product.seen[2]["Event"], product.seen[2]["EventKey"]) == ("template_card_menu_event", "mute")


def test_something_is_chosen_on_a_card(wecom: WeCom, product: Product, wecom_caller: Caller) -> None:
    """
    By words or ids: one, several where the card lets them, or question by question; else as it came.
    """
    phone = wecom.phone("程小满")
    box = {"question_key": "q", "mode": 1, "option_list": [{**options(1)[0], "is_checked": True}, *options(3)[1:]]}
    wecom_caller.say("template_card", card("vote_interaction", checkbox=box))
    phone.tap(phone.latest(), choose=["选项1", "o2"])
    phone.tap(phone.latest())
    selects = [{"question_key": key, "title": title, "option_list": options(2), "selected_id": "o1"}
               for key, title in (("a", "严重吗"), ("b", "停线吗"))]  # fmt: skip
    wecom_caller.say("template_card", card("multiple_interaction", task_id="t2", select_list=selects))
    phone.tap(phone.latest(), "提交", ["选项0", "o1"])
    phone.tap(phone.latest(), "submit", {"停线吗": "选项0"})
    items = [each["SelectedItems"]["SelectedItem"] for each in product.seen]
    assert items[0]["OptionIds"]["OptionId"] == ["o1", "o2"]
    assert (items[1]["QuestionKey"], items[1]["OptionIds"]["OptionId"]) == ("q", "o0")
    assert [each["OptionIds"]["OptionId"] for each in items[2]] == ["o0", "o1"]
    assert [each["OptionIds"]["OptionId"] for each in items[3]] == ["o1", "o0"]
    with pytest.raises(AssertionError, match="选项9"):
        phone.tap(phone.latest(), "提交", {"a": "选项9"})
    with pytest.raises(AssertionError, match="one for a"):
        phone.tap(phone.latest(), "提交", {"a": ["o0", "o1"]})


def test_what_the_product_answers_at_once(wecom: WeCom, product: Product, wecom_caller: Caller) -> None:
    """
    Its words are on the phone, an update changes the card of this person alone, and nonsense is a fault.
    """
    phone, other = wecom.phone("程小满"), wecom.phone("顾晓岚")
    product.reply = {"MsgType": "text", "Content": "收到 ]]> 您的话"}
    phone.say("在吗")
    assert phone.latest().text == "收到 ]]> 您的话"
    wecom_caller.say("template_card", card("button_interaction"), "ChengXiaoman|GuXiaolan")
    phone.tap(phone.latest(), "接收")
    assert wecom.stand.forgive() == ["callback: a pressed button cannot be answered with text"]
    product.reply = {"MsgType": "update_button", "Button": {"ReplaceName": "已接收"}}
    phone.tap(phone.card(), "接收")
    assert (phone.latest().greyed, other.latest().greyed) == ("已接收", "")
    product.reply = {"MsgType": "text", "Content": "汉" * 683}
    phone.say("长")
    product.reply, product.raw = {}, b"success"
    phone.say("短")
    product.raw = b"<xml><Encrypt>a</Encrypt></xml>"
    phone.say("错")
    assert [fault.partition(":")[2][:15] for fault in wecom.stand.forgive()] == [
        " the text of th", " the answer is ", " the signature ",
    ]  # fmt: skip


def test_a_callback_is_tried_four_times(wecom: WeCom, product: Product) -> None:
    """
    Only 200 counts, and only in time; a new try is sealed anew or is the same; what nobody took is lost.
    """
    phone = wecom.phone("程小满")
    product.statuses = [503, 302, 0, 200]
    assert phone.say("一").statuses == [503, 302, 0, 200]
    assert (len(set(product.nonces)), len({each["MsgId"] for each in product.seen})) == (4, 1)
    assert wecom.lost == []
    wecom.fresh_tries = False
    product.statuses = [500] * 4
    assert not phone.say("二").taken
    assert (len(set(product.nonces[4:])), len(product.nonces), len(wecom.lost)) == (1, 8, 1)
    wecom.patience = 0.05
    product.seconds = [0.2]
    delivery = phone.say("三")
    assert delivery.statuses == [0, 200]
    assert 0.05 <= delivery.seconds[0] < 0.2
    wecom.settle()
    assert [each.name for each in threading.enumerate() if "call" in each.name] == []


def test_the_address_is_saved(wecom: WeCom, product: Product) -> None:
    """
    保存 succeeds only where the words come back within a second; without an address there are no buttons.
    """
    assert wecom.verify()
    assert wecom.echo_patience == 1
    wecom.send = lambda _method, _query, _body: Answer(b'"1"')
    assert not wecom.verify()
    assert not wecom.stand.app.callback
    wecom.echo_patience = 0.05
    wecom.send = product.send
    product.seconds = [0.1]
    assert not wecom.verify()
    wecom.settle()


def test_somebody_signs_in(wecom: WeCom, wecom_caller: Caller) -> None:
    """
    A link of WeCom's leads back to the app's own domain, with a code and the state; elsewhere it leads nowhere.
    """
    phone = wecom.phone("程小满")
    stand = wecom.stand
    asked = {"appid": stand.corp_id, "redirect_uri": f"{URL}f?x=1", "response_type": "code", "scope": "snsapi_base",
             "state": "abc123", "agentid": str(stand.agent_id)}  # fmt: skip
    back = urlsplit(phone.sign_in(f"{oauth.AUTHORIZE}?{urlencode(asked)}#wechat_redirect"))
    query = {key: values[0] for key, values in parse_qs(back.query).items()}
    assert (back.netloc, query["x"], query["state"]) == ("guke.example.com", "1", "abc123")
    assert wecom_caller.ask("auth/getuserinfo", code=query["code"])["userid"] == "ChengXiaoman"
    wrong = [
        (40058, {**asked, "state": "a-b"}), (40013, {**asked, "appid": "x"}),
        (40058, {**asked, "response_type": "token"}),
        (50001, {**asked, "redirect_uri": "https://guke.example.com:8443/f"}),
    ]  # fmt: skip
    links = [(code, f"{oauth.AUTHORIZE}?{urlencode(each)}#wechat_redirect") for code, each in wrong]
    links += [(40058, f"{oauth.AUTHORIZE}?{urlencode(asked)}"), (40058, f"{URL}?{urlencode(asked)}#wechat_redirect")]
    for code, link in links:
        with pytest.raises(RefusedError) as refused:
            phone.sign_in(link)
        assert refused.value.code == code


async def echo(scope: Json, receive: Any, send: Any) -> None:
    """Answer with the method and the query."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["method"].encode() + scope["query_string"]})


def test_requests_reach_an_application_or_a_server(wecom_stand: Stand) -> None:
    """
    The same callback goes to an application in this process, and to a server over the wire.
    """
    assert through(echo)("GET", {"echostr": "a+b/="}, b"").content == b"GETechostr=a%2Bb%2F%3D"
    assert over_http(wecom_stand.url)("POST", {}, b"<xml/>").status_code == 404
    wecom_stand.forgive()
