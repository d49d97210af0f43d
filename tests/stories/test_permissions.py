"""Who may do what, through the front door: what is offered is what is allowed, and what is denied is written down."""

import pytest
from sqlalchemy import select

from storage.audit_rows import AuditRow
from tests.rules.test_complaint_permissions import GROUPS, rows
from tests.support.desk import CASE, Desk

SAMPLE = {
    "sales": "丁雨禾", "sales_member": "石松涛", "sales_lead": "顾晓岚", "quality_lead": "沈知衡",
    "deputy_gm": "陆明舟", "gm": "贺振山", "production_lead": "方大勇", "finance_lead": "白素云",
    "office_lead": "尹秋萍", "technology": "江若川",
}  # fmt: skip
HIDDEN = {"capa_failed", "capa_holds"}
"""Offered only where an action that was found effective is in doubt."""
ANYWHERE = {"help", "mine"}
"""Offered to whoever may not even see the case: the way on."""


def told_in(table: str, *roles: str) -> set[str]:
    """The actions that the table allows somebody at a step who stands to the case in these ways."""
    found = set()
    for row in rows():
        steps = {step for role in roles for word in row[role].split() for step in GROUPS.get(word, (word,))}
        if table in steps:
            found.add(row["action"])
    return found - HIDDEN


def offered(desk: Desk, person: str) -> set[str]:
    """What the bot offers somebody who asks for everything that can be done."""
    desk.say(person, f"操作 {CASE}")
    return {button.action for button in desk.console(person).reply.buttons} - ANYWHERE


def compared(desk: Desk, step: str, people: dict[str, tuple[str, ...]]) -> None:
    """At this step everybody is offered what the table says, and nothing else."""
    for person, roles in people.items():
        assert offered(desk, person) == told_in(step, *roles), f"{person} at {step}"


def everybody(**others: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The company, and who stands to the case in a way of their own."""
    return {**{person: (role,) for role, person in SAMPLE.items()}, **others}


def test_sales_and_its_steps(desk: Desk) -> None:
    """
    At each step of a complaint that sales handles, everybody is offered the cells of the table, and nothing more.
    """
    people = everybody(程小满=("handler", "reporter"), 梁可欣=("quality",))
    desk.report()
    compared(desk, "sales_handling", people)
    desk.remedy()
    compared(desk, "waiting_sales", people)
    desk.satisfied()
    compared(desk, "implementing_sales", people)
    desk.implemented()
    compared(desk, "analysing", people | {"程小满": ("reporter",)})


def test_quality_and_its_steps(desk: Desk) -> None:
    """
    At each step of a complaint that quality handles, up to its end, the table holds too.
    """
    unseen: dict[str, tuple[str, ...]] = {"丁雨禾": (), "石松涛": ()}  # of sales, but neither their case nor customer
    before = everybody(程小满=("reporter",), 梁可欣=("quality",), **unseen)
    people = everybody(程小满=("reporter",), 梁可欣=("handler",), **unseen)
    desk.transmit()
    compared(desk, "handed_over", before)
    desk.accept("重大")
    compared(desk, "meeting_pending", people)
    desk.say("沈知衡", "登记会议 82", "品保、技术、生产", "全检库存", "跳过")
    compared(desk, "qa_handling", people)
    desk.remedy("梁可欣", "卢工")
    compared(desk, "waiting_quality", people)
    desk.satisfied("程小满", "卢工")
    compared(desk, "implementing_quality", people)
    desk.implemented("梁可欣")
    desk.cause()
    desk.close()
    compared(desk, "closed", before)


DENIED = (
    ("接收", "程小满"), ("接收", "顾晓岚"), ("退回", "程小满"), ("退回", "陆明舟"), ("缺陷代码", "程小满"),
    ("登记临时措施", "贺振山"), ("转交", "程小满"), ("转交", "梁可欣"), ("合并", "梁可欣"), ("合并", "顾晓岚"),
    ("撤销", "程小满"), ("撤销", "梁可欣"), ("修改", "顾晓岚"), ("补照片", "陆明舟"), ("承诺", "程小满"),
)  # fmt: skip


@pytest.mark.parametrize(("word", "person"), DENIED)
def test_what_is_denied_changes_nothing_and_is_written_down(desk: Desk, word: str, person: str) -> None:
    """
    A word that somebody has no right to is answered with whose it is; no form opens, and the try is in the trail.
    """
    desk.transmit()
    done, who = desk.done(), desk.person_id(person)
    answer = desk.say(person, f"{word} {CASE}")

    assert "此操作需" in answer
    assert desk.done() == done
    assert desk.step() == "handed_over"
    assert desk.do(lambda uow: uow.drafts.active_of(who)) is None
    assert tried(desk) == [person]


def tried(desk: Desk) -> list[str]:
    """Who tried what they may not, from the audit trail."""
    wanted = select(AuditRow.actor).where(AuditRow.action == "denied").order_by(AuditRow.id)
    with desk.database.reading() as session:
        return list(session.execute(wanted).scalars())


def test_who_may_not_see_a_case_hears_nothing_of_it(desk: Desk) -> None:
    """
    The head of production has no part in it: neither its state nor its people are told, whatever is typed.
    """
    desk.transmit()
    for line in (CASE, f"操作 {CASE}", f"为什么 {CASE}", f"接收 {CASE}", f"转交 {CASE}", "查 孔位偏移"):
        answer = desk.say("方大勇", line)
        assert "孔位" not in answer.replace(line.removeprefix("查 "), "")
        assert "程小满" not in answer


def test_who_may_not_report_is_told_who_may(desk: Desk) -> None:
    """
    Complaints are reported by sales and quality; anybody else is told so, and the try is in the trail.
    """
    answer = desk.say("方大勇", "报投诉")

    assert "销售" in answer
    assert "品保" in answer
    assert tried(desk) == ["方大勇"]


def test_a_right_that_was_taken_away_is_gone_at_the_click(desk: Desk) -> None:
    """
    A button shown yesterday does nothing for somebody who is no longer in quality: the click is decided, not the card.
    """
    desk.transmit()
    offered_before = offered(desk, "梁可欣")
    desk.do(lambda uow: setattr(uow.organisation.person_by_name("梁可欣"), "roles", ["sales"]))
    desk.do(lambda uow: setattr(uow.organisation.person_by_name("梁可欣"), "department", "XS"))
    answer = desk.tap("梁可欣", "accept", CASE)

    assert "accept" in offered_before
    assert desk.step() == "handed_over"
    assert "没有您可查看的事项" in answer
