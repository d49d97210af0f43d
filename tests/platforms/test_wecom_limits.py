"""Every limit of WeCom's that the stand holds: what is just inside goes through, one more is refused by its number."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.wecom.caller import PNG, Caller
from tests.support.wecom.media import MIB
from tests.support.wecom.samples import URL, card, options
from tests.support.wecom.world import Member

Json = dict[str, Any]
GROUP = "品保部-客诉群"


def of(length: int) -> str:
    """A text of so many bytes, Chinese as far as it goes."""
    return "汉" * (length // 3) + "a" * (length % 3)


def repeated(part: Json, count: int) -> list[Json]:
    """So many of a part."""
    return [part] * count


CARDS: list[tuple[str, int, int, Callable[[int], Json]]] = [
    ("task_id", 128, 42014, lambda n: card("button_interaction", task_id="t" * n)),
    ("horizontal lines", 6, 42035,
     lambda n: card("text_notice", horizontal_content_list=repeated({"keyname": "a"}, n))),
    ("vertical lines", 4, 42036, lambda n: card("news_notice", vertical_content_list=repeated({"title": "a"}, n))),
    ("jumps", 3, 42042, lambda n: card("text_notice", jump_list=repeated({"title": "a"}, n))),
    ("buttons", 6, 42038,
     lambda n: card("button_interaction", button_list=[{"text": "a", "key": str(i)} for i in range(n)])),
    ("button style", 4, 42039,
     lambda n: card("button_interaction", button_list=[{"text": "a", "key": "k", "style": n}])),
    ("button key", 1024, 42039, lambda n: card("button_interaction", button_list=[{"text": "a", "key": of(n)}])),
    ("a button's own options", 10, 42037,
     lambda n: card("button_interaction", button_selection={"question_key": "q", "option_list": options(n)})),
    ("vote options", 20, 42037,
     lambda n: card("vote_interaction", checkbox={"question_key": "q", "option_list": options(n)})),
    ("option id", 128, 42040,
     lambda n: card("vote_interaction", checkbox={"question_key": "q", "option_list": options(2, of(n))})),
    ("question key", 1024, 42043,
     lambda n: card("vote_interaction", checkbox={"question_key": of(n), "option_list": options(2)})),
    ("submit key", 1024, 42046, lambda n: card("vote_interaction", submit_button={"text": "a", "key": of(n)})),
    ("selects", 3, 42047,
     lambda n: card("multiple_interaction",
                    select_list=[{"question_key": str(i), "option_list": options(1)} for i in range(n)])),
    ("select options", 10, 42037,
     lambda n: card("multiple_interaction", select_list=[{"question_key": "q", "option_list": options(n)}])),
    ("menu entries", 3, 42018,
     lambda n: card("text_notice", task_id="t",
                    action_menu={"action_list": [{"text": "a", "key": str(i)} for i in range(n)]})),
    ("menu key", 1024, 42020,
     lambda n: card("text_notice", task_id="t", action_menu={"action_list": [{"text": "a", "key": of(n)}]})),
]  # fmt: skip


@pytest.mark.parametrize(("most", "code", "made"), [each[1:] for each in CARDS], ids=[each[0] for each in CARDS])
def test_a_card_is_as_large_as_this(wecom_caller: Caller, most: int, code: int, made: Callable[[int], Json]) -> None:
    """
    The largest card goes through, one more is refused.
    """
    assert wecom_caller.say("template_card", made(most + 1))["errcode"] == code
    assert wecom_caller.say("template_card", made(most))["errcode"] == 0
    assert len(wecom_caller.stand.forgive()) == 1


def sent(**more: Any) -> Json:
    """A message to members."""
    return {"touser": "ChengXiaoman", "agentid": 1000002, "msgtype": "text", "text": {"content": "好"}, **more}


def textcard(**more: Any) -> Json:
    """A text card."""
    return {"msgtype": "textcard", "textcard": {"title": "a", "description": "b", "url": URL, **more}}


def news(count: int, **more: Any) -> Json:
    """So many articles."""
    return {"msgtype": "news", "news": {"articles": repeated({"title": "a", "url": URL}, count)}, **more}


def said(kind: str, content: str) -> Json:
    """Words."""
    return {"msgtype": kind, kind: {"content": content}}


BODIES: list[tuple[str, str, int, int, Callable[[int], Json]]] = [
    ("markdown", "message/send", 2048, 45002, lambda n: sent(**said("markdown", of(n)))),
    ("url", "message/send", 2048, 40039, lambda n: sent(**textcard(url=URL + of(n - len(URL))))),
    ("articles", "message/send", 8, 45008, lambda n: sent(**news(n))),
    ("users", "message/send", 1000, 40032, lambda n: sent(touser="|".join(["ChengXiaoman", *map(str, range(n - 1))]))),
    ("parties", "message/send", 100, 82002, lambda n: sent(toparty="|".join(map(str, range(n))))),
    ("tags", "message/send", 100, 82003, lambda n: sent(totag="|".join(map(str, range(n))))),
    ("interval", "message/send", 14_400, 40058,
     lambda n: sent(enable_duplicate_check=1, duplicate_check_interval=n)),
    ("robot's text", "webhook/send", 2048, 40058, lambda n: said("text", of(n))),
    ("robot's markdown", "webhook/send", 4096, 40058, lambda n: said("markdown", of(n))),
    ("robot's markdown_v2", "webhook/send", 4096, 40058, lambda n: said("markdown_v2", of(n))),
    ("robot's articles", "webhook/send", 8, 45008, news),
    ("robot's picture", "webhook/send", 2 * MIB, 40009, lambda n: picture(PNG + bytes(n - len(PNG)))),
    ("menu", "menu/create", 3, 40016, lambda n: {"button": repeated(click(), n)}),
    ("menu name", "menu/create", 16, 40018, lambda n: {"button": [click(name=of(n))]}),
    ("menu key", "menu/create", 128, 40019, lambda n: {"button": [click(key=of(n))]}),
    ("menu url", "menu/create", 1024, 40020, lambda n: {"button": [{"type": "view", "name": "a", "url": of(n)}]}),
    ("below", "menu/create", 5, 40023, lambda n: below(*repeated(click(), n))),
    ("name below", "menu/create", 40, 40025, lambda n: below(click(name=of(n)))),
    ("key below", "menu/create", 128, 40026, lambda n: below(click(key=of(n)))),
    ("url below", "menu/create", 1024, 40027, lambda n: below({"type": "view", "name": "a", "url": of(n)})),
    ("chat members", "appchat/create", 2000, 86006, lambda n: {"userlist": [f"m{i}" for i in range(n)]}),
    ("chatid", "appchat/create", 32, 86001, lambda n: {"userlist": ["m1", "m2"], "chatid": "c" * n}),
    ("markdown in a chat", "appchat/send", 2048, 45002, lambda n: {"chatid": "c", **said("markdown", of(n))}),
]  # fmt: skip


def picture(content: bytes) -> Json:
    """A picture of a robot."""
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return {"msgtype": "image", "image": {"base64": base64.b64encode(content).decode(), "md5": digest}}


def click(name: str = "报投诉", key: str = "complaint") -> Json:
    """A button of the menu."""
    return {"type": "click", "name": name, "key": key}


def below(*buttons: Json) -> Json:
    """A menu with buttons below another."""
    return {"button": [{"name": "更多", "sub_button": list(buttons)}]}


@pytest.mark.parametrize(
    ("path", "most", "code", "made"), [each[1:] for each in BODIES], ids=[each[0] for each in BODIES]
)
def test_a_call_is_as_large_as_this(
    wecom_caller: Caller, path: str, most: int, code: int, made: Callable[[int], Json]
) -> None:
    """
    The largest call goes through, one more is refused.
    """
    stand = wecom_caller.stand
    stand.world.add(Member(f"m{number}") for number in range(2001))
    wecom_caller.post("appchat/create", {"userlist": ["m1", "m2"], "chatid": "c"})
    query: Json = {"key": stand.key(GROUP)} if path.startswith("webhook") else {"agentid": stand.agent_id}
    assert wecom_caller.post(path, made(most + 1), **query)["errcode"] == code
    assert wecom_caller.post(path, made(most), **query)["errcode"] == 0
    assert len(stand.forgive()) == 1


FILES = [
    ("image", PNG, 10 * MIB, 40009), ("voice", b"#!AMR\n", 2 * MIB, 45001), ("video", b"", 10 * MIB, 40011),
    ("file", b"", 20 * MIB, 45001),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "beginning", "most", "code"), FILES, ids=[each[0] for each in FILES])
def test_a_file_is_as_large_as_this(wecom_caller: Caller, kind: str, beginning: bytes, most: int, code: int) -> None:
    """
    The largest file goes through and comes back whole with its name, a byte more does not; five bytes are too few.
    """
    largest = beginning + bytes(most - len(beginning))
    assert wecom_caller.upload("media/upload", largest + b"0", type=kind)["errcode"] == code
    assert wecom_caller.upload("media/upload", b"12345", type=kind)["errcode"] == 40006
    assert wecom_caller.upload("media/upload", b"", type=kind)["errcode"] == 44001
    got = wecom_caller.upload("media/upload", largest, "图.bin", type=kind)
    assert (got["errcode"], got["type"], type(got["created_at"])) == (0, kind, str)
    assert wecom_caller.stand.world.media[got["media_id"]].name == "图.bin"
    back = wecom_caller.http.get("media/get", params={"access_token": wecom_caller.token, "media_id": got["media_id"]})
    assert back.content == largest
    assert "%E5%9B%BE.bin" in back.headers["content-disposition"]
    assert len(wecom_caller.stand.forgive()) == 3


def test_a_picture_with_an_address_is_as_large_as_this(wecom_caller: Caller) -> None:
    """
    Two megabytes; it can be had without a token.
    """
    largest = PNG + bytes(2 * MIB - len(PNG))
    assert wecom_caller.upload("media/uploadimg", largest + b"0")["errcode"] == 40009
    assert wecom_caller.upload("media/uploadimg", b"GIF89a" + bytes(9))["errcode"] == 40004
    assert wecom_caller.http.get(wecom_caller.upload("media/uploadimg", largest)["url"]).content == largest
    assert len(wecom_caller.stand.forgive()) == 2


def test_a_text_is_cut_at_a_character(wecom_caller: Caller) -> None:
    """
    2048 bytes arrive; more is cut without a word, which fails a story at its end.
    """
    assert wecom_caller.say("text", {"content": of(2048)})["errcode"] == 0
    assert wecom_caller.stand.forgive() == []
    assert wecom_caller.say("text", {"content": "汉" * 683})["errcode"] == 0
    assert [len(each.text) for each in wecom_caller.stand.inbox("ChengXiaoman")] == [684, 682]
    assert wecom_caller.stand.forgive() == ["a text of 2049 bytes is cut at 2048"]


def test_what_a_phone_would_cut(wecom_caller: Caller) -> None:
    """
    Longer words than a phone shows go through, and are noted; a robot's cards show less.
    """
    title = {"title": "题" * 36}
    wecom_caller.say("template_card", card("text_notice", main_title=title))
    assert wecom_caller.stand.cut == []
    robot = {"msgtype": "template_card", "template_card": card("text_notice", main_title=title)}
    assert wecom_caller.post("webhook/send", robot, key=wecom_caller.stand.key(GROUP))["errcode"] == 0
    assert wecom_caller.stand.cut == [f"main_title.title: {title['title']}"]
    wecom_caller.say("template_card", card("vote_interaction", submit_button={"text": "交" * 11, "key": "k"}))
    assert len(wecom_caller.stand.cut) == 2
