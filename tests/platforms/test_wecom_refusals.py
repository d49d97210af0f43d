"""What the stand refuses whatever its size: each mistake by the number that WeCom gives it, and in which order."""

from typing import Any

import httpx
import pytest

from tests.support.wecom.caller import PNG, Caller
from tests.support.wecom.samples import URL, card, options, without

Json = dict[str, Any]
GROUP = "品保部-客诉群"
BUTTON = {"text": "a", "key": "k"}

CARDS: list[tuple[str, int, Json]] = [
    ("no such kind", 42031, {**card("text_notice"), "card_type": "text"}),
    ("no task_id", 42014, without(card("button_interaction"), "task_id")),
    ("no task_id beside a menu", 42014, card("text_notice", action_menu={"action_list": [BUTTON]})),
    ("task_id with a dot", 42014, card("button_interaction", task_id="TS.1")),
    ("no title", 42033, card("text_notice", main_title={"desc": "a"})),
    ("a line below is no title of buttons", 42033, card("button_interaction", main_title={}, sub_title_text="a")),
    ("a quote leads nowhere", 42028, card("text_notice", quote_area={"type": 1})),
    ("a quote leads to no program", 42030, card("text_notice", quote_area={"type": 2})),
    ("a line without a name", 42027, card("text_notice", horizontal_content_list=[{"value": "a"}])),
    ("a line leads nowhere", 42028, card("text_notice", horizontal_content_list=[{"keyname": "a", "type": 1}])),
    ("a line without its file", 42029, card("text_notice", horizontal_content_list=[{"keyname": "a", "type": 2}])),
    ("a line of nobody", 42050, card("text_notice", horizontal_content_list=[{"keyname": "a", "type": 3}])),
    ("a line below without a title", 42033, card("news_notice", vertical_content_list=[{"desc": "a"}])),
    ("a jump without a title", 42042, card("text_notice", jump_list=[{"type": 0}])),
    ("a jump of a kind", 42042, card("text_notice", jump_list=[{"title": "a", "type": 9}])),
    ("a jump leads nowhere", 42028, card("text_notice", jump_list=[{"title": "a", "type": 1}])),
    ("a jump leads to no program", 42030, card("text_notice", jump_list=[{"title": "a", "type": 2}])),
    ("a notice leads nowhere", 42045, without(card("text_notice"), "card_action")),
    ("a notice of news leads nowhere", 42045, without(card("news_notice"), "card_action")),
    ("a notice has no address", 42028, card("text_notice", card_action={"type": 1})),
    ("a notice has no program", 42030, card("text_notice", card_action={"type": 2})),
    ("buttons lead somewhere of no kind", 42045, card("button_interaction", card_action={"type": 9})),
    ("a quote in a list", 40058, card("text_notice", quote_area=[{"type": 0}])),
    ("buttons in words", 40058, card("button_interaction", button_list=["接收"])),
    ("a picture beside words is none", 42044, card("news_notice", image_text_area={"title": "a"})),
    ("words beside a picture lead nowhere", 42028, card("news_notice", image_text_area={"image_url": URL, "type": 1})),
    ("no picture", 42044, without(card("news_notice"), "card_image")),
    ("a picture too tall", 42044, card("news_notice", card_image={"url": URL, "aspect_ratio": 1.29})),
    ("a picture too wide", 42044, card("news_notice", card_image={"url": URL, "aspect_ratio": 2.26})),
    ("a picture without address", 42044, card("news_notice", card_image={"aspect_ratio": 2})),
    ("no buttons", 42038, card("button_interaction", button_list=[])),
    ("a button without words", 42039, card("button_interaction", button_list=[{"key": "k"}])),
    ("a button without a key", 42039, card("button_interaction", button_list=[{"text": "a"}])),
    ("two buttons alike", 42039, card("button_interaction", button_list=[BUTTON, BUTTON])),
    ("a button leads nowhere", 42028, card("button_interaction", button_list=[{"text": "a", "type": 1}])),
    ("no style", 42039, card("button_interaction", button_list=[{**BUTTON, "style": 0}])),
    ("no options", 42037, card("vote_interaction", checkbox={"question_key": "q", "option_list": []})),
    ("no question", 42043, card("vote_interaction", checkbox={"option_list": options(1)})),
    ("two options alike", 42040,
     card("vote_interaction", checkbox={"question_key": "q", "option_list": options(1) * 2})),
    ("an option without words", 42041,
     card("vote_interaction", checkbox={"question_key": "q", "option_list": [{"id": "a"}]})),
    ("no selects", 42047, card("multiple_interaction", select_list=[])),
    ("two questions alike", 42043,
     card("multiple_interaction", select_list=[{"question_key": "q", "option_list": options(1)}] * 2)),
    ("nothing to submit with", 42049, without(card("vote_interaction"), "submit_button")),
    ("submit without a key", 42046, card("multiple_interaction", submit_button={"text": "提交"})),
    ("an empty menu", 42018, card("text_notice", task_id="t", action_menu={"action_list": []})),
    ("a menu without words", 42051, card("text_notice", task_id="t", action_menu={"action_list": [{"key": "k"}]})),
    ("a menu twice the same", 42020, card("text_notice", task_id="t", action_menu={"action_list": [BUTTON] * 2})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "wrong"), [each[1:] for each in CARDS], ids=[each[0] for each in CARDS])
def test_a_card_with_one_mistake(wecom_caller: Caller, code: int, wrong: Json) -> None:
    """
    It is refused by the number of this mistake, and reaches nobody; the story fails unless it expected that.
    """
    refused = wecom_caller.say("template_card", wrong)
    assert (refused["errcode"], refused["msgid"]) == (code, "")
    assert wecom_caller.stand.inbox("ChengXiaoman") == []
    assert wecom_caller.stand.forgive() != []


@pytest.mark.parametrize("kind", ["text_notice", "news_notice", "button_interaction", "vote_interaction"])
def test_a_field_that_a_card_does_not_have(wecom_caller: Caller, kind: str) -> None:
    """
    WeCom takes it and shows nothing of it; for a story it is a mistake.
    """
    assert wecom_caller.say("template_card", card(kind, select_lists=[]))["errcode"] == 0
    assert wecom_caller.stand.forgive() == [f"a {kind} shows no select_lists"]


def test_cards_that_need_an_answer_need_an_app_that_listens(wecom_caller: Caller) -> None:
    """
    Without a callback address: no buttons, no menu; a task_id is used once by an app.
    """
    stand = wecom_caller.stand
    stand.app.callback = False
    menu = card("text_notice", task_id="t", action_menu={"action_list": [BUTTON]})
    assert wecom_caller.say("template_card", card("button_interaction"))["errcode"] == 43012
    assert wecom_caller.say("template_card", menu)["errcode"] == 43012
    assert wecom_caller.say("template_card", card("text_notice"))["errcode"] == 0
    stand.app.callback = True
    assert wecom_caller.say("template_card", menu)["errcode"] == 0
    assert wecom_caller.say("template_card", card("button_interaction"))["errcode"] == 42014
    assert wecom_caller.say("template_card", card("button_interaction", task_id="t2"))["errcode"] == 0
    assert len(stand.forgive()) == 3


def test_robots_have_notices_alone(wecom_caller: Caller) -> None:
    """
    Cards with buttons are refused, a card of news needs its picture.
    """
    key = wecom_caller.stand.key(GROUP)
    for kind, code in (("button_interaction", 42031), ("vote_interaction", 42031), ("text_notice", 0)):
        body = {"msgtype": "template_card", "template_card": card(kind)}
        assert wecom_caller.post("webhook/send", body, key=key)["errcode"] == code
    beside = card("news_notice", image_text_area={"image_url": URL})
    assert wecom_caller.say("template_card", without(beside, "card_image"))["errcode"] == 0
    body = {"msgtype": "template_card", "template_card": without(beside, "card_image")}
    assert wecom_caller.post("webhook/send", body, key=key)["errcode"] == 42044
    assert len(wecom_caller.stand.forgive()) == 3


def sent(**more: Any) -> Json:
    """A message to members."""
    return {"touser": "ChengXiaoman", "agentid": 1000002, "msgtype": "text", "text": {"content": "好"}, **more}


def textcard(**more: Any) -> Json:
    """A text card without these parts, or with them."""
    return sent(msgtype="textcard", textcard={"title": "a", "description": "b", "url": URL, **more})


BODIES: list[tuple[str, str, int, Json]] = [
    ("to nobody", "message/send", 82001, sent(touser="")),
    ("to a list", "message/send", 40058, sent(touser=["ChengXiaoman"])),
    ("no app", "message/send", 41011, without(sent(), "agentid")),
    ("an app in words", "message/send", 40056, sent(agentid="1000002")),
    ("another app", "message/send", 301002, sent(agentid=1000003)),
    ("no such kind", "message/send", 40008, sent(msgtype="words")),
    ("no body", "message/send", 40063, without(sent(), "text")),
    ("no words", "message/send", 44004, sent(text={"content": " \n"})),
    ("no words in markdown", "message/send", 44004, sent(msgtype="markdown", markdown={"content": ""})),
    ("no file", "message/send", 41006, sent(msgtype="image", image={"x": 1})),
    ("an unknown file", "message/send", 40007, sent(msgtype="image", image={"media_id": "x"})),
    ("no title", "message/send", 41016, textcard(title="")),
    ("no description", "message/send", 41033, textcard(description="")),
    ("no address", "message/send", 40063, textcard(url="")),
    ("an address without https", "message/send", 45034, textcard(url="guke.example.com")),
    ("no articles", "message/send", 45008, sent(msgtype="news", news={"articles": []})),
    ("an article without a title", "message/send", 41016, sent(msgtype="news", news={"articles": [{"url": URL}]})),
    ("all of them strangers", "message/send", 81013, sent(touser="a|b", toparty="99", totag="1")),
    ("a robot without words", "webhook/send", 44004, {"msgtype": "text", "text": {"content": ""}}),
    ("a robot of no kind", "webhook/send", 40008, {"msgtype": "textcard", "textcard": {"title": "a"}}),
    ("a robot without a picture", "webhook/send", 40063, {"msgtype": "image", "image": {"md5": "x"}}),
    ("a robot with another digest", "webhook/send", 301019,
     {"msgtype": "image", "image": {"base64": "iVBORw0KGgoAAAAA", "md5": "0" * 32}}),
    ("a robot with no picture", "webhook/send", 40004,
     {"msgtype": "image", "image": {"base64": "aGVsbG8=", "md5": "0"}}),
    ("a robot with no base64", "webhook/send", 40058, {"msgtype": "image", "image": {"base64": "!", "md5": "0"}}),
    ("a robot's article without address", "webhook/send", 40063,
     {"msgtype": "news", "news": {"articles": [{"title": "a"}]}}),
    ("a robot's article without a title", "webhook/send", 41016,
     {"msgtype": "news", "news": {"articles": [{"url": URL}]}}),
    ("no menu", "menu/create", 40016, {"button": []}),
    ("a button of no kind", "menu/create", 40017, {"button": [{"name": "a", "type": "press"}]}),
    ("a button without a name", "menu/create", 40018, {"button": [{"type": "click", "key": "k"}]}),
    ("a button without a key", "menu/create", 40019, {"button": [{"type": "click", "name": "a"}]}),
    ("a page without address", "menu/create", 40020, {"button": [{"type": "view", "name": "a"}]}),
    ("a program without its page", "menu/create", 40020,
     {"button": [{"type": "view_miniprogram", "name": "a", "appid": "wx1"}]}),
    ("no kind below", "menu/create", 40024, {"button": [{"name": "a", "sub_button": [{"name": "b"}]}]}),
    ("below what is below", "menu/create", 40022,
     {"button": [{"name": "a", "sub_button": [{"name": "b", "sub_button": [{"name": "c"}]}]}]}),
    ("a chat of one", "appchat/create", 86006, {"userlist": ["ChengXiaoman"]}),
    ("a chat of one, twice", "appchat/create", 86006, {"userlist": ["ChengXiaoman", "chengxiaoman"]}),
    ("a chat with a stranger", "appchat/create", 86216, {"userlist": ["ChengXiaoman", "nobody"]}),
    ("a chat of somebody else", "appchat/create", 86207,
     {"userlist": ["ChengXiaoman", "GuXiaolan"], "owner": "DingYuhe"}),
    ("a chat with dashes", "appchat/create", 86001, {"userlist": ["ChengXiaoman", "GuXiaolan"], "chatid": "a-b"}),
    ("no such chat", "appchat/send", 86003, {"chatid": "x", "msgtype": "text", "text": {"content": "a"}}),
    ("a card in a chat", "appchat/send", 40008,
     {"chatid": "c", "msgtype": "template_card", "template_card": card("text_notice")}),
    ("a file that is not there", "appchat/send", 40007, {"chatid": "c", "msgtype": "file", "file": {"media_id": "x"}}),
    ("recall what was not sent", "message/recall", 40058, {"msgid": "x"}),
    ("update with a text", "message/update_template_card", 40035, {"agentid": 1000002, "userids": "a"}),
    ("update without a code", "message/update_template_card", 60140, {"agentid": 1000002, "userids": ["a"]}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "code", "body"), [each[1:] for each in BODIES], ids=[each[0] for each in BODIES])
def test_a_call_with_one_mistake(wecom_caller: Caller, path: str, code: int, body: Json) -> None:
    """
    It is refused by the number of this mistake, with a hint and where it came from.
    """
    stand = wecom_caller.stand
    wecom_caller.post("appchat/create", {"userlist": ["ChengXiaoman", "GuXiaolan"], "chatid": "c"})
    query: Json = {"key": stand.key(GROUP)} if path.startswith("webhook") else {"agentid": stand.agent_id}
    refused = wecom_caller.post(path, body, **query)
    assert refused["errcode"] == code
    assert "hint: [" in refused["errmsg"]
    assert "from ip: 127.0.0.1" in refused["errmsg"]
    assert [each.code for each in stand.refused] == [code]
    stand.forgive()


def test_the_order_of_checks(wecom_caller: Caller) -> None:
    """
    Token there, known, not expired; the caller's address; POST; JSON; and last what was sent.
    """
    stand, http = wecom_caller.stand, wecom_caller.http
    stand.world.trusted_ips = frozenset({"10.0.0.1"})
    tried = [http.get("message/send").json()["errcode"]]
    tried.append(http.get("message/send", params={"access_token": "x"}).json()["errcode"])
    good = {"access_token": wecom_caller.token}
    tried.append(http.get("message/send", params=good).json()["errcode"])
    stand.world.trusted_ips = frozenset({"127.0.0.1"})
    tried.append(http.get("message/send", params=good).json()["errcode"])
    tried.append(http.post("message/send", params=good, content=b"{").json()["errcode"])
    tried.append(http.post("message/send", params=good, content=b"[]").json()["errcode"])
    tried.append(http.post("message/send", params=good).json()["errcode"])
    tried.append(http.post("message/send", params=good, json={}).json()["errcode"])
    assert tried == [41001, 40014, 60020, 43002, 47001, 47001, 44002, 82001]
    stand.forgive()


def test_a_token_belongs_into_the_query(wecom_caller: Caller) -> None:
    """
    In a header or in the body it is missing.
    """
    headers = {"Authorization": f"Bearer {wecom_caller.token}", "access_token": wecom_caller.token}
    said = wecom_caller.http.post("message/send", headers=headers, json={"access_token": wecom_caller.token}).json()
    assert said["errcode"] == 41001
    wecom_caller.stand.forgive()


def test_who_asks_for_a_token(wecom_caller: Caller) -> None:
    """
    The missing secret is noticed first, the wrong one last; a refusal still has empty fields.
    """
    corp, secret = wecom_caller.stand.corp_id, wecom_caller.stand.secret
    asked: list[Json] = [
        {}, {"corpsecret": secret}, {"corpid": "ww1", "corpsecret": secret}, {"corpid": corp, "corpsecret": "wrong"},
    ]  # fmt: skip
    answers = [wecom_caller.ask("gettoken", **each) for each in asked]
    assert [each["errcode"] for each in answers] == [41004, 41002, 40013, 40001]
    assert {each["access_token"] for each in answers} == {""}
    assert wecom_caller.stand.count("gettoken") == 5
    wecom_caller.stand.forgive()


def test_questions_without_their_word(wecom_caller: Caller) -> None:
    """
    Nobody to look up, no code to sign in with, no chat, no file.
    """
    paths = ("user/get", "auth/getuserinfo", "appchat/get", "media/get", "agent/get")
    assert [wecom_caller.ask(path)["errcode"] for path in paths] == [41009, 41008, 86003, 41006, 41011]
    wecom_caller.stand.forgive()


def test_what_is_not_there_is_404_and_empty(wecom_caller: Caller) -> None:
    """
    An unknown path, and one outside /cgi-bin/.
    """
    for url in ("message/sent", wecom_caller.stand.url, f"{wecom_caller.stand.url}/message/send"):
        answer: httpx.Response = wecom_caller.http.post(url, params={"access_token": wecom_caller.token}, json={})
        assert (answer.status_code, answer.content) == (404, b"")
    assert len(wecom_caller.stand.forgive()) == 3


def test_files_of_the_wrong_kind(wecom_caller: Caller) -> None:
    """
    No such kind, no such picture, no file at all; a voice is no picture, a robot's file is its own.
    """
    stand, key = wecom_caller.stand, wecom_caller.stand.key(GROUP)
    upload = wecom_caller.upload
    assert upload("media/upload", PNG, type="picture")["errcode"] == 40005
    assert upload("media/upload", b"GIF89a----", type="image")["errcode"] == 40004
    assert upload("media/upload", b"RIFF------", type="voice")["errcode"] == 40004
    assert upload("media/upload", PNG, field="file", type="image")["errcode"] == 44001
    assert upload("media/upload", PNG, name="", type="image")["errcode"] == 40004
    assert upload("webhook/upload_media", PNG, key=key, type="image")["errcode"] == 40005
    assert upload("webhook/upload_media", PNG, key="x", type="file")["errcode"] == 93000
    voice = upload("media/upload", b"#!AMR\n0", type="voice")["media_id"]
    assert wecom_caller.say("image", {"media_id": voice})["errcode"] == 40007
    file = upload("webhook/upload_media", b"report", "月报.xlsx", key=key, type="file")["media_id"]
    body = {"msgtype": "file", "file": {"media_id": file}}
    other = stand.key("销售部-客诉群")
    assert wecom_caller.post("webhook/send", body, key=other)["errcode"] == 40007
    assert wecom_caller.say("file", {"media_id": file})["errcode"] == 40007
    assert wecom_caller.post("webhook/send", body, key=key)["errcode"] == 0
    assert stand.robot(key)[0].file == ("月报.xlsx", b"report")
    stand.forgive()
