"""CAPA 失效: a problem comes back whose corrective action was found effective."""

from tests.support.actions import ACTION, ENGINEER, LEAD, effective_action, simple
from tests.support.desk import CASE, ZONE, Desk, at

AGAIN = "TS-2026-0083"


def back(desk: Desk, defect: str = "CC02") -> None:
    """The same customer complains of the same product again, two days later."""
    desk.later(days=2)
    desk.transmit()
    desk.say(ENGINEER, f"接收 {AGAIN}", "一般", "装配线(0公里)", defect)
    desk.tick()


def through_to_analysis(desk: Desk) -> None:
    """The second complaint up to its closing."""
    desk.say(ENGINEER, f"提措施 {AGAIN}", "换货", f"登记沟通 {AGAIN}", "卢工", "已说明")
    desk.say(ENGINEER, f"满意 {AGAIN}", "卢工", "跳过", f"已实施 {AGAIN}", "已换", "跳过")
    desk.say(ENGINEER, f"登记原因 {AGAIN}", "定位销再次磨损", "跳过", "生产部", "不需要(说明理由)", "沿用原措施")


def close(desk: Desk) -> str:
    """Close the second complaint; the answer to the first line."""
    return desk.say(ENGINEER, f"关闭 {AGAIN}")


def test_quality_hears_that_the_action_may_have_failed(desk: Desk) -> None:
    """
    With the defect known, the lead and the channel are told: which complaint, which action, which cause.
    """
    effective_action(desk)
    back(desk)

    [told] = desk.heard(LEAD, "CAPA 失效|")
    assert f"{CASE} 的问题再次发生,{ACTION} 曾验证有效" in told.text
    assert "当时的原因:定位销磨损" in told.text
    assert "[CAPA 失效] [不是同一问题]" in told.text
    assert desk.heard("channel:PB", "CAPA 失效|")
    assert f"曾由 {ACTION} 纠正" in desk.say(ENGINEER, AGAIN)
    assert desk.done(ACTION)[-1] == "returned"


def test_it_cannot_be_closed_before_quality_has_said_what_it_means(desk: Desk) -> None:
    """
    The new complaint waits with its closing; when the action has failed, it is planned again in its next round.
    """
    effective_action(desk)
    back(desk)
    through_to_analysis(desk)
    refused = close(desk)
    desk.tap(ENGINEER, "capa_failed", AGAIN)
    desk.tick()

    assert f"{ACTION} 是否失效" in refused
    assert desk.step(ACTION) == "planning"
    assert desk.time("KA1", ACTION).round == 2
    assert "是否失效" not in close(desk)
    assert desk.heard("方大勇", f"{ACTION} 瀚途:待定计划")


def test_another_problem_leaves_the_action_closed(desk: Desk) -> None:
    """
    Quality says why it is another problem: the action stays as it was, and the complaint may be closed.
    """
    effective_action(desk)
    back(desk)
    through_to_analysis(desk)
    desk.tap(ENGINEER, "capa_holds", AGAIN)
    desk.say(ENGINEER, "孔位合格,是螺栓错料")

    assert desk.step(ACTION) == "closed"
    assert "是否失效" not in close(desk)


def test_taking_it_back_closes_the_action_again(desk: Desk) -> None:
    """
    撤回 within five minutes undoes both: the complaint waits for its answer again, and the action is closed.
    """
    effective_action(desk)
    back(desk)
    desk.tap(ENGINEER, "capa_failed", AGAIN)
    assert desk.step(ACTION) == "planning"
    desk.say(ENGINEER, "撤回")

    assert desk.step(ACTION) == "closed"
    desk.tap(ENGINEER, "capa_failed", AGAIN)
    assert desk.step(ACTION) == "planning"


def test_another_defect_and_an_action_without_effect_raise_nothing(desk: Desk) -> None:
    """
    Another defect is another problem; an action that is not found effective yet cannot have failed.
    """
    simple(desk)
    back(desk)
    assert not desk.heard(LEAD, "CAPA 失效|")
    assert "没有验证有效的纠正措施" in desk.tap(ENGINEER, "capa_failed", AGAIN)


def test_only_the_newest_verdict_counts(desk: Desk) -> None:
    """
    Found effective, then failed: the same problem once more does not ask again while it is being worked on.
    """
    effective_action(desk)
    desk.say(ENGINEER, f"措施失效 {ACTION}", "客户处再现")
    back(desk)

    assert desk.step(ACTION) == "planning"
    assert not desk.heard(LEAD, "CAPA 失效|")


def test_it_is_raised_at_the_filing_where_the_words_are_the_same(desk: Desk) -> None:
    """
    Before anybody has set the defect, the same words about the same product of the same customer are enough.
    """
    effective_action(desk)
    desk.later(days=2)
    desk.transmit()
    desk.tick()

    assert desk.heard(LEAD, "CAPA 失效|")


def test_the_month_counts_open_overdue_effective_and_failed_actions(desk: Desk) -> None:
    """
    The figures of the month name what is open and overdue, and what was found effective or not; so does its text.
    """
    from reports import monthly
    from reports.correctives import Acted
    from reports.summary_text import month_body
    from reports.voice import Voice

    effective_action(desk)
    back(desk)
    desk.tap(ENGINEER, "capa_failed", AGAIN)
    desk.until(at(12, 1, 8))
    with desk.database.reading() as session:
        figures = monthly.monthly_figures(session, "2026-11", cut_off=desk.clock(), zone=ZONE)

    assert figures.actions == Acted(open=1, overdue=1, effective=1, ineffective=1)
    text = month_body(figures, Voice(desk.company.words, "zh", desk.clock()))
    assert "纠正措施:未关闭 1 项,其中超期 1 项;本月验证有效 1 项,无效 1 项" in text
