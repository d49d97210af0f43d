"""What can be done with a complaint beside its steps: merge, withdraw, reopen, edit, attach, and their guards."""

import re

from bot.console import Console
from handlers.events import Pressed, Sender
from handlers.switchboard import receive
from storage.unit_of_work import UnitOfWork
from tests.support.desk import CASE, Desk, at

SECOND = "TS-2026-0083"
DESCRIPTION = "孔位偏移,装不上"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def given_names(uow: UnitOfWork) -> re.Pattern[str]:
    """What the company and its people call things, and texts for the customer: they are in no other language."""
    people, customers = uow.organisation.people(), uow.customers.all()
    names = {person.name for person in people} | {customer.short for customer in customers}
    names |= {contact.name for customer in customers for contact in uow.customers.contacts(customer.code)}
    names |= {defect.name for defect in uow.customers.defects()}
    return re.compile("|".join(("「[^」]*」", *map(re.escape, (DESCRIPTION, *names)))))


def test_a_merged_case_leads_to_the_other(desk: Desk) -> None:
    """
    合并: the number stays and leads on, its deadlines end, and whoever reported it hears of and sees the other (U-25).
    """
    desk.report()
    desk.report("丁雨禾", description="门店又说少两箱")
    own = desk.say("顾晓岚", "合并 83", "83")
    desk.say("顾晓岚", "82")
    there = desk.say("丁雨禾", "登记沟通 83")
    desk.say("丁雨禾", "汪店长", "已说明并案")

    assert "不能并入自己" in own
    assert desk.step(SECOND) == "merged"
    assert {time.state for key in ("K1", "K-RCPT") for time in desk.times(key, SECOND)} == {"cancelled"}
    assert f"{SECOND} 已并入 {CASE}" in there
    assert desk.done()[-1] == "log_contact"
    assert desk.linked() == [SECOND]


def test_withdrawing_needs_the_customers_proof(desk: Desk) -> None:
    """
    撤销: a reason and the customer's proof, by the head of the department; nothing runs any more (M-10).
    """
    desk.report()
    refused = desk.say("顾晓岚", "撤销 82", "客户说报错了", "跳过")
    desk.photos("顾晓岚")
    desk.say("顾晓岚", "好了")

    assert "顾客凭据" in refused
    assert desk.step() == "withdrawn"
    assert desk.time("K1").state == "cancelled"
    assert desk.look(CASE, lambda uow, case: [file.mime for file in uow.files.of_case(case.id)]) == [
        "image/png", "text/html"
    ]  # fmt: skip


def test_a_merge_that_is_refused_leaves_no_trace(desk: Desk) -> None:
    """
    合并 into a case that is over: the case stays where it is, and another number can be typed at once.
    """
    desk.report()
    desk.report("丁雨禾", description="门店又说少两箱")
    desk.say("顾晓岚", f"撤销 {CASE}", "客户说报错了")
    desk.photos("顾晓岚")
    desk.say("顾晓岚", "好了")
    refused = desk.say("顾晓岚", "合并 83", CASE)

    assert "不能并入" in refused
    assert desk.step(SECOND) == "sales_handling"
    assert "merge" not in desk.done(SECOND)
    assert "“合并”已取消" in desk.say("顾晓岚", "取消")


def test_reopening_begins_a_new_first_round(desk: Desk) -> None:
    """
    重新打开: back to whoever handled it, with a time limit of its own; what was before stays as it ended.
    """
    desk.report()
    desk.remedy()
    desk.satisfied()
    desk.implemented()
    desk.cause()
    desk.close()
    desk.until(at(11, 23, 9))
    desk.say("沈知衡", f"重新打开 {CASE}", "又少了一箱")
    row = desk.look(CASE, lambda _uow, case: (case.step, case.department, case.closed_at))

    assert row == ("sales_handling", "XS", None)
    assert [time.state for time in desk.times("K1")] == ["met"]
    assert [(time.due, time.state) for time in desk.times("KR")] == [(at(11, 25, 9), "running")]
    desk.remedy()
    assert desk.step() == "awaiting_customer"
    assert desk.time("KR").state == "met"


def test_an_answer_is_corrected_with_its_reason(desk: Desk) -> None:
    """
    修改 asks what, the right value as the intake would, and why; figures and lists follow, the old value is kept.
    """
    desk.transmit()
    bad = desk.say("程小满", "修改 82", "涉及数量", "很多")
    desk.say("程小满", "12", "数清楚了")

    assert "请填整数" in bad
    assert desk.look(CASE, lambda _uow, case: case.quantity) == 12
    last = desk.last()
    assert (last.key, last.answers["reason"], last.answers["to"]) == ("edit", "数清楚了", 12)
    assert desk.look(CASE, lambda uow, case: uow.cases.actions_of(case.id)[0].answers["quantity"]) == "11-100"


def test_photos_and_contacts_at_any_time(desk: Desk) -> None:
    """
    补照片 and 登记沟通 by handler and reporter, wherever the case stands; neither moves it.
    """
    desk.transmit()
    desk.say("程小满", "补照片 82")
    desk.photos("程小满", 3)
    desk.say("程小满", "好了", "登记沟通 82", "卢工", "已收到照片")

    assert desk.step() == "handed_over"
    assert desk.done() == ["file", "attach", "log_contact"]
    assert desk.look(CASE, lambda uow, case: len(uow.files.of_case(case.id))) == 3


def test_it_closes_only_with_everything_that_4_1_6_asks(desk: Desk) -> None:
    """
    关闭 without cause, responsible department and the answer on corrective action names each; with them it closes.
    """
    desk.report()
    desk.remedy()
    early = desk.say("梁可欣", "关闭 82")
    desk.satisfied()
    desk.implemented()
    refused = desk.say("梁可欣", "关闭 82")
    desk.cause(needed=True)
    desk.close()

    assert "不能“关闭”" in early
    for missing in ("原因", "责任部门", "纠正"):
        assert missing in refused
    assert desk.step() == "closed"
    assert any(number.startswith("JZ-") for number in desk.linked())
    assert desk.time("K4").state == "met"


def test_implementing_late_climbs_too(desk: Desk) -> None:
    """
    KIMPL: the planned day is a deadline with all its levels, and done late is done overdue for ever (2.0-5).
    """
    desk.report()
    desk.remedy()
    desk.satisfied()
    desk.until(at(11, 30, 12))
    desk.implemented()

    assert at(11, 27, 17) in [heard.at for heard in desk.heard("顾晓岚", "尚未实施措施")]
    assert (desk.time("KIMPL").state, desk.time("KIMPL").breached) == ("breached_met", True)


def test_technology_is_asked_and_answers(desk: Desk) -> None:
    """
    请技术支持 opens a task of the technology department, linked to the case, with a day of its own (M-04).
    """
    desk.transmit()
    desk.accept()
    answer = desk.say("梁可欣", f"请技术支持 {CASE}", "孔位公差是否合理?")

    assert "RW-2026-0001" in answer
    holder = desk.look("RW-2026-0001", lambda _uow, case: (case.kind, case.department))
    assert holder == ("technical", "JS")


def test_the_same_tap_twice_is_one(desk: Desk) -> None:
    """
    A platform that sends an event again gets the first answer again, and nothing happens twice.
    """
    desk.report()
    tap = Pressed("once", Sender("console", "程小满"), "told_by_phone", CASE)
    first = receive(desk.database, desk.company, tap)
    second = receive(desk.database, desk.company, tap)

    assert first == second
    assert desk.done() == ["file", "told_by_phone"]


def test_the_same_form_twice_is_one_case(desk: Desk) -> None:
    """
    The last answer of a form sent again from another window finds the form gone, and no second case.
    """
    desk.report()
    other = Console(desk.database, desk.company, "程小满")
    answer = other.say("销售自行处理")

    assert SECOND not in answer
    assert desk.do(lambda uow: uow.cases.find(SECOND)) is None


def test_who_comes_late_is_told_who_was_faster(desk: Desk) -> None:
    """
    Two of quality accept the same case: the second reads by whom and when it was accepted.
    """
    desk.transmit()
    desk.accept()
    desk.later(minutes=3)
    late = desk.tap("沈知衡", "accept", CASE)

    assert late.startswith("梁可欣 已于 今天16:05 处理:接收。")
    assert desk.done().count("accept") == 1


def test_who_reads_english_reads_english(desk: Desk) -> None:
    """
    Answers, lists, explanations, rules, notices and levels: only what people wrote themselves stays in Chinese.
    """
    desk.do(lambda uow: setattr(uow.organisation.person_by_name("梁可欣"), "language", "en"))
    desk.transmit()
    lines = (
        f"accept {CASE}", "general", "in the field", "CC02", CASE, f"why {CASE}", f"more {CASE}", "mine", "help",
        "overdue", "rules", f"remedy {CASE}", "replace the parts", f"contact {CASE}", "卢工", "told them", "undo",
        "settings", "nonsense words",
    )  # fmt: skip
    said = [desk.say("梁可欣", line) for line in lines]
    desk.until(at(11, 23, 17))
    heard = [heard.text for heard in desk.heard("梁可欣")]

    given = desk.do(given_names)

    assert heard
    assert [text for text in (*said, *heard) if CHINESE.search(given.sub("", text))] == []


def test_an_action_against_a_case_is_begun_by_its_number(desk: Desk) -> None:
    """
    8D 82 opens the corrective action of that complaint, tied to it; 8D alone asks what it is about.
    """
    desk.transmit()
    desk.accept("重大")
    asked = desk.say("梁可欣", f"8D {CASE}")

    desk.say("梁可欣", "生产部", "检具改为自动判定", "11-27")

    assert CASE in asked
    assert any(number.startswith("JZ-") for number in desk.linked())
