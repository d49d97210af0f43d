"""Half-finished forms (U-24): they survive restarts and other surfaces, are offered again, and end after seven days."""

from pathlib import Path

from bot.console import Console
from handlers import drafts, switchboard
from handlers.events import Answered, Sender, Wrote
from storage.drafts import DraftRow
from tests.support.desk import CASE, Desk, at

HALF = ("报投诉", "驰安", "球头总成", "交付")


def draft(desk: Desk) -> DraftRow:
    """The draft of 程小满."""
    person = desk.person_id("程小满")
    return desk.do(lambda uow: uow.drafts.of(person)[0])


def test_a_draft_survives_a_restart(desk: Desk, url: str, tmp_path: Path) -> None:
    """
    The bot is stopped in the middle of a form and goes on with the next question afterwards.
    """
    desk.say("程小满", *HALF)
    desk.leave()
    again = Desk.open(url, tmp_path)
    last = again.say("程小满", "仅通知", "跳过", "少送两箱,门店断货", "1只", "刚刚", "销售自行处理")
    again.leave()

    assert CASE in last


def test_a_draft_goes_on_from_another_surface(desk: Desk) -> None:
    """
    Begun on the console, finished on Slack: the same person, the same draft, and each answer knows where it came from.
    """
    desk.do(lambda uow: setattr(uow.organisation.person_by_name("程小满"), "slack_id", "U07"))
    desk.say("程小满", *HALF)
    sender = Sender("slack", "U07")
    for index, line in enumerate(("仅通知", "跳过", "少送两箱,门店断货", "1只", "刚刚")):
        switchboard.receive(desk.database, desk.company, Wrote(f"slack/{index}", sender, line))
    row = draft(desk)
    reply = switchboard.receive(
        desk.database, desk.company, Answered("slack/view", sender, row.id, {"handling": "self", "quantity": "12"})
    )

    assert CASE in str(reply.lines)
    assert [kept["surface"] for kept in row.answers] == ["console"] * 3 + ["slack"] * 5
    assert desk.answers()["quantity"] == 12


def test_a_form_submitted_at_once_keeps_the_good_answers(desk: Desk) -> None:
    """
    All questions at once, as in a window: each fault stands beside its question, the rest is kept.
    """
    desk.say("程小满", "报投诉")
    row = draft(desk)
    given = {"customer": "K07", "product": "LG-1040", "description": "坏", "quantity": "很多"}
    reply = switchboard.receive(
        desk.database, desk.company, Answered("view/1", Sender("console", "程小满"), row.id, given)
    )

    assert set(reply.faults) == {"description", "quantity"}
    assert "第 3 题" in desk.say("程小满", "继续")


def test_a_draft_is_offered_before_a_new_one_is_begun(desk: Desk) -> None:
    """
    报投诉 again: go on or start afresh, and the person sees which draft it is.
    """
    desk.say("程小满", *HALF)
    desk.later(hours=2)
    other = Console(desk.database, desk.company, "程小满")
    offered = other.tap("start:complaint")
    resumed = other.tap("resume")
    afresh = other.tap("restart:complaint")

    assert "您有一份未提交的投诉(驰安" in offered
    assert "客户那边影响到什么程度" in resumed
    assert "哪家客户?" in afresh


def test_a_form_about_a_case_waits_while_another_is_filled(desk: Desk) -> None:
    """
    Only one form takes what is typed; the other one is listed and goes on where it was.
    """
    desk.report()
    desk.say("程小满", "登记沟通 82", "汪店长")
    desk.console("程小满").tap("start:complaint")
    desk.say("程小满", "取消")
    listed = desk.say("程小满", "草稿")
    resumed = desk.say("程小满", "继续")

    assert "登记沟通" in listed
    assert "沟通结果如何" in resumed


def test_a_draft_ends_after_seven_days_with_a_warning(desk: Desk) -> None:
    """
    The owner is warned once, a day before, in words; then the draft is gone and nothing was filed.
    """
    desk.say("程小满", *HALF)
    for day in range(21, 28):
        desk.until(at(11, day, 16))
        drafts.tick(desk.database, desk.company)
    desk.deliver()
    desk.until(at(11, 27, 17))
    drafts.tick(desk.database, desk.company)
    desk.deliver()

    warned = desk.heard("程小满", "草稿")
    assert [(heard.at.day, "继续" in heard.text) for heard in warned] == [(27, True)]
    assert desk.say("程小满", "草稿") == "您没有草稿。"
    assert desk.do(lambda uow: uow.cases.find(CASE)) is None


def test_an_answer_of_a_hidden_question_is_kept_but_not_filed(desk: Desk) -> None:
    """
    What no longer applies after a correction is not filed; the newest answer wins.
    """
    desk.transmit(handling="销售自行处理")
    desk.say("程小满", "上一步", "上一步")
    desk.say("程小满", "11-20 15:00", "销售自行处理", "修改 处理方式", "提交并转品保")

    assert desk.step() == "handed_over"
    assert "handling_reason" not in desk.answers()
