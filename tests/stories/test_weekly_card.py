"""What was solved on the spot: quality is asked for the causes once a week, with one card (requirements 2.0-3)."""

from datetime import datetime

from tests.support.desk import Desk, at

CARD = "当场已解决,待登记原因"
CHANNEL, LEAD = "channel:PB", "沈知衡"


def solved(desk: Desk, what: str = "少送两箱,门店断货") -> None:
    """Sales solves something on the spot and reports it."""
    desk.report(description=what, handling="当场已解决")
    desk.say("程小满", "当场补发", "汪店长")


def test_quality_is_not_called_one_by_one(desk: Desk) -> None:
    """
    A complaint solved on the spot tells neither quality's channel nor its lead when it is filed.
    """
    solved(desk)
    desk.later(minutes=5)

    assert desk.heard(CHANNEL) == []
    assert desk.heard(LEAD) == []
    assert "原因分析中" in desk.say("程小满", "查 82")


def test_one_card_on_the_first_working_day(desk: Desk) -> None:
    """
    Monday 08:30, not before: one card to the channel and the lead with every case, however often the clock ticks.
    """
    solved(desk)
    solved(desk, "门店价签贴错")
    desk.until(at(11, 20, 17))
    desk.until(at(11, 23, 8, 29))
    assert desk.heard(CHANNEL, CARD) == []
    desk.until(at(11, 23, 8, 30))
    desk.until(at(11, 23, 8, 31))
    desk.until(at(11, 24, 8, 30))

    for address in (CHANNEL, LEAD):
        (card,) = desk.heard(address, CARD)
        assert card.at == at(11, 23, 8, 30)
        assert "待登记原因:2 件" in card.text
        assert "TS-2026-0082 驰安 · 少送两箱,门店断货" in card.text
        assert "登记原因 83" in card.text


def test_each_case_is_answered_from_the_card(desk: Desk) -> None:
    """
    The button of a case asks for its cause; what was answered is not on the next week's card, what was not is.
    """
    solved(desk)
    solved(desk, "门店价签贴错")
    desk.until(at(11, 23, 8, 30))
    desk.tap("梁可欣", "analyse", "TS-2026-0082")
    desk.say("梁可欣", "拣货单漏打印第二页", "跳过", "总调度室", "不需要", "已改模板")
    desk.until(at(11, 30, 8, 30))

    card = desk.heard(CHANNEL, CARD)[-1]
    assert card.at == at(11, 30, 8, 30)
    assert "TS-2026-0083" in card.text
    assert "TS-2026-0082" not in card.text


def test_what_is_filed_after_the_card_waits_for_the_next(desk: Desk) -> None:
    """
    A week without such cases sends nothing, and one filed on Monday noon is asked for a week later.
    """
    desk.until(at(11, 23, 8, 30))
    desk.until(at(11, 23, 12))
    solved(desk)
    desk.until(at(11, 24, 9))
    assert desk.heard(CHANNEL, CARD) == []
    desk.until(at(11, 30, 8, 30))

    assert len(desk.heard(CHANNEL, CARD)) == 1


def test_a_card_owed_is_sent_once_after_a_silence(desk: Desk) -> None:
    """
    A bot that was down on Monday sends the week's card when it is back, once.
    """
    solved(desk)
    desk.clock.set(at(11, 25, 14))
    desk.tick()
    desk.until(at(11, 26, 8, 30))

    assert [card.at for card in desk.heard(CHANNEL, CARD)] == [at(11, 25, 14)]


def test_the_week_begins_when_work_does(desk: Desk) -> None:
    """
    In the week after New Year's holiday the first working day is Monday the 4th, not the Friday off before it.
    """
    desk.until(at(12, 30, 10))
    solved(desk)
    desk.until(at(12, 31, 18))
    assert desk.heard(CHANNEL, CARD) == []
    desk.until(datetime(2027, 1, 4, 8, 30, tzinfo=desk.company.zone))

    assert len(desk.heard(CHANNEL, CARD)) == 1
