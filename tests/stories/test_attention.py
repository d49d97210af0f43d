"""Respect for attention: the night is quiet, topics can be muted, breaches cannot, and every ping says why."""

from tests.support.desk import Desk, at


def test_a_step_at_night_waits_for_the_morning(desk: Desk) -> None:
    """
    What a colleague does late is heard at the next start of work, not at night.
    """
    desk.report()
    desk.clock.set(at(11, 20, 21))
    desk.say("丁雨禾", "转品保 82", "需要品保判断")
    desk.say("顾晓岚", "转品保 82", "需要品保判断")
    desk.tick()
    desk.until(at(11, 23, 8))

    assert [heard.at for heard in desk.heard("程小满", "转品保部(顾晓岚)")] == [at(11, 23, 8)]


def test_an_urgent_page_comes_at_any_hour(desk: Desk) -> None:
    """
    A line that may stop wakes the lead and the person on duty.
    """
    desk.clock.set(at(11, 21, 2))
    desk.report(category="产品质量", impact="已停线", handling="提交并转品保")
    desk.tick()

    assert [heard.at for heard in desk.heard("沈知衡", "【停线】")][:1] == [at(11, 21, 2)]
    assert [heard.at for heard in desk.heard("石松涛", "【停线】")][:1] == [at(11, 21, 2)]


def test_a_muted_topic_is_silent_and_a_breach_is_not(desk: Desk) -> None:
    """
    Somebody who muted reminders gets none, but hears that it is overdue.
    """
    desk.tap("程小满", "set:mute:reminder")
    desk.tap("顾晓岚", "set:mute:reminder")
    desk.report()
    desk.until(at(11, 22, 16, 5))

    assert desk.heard("程小满", "下班前请处理") == []
    assert len(desk.heard("顾晓岚", "超期通知")) == 1
    assert len(desk.heard("丁雨禾", "下班前请处理")) == 1


def test_every_ping_says_why_it_came(desk: Desk) -> None:
    """
    No notice without its reason.
    """
    desk.report(category="产品质量", handling="提交并转品保")
    desk.say("梁可欣", "接收 82", "一般", "装配线", "尺寸超差")
    desk.until(at(11, 23, 9))

    letters = desk.do(lambda uow: uow.mailbox.all_after(0))
    assert letters
    assert [letter.text for letter in letters if "为什么收到" not in letter.text] == []


def test_one_living_notice_for_each_case_and_address(desk: Desk) -> None:
    """
    Of a case's steps only the newest card stands at an address; overdue notices stand beside it.
    """
    desk.report(category="产品质量", handling="提交并转品保")
    desk.say("梁可欣", "接收 82", "一般", "装配线", "尺寸超差")
    desk.say("梁可欣", "提措施 82", "全检库存")
    desk.deliver()

    place = f"person:{desk.person_id('程小满')}"
    steps = [row for row in desk.do(lambda uow: uow.mailbox.of(place)) if row.card]
    assert len(steps) > 1
    assert [row.replaced for row in steps] == [True] * (len(steps) - 1) + [False]


def test_after_the_days_share_comes_one_line(desk: Desk) -> None:
    """
    On a bad day the thirteenth ping and all after it are one line that points to the list.
    """
    for number in range(82, 98):
        desk.report("丁雨禾", category="产品质量", handling="提交并转品保")
        desk.say("梁可欣", f"接收 {number}", "一般", "装配线", "尺寸超差")
    desk.deliver()

    heard = [letter for letter in desk.heard("丁雨禾") if "回执" not in letter.text]
    assert len(heard) <= 13
    assert len(desk.heard("丁雨禾", "今天还有其他更新")) == 1


def test_the_digest_comes_once_a_working_day(desk: Desk) -> None:
    """
    At 08:30 each department with open cases gets its digest, on working days and once.
    """
    desk.report()
    desk.until(at(11, 23, 8, 30))
    desk.tick()
    desk.until(at(11, 23, 9))
    desk.tick()

    digests = desk.heard("channel:XS", "今日汇总")
    assert [digest.at for digest in digests] == [at(11, 23, 8, 30)]
    assert "超期 1 件" in digests[0].text


def test_a_snoozed_reminder_comes_again_and_the_deadline_does_not_move(desk: Desk) -> None:
    """
    A reminder that is put off comes at its new time; the overdue notice comes as if nobody had snoozed.
    """
    desk.report()
    desk.until(at(11, 20, 16, 30))
    answer = desk.say("程小满", "详情 82") and desk.tap("程小满", "snooze", "TS-2026-0082")
    said = desk.tap("程小满", "snooze_for:hour", "TS-2026-0082")
    desk.until(at(11, 22, 16, 5))

    assert "什么时候再提醒" in answer
    assert "今天17:30 再提醒您" in said
    assert [heard.at for heard in desk.heard("程小满", "⏰ 提醒|")] == [at(11, 20, 17, 30)]
    assert [heard.at for heard in desk.heard("顾晓岚", "超期通知")] == [at(11, 22, 16, 5)]


def test_a_snooze_ends_with_its_deadline(desk: Desk) -> None:
    """
    What is done meanwhile is not reminded of.
    """
    desk.report()
    desk.tap("程小满", "snooze_for:hour", "TS-2026-0082")
    desk.say("程小满", "提措施 82", "今天补发", "登记沟通 82", "汪店长", "同意")
    desk.later(hours=2)

    assert desk.heard("程小满", "⏰ 提醒|") == []
