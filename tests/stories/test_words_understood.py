"""Words that people type (U8, domain A9): understood, asked about, never guessed, never a dead end."""

import pytest

from tests.support.desk import CASE, Desk

ROLES = ["程小满", "顾晓岚", "梁可欣", "沈知衡", "贺振山", "陆明舟", "白素云", "丁雨禾"]


@pytest.mark.parametrize("person", ROLES)
def test_help_fits_the_screen_and_the_role(desk: Desk, person: str) -> None:
    """
    At most twelve lines for everybody, the same for an empty line and a greeting.
    """
    shown = desk.say(person, "帮助")
    lines = [line for line in shown.splitlines() if not line.startswith(("a ", "e ", "i "))]

    assert len(desk.console(person).reply.lines) <= 12
    assert desk.say(person, "") == desk.say(person, "你好") == shown
    assert any("我的事项" in line for line in lines)
    assert ("接收 82" in shown) == (person in ("梁可欣", "沈知衡"))
    assert ("提措施 82" in shown) == (person in ("程小满", "顾晓岚", "丁雨禾"))
    assert ("报投诉" in shown) == (person not in ("贺振山", "陆明舟", "白素云"))


def test_a_slip_in_a_word_that_shows_something_is_done(desk: Desk) -> None:
    """
    What only shows something, or opens a form, is done at once.
    """
    desk.report()

    assert desk.say("程小满", "月抱") == desk.say("程小满", "月报")
    assert desk.say("程小满", "帮组") == desk.say("程小满", "帮助")
    assert desk.say("程小满", "为神么82") == desk.say("程小满", "为什么 82")
    assert "哪家客户" in desk.say("程小满", "头诉")


def test_an_action_is_asked_about_and_never_guessed(desk: Desk) -> None:
    """
    A slip in an action changes nothing: it is asked back, and the button does it on the same case.
    """
    desk.transmit()
    asked = desk.say("梁可欣", f"接首 {CASE}")
    step = desk.step()
    button = next(each for each in desk.console("梁可欣").reply.buttons if each.action == "accept")
    opened = desk.tap("梁可欣", button.action, button.subject)

    assert "没听懂" in asked
    assert "您是要" in asked
    assert step == "handed_over"
    assert "接收" in opened
    assert "问题等级" in opened or "严重" in opened


def test_an_action_without_a_form_waits_for_its_button(desk: Desk) -> None:
    """
    以发送 sounds like 已发送 and like nothing else: it is recorded when it was tapped, and not before.
    """
    desk.report()
    asked = desk.say("程小满", f"以发送 {CASE}", "以发送 82", "以发送")
    before = desk.done()
    desk.say("程小满", "以发送 82")
    button = desk.console("程小满").reply.buttons[0]
    desk.tap("程小满", button.action, button.subject)

    assert "没听懂“以发送”" in asked
    assert before == ["file"]
    assert desk.done() == ["file", "sent"]


def test_a_word_that_may_be_two_is_asked_about(desk: Desk) -> None:
    """
    接收 and 接受 sound the same and mean different things.
    """
    desk.transmit()
    asked = desk.say("梁可欣", "届受")
    actions = [each.action for each in desk.console("梁可欣").reply.buttons]

    assert "没听懂“届受”。您是要:" in asked
    assert {"accept", "satisfied"} <= set(actions)


def test_a_word_of_what_is_not_here_yet_is_answered(desk: Desk) -> None:
    """
    A word of the handbook to come is understood, and it is said that it has to wait.
    """
    assert "“顾客财产”暂时还不能在这里办理" in desk.say("程小满", "台帐")


def test_what_nobody_understands_is_no_dead_end(desk: Desk) -> None:
    """
    Nonsense is said back in one line, with what can be typed and tapped.
    """
    answer = desk.say("程小满", "xyzzy plugh \u202e<b>@all")

    assert answer.startswith("没听懂“xyzzy plugh <b>@all”")
    assert len(desk.console("程小满").reply.lines) <= 12
    assert {"start:complaint", "mine"} <= {each.action for each in desk.console("程小满").reply.buttons}


def test_a_word_inside_a_sentence_is_offered(desk: Desk) -> None:
    """
    A sentence around a word of ours is asked about, and nothing is done.
    """
    asked = desk.say("程小满", "明天我想请假一天行吗")

    assert "您是要:请假?" in asked
    assert "没有" in desk.say("程小满", "草稿")


def test_in_a_form_letters_are_answers_where_text_is_asked(desk: Desk) -> None:
    """
    Pinyin of the words that work everywhere counts where a choice is asked, never where a name or a text is.
    """
    at_customer = desk.say("程小满", "报投诉", "tg")
    desk.say("程小满", "驰安", "球头总成")
    back = desk.say("程小满", "syb")
    desk.say("程小满", "球头总成", "交付", "仅通知")
    skipped = desk.say("程小满", "tg")

    assert "没有找到“tg”" in at_customer
    assert "哪个产品" in back
    assert "一句话说清" in skipped


def test_who_is_on_duty(desk: Desk) -> None:
    """
    值班 names who is on duty today and in the next days.
    """
    assert "11月20日 值班:石松涛" in desk.say("程小满", "值班").replace("今天", "11月20日")
