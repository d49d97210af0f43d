"""What goes out to WeCom: each letter once, within every limit, in a shape it takes, to somebody who is there."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from bot.demo.play import photo
from bot.demo.stage import at
from bot.wecom import texts
from conversations.replies import Button
from conversations.words import people, said
from notifications.delivery import deliver_due
from notifications.notices import Notice
from storage.files import Belongs
from storage.outbox_rows import Message
from storage.parts import MessagePart
from storage.unit_of_work import UnitOfWork
from tests.support import edge
from tests.support.wecom.endpoints import Answer
from tests.support.wecom.faults import every
from tests.support.wecom_office import Office

SALES = "程小满"


def queue(office: Office, key: str, notice: Notice, to: str = "", **more: Any) -> None:
    """Queue a notice to 程小满, or to an address."""
    address = to or f"person:{office.desk.person_id(SALES)}"
    message = Message(key=key, platform="wecom", address=address, topic=more.pop("topic", "step"),
                      payload=notice.payload(), **more)  # fmt: skip
    office.desk.do(lambda uow: uow.outbox.add(message))


def note(title: str, *lines: str, **more: Any) -> Notice:
    """A notice in so many words."""
    return Notice("step", people(title), tuple(map(people, lines)), **more)


TAPS = (Button("details", people("详情"), "TS-2026-0082"), Button("mine", people("我的事项")))


def states(office: Office) -> dict[str, int]:
    """How many messages stand where."""
    return office.desk.do(lambda uow: uow.outbox.counts())


def test_a_lost_answer_is_sent_again_to_the_byte(office: Office) -> None:
    """
    Whether the request or the answer was lost: the same bytes go again, and the person sees them once.
    """
    stand = office.stand
    for plan in (stand.lose_reply, stand.drop, stand.html, stand.http_error):
        plan("message/send")
    queue(office, "k1", note("还剩 3 小时", "第一行", buttons=TAPS))
    office.deliver()
    office.later(minutes=3)
    sent = stand.called("message/send")
    seen = [each.text for each in office.phone(SALES).messages]
    assert len(seen) == 2
    assert sent[0] == sent[1]
    assert all(each["enable_duplicate_check"] == 1 for each in sent)
    assert states(office) == {"sent": 1}


def test_what_may_have_been_taken_is_never_said_in_other_words(office: Office) -> None:
    """
    After a lost answer WeCom refuses for a while: what goes then are the first bytes still, though today is yesterday
    meanwhile, and the person sees them once.
    """
    stand = office.stand
    office.desk.clock.set(at(11, 20, 23, 59))
    stand.lose_reply("message/send")
    stand.fail("message/send", 45009)
    late = Notice("step", said("{at}", at=office.desk.clock()))
    queue(office, "k1", late)
    office.deliver(timedelta(minutes=5))
    sent = stand.called("message/send")
    assert len(sent) == 3
    assert "今天" in sent[0]["text"]["content"]
    assert all(each == sent[0] for each in sent)
    assert len(office.phone(SALES).messages) == 1
    assert states(office) == {"sent": 1}


def test_a_tap_that_comes_twice_is_one(office: Office) -> None:
    """
    A tap that WeCom tells twice changes the card once and is answered once.
    """
    phone = office.phone(SALES)
    phone.menu("start:complaint")
    phone.tap(phone.card, choose="瀚途")
    before = len(phone.messages)
    assert phone.phone.again().taken
    office.deliver()
    assert len(phone.messages) == before
    assert office.stand.count("message/update_template_card") == 1
    assert phone.phone.cards()[0].greyed == "已处理"


def test_a_lost_answer_of_a_card_is_sent_again(office: Office) -> None:
    """
    A card whose answer was lost is not shown twice, and its text not again.
    """
    office.stand.lose_reply("message/send", only=lambda call: call.args["msgtype"] == "template_card")
    queue(office, "k1", note("一", buttons=TAPS))
    office.deliver()
    office.later(minutes=3)
    assert [each.kind for each in office.phone(SALES).messages] == ["text", "template_card"]
    assert states(office) == {"sent": 1}
    office.stand.forgive()


def test_after_four_hours_a_person_decides(office: Office) -> None:
    """
    An answer that was lost so long ago is not asked for again: it might be shown twice.
    """
    office.stand.lose_reply("message/send")
    queue(office, "k1", note("一"))
    deliver_due(office.posts[0])
    office.desk.clock.forward(timedelta(hours=5))
    office.deliver()
    assert states(office) == {"dead": 1}
    assert len(office.phone(SALES).messages) == 1


def test_the_same_words_are_shown_each_time(office: Office) -> None:
    """
    WeCom shows the same message once in four hours; whoever asks twice is answered twice all the same.
    """
    phone = office.phone(SALES)
    for _ in range(3):
        phone.say("帮助")
    assert len([each for each in phone.messages if not each.is_card]) == 3
    for number in range(2):
        queue(office, f"p{number}", note("图", picture=kept(office)))
    office.deliver()
    assert len([each for each in phone.messages if each.kind == "image"]) == 2


def kept(office: Office, content: bytes = b"") -> str:
    """A picture that is kept; its hash."""
    person = office.desk.person_id(SALES)

    def keep(uow: UnitOfWork) -> str:
        to = Belongs(person_id=person)
        return str(uow.files.put(content or photo(1), name="图.png", mime="image/png", to=to).sha256)

    return office.desk.do(keep)


def test_nothing_is_dropped_silently(office: Office) -> None:
    """
    36 notices to one person, each a text and a card, and 22 to a group: all arrive, none is dropped, and no minute
    and no hour has more than WeCom takes.
    """
    for number in range(36):
        queue(office, f"k{number}", note(f"第 {number} 条", buttons=TAPS), priority=0)
    for number in range(22):
        queue(office, f"g{number}", note(f"第 {number} 条"), to="channel:PB", priority=0)
    office.deliver(timedelta(hours=1))
    assert states(office) == {"sent": 58}
    assert office.stand.dropped == []
    assert len(office.phone(SALES).messages) == 72
    assert len(office.group("PB")) == 22
    assert office.stand.refused == []


def test_who_is_not_there_is_heard_for(office: Office) -> None:
    """
    An id that WeCom does not know, or names in an answer that says errcode 0: the deputy hears, and for whom it was.
    """
    gone = office.stand.world.members.pop("shenzhiheng")
    lead = f"person:{office.desk.person_id('沈知衡')}"
    queue(office, "k1", note("请接收"), to=lead)
    office.deliver()
    deputy = office.desk.do(lambda uow: uow.organisation.deputy("PB"))
    assert deputy is not None
    assert "沈知衡" in office.phone(deputy.name).messages[-1].text
    office.stand.world.members["shenzhiheng"] = gone
    said_so = Answer.of({"errcode": 0, "errmsg": "ok", "unlicenseduser": "shenzhiheng", "msgid": "m"})
    office.stand._plan("message/send", lambda _go: said_so, 1, every)
    queue(office, "k2", note("再次提醒"), to=lead)
    office.deliver()
    assert "再次提醒" in office.phone(deputy.name).messages[-1].text
    assert states(office) == {"dead": 2, "sent": 2}


def test_an_app_that_is_refused_waits(office: Office) -> None:
    """
    A server whose address is not trusted sends nothing and loses nothing: it waits, says so once, and goes on.
    """
    office.stand.world.trusted_ips = frozenset()
    queue(office, "k1", note("一"))
    queue(office, "k2", note("二"))
    with edge.captured() as log:
        office.deliver()
    assert log.getvalue().count("60020") <= 2
    gateway = office.posts[0].gateway
    assert "60020" in gateway.fault
    assert office.stand.count("message/send") == 1
    office.stand.world.trusted_ips = None
    office.later(minutes=11)
    assert (gateway.fault, states(office)) == ("", {"sent": 2})


def test_what_is_refused_is_said_more_plainly(office: Office) -> None:
    """
    Where the app may have no cards, or a card is refused, its text is there, and nothing is dead.
    """
    office.stand.app.callback = False
    queue(office, "k1", note("一", buttons=TAPS))
    office.deliver()
    assert [each.kind for each in office.phone(SALES).messages] == ["text"]
    assert states(office) == {"sent": 1}
    office.stand.forgive()
    office.stand.fail("webhook/send", 40058)
    queue(office, "k2", note("已超期"), to="channel:PB", level="L1", topic="level")
    office.deliver()
    assert [each.kind for each in office.group("PB")] == ["text"]


def test_pictures_are_put_up_once_in_three_days(office: Office) -> None:
    """
    A picture goes up once for all, anew after three days or when its id is gone; a robot gets it whole. What it shows
    stands in the text.
    """
    sha, stand = kept(office), office.stand
    chart = note("月度汇总", picture=sha, alt=people("11 月 3 件"))
    for number, name in enumerate((SALES, "沈知衡", "梁可欣")):
        queue(office, f"k{number}", chart, to=f"person:{office.desk.person_id(name)}")
    queue(office, "g", chart, to="channel:PB")
    office.deliver()
    assert stand.count("media/upload") == 1
    seen = office.phone("沈知衡").messages
    assert ([each.kind for each in seen], seen[1].picture) == (["text", "image"], photo(1))
    assert "11 月 3 件" in seen[0].text
    assert office.group("PB")[-1].picture == photo(1)
    stand.world.media.clear()
    queue(office, "again", chart, to=f"person:{office.desk.person_id('俞立群') or office.desk.person_id('石松涛')}")
    office.deliver()
    assert stand.count("media/upload") == 2
    office.later(hours=70)
    queue(office, "late", chart, to=f"person:{office.desk.person_id('沈知衡')}")
    office.later(minutes=1)
    assert stand.count("media/upload") == 3
    assert states(office).get("dead", 0) == 0


def test_a_department_has_a_chat_of_the_app_or_a_robot(office: Office) -> None:
    """
    A group chat of the app's gets escalations with the lead called by name, and no card; where the chat is gone the
    lead hears.
    """
    transport = office.posts[0].gateway._transport  # type: ignore[attr-defined]
    chat = transport.call("appchat/create", {"name": "品保部", "userlist": ["ShenZhiheng", "LiangKexin"]})["chatid"]
    office.desk.do(lambda uow: moved(uow, str(chat)))
    lead = f"person:{office.desk.person_id('沈知衡')}"
    late = note("已超期 3 小时", "孔位偏移", buttons=TAPS, mentions=(lead,))
    queue(office, "k1", late, to="channel:PB", level="L1", topic="level")
    queue(office, "k2", note("*星* _号_ <@all>", "正文", mentions=(lead,)), to="channel:PB", level="L1", topic="level")
    office.deliver()
    first, second = office.stand.chat(str(chat))
    assert first.kind == "markdown"
    assert first.body["content"].endswith("<@ShenZhiheng>")
    assert (second.kind, second.mentioned) == ("text", ("ShenZhiheng",))
    assert "*星* _号_" in second.text
    office.stand.world.chats.clear()
    queue(office, "k3", late, to="channel:PB", level="L1", topic="level")
    office.deliver()
    assert "已超期 3 小时" in "".join(each.text for each in office.phone("沈知衡").messages)


def moved(uow: UnitOfWork, chat: str) -> None:
    """Quality has a group chat of the app's."""
    department = uow.organisation.department("PB")
    assert department is not None
    department.channels = {**department.channels, "wecom": chat}


@pytest.mark.parametrize("sign", ["a", "长", "👨‍👩‍👧‍👦", "e\u0301", "🇨🇳"])
def test_a_long_text_comes_in_pieces_of_whole_signs(office: Office, sign: str) -> None:
    """
    A text of more than 2,048 bytes comes in several pieces, none cut by WeCom and no sign broken.
    """
    long = sign * (5000 // len(sign.encode()))
    queue(office, "k1", note("长文", long))
    office.deliver()
    seen = [each.text for each in office.phone(SALES).messages]
    assert "".join(seen).replace("\n", "") == f"长文{long}"
    assert all(texts.size(each) <= 2048 for each in seen)
    assert len(seen) in (3, 4)


def test_an_old_card_is_understood(office: Office) -> None:
    """
    After a restart and three days a tap on a card does what its button said; a card that nobody knows is out of date.
    """
    phone = office.phone(SALES)
    long = "很长的主题" * 150
    button = Button("start:complaint", people("报投诉"), long)
    queue(office, "k1", note("请选", buttons=(button,)))
    office.deliver()
    office.restart()
    office.later(hours=75)
    phone = office.phone(SALES)
    assert "第 1 题" in phone.tap(phone.card)
    office.desk.do(lambda uow: uow.session.execute(delete(MessagePart)))
    assert "过期" in phone.tap(phone.phone.cards()[-1], choose="驰安")


def test_a_question_that_was_answered_is_asked_no_more(office: Office) -> None:
    """
    A tap on the card of an earlier question says that it is answered, changes nothing, and asks what is open; a number
    counts among the options that are shown, and is an answer where a number is asked.
    """
    phone = office.phone(SALES)
    phone.menu("start:complaint")
    first = phone.card
    phone.tap(first, choose="瀚途")
    phone.say("前下控制臂")
    answer = phone.tap(first, choose="驰安", stale=True)
    assert "过期" in answer
    assert "第 3 题" in answer
    phone.say("1", "4", "跳过", "孔位偏移,装不上", "12", "刚刚")
    shown = "".join(each.text for each in phone.messages[-2:])
    assert "顾客:瀚途" in shown
    assert "问题类别:产品质量" in shown
    assert "涉及数量:12" in shown


def test_files_are_fetched_and_what_is_lost_is_asked_for(office: Office) -> None:
    """
    A photo is fetched at once; one that WeCom does not give any more is asked for again, one that is no photo is told.
    """
    phone = office.phone(SALES)
    phone.photos(photo(1))
    with office.stand.lock:
        office.stand.world.media.clear()
    phone.phone._message("image", PicUrl="x", MediaId="gone")
    office.later(minutes=5)
    assert "重新发送" in "".join(each.text for each in phone.messages)
    number = office.stand.world.keep("file", "x.exe", b"MZ" + bytes(100))
    phone.phone._message("file", MediaId=number, FileName="合同.exe")
    office.later(minutes=1)
    assert "exe 不是照片" in "".join(each.text for each in phone.messages)
    person = office.desk.person_id(SALES)
    files = office.desk.do(lambda uow: uow.files.loose_of(person, uow.now - timedelta(hours=1)))
    assert [bool(each.sha256) for each in files] == [True]
