"""Who hears, when, and how often, until it is done (requirements 2.4, 2.0-14, 2.0-18)."""

from datetime import datetime

from sqlalchemy import select

from handlers import deadlines
from storage.audit_rows import AuditRow
from tests.support.desk import CASE, Desk, at

NEEDS = "提出补救措施并与顾客沟通"
RULE = "规则:顾客管理程序 4.1.2"


def heard(desk: Desk, address: str, title: str) -> list[datetime]:
    """When a level of the 48 hours was heard."""
    return [heard.at for heard in desk.heard(address, title) if RULE in heard.text]


def audited(desk: Desk) -> tuple[str, str]:
    """Who did the newest thing in the audit trail, and in whose place."""
    newest = select(AuditRow.actor, AuditRow.on_behalf_of).order_by(AuditRow.id.desc()).limit(1)
    with desk.database.reading() as session:
        actor, principal = session.execute(newest).one()
    return actor, principal


def test_every_level_at_its_instant_and_its_addresses(desk: Desk) -> None:
    """
    Nobody does anything for seven weeks: L1 to L4.5, each at its working instant, each once.
    """
    desk.report()
    desk.until(at(12, 31, 12))

    assert heard(desk, "石松涛", "超期通知") == [at(11, 22, 16, 5)]
    assert heard(desk, "顾晓岚", "超期通知") == [at(11, 22, 16, 5)]
    assert heard(desk, "channel:XS", "超期通知") == [at(11, 23, 8)]
    assert heard(desk, "顾晓岚", "超期升级(主管)") == [at(11, 23, 12)]
    assert heard(desk, "channel:XS", "超期升级(主管)") == [at(11, 23, 12)]
    assert heard(desk, "陆明舟", "超期升级(副总)") == [at(11, 23, 17)]
    assert heard(desk, "顾晓岚", "超期升级(副总)") == [at(11, 23, 17)]
    weekly = [at(11, 25, 17), at(12, 2, 17), at(12, 9, 17), at(12, 16, 17), at(12, 23, 17)]
    assert heard(desk, "贺振山", "超期升级(总经理)") == weekly


def test_reminders_come_before_a_working_day_ends(desk: Desk) -> None:
    """
    Due on a Sunday: one warning, half an hour before work ends on Friday, to handler, deputy and duty (N-02).
    """
    desk.report()
    desk.until(at(11, 22, 16))

    for name in ("程小满", "丁雨禾", "石松涛"):
        assert heard(desk, name, "下班前请处理") == [at(11, 20, 16, 30)]
    assert heard(desk, "程小满", "提醒|") == []


def test_reminders_at_half_and_three_quarters_of_the_time(desk: Desk) -> None:
    """
    Reported on Monday, the handler hears after 24 and after 36 hours, the latter not at night.
    """
    desk.clock.set(at(11, 23, 9))
    desk.report()
    desk.until(at(11, 25, 8, 59))

    assert heard(desk, "程小满", "时限已过半") == [at(11, 24, 9)]
    assert heard(desk, "程小满", "即将到期") == [at(11, 25, 8)]


def test_an_urgent_case_climbs_twice_as_fast_at_any_hour(desk: Desk) -> None:
    """
    A stopped line: the channel hears on Sunday at once, L2 and L3 come after two and four working hours.
    """
    desk.transmit(impact="已停线", handling="销售自行处理")
    desk.say("程小满", "客户已认可")
    desk.until(at(11, 23, 12, 30))

    assert heard(desk, "channel:XS", "超期通知") == [at(11, 22, 16, 5)]
    assert heard(desk, "顾晓岚", "超期升级(主管)") == [at(11, 23, 10)]
    assert heard(desk, "陆明舟", "超期升级(副总)") == [at(11, 23, 12)]
    assert desk.heard("顾晓岚", "超期通知")[0].text.startswith("【停线】")


def test_quality_calling_it_major_makes_the_levels_of_the_48_hours_urgent(desk: Desk) -> None:
    """
    The steps between the levels are halved from the moment of 重大, not only for what begins then.
    """
    desk.transmit()
    desk.until(at(11, 20, 16, 30))
    desk.accept("重大")
    desk.until(at(11, 23, 12, 30))

    assert heard(desk, "沈知衡", "超期升级(主管)") == [at(11, 23, 10)]
    assert heard(desk, "陆明舟", "超期升级(副总)") == [at(11, 23, 12)]


def test_sweeping_again_tells_nobody_twice(desk: Desk) -> None:
    """
    A level is told once, however often the clock asks.
    """
    desk.report()
    desk.until(at(11, 23, 12))
    for _ in range(3):
        deadlines.sweep(desk.database, desk.company)
        desk.tick()

    assert len(heard(desk, "顾晓岚", "超期升级(主管)")) == 1


def test_a_promise_holds_the_next_level(desk: Desk) -> None:
    """
    顾晓岚 promises 15:00: the level of 12:00 waits, and everyone who was told hears of the promise.
    """
    desk.report()
    desk.until(at(11, 23, 9))
    desk.say("顾晓岚", "承诺 82", "15:00")
    desk.until(at(11, 23, 14, 59))

    assert heard(desk, "顾晓岚", "超期升级") == []
    assert "顾晓岚 已接手 TS-2026-0082,承诺 今天15:00 前" in desk.heard("channel:XS", "已接手")[0].text
    assert "这是部门群" in desk.heard("channel:XS", "已接手")[0].text


def test_a_promise_that_lapses_lets_the_next_level_come_at_once(desk: Desk) -> None:
    """
    At 15:00 the level that waited is heard, and says whose promise has passed.
    """
    desk.report()
    desk.until(at(11, 23, 9))
    desk.say("顾晓岚", "承诺 82", "15:00")
    desk.until(at(11, 23, 15))

    assert heard(desk, "顾晓岚", "超期升级(主管)") == [at(11, 23, 15)]
    assert heard(desk, "顾晓岚", "超期升级(副总)") == []
    assert "承诺时间已过" in desk.heard("顾晓岚", "超期升级(主管)")[0].text
    assert "顾晓岚 承诺的" in desk.heard("channel:XS", "超期升级(主管)")[0].text


def test_a_promise_that_is_kept_is_the_end_of_it(desk: Desk) -> None:
    """
    Done before the promised time, no further level comes, and who was told hears that it is done.
    """
    desk.report()
    desk.until(at(11, 23, 9))
    desk.say("顾晓岚", "承诺 82", "15:00")
    desk.until(at(11, 23, 14))
    desk.remedy()
    desk.until(at(11, 25, 12))

    assert heard(desk, "顾晓岚", "超期升级") == []
    for address in ("顾晓岚", "石松涛", "channel:XS"):
        assert f"{CASE} 已{NEEDS}(超期 21 小时 55 分 完成)" in desk.heard(address, "完成)")[0].text
    assert desk.time("K1").breached


def test_a_promise_reaches_one_working_day_and_answers_a_level_once(desk: Desk) -> None:
    """
    Later than 8 working hours ahead, in the past, or a second time for the same level: refused in words.

    A promise for 10:00 lapses at 10:00: the level of 12:00 comes then, and may be answered anew.
    """
    desk.report()
    none_due = desk.say("程小满", "承诺 82")
    desk.until(at(11, 23, 9))
    far = desk.say("顾晓岚", "承诺 82", "11-24 10:00")
    past = desk.say("顾晓岚", "08:30")
    desk.say("顾晓岚", "10:00")
    twice = desk.say("顾晓岚", "承诺 82")
    desk.until(at(11, 23, 10))
    next_level = desk.say("顾晓岚", "承诺 82", "14:00")

    assert "没有超期" in none_due
    assert "明天09:00" in far
    assert "承诺时间须晚于现在" in past
    assert "本级提醒已登记过承诺时间" in twice
    assert heard(desk, "顾晓岚", "超期升级(主管)") == [at(11, 23, 10)]
    assert "已登记" in next_level


def test_a_person_on_leave_is_stood_in_for(desk: Desk) -> None:
    """
    罗一帆 is away: 程小满 hears in her place, may act for her, and both are recorded.
    """
    desk.report("罗一帆", customer="拓岭", product="转向节")
    desk.until(at(11, 20, 16, 30))
    warned = desk.heard("程小满", "下班前请处理")
    desk.say("程小满", "提措施 82", "周一补发")

    assert "代理 罗一帆" in warned[0].text
    assert desk.heard("罗一帆", "下班前请处理") == []
    action = desk.last()
    assert (action.by_id, action.on_behalf_of_id) == (desk.person_id("程小满"), desk.person_id("罗一帆"))
    assert audited(desk) == ("程小满", "罗一帆")


def test_without_a_lead_the_administrator_hears(desk: Desk) -> None:
    """
    A department without a head does not swallow a breach (2.4).
    """
    desk.do(lambda uow: setattr(uow.organisation.department("XS"), "lead_id", None))
    desk.report()
    desk.until(at(11, 22, 16, 5))

    assert heard(desk, "丁雨禾", "超期通知") == [at(11, 22, 16, 5)]


def test_quality_hears_once_of_one_and_the_same_measure(desk: Desk) -> None:
    """
    K2c is silent from K1's due instant on: one breach of the measure, not two (2.0-1).
    """
    desk.transmit()
    desk.accept()
    desk.until(at(11, 23, 9))

    assert heard(desk, "沈知衡", "超期通知") == [at(11, 22, 16, 5)]
    assert heard(desk, "channel:PB", "超期通知") == [at(11, 23, 8)]


def test_a_level_names_its_rule_and_why_it_came(desk: Desk) -> None:
    """
    The small print: the clause and the hours, and that company additions are no procedure text.
    """
    desk.report()
    desk.until(at(11, 23, 12))

    assert "规则:顾客管理程序 4.1.2,48 小时。" in desk.heard("顾晓岚", "超期通知")[0].text
    receipt = [h for h in desk.heard("顾晓岚", "超期通知") if "回执" in h.text]
    assert "公司补充规定" in receipt[0].text
