"""The App Home on the phones of the sample company: looked at, tapped, and drawn anew after what touches its owner."""

from typing import Any

from tests.support.bulk import copy_case
from tests.support.desk import CASE
from tests.support.hostile import LONG, PAYLOADS
from tests.support.slack.phone import Phone
from tests.support.slack.pings import pings_and_links
from tests.support.slack.reading import text_of
from tests.support.workplace import Workplace

Json = dict[str, Any]


REPORTED = {
    "顾客": "瀚途", "产品": "暂不清楚", "问题类别": "产品质量", "客户影响": "换货", "问题说明": "孔位偏移,装不上",
    "接到时间": "刚刚",
}  # fmt: skip


def home(phone: Phone) -> Json:
    """What stands in somebody's home; there must be one."""
    found = phone.home()
    assert found is not None, f"no home was published for {phone.name}"
    return found


def opened(work: Workplace, name: str) -> Phone:
    """Somebody looks at their home."""
    phone = work.phone(name)
    assert phone.open_home().status_code == 200
    return phone


def test_a_home_shows_what_waits_and_begins_things(work: Workplace) -> None:
    """
    What is most urgent with its time left; a tap on its button goes on with it, a form opens from the others.
    """
    work.desk.report()
    phone = opened(work, "程小满")

    assert f"{CASE} 驰安 · 少送两箱,门店断货" in text_of(home(phone))
    assert "还剩 48 小时" in text_of(home(phone))
    phone.press(home(phone), "提出措施")
    assert "补救措施" in text_of(phone.form.view) or "措施" in text_of(phone.form.view)
    phone.form.close()
    phone.press(home(phone), "报投诉")
    assert phone.form.view["callback_id"] == "form"
    phone.form.close()
    phone.press(home(phone), "登记请假")
    assert "请假" in text_of(phone.form.view)


def test_settings_are_changed_where_they_stand(work: Workplace) -> None:
    """
    Language, muting and quiet hours change at one tap, the home shows it at once, and no window opens for it.
    """
    phone = opened(work, "程小满")
    phone.press(home(phone), "language", "English")
    assert "Settings" in text_of(home(phone))
    phone.press(home(phone), "quiet_from", "22:00")
    phone.press(home(phone), "set:silence:step")

    assert "Notices: steps of my cases (muted)" in text_of(home(phone))
    assert "Quiet from 22:00 to 08:00" in text_of(home(phone))
    assert phone.modal is None


def test_pages_are_turned(work: Workplace) -> None:
    """
    Ten at a time, forth and back; another list is chosen from a menu, whose id changes so that phones forget theirs.
    """
    work.desk.report()
    work.desk.look(CASE, lambda uow, case: copy_case(uow, case, 11))
    phone = opened(work, "程小满")
    first = home(phone)
    phone.press(first, "下一页")
    second = home(phone)
    phone.press(second, "上一页")
    phone.press(home(phone), "list", "我报的（12）")

    assert "第 1–10 件，共 12 件" in text_of(first)
    assert "第 11–12 件，共 12 件" in text_of(second)
    assert [block["block_id"] for block in (first, home(phone)) for block in block["blocks"]
            if str(block.get("block_id")).startswith("list:")] == ["list:urgent:12", "list:reported:12"]  # fmt: skip


def test_drafts_are_gone_on_with_from_there(work: Workplace) -> None:
    """
    What was begun stands in the home: one button opens it as it was left, the other drops it.
    """
    phone = opened(work, "程小满")
    phone.command("/guke", "投诉")
    phone.form.close()
    work.deliver()
    phone.press(home(phone), "继续上次")
    assert phone.form.view["callback_id"] == "form"
    phone.form.close()
    phone.press(home(phone), "放弃")

    assert "草稿" not in text_of(home(phone))


def test_a_change_is_drawn_once_for_those_it_touches(work: Workplace) -> None:
    """
    Two changes within two seconds draw a home once; who never looked at theirs has none drawn.
    """
    opened(work, "梁可欣")
    before = work.stand.world.count("views.publish")
    seller = work.phone("程小满")
    for _ in range(2):
        seller.command("/guke", "投诉")
        form = seller.form
        for label, value in REPORTED.items():
            form.fill(label, value)
        form.submit()
        assert form.errors == {}
    work.deliver()

    assert work.stand.world.count("views.publish") == before + 1
    assert "瀚途" in text_of(home(work.phone("梁可欣")))
    assert work.phone("沈知衡").home() is None


def test_a_refusal_of_slack_is_no_fault_of_ours(work: Workplace) -> None:
    """
    A home that could not be published is published at the next look; an answer that was lost is tried again.
    """
    work.stand.gate.fail("views.publish", "internal_error")
    phone = opened(work, "程小满")
    assert phone.home() is None
    phone.open_home()
    work.stand.gate.lose_reply("views.publish")
    work.desk.report()
    phone.command("/guke", "投诉")
    work.deliver()

    assert CASE in text_of(home(phone))
    assert work.desk.do(lambda uow: uow.outbox.counts()).get("dead", 0) == 0


def test_who_is_not_known_is_told_whom_to_ask(work: Workplace) -> None:
    """
    Somebody whose e-mail address the company does not have sees one sentence.
    """
    work.desk.do(lambda uow: setattr(uow.organisation.person_by_name("程小满"), "email", "else@example.com"))
    phone = opened(work, "程小满")

    assert "管理员" in text_of(home(phone))
    assert len(home(phone)["blocks"]) == 1


def test_what_people_wrote_calls_nobody(work: Workplace) -> None:
    """
    Hostile and very long words of customers stay words in the home; three judges and our own rules find nothing.
    """
    for text in (*PAYLOADS[:6], LONG[:600]):
        work.desk.report(description=f"坏了 {text}"[:500])
    phone = opened(work, "程小满")

    assert pings_and_links(home(phone)) == []
    assert len(home(phone)["blocks"]) <= 60
