"""Where is it? (U21): one word finds a case, as far as the asker may see it."""

import pytest

from storage.customers import Contact
from storage.unit_of_work import UnitOfWork
from tests.support.desk import CASE, Desk, at

SECOND, THIRD = "TS-2026-0083", "TS-2026-0084"


@pytest.fixture
def office(desk: Desk) -> Desk:
    """Three complaints of three customers, the first received a day before the others; and a phone."""
    desk.report()
    desk.clock.set(at(11, 21, 9))
    desk.transmit(description="孔位偏移,装不上")
    desk.transmit("罗一帆", customer="拓岭", product="转向节", description="表面生锈,开箱可见", handling="提交并转品保")
    desk.do(lambda uow: uow.customers.add(Contact(customer="K07", name="汪经理", phone="138-0000-0071")))
    return desk


ASKED = (
    "82", "0082", "ts82", "TS-2026-0082", "驰安", "查 驰安", "查驰安", "驰安到哪了", "驰安汽配", "汽配", "ca", "chian",
    "c ca", "汪经理", "0071", "00000071", "门店断货", "断货", "少送两箱", "驰安 断货", "驰安断货", "球头", "昨天 少送",
    "昨天那个断货的", "K07", "jf01",
)  # fmt: skip


def test_one_word_finds_it(office: Desk) -> None:
    """
    Number, name, half a name, pinyin, contact, phone, words of the matter: the case is there, in full.
    """
    office.do(_code)

    for asked in ASKED:
        assert office.say("程小满", asked).startswith(f"{CASE} 驰安"), asked


def _code(uow: UnitOfWork) -> None:
    case = uow.cases.find(CASE)
    assert case is not None
    case.defect = "JF01"


def test_several_are_a_short_list_to_tap(office: Desk) -> None:
    """
    What fits several cases lists them, open ones and the newest first, each with its button.
    """
    office.report(description="又少送一箱球头")
    answer = office.say("程小满", "驰安")
    buttons = [(each.action, each.subject) for each in office.console("程小满").reply.buttons]

    assert "“驰安”可能是以下事项" in answer
    assert buttons == [("details", "TS-2026-0085"), ("details", CASE)]
    assert office.tap("程小满", *buttons[1]).startswith(f"{CASE} 驰安")


def test_only_what_one_may_see_is_found(office: Desk) -> None:
    """
    A sales rep finds the own customers' cases alone, quality finds all, and nobody learns that there is more.
    """
    hidden = office.say("罗一帆", "瀚途")
    unknown = office.say("罗一帆", "没有这家")

    assert office.say("罗一帆", "拓岭").startswith(f"{THIRD} 拓岭")
    assert office.say("梁可欣", "生锈").startswith(f"{THIRD} 拓岭")
    assert office.say("梁可欣", "瀚途").startswith(f"{SECOND} 瀚途")
    assert SECOND not in hidden + office.say("罗一帆", "孔位偏移") + office.say("罗一帆", "83")
    assert "没有您可查看的事项" in hidden
    assert "没听懂“没有这家”" in unknown


def test_nothing_found_says_what_to_try(office: Desk) -> None:
    """
    A search without a find names the ways there are.
    """
    answer = office.say("程小满", "查 没有这家")

    assert "没有您可查看的事项“没有这家”" in answer
    assert "拼音首字母" in answer
    assert "电话后四位" in answer


def test_asking_what_to_look_for(office: Desk) -> None:
    """
    查 alone says what can be typed, and what waits for the person.
    """
    answer = office.say("程小满", "查")

    assert "拼音首字母" in answer
    assert CASE in answer


def test_a_case_can_be_named_by_its_customer_in_any_word(office: Desk) -> None:
    """
    为什么 and the actions take a customer as well as a number; an action then asks whether it is that one.
    """
    asked = office.say("程小满", "已发送 驰安")
    buttons = office.console("程小满").reply.buttons

    assert "48 小时" in office.say("程小满", "为什么 驰安")
    assert "哪" in asked
    assert [(each.action, each.subject) for each in buttons] == [("sent", CASE)]
    assert office.done() == ["file"]


def test_a_name_and_a_word_that_look_alike_are_asked_about(office: Desk) -> None:
    """
    Letters that are the initials of a customer and of a word of ours mean neither before it was asked.
    """
    office.do(_rename)
    asked = office.say("程小满", "bzd")
    actions = {each.action for each in office.console("程小满").reply.buttons}

    assert "没听懂“bzd”" in asked
    assert {"skip", "find"} <= actions


def _rename(uow: UnitOfWork) -> None:
    customer = uow.customers.get("K07")
    assert customer is not None
    customer.short = "宝泽达"


HOSTILE = ("%", "_", "' OR 1=1 --", "\u202e\u200f", "驰安" * 400, "@all", "0" * 30, "\x00", "🙂", "a" * 2000)


def test_no_text_breaks_the_search(office: Desk) -> None:
    """
    Wildcards, quotes, direction marks and very long texts are text.
    """
    for hostile in HOSTILE:
        for line in (hostile, f"查 {hostile}", f"为什么 {hostile}", f"接收 {hostile}"):
            assert office.say("程小满", line), line
