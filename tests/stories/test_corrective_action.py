"""Corrective action from its complaint to its proof: planned, approved, carried out, verified, consolidated."""

from tests.support.actions import (
    ACTION,
    ENGINEER,
    HEAD,
    LEAD,
    PRODUCTION,
    VICE,
    approve,
    consolidate,
    d5,
    d6,
    disciplines,
    done,
    effective,
    eight_d,
    ineffective,
    plan,
    simple,
    states,
)
from tests.support.desk import CASE, Desk, at


def test_a_simple_action_from_its_complaint_to_its_end(desk: Desk) -> None:
    """
    The department plans, quality approves, it is done, somebody else finds it effective, and it is consolidated.
    """
    simple(desk)
    assert desk.step(ACTION) == "planning"
    plan(desk)
    approve(desk)
    assert desk.step(ACTION) == "executing"
    done(desk)
    assert desk.step(ACTION) == "verifying"
    effective(desk)
    assert desk.step(ACTION) == "effective"
    consolidate(desk)

    assert desk.step(ACTION) == "closed"
    assert desk.done(ACTION) == ["file", "plan", "approve", "done", "verify_ok", "consolidate"]
    assert states(desk) == [("approval", "approved"), ("verifying", "approved")]


def test_it_takes_over_what_the_complaint_knows(desk: Desk) -> None:
    """
    Cause, product, customer, defect and photos come along in the same transaction; the two cases are tied.
    """
    desk.photos("程小满", 2)
    desk.transmit(photos="好了")
    desk.accept()
    desk.say(ENGINEER, f"登记原因 {CASE}", "定位销磨损", "首末件未测", "生产部", "需要", "更换定位销", "11-27")

    row = desk.look(ACTION, lambda _uow, case: (case.customer, case.product, case.defect, case.department))
    assert row == ("K02", "LG-1010", "CC02", "SC")
    answers = desk.answers(ACTION)
    assert (answers["cause_occur"], answers["cause_escape"]) == ("定位销磨损", "首末件未测")
    assert answers["problem"] == "孔位偏移,装不上"
    files = desk.look(ACTION, lambda uow, case: [file.sha256 for file in uow.files.of_case(case.id)])
    theirs = desk.look(CASE, lambda uow, case: [file.sha256 for file in uow.files.of_case(case.id)])
    assert len(files) == 2
    assert files == theirs
    assert desk.linked(CASE) == [ACTION]


def test_deadlines_of_the_simple_level(desk: Desk) -> None:
    """
    Five working days for the plan, two for its approval, the planned day for doing it, thirty days for its proof.
    """
    simple(desk)
    assert desk.time("KA1", ACTION).due == at(11, 27, 16, 5)
    plan(desk)
    assert (desk.time("KA1", ACTION).state, desk.time("KAP", ACTION).due) == ("met", at(11, 24, 16, 5))
    approve(desk)
    assert desk.time("KA2", ACTION).due == at(11, 27, 17)
    done(desk)
    assert desk.time("KA3", ACTION).due == at(12, 20, 16, 5)
    assert not desk.times("K8D-D3", ACTION)


def test_quality_returns_a_plan_with_a_reason(desk: Desk) -> None:
    """
    退回 asks one line; the plan goes back to the department, which proposes again.
    """
    simple(desk)
    plan(desk)
    desk.sign(LEAD, "return", ACTION, "没有说明点检频次")
    desk.tick()

    assert desk.step(ACTION) == "planning"
    assert "没有说明点检频次" in desk.say(PRODUCTION, ACTION)
    plan(desk, "每班点检定位销")
    approve(desk)
    assert desk.step(ACTION) == "executing"


def test_quality_does_not_approve_its_own_plan(desk: Desk) -> None:
    """
    Where quality is the responsible department and its lead proposes, the deputy general manager approves.
    """
    desk.transmit()
    desk.accept()
    desk.say(ENGINEER, f"登记原因 {CASE}", "检具失准", "跳过", "品保部", "需要", "校准检具", "11-27")
    desk.say(LEAD, f"提计划 {ACTION}", "检具每月校准", "11-27", "跳过")
    refused = desk.tap(LEAD, "approve", ACTION)
    approve(desk, VICE)

    assert "此操作需" in refused
    assert desk.step(ACTION) == "executing"
    desk.say(ENGINEER, f"完成 {ACTION}", "检具已校准", "跳过")
    assert "此操作需" in desk.tap(ENGINEER, "verify_ok", ACTION)
    effective(desk, LEAD)
    assert desk.step(ACTION) == "effective"


def test_a_deputy_approves_for_the_lead_who_is_away(desk: Desk) -> None:
    """
    沈知衡 is away: his deputy gets the card and approves in his place; both names are in the record.
    """
    desk.say(LEAD, "请假", "11-20", "11-27", ENGINEER)
    simple(desk)
    plan(desk)
    desk.tick()
    assert "代 沈知衡" in desk.heard(ENGINEER, "请决定")[-1].text or "沈知衡" in desk.heard(ENGINEER, "请决定")[-1].text
    approve(desk, ENGINEER)

    assert desk.step(ACTION) == "executing"
    row = desk.last(ACTION)
    assert (row.by_id, row.on_behalf_of_id) == (desk.person_id(ENGINEER), desk.person_id(LEAD))


def test_a_change_after_the_approval_needs_it_again(desk: Desk) -> None:
    """
    The plan changes while it is carried out: the approval counts no more, its signer hears it and is asked again.
    """
    simple(desk)
    plan(desk)
    approve(desk)
    desk.say(PRODUCTION, f"改计划 {ACTION}", "改用陶瓷定位销", "12-04", "跳过", "硬质合金缺货")
    desk.tick()

    assert desk.step(ACTION) == "approval"
    assert states(desk) == [("approval", "void"), ("approval", "open")]
    assert desk.heard(LEAD, "您的决定不再有效")
    approve(desk)
    assert desk.step(ACTION) == "executing"


def test_without_effect_the_next_round_is_signed_one_level_higher(desk: Desk) -> None:
    """
    验证无效 opens round 2 with a plan and deadlines of its own; the deputy general manager hears and signs too.
    """
    simple(desk)
    plan(desk)
    approve(desk)
    done(desk)
    ineffective(desk)
    desk.tick()

    assert desk.step(ACTION) == "planning"
    assert desk.time("KA1", ACTION).round == 2
    assert "第 2 轮" in desk.heard(VICE, "验证无效")[-1].text
    plan(desk, "改为防错夹具", "12-11")
    approve(desk)
    assert desk.step(ACTION) == "approval"
    approve(desk, VICE)
    done(desk)
    ineffective(desk, LEAD)
    plan(desk, "更换供应商", "12-18")
    approve(desk, LEAD, VICE)
    assert desk.step(ACTION) == "approval"
    approve(desk, HEAD)
    assert desk.step(ACTION) == "executing"


def test_8d_is_required_by_severity_and_takes_its_deadlines(desk: Desk) -> None:
    """
    A major problem is an 8D; D3 is due 24 hours after the complaint came in, by the customer's requirement.
    """
    eight_d(desk)

    answers = desk.answers(ACTION)
    assert (answers["level"], answers["level_reason"]) == ("8d", "severity")
    d3 = desk.time("K8D-D3", ACTION)
    assert (d3.due, d3.source) == (at(11, 21, 16, 5), "TY-2026-0001")
    assert desk.time("K8D-D4", ACTION).due == desk.time("K8D-D5", ACTION).due == at(11, 30, 16, 5)
    assert desk.time("K8D-D6", ACTION).due == at(12, 4, 16, 5)
    assert desk.time("K8D-D8", ACTION).due.strftime("%m-%d %H:%M") == "01-19 16:05"
    assert not desk.times("KA1", ACTION)


def test_8d_is_required_by_the_customer(desk: Desk) -> None:
    """
    凌岳's special requirement asks for an 8D of a general problem too; 瀚途 has none, and quality may decide.
    """
    desk.transmit(customer="凌岳", impact="换货")
    desk.accept()
    desk.say(ENGINEER, f"开纠正措施 {CASE}", "生产部", "防止孔位偏移再发", "12-18")
    answers = desk.answers(ACTION)

    assert (answers["level_reason"], answers["level_source"]) == ("requirement", "TY-2026-0001")
    assert "不能降级" in desk.say(ENGINEER, f"定级别 {ACTION}", "简单", "时间不够")


def test_quality_raises_an_action_to_8d(desk: Desk) -> None:
    """
    By decision: the plan's deadline gives way to those of the eight disciplines, from that moment.
    """
    simple(desk)
    desk.until(at(11, 23, 9))
    desk.say(ENGINEER, f"定级别 {ACTION}", "8D", "已是本月第二次")

    assert desk.time("KA1", ACTION).state == "cancelled"
    assert desk.time("K8D-D3", ACTION).due == at(11, 24, 9)
    assert "请登记下一步" in desk.say(PRODUCTION, f"提计划 {ACTION}")


def test_an_8d_from_d1_to_d8(desk: Desk) -> None:
    """
    D1 to D4 come before the measures; approved and carried out (D6), verified, spread (D7) and closed (D8).
    """
    eight_d(desk)
    early = desk.say(PRODUCTION, f"D5 {ACTION}")
    disciplines(desk)
    d5(desk)
    approve(desk)
    d6(desk)
    effective(desk)
    desk.say(
        ENGINEER, f"D7 {ACTION}", "PFMEA 与控制计划已更新", "转向节、悬置支架夹具同样改", "夹具加到位传感器", "跳过"
    )
    assert desk.step(ACTION) == "consolidated"
    desk.say(ENGINEER, f"D8 {ACTION}", "磨损件须有寿命管理,感谢生产部夜班")

    assert "还缺:D1 小组、D2 问题描述、D3 临时措施、D4 根本原因" in early
    assert desk.step(ACTION) == "closed"
    assert desk.done(ACTION) == [
        "file", "d1", "d2", "d3", "d4", "d5", "approve", "d6", "verify_ok", "d7", "d8",
    ]  # fmt: skip
    assert {desk.time(f"K8D-D{n}", ACTION).state for n in (3, 4, 5, 6, 8)} == {"met"}


def test_the_next_missing_discipline_is_offered(desk: Desk) -> None:
    """
    The buttons are those of what is missing; at the simple level there are none of the disciplines.
    """
    eight_d(desk)
    assert "a D1 小组   b D2 问题描述   c D3 临时措施   d D4 根本原因" in desk.say(ENGINEER, ACTION)
    disciplines(desk)
    assert "a D5 永久措施   b 详情" in desk.say(PRODUCTION, ACTION)


def test_a_department_supports_with_a_task_of_its_own(desk: Desk) -> None:
    """
    请部门配合 opens a task there; its head sees the action and hears how it goes on.
    """
    simple(desk)
    assert "没有" in desk.say("韩立群", ACTION)
    desk.say(PRODUCTION, f"请部门配合 {ACTION}", "技术部", "复核定位销图纸", "11-25")
    plan(desk)
    desk.tick()

    assert "复核定位销图纸" in desk.say("韩立群", "我的事项")
    assert "待批准" in desk.say("韩立群", ACTION)
    assert "提计划" in desk.heard("韩立群", "提计划")[0].text


def test_technology_is_asked_a_question(desk: Desk) -> None:
    """
    M-05: one button opens a technical question, a task of technology's.
    """
    simple(desk)
    answer = desk.say(PRODUCTION, f"请技术支持 {ACTION}", "定位销材料能否改为硬质合金?")

    assert "RW-2026-0001" in answer
    assert desk.look("RW-2026-0001", lambda _uow, case: (case.kind, case.department)) == ("technical", "JS")


def test_quality_lead_may_cancel_an_action(desk: Desk) -> None:
    """
    Not needed after all: only the quality lead ends it, with a reason, and nothing runs for it any more.
    """
    simple(desk)
    assert "此操作需" in desk.tap(ENGINEER, "cancel_action", ACTION)
    desk.tap(LEAD, "cancel_action", ACTION)
    desk.say(LEAD, "客户确认为其夹具问题")

    assert desk.step(ACTION) == "cancelled"
    assert desk.time("KA1", ACTION).state == "cancelled"


def test_what_was_carried_out_can_be_taken_back(desk: Desk) -> None:
    """
    撤回 after 完成: nobody is asked to verify it any more, and the measures run again as before.
    """
    simple(desk)
    plan(desk)
    approve(desk)
    done(desk)
    desk.say(PRODUCTION, "撤回")

    assert desk.step(ACTION) == "executing"
    assert desk.time("KA2", ACTION).state == "running"
    assert states(desk)[-1] == ("verifying", "over")


def test_an_old_task_goes_on_as_it_began(desk: Desk) -> None:
    """
    An action that was opened as a task before keeps its number and its steps: done, verified by somebody else, closed.
    """
    from handlers.cases import Opening, open_case
    from handlers.turn import Turn

    def old(uow: object) -> None:
        turn = Turn(uow, desk.company)  # type: ignore[arg-type]  # a unit of work
        case = open_case(
            turn, desk.company.handbook["task"], {"kind": "corrective", "title": "旧措施"}, Opening(department="SC")
        )
        case.number = "JZ-2026-0030"

    desk.do(old)
    desk.say(PRODUCTION, "完成 JZ-2026-0030", "已做", "跳过")
    assert desk.step("JZ-2026-0030") == "checking"
    desk.say(ENGINEER, "验证有效 JZ-2026-0030", "抽查合格")
    assert desk.step("JZ-2026-0030") == "closed"


def test_8d_is_required_when_a_problem_recurs(desk: Desk) -> None:
    """
    The same customer, product and defect for the second time in a month: recurring, and so an 8D.
    """
    desk.transmit()
    desk.accept()
    desk.later(hours=1)
    desk.transmit()
    desk.say(ENGINEER, "接收 TS-2026-0083", "一般", "装配线(0公里)", "CC02")
    desk.say(ENGINEER, "开纠正措施 TS-2026-0083", "生产部", "防止孔位偏移再发", "12-18")
    answers = desk.answers(ACTION)

    assert (answers["level"], answers["level_reason"]) == ("8d", "recurring")


def test_a_complaint_whose_action_is_open_names_it_instead_of_opening_another(desk: Desk) -> None:
    """
    已开 answers the question of 4.1.6 by the action that is there; without one the complaint cannot be closed.
    """
    eight_d(desk)
    desk.say(ENGINEER, f"登记原因 {CASE}", "定位销磨损", "跳过", "生产部", "已开")

    assert desk.linked(CASE).count(ACTION) == 1
    assert [number for number in desk.linked(CASE) if number.startswith("JZ-")] == [ACTION]
    assert f"纠正措施 {ACTION}:待定计划" in desk.say(ENGINEER, CASE)
