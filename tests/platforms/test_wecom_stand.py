"""WeCom's test stand is what stories about WeCom rest on: it is strict, and time passes in it as in WeCom."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.wecom import oauth
from tests.support.wecom.caller import PNG, Caller
from tests.support.wecom.rates import MINUTE
from tests.support.wecom.samples import URL, card, options
from tests.support.wecom.stand import Stand
from tests.support.wecom.world import Limits, Member

Json = dict[str, Any]
GROUP = "品保部-客诉群"
HELLO: Json = {"content": "好"}


class Clock:
    """A clock that a story moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        """So much later."""
        self.now += timedelta(**time)


@pytest.fixture
def clock(wecom_stand: Stand) -> Clock:
    """The stand's clock."""
    clock = Clock()
    wecom_stand.set_clock(clock)
    return clock


def texts(caller: Caller, who: str = "ChengXiaoman") -> list[str]:
    """What somebody has read."""
    return [each.text for each in caller.stand.inbox(who)]


def test_a_token_lives_for_two_hours(clock: Clock, wecom_caller: Caller) -> None:
    """
    7200 seconds and not one more; WeCom may say that it never knew it; it may take it back at any time.
    """
    stand = wecom_caller.stand
    wecom_caller.renew()
    clock.pass_(seconds=7199)
    assert wecom_caller.ask("getcallbackip")["errcode"] == 0
    clock.pass_(seconds=1)
    assert wecom_caller.ask("getcallbackip")["errcode"] == 42001
    stand.world.expired_as = 40014
    assert wecom_caller.ask("getcallbackip")["errcode"] == 40014
    wecom_caller.renew()
    assert "*" in wecom_caller.ask("getcallbackip")["ip_list"][0]
    stand.revoke_tokens()
    assert wecom_caller.ask("getcallbackip")["errcode"] == 40014
    assert stand.count("gettoken") == 3


def test_some_of_the_recipients_are_there(wecom_caller: Caller) -> None:
    """
    They get it once each, however they are named; the others come back in small letters with errcode 0.
    """
    stand = wecom_caller.stand
    stand.world.add([Member("Gone", "走了", visible=False), Member("Tagged", tags=(7,))])
    answer = wecom_caller.say("text", HELLO, "chengxiaoman| ChengXiaoman|Gone|Nobody", totag="7|8", toparty="99")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "gone|nobody")
    assert (answer["invalidparty"], answer["invalidtag"]) == ("99", "8")
    assert texts(wecom_caller) == texts(wecom_caller, "tagged") == ["好"]
    assert wecom_caller.say("text", HELLO, "@all")["errcode"] == 0
    assert (len(texts(wecom_caller, "GuXiaolan")), texts(wecom_caller, "Gone")) == (1, [])
    party = str(stand.world.members["guxiaolan"].parties[0])
    assert wecom_caller.say("text", HELLO, "", toparty=party)["errcode"] == 0
    assert len(texts(wecom_caller, "GuXiaolan")) == 2


def test_one_member_takes_thirty_a_minute(clock: Clock, wecom_caller: Caller) -> None:
    """
    The 31st gets errcode 0 and a msgid, and reaches nobody; after a minute there is room, until a thousand in an hour.
    """
    stand = wecom_caller.stand
    for number in range(31):
        assert wecom_caller.say("text", {"content": str(number)}, "ChengXiaoman|GuXiaolan")["errcode"] == 0
    assert (len(texts(wecom_caller)), texts(wecom_caller)[-1]) == (30, "29")
    assert [each.userid for each in stand.dropped] == ["ChengXiaoman", "GuXiaolan"]
    assert len(stand.forgive()) == 2
    clock.pass_(seconds=59.9)
    wecom_caller.say("text", HELLO)
    assert len(stand.dropped) == 3
    clock.pass_(seconds=0.1)
    wecom_caller.say("text", HELLO)
    assert (len(texts(wecom_caller)), len(stand.dropped)) == (31, 3)
    stand.world.limits.member = ((30, MINUTE), (33, timedelta(hours=1)))
    for _ in range(3):
        clock.pass_(minutes=2)
        wecom_caller.say("text", HELLO)
    assert (len(texts(wecom_caller)), len(stand.dropped)) == (33, 4)
    stand.forgive()


def test_the_same_message_within_half_an_hour(clock: Clock, wecom_caller: Caller) -> None:
    """
    With the duplicate check the same JSON is not delivered twice, and a lost answer can be asked for again.
    """
    wecom_caller.stand.lose_reply("message/send")
    once: Json = {"enable_duplicate_check": 1, "duplicate_check_interval": 14_400}
    with pytest.raises(httpx.RemoteProtocolError):
        wecom_caller.say("text", HELLO, **once)
    clock.pass_(seconds=14_399)
    wecom_caller.renew()
    assert wecom_caller.say("text", HELLO, **once)["errcode"] == 0
    assert len(texts(wecom_caller)) == 1
    assert wecom_caller.say("text", {"content": "好!"}, **once)["errcode"] == 0
    clock.pass_(seconds=1)
    assert wecom_caller.say("text", HELLO, **once)["errcode"] == 0
    assert texts(wecom_caller) == ["好", "好!", "好"]
    wecom_caller.say("text", HELLO, enable_duplicate_check=1)
    clock.pass_(seconds=1800)
    wecom_caller.say("text", HELLO, enable_duplicate_check=1)
    wecom_caller.say("text", HELLO)
    assert len(texts(wecom_caller)) == 6


def test_a_card_is_changed_once_by_a_code_within_three_days(
    clock: Clock, wecom_caller: Caller, wecom_other_caller: Caller
) -> None:
    """
    For some or for all of its readers; a used, old, unknown or foreign code changes nothing.
    """
    stand, everybody = wecom_caller.stand, "ChengXiaoman|GuXiaolan"
    update = "message/update_template_card"

    def change(code: str, **more: Any) -> Json:
        return wecom_caller.post(update, {"agentid": stand.agent_id, "response_code": code, **more})

    sent = wecom_caller.say("template_card", card("button_interaction"), everybody)
    done: Json = {"button": {"replace_name": "已接收"}}
    foreign = {"agentid": stand.other_agent, "response_code": sent["response_code"], "atall": 1, **done}
    assert wecom_other_caller.post(update, foreign)["errcode"] == 42015
    assert change(sent["response_code"], userids=["ChengXiaoman"])["errcode"] == 40063
    assert change(sent["response_code"], atall=1, template_card=["已接收"])["errcode"] == 40063
    assert change(sent["response_code"], **done)["errcode"] == 82001
    answer = change(sent["response_code"], userids=["chengxiaoman", "DingYuhe", "Nobody"], **done)
    assert (answer["errcode"], answer["invaliduser"]) == (0, ["nobody", "dingyuhe"])
    assert texts(wecom_caller) == ["客诉\n[已接收]"]
    assert texts(wecom_caller, "GuXiaolan") == ["客诉\n[接收]"]
    assert change(sent["response_code"], atall=1, **done)["errcode"] == 42022
    assert change("x", atall=1, **done)["errcode"] == 60140
    late = [wecom_caller.say("template_card", card("button_interaction", task_id=f"t{n}"), everybody) for n in (1, 2)]
    clock.pass_(hours=72, seconds=-1)
    wecom_caller.renew()
    whole = card("text_notice", main_title={"title": "已关闭"})
    assert change(late[0]["response_code"], atall=1, template_card=whole)["errcode"] == 0
    assert texts(wecom_caller)[1] == texts(wecom_caller, "GuXiaolan")[1] == "已关闭"
    clock.pass_(seconds=1)
    assert change(late[1]["response_code"], atall=1, template_card=whole)["errcode"] == 60140
    assert "response_code" not in wecom_caller.say("template_card", card("text_notice"))
    assert len(stand.forgive()) == 4


def test_a_message_is_taken_back_within_a_day(clock: Clock, wecom_caller: Caller, wecom_other_caller: Caller) -> None:
    """
    By the app that sent it, and not a second later.
    """
    first, second = (wecom_caller.say("text", HELLO)["msgid"] for _ in range(2))
    assert wecom_other_caller.post("message/recall", {"msgid": first})["errcode"] == 40058
    clock.pass_(hours=24, seconds=-1)
    wecom_caller.renew()
    assert wecom_caller.post("message/recall", {"msgid": first})["errcode"] == 0
    clock.pass_(seconds=1)
    assert wecom_caller.post("message/recall", {"msgid": second})["errcode"] == 42052
    assert len(texts(wecom_caller)) == 1
    wecom_caller.stand.forgive()


def test_a_file_is_there_for_three_days(clock: Clock, wecom_caller: Caller) -> None:
    """
    Until then it is sent and fetched; what was delivered stays, with its bytes.
    """
    media = wecom_caller.upload("media/upload", PNG, type="image")["media_id"]
    clock.pass_(days=3, seconds=-1)
    wecom_caller.renew()
    assert wecom_caller.say("image", {"media_id": media})["errcode"] == 0
    clock.pass_(seconds=1)
    assert wecom_caller.say("image", {"media_id": media})["errcode"] == 40007
    assert wecom_caller.ask("media/get", media_id=media)["errcode"] == 40007
    assert [each.picture for each in wecom_caller.stand.inbox("ChengXiaoman")] == [PNG]


def test_a_group_chat_belongs_to_an_app_that_sees_everybody(
    clock: Clock, wecom_caller: Caller, wecom_other_caller: Caller
) -> None:
    """
    Only that app speaks there; 200 messages a minute reach a member, more are dropped without a word.
    """
    stand = wecom_caller.stand
    chat: Json = {"name": "客诉", "owner": "guxiaolan", "userlist": ["GuXiaolan", "ChengXiaoman"], "chatid": "quality1"}
    stand.app.root = False
    assert wecom_caller.post("appchat/create", chat)["errcode"] == 48002
    stand.app.root = True
    assert wecom_caller.post("appchat/create", chat)["chatid"] == "quality1"
    assert wecom_caller.post("appchat/create", chat)["errcode"] == 86215
    stand.world.limits.chats = ((1, MINUTE),)
    assert wecom_caller.post("appchat/create", {**chat, "chatid": "quality2"})["errcode"] == 45009
    assert wecom_caller.ask("appchat/get", chatid="quality1")["chat_info"]["userlist"] == ["GuXiaolan", "ChengXiaoman"]
    said: Json = {"chatid": "quality1", "msgtype": "text", "text": {**HELLO, "mentioned_list": ["GuXiaolan"]}}
    assert wecom_other_caller.post("appchat/send", said)["errcode"] == 86008
    stand.app.root = False
    assert wecom_caller.post("appchat/send", said)["errcode"] == 48002
    stand.app.root = True
    assert wecom_caller.post("appchat/send", said)["errcode"] == 0
    assert stand.chat("quality1")[0].mentioned == ("GuXiaolan",)
    stand.world.limits.chat_member = ((1, MINUTE),)
    assert wecom_caller.post("appchat/send", said)["errcode"] == 0
    assert [each.userid for each in stand.dropped] == ["GuXiaolan", "ChengXiaoman"]
    assert (len(stand.chat("quality1")), len(stand.chat("quality1", "GuXiaolan"))) == (2, 1)
    stand.world.limits.chat_people = ((5, MINUTE),)
    assert wecom_caller.post("appchat/send", said)["errcode"] == 45009
    clock.pass_(minutes=1)
    assert wecom_caller.post("appchat/send", said)["errcode"] == 0
    assert len(stand.forgive()) == 3


def test_a_robot_says_twenty_things_a_minute(clock: Clock, wecom_caller: Caller) -> None:
    """
    The 21st is refused and not delivered; a minute later there is room. Its key is all it takes.
    """
    stand, key = wecom_caller.stand, wecom_caller.stand.key(GROUP)
    said = {"msgtype": "markdown", "markdown": HELLO}
    assert wecom_caller.post("webhook/send", said, key="x")["errcode"] == 93000
    assert wecom_caller.http.post("webhook/send").json()["errcode"] == 93000
    codes = [wecom_caller.post("webhook/send", said, key=key)["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    assert httpx.URL(stand.webhook(GROUP)).params["key"] == key
    clock.pass_(minutes=1)
    digest = hashlib.md5(PNG, usedforsecurity=False).hexdigest()
    picture = {"msgtype": "image", "image": {"base64": base64.b64encode(PNG).decode(), "md5": digest}}
    assert wecom_caller.post("webhook/send", picture, key=key)["errcode"] == 0
    assert (len(stand.robot(key)), stand.robot(key)[-1].picture) == (21, PNG)


def test_how_much_wecom_takes() -> None:
    """
    Its numbers, as WeCom documents them.
    """
    limits, second = Limits(), timedelta(seconds=1)
    assert limits.api == ((10_000, 60 * second), (150_000, 3600 * second))
    assert limits.member == ((30, 60 * second), (1_000, 3600 * second))
    assert limits.chat_member == ((200, 60 * second), (10_000, 86_400 * second))
    assert (limits.chats, limits.chat_people) == (((1_000, 86_400 * second),), ((20_000, 60 * second),))
    assert limits.robot == ((20, 60 * second),)


def test_how_often_an_endpoint_is_called(clock: Clock, wecom_caller: Caller) -> None:
    """
    More calls of one kind than WeCom takes in a minute, and more messages than the accounts have in a day: 45009.
    """
    stand = wecom_caller.stand
    stand.world.limits.api = ((3, MINUTE),)
    codes = [wecom_caller.ask("user/get", userid="chengxiaoman")["errcode"] for _ in range(4)]
    assert codes == [0, 0, 0, 45009]
    clock.pass_(minutes=1)
    assert wecom_caller.ask("user/get", userid="nobody")["errcode"] == 60111
    stand.world.limits.accounts = 0
    assert wecom_caller.say("text", HELLO)["errcode"] == 45009
    assert texts(wecom_caller) == []


def test_the_menu_as_it_stands(wecom_caller: Caller) -> None:
    """
    It is pushed, read and taken away, each time for the token's own app.
    """
    below = [{"name": "我的事项", "type": "view", "url": URL}]
    menu: Json = {"button": [{"name": "报投诉", "type": "click", "key": "complaint"},
                             {"name": "更多", "sub_button": below}]}  # fmt: skip
    agent = wecom_caller.agent
    assert wecom_caller.ask("menu/get", agentid=agent)["errcode"] == 46003
    assert wecom_caller.post("menu/create", menu)["errcode"] == 41011
    assert wecom_caller.post("menu/create", menu, agentid="guke")["errcode"] == 40056
    assert wecom_caller.post("menu/create", menu, agentid=1)["errcode"] == 301002
    assert wecom_caller.post("menu/create", menu, agentid=agent)["errcode"] == 0
    assert wecom_caller.ask("menu/get", agentid=agent)["button"] == menu["button"]
    assert wecom_caller.ask("menu/delete", agentid=agent)["errcode"] == 0
    assert wecom_caller.ask("menu/get", agentid=agent)["errcode"] == 46003
    assert len(wecom_caller.stand.forgive()) == 3


def test_a_sign_in_code_is_good_once_and_for_five_minutes(clock: Clock, wecom_caller: Caller) -> None:
    """
    Of a member it says the userid, of somebody outside the company an openid.
    """
    world = wecom_caller.stand.world
    first, second = oauth.code(world, {"userid": "ChengXiaoman"}), oauth.code(world, {"openid": "o1"})
    clock.pass_(seconds=299)
    assert wecom_caller.ask("auth/getuserinfo", code=first)["userid"] == "ChengXiaoman"
    assert wecom_caller.ask("auth/getuserinfo", code=first)["errcode"] == 40029
    assert wecom_caller.ask("auth/getuserinfo", code="x")["errcode"] == 40029
    clock.pass_(seconds=1)
    assert wecom_caller.ask("auth/getuserinfo", code=second)["errcode"] == 40029
    third = oauth.code(world, {"openid": "o1"})
    assert wecom_caller.ask("auth/getuserinfo", code=third)["openid"] == "o1"
    assert wecom_caller.ask("agent/get", agentid=wecom_caller.agent)["redirect_domain"] == wecom_caller.stand.app.domain


def test_what_the_network_does(wecom_caller: Caller) -> None:
    """
    Planned faults: an errcode, a page, nothing, a broken line, a slow answer; each as often as it was planned.
    """
    stand, http, path = wecom_caller.stand, wecom_caller.http, "getcallbackip"
    stand.fail(path, -1, times=2)
    assert [wecom_caller.ask(path)["errcode"] for _ in range(3)] == [-1, -1, 0]
    query = {"access_token": wecom_caller.token}
    stand.html(path)
    assert b"<html>" in http.get(path, params=query).content
    stand.empty(path)
    assert http.get(path, params=query).content == b""
    stand.http_error(path, 502)
    assert http.get(path, params=query).status_code == 502
    stand.drop("message/send")
    with pytest.raises(httpx.RemoteProtocolError):
        wecom_caller.say("text", HELLO)
    assert texts(wecom_caller) == []
    stand.slow(path, 0.3)
    with pytest.raises(httpx.ReadTimeout):
        http.get(path, params=query, timeout=0.1)
    stand.fail("message/send", 45009, only=lambda call: call.args["touser"] == "GuXiaolan")
    assert wecom_caller.say("text", HELLO)["errcode"] == 0
    assert wecom_caller.say("text", HELLO, "GuXiaolan")["errcode"] == 45009
    stand.fail(path)
    stand.mend()
    assert wecom_caller.ask(path)["errcode"] == 0
    assert [call.path for call in stand.calls][:2] == ["gettoken", path]
    assert len(stand.called("message/send")) == 3
    assert stand.refused == []


def test_what_stands_on_a_card(wecom_caller: Caller) -> None:
    """
    A message is read as a person reads it: words line by line, options and buttons, a picture as its bytes.
    """
    url = wecom_caller.upload("media/uploadimg", PNG)["url"]
    wecom_caller.say("template_card", card("news_notice", card_image={"url": url, "aspect_ratio": 2}))
    wecom_caller.say("template_card", card(
        "multiple_interaction", source={"desc": "客诉"}, sub_title_text="",
        select_list=[{"question_key": "q", "title": "严重吗", "option_list": options(2)}],
    ))  # fmt: skip
    wecom_caller.say("textcard", {"title": "月报", "description": "<div class='gray'>11 月</div>", "url": URL})
    found = wecom_caller.stand.inbox("ChengXiaoman")
    assert found[0].picture == PNG
    assert found[1].text == "客诉\n客诉\n严重吗\n(选项0) (选项1)\n[提交]"
    assert (found[1].buttons, found[2].text) == (["提交"], "月报\n11 月")
    assert wecom_caller.stand.forgive() == ["a multiple_interaction shows no sub_title_text"]
