"""What connects a contact with us is missing: one tap for each, and the plan shows who is invited now (2.0-17)."""

from dataclasses import replace

from sqlalchemy import select

from handlers.tokens import Links
from storage.audit_rows import AuditRow
from storage.customers import Contact
from storage.unit_of_work import UnitOfWork
from tests.support.answering import SURVEY
from tests.support.customer import KEY, PUBLIC
from tests.support.desk import Desk


def unknown(uow: UnitOfWork) -> None:
    """Of two contacts nobody knows what connects them with us."""
    for contact in uow.session.scalars(select(Contact).where(Contact.name.in_(("汪店长", "左工")))):
        contact.business_relation = ""


def planned(desk: Desk) -> str:
    """A survey of all customers is planned; what is answered."""
    desk.company = replace(desk.company, links=Links(PUBLIC, KEY))
    desk.do(unknown)
    return desk.say("程小满", "发问卷", "顾客满意度", "所有顾客", "提交")


def taps(desk: Desk, person: str = "程小满") -> list[str]:
    """The buttons that stand under the last answer."""
    return [button.action for button in desk.console(person).reply.buttons]


def relations(desk: Desk) -> dict[str, str]:
    """What is kept of the two contacts."""
    rows = select(Contact).where(Contact.name.in_(("汪店长", "左工")))
    return desk.do(lambda uow: {each.name: each.business_relation for each in uow.session.scalars(rows)})


def test_one_tap_for_each_contact(desk: Desk) -> None:
    """
    Offered on the plan while somebody is missing; each tap is kept and written down, then they are on the roster.
    """
    plan = planned(desk)
    first = desk.tap("程小满", "add_relations", SURVEY)
    second = desk.tap("程小满", taps(desk)[1])
    done = desk.tap("程小满", taps(desk)[0])
    with desk.database.reading() as session:
        trail = session.scalars(select(AuditRow).where(AuditRow.action == "business relation")).all()

    assert "补业务关系" in plan
    assert "还有 2 位" in first
    assert "还有 1 位" in second
    assert "业务关系已补齐" in done
    assert "8 人" in done
    assert sorted(relations(desk).values()) == ["质量", "采购"]
    assert len(trail) == 2
    assert "add_relations" not in taps(desk)
    assert "未知" not in desk.say("程小满", SURVEY)


def test_what_was_approved_is_asked_anew(desk: Desk) -> None:
    """
    Another roster is another plan: its approval counts no more, and whoever approved it hears so.
    """
    planned(desk)
    desk.decide("顾晓岚", "approve_plan", SURVEY)
    before = desk.step(SURVEY)
    desk.tap("程小满", "add_relations", SURVEY)
    desk.tap("程小满", taps(desk)[0])
    desk.deliver()

    assert (before, desk.step(SURVEY)) == ("approved", "planned")
    assert "7 人" in desk.heard("顾晓岚", SURVEY)[-1].text


def test_only_sales_says_so_and_no_tap_counts_twice(desk: Desk) -> None:
    """
    Quality is refused; a button that was tapped before changes nothing; without a plan there is nothing to add.
    """
    nothing = desk.say("程小满", "补业务关系")
    planned(desk)
    desk.say("程小满", "补业务关系")
    tap = taps(desk)[0]
    denied = desk.tap("沈知衡", tap)
    kept = relations(desk)
    desk.tap("程小满", tap)
    again = desk.tap("程小满", tap.replace("purchasing", "quality"))

    assert "没有尚未发送" in nothing
    assert set(kept.values()) == {""}
    assert "销售" in denied
    assert "已有记录" in again
    assert sorted(relations(desk).values()) == ["", "采购"]
