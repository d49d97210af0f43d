"""The door for WeCom: only what our WeCom sealed gets in, once, and in time; what it says is read in full."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.demo.play import photo
from bot.hurry import MOST_BYTES
from bot.settings import Wecom
from bot.wecom import translating
from bot.wecom.seal import Seal
from storage.inbox import InboxRow
from tests.support import edge
from tests.support.wecom.callbacks import Callback
from tests.support.wecom.crypto import Encrypter
from tests.support.wecom.driver import WeCom
from tests.support.wecom_office import Office


def knock(office: Office, callback: Callback, **other: Any) -> int:
    """Bring a callback to the door with something about it changed; the status."""
    query: Mapping[str, str] = {**callback.query, **other.pop("query", {})}
    body = other.pop("body", callback.body)
    return office.wecom.send(other.pop("method", callback.method), query, body).status_code


def test_the_address_is_proved_with_either_crypto(office: Office, wecom_encrypter: Encrypter) -> None:
    """
    保存 on the page 接收消息 is answered within its second, with our crypto and with Tencent's own; a + in the echo
    that became a space is read all the same.
    """
    wecom = WeCom(office.stand, office.wecom.send, wecom_encrypter)
    assert all(wecom.verify() for _ in range(5))
    for number in range(20):
        echo = wecom.post.echo(f"words {number}", int(office.desk.clock().timestamp()))
        query = {**echo.query, "echostr": echo.query["echostr"].replace("+", " ")}
        assert wecom.send("GET", query, b"").content == f"words {number}".encode()


def test_a_complaint_is_begun_with_either_crypto(office: Office, wecom_encrypter: Encrypter) -> None:
    """
    What Tencent's own crypto seals is read as what ours seals: words, a photo, a tap on a card.
    """
    office.wecom = WeCom(office.stand, office.wecom.send, wecom_encrypter)
    phone = office.phone("程小满")
    phone.menu("start:complaint")
    phone.say("瀚途", "前下控制臂", "1")
    assert "第 5 题" in phone.tap(phone.card, choose="换货")
    assert "已收到 2 张照片" in phone.photos(photo(1), photo(2))
    assert office.wecom.lost == []


def test_what_is_sent_again_is_dealt_with_once(office: Office) -> None:
    """
    The same callback, byte for byte or sealed anew, is answered 200 and nothing happens; two taps in one second are
    two.
    """
    phone = office.phone("程小满")
    phone.say("帮助")
    before = len(phone.messages)
    assert phone.phone.again().statuses == [200]
    delivery = phone.phone.delivery
    assert delivery is not None
    office.wecom.deliver(delivery.callback.fields)
    office.deliver()
    assert len(phone.messages) == before
    head = {"FromUserName": "A", "CreateTime": "1", "MsgType": "event", "Event": "template_card_event", "EventKey": "0"}
    keys = {translating.key_of({**head, "TaskId": task, "ResponseCode": code}) for task in "ab" for code in "cd"}
    assert len(keys) == 4
    assert all(len(key) < 64 for key in keys)


def test_what_is_old_or_not_sealed_is_refused(office: Office) -> None:
    """
    A callback ten minutes old or from the future, one with another signature, nonce, receiver or key, a body that is
    too large or no XML at all: 403, and nothing of it is in the log.
    """
    post, now = office.wecom.post, int(office.desk.clock().timestamp())
    fields = {"ToUserName": "x", "FromUserName": "ChengXiaoman", "CreateTime": now, "MsgType": "text",
              "Content": "机密的话", "MsgId": 1}  # fmt: skip
    good = post.sealed(fields, now)
    with edge.captured() as log:
        assert knock(office, post.sealed(fields, now - 601)) == 403
        assert knock(office, post.sealed(fields, now + 601)) == 403
        assert knock(office, good, query={"msg_signature": "0" * 40}) == 403
        assert knock(office, good, query={"msg_signature": ""}) == 403
        assert knock(office, good, query={"nonce": "other"}) == 403
        assert knock(office, good, query={"timestamp": "1e3"}) == 403
        assert knock(office, good, body=good.body + b"<Encrypt>QUJD</Encrypt>") == 403
        assert knock(office, good, body=b"x" * (MOST_BYTES + 1)) == 403
        assert knock(office, good, body=b"") == 403
        assert knock(office, good, method="PUT") == 405
        assert knock(office, good, method="GET") == 403
    assert "机密" not in log.getvalue()
    assert "ChengXiaoman" not in log.getvalue()
    assert office.desk.do(lambda uow: uow.session.query(InboxRow).count()) == 0
    assert knock(office, good) == 200


def test_what_takes_too_long_comes_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where the commit is not there in time the answer is 503; the work goes on, and WeCom's next try finds it done.
    """
    door = office.rooms[0].door  # type: ignore[attr-defined]  # a room of WeCom's has one
    monkeypatch.setattr(door._hurry, "seconds", 0.05)
    heard = door._hearing.hear

    def slowly(said: Mapping[str, Any]) -> None:
        time.sleep(0.2)
        heard(said)

    monkeypatch.setattr(door._hearing, "hear", slowly)
    delivery = office.wecom.phone("程小满").say("帮助")
    assert delivery.statuses[0] == 503
    office.wecom.settle()
    time.sleep(0.3)
    monkeypatch.undo()
    office.deliver()
    assert len(office.phone("程小满").messages) == 2


def test_a_fault_of_ours_makes_wecom_come_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What cannot be dealt with is no 200: WeCom comes again, and then it is dealt with.
    """
    door = office.rooms[0].door  # type: ignore[attr-defined]
    heard, tries = door._hearing.hear, []

    def stumbles(said: Mapping[str, Any]) -> None:
        tries.append(said)
        if len(tries) < 3:
            raise RuntimeError("机密")
        heard(said)

    monkeypatch.setattr(door._hearing, "hear", stumbles)
    with edge.captured() as log:
        assert office.wecom.phone("程小满").say("帮助").statuses == [503, 503, 200]
    assert "机密" not in log.getvalue()


def test_everything_that_comes_has_its_answer(office: Office) -> None:
    """
    Whoever comes in for the first time is greeted, once; the menu is read by its keys; a voice note is kept; a place
    is text; events that we do not know are let pass.
    """
    phone = office.phone("程小满")
    assert all(phone.phone.enter().taken for _ in range(3))
    assert phone.phone.event("subscribe").taken
    office.deliver()
    assert len([each for each in phone.messages if "报投诉" in each.text and not each.is_card]) == 1
    assert "没有" in phone.menu("mine") or "事项" in phone.messages[-1].text
    assert phone.phone.event("click", EventKey="drop table").taken
    assert phone.phone.event("LOCATION", Latitude=1).taken
    assert phone.phone.event("change_contact", ChangeType="x").taken
    assert phone.phone.event("low_active").taken
    before = len(phone.messages)
    assert phone.phone.voice().taken
    office.deliver()
    assert "收到" in phone.messages[before].text
    phone.menu("start:complaint")
    phone.phone.place("瀚途")
    office.deliver()
    assert "第 2 题" in "".join(each.text for each in phone.messages)


def test_a_stranger_is_told_so(office: Office) -> None:
    """
    Whoever is not entered hears that; capitals of a userid do not matter to who somebody is.
    """
    office.desk.do(lambda uow: setattr(uow.organisation.person_by_name("程小满"), "wecom_id", None))
    assert "不认识" in office.phone("程小满").say("帮助") or "认识" in office.phone("程小满").messages[-1].text
    office.desk.do(lambda uow: setattr(uow.organisation.person_by_name("程小满"), "wecom_id", "CHENGxiaoman"))
    assert "报投诉" in office.phone("程小满").say("帮助")


def test_what_was_chosen_is_read_whatever_its_shape() -> None:
    """
    One option comes as itself, several as a list, none as nothing; several questions as a list of them.
    """
    one = {"QuestionKey": "q", "OptionIds": {"OptionId": "a"}}
    two = {"QuestionKey": "r", "OptionIds": {"OptionId": ["a", "b"]}}
    none = {"QuestionKey": "s", "OptionIds": None}
    said = [{"SelectedItems": {"SelectedItem": each}} for each in (one, [one, two, none])]
    assert translating.selected(said[0]) == {"q": ("a",)}
    assert translating.selected(said[1]) == {"q": ("a",), "r": ("a", "b"), "s": ()}
    assert translating.selected({}) == translating.selected({"SelectedItems": None}) == {}


def test_the_published_example_is_opened() -> None:
    """
    WeCom's own example opens: token, key, company, signature and all.
    """
    given = {"corp_id": "wx5823bf96d3bd56c7", "agent_id": 1, "secret": "x", "token": "QDG6eK",
             "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"}  # fmt: skip
    seal = Seal(Wecom.model_validate(given))
    echo = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    query = {"msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "timestamp": "1409659589",
             "nonce": "263014780", "echostr": echo}  # fmt: skip
    assert seal.echo(query, datetime.fromtimestamp(1409659589, UTC)) == "1616140317555161061"
