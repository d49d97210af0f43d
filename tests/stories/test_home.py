"""A person's home shows what waits for them, the nearest deadline first, and is drawn anew after what touches them."""

from dataclasses import replace

from handlers import deadlines, home, switchboard
from handlers.events import Pressed, Sender
from handlers.home import Home
from handlers.turn import Turn
from storage.outbox_rows import Claimed, Message
from storage.unit_of_work import UnitOfWork
from tests.support.bulk import copy_case
from tests.support.desk import CASE, Desk, at


def seen(desk: Desk, person: str) -> Home:
    """Somebody's home as it stands."""
    found = desk.database.look(
        lambda uow: home.shown(Turn(uow, desk.company, uow.organisation.person_by_name(person), "slack"))
    )
    assert found is not None
    return found


def said(desk: Desk, found: Home) -> str:
    """Everything of a home that is a sentence, in its reader's language."""
    lines = [
        found.greeting,
        found.counts,
        *found.banners,
        *(part for row in found.rows for part in (row.what, row.stands)),
    ]
    lines += [part for draft in found.drafts for part in (draft.title, draft.line)]
    return "\n".join(desk.company.words.say(line, found.language, found.now) for line in (*lines, found.leave))


def opens(desk: Desk, *people: str) -> None:
    """Somebody looks at their home for the first time."""

    def look(uow: UnitOfWork) -> None:
        for person in people:
            home.opened(Turn(uow, desk.company, uow.organisation.person_by_name(person)))

    desk.do(look)


def at_slack(desk: Desk, name: str) -> str:
    """Somebody's user id at Slack."""
    slack_id = f"U{ord(name[0])}"
    desk.do(lambda uow: setattr(uow.organisation.person_by_name(name), "slack_id", slack_id))
    return slack_id


def renewals(desk: Desk) -> list[Claimed]:
    """Whose homes are to be drawn anew, two seconds from now on."""
    desk.clock.set(desk.clock().replace(second=desk.clock().second + 2))
    return desk.do(lambda uow: [each for each in uow.outbox.claim("test", "slack", 100) if each.topic == "home"])


def test_what_waits_comes_first_with_the_time_left(desk: Desk) -> None:
    """
    Cases to take over, own cases and the department's overdue ones in one list, the most urgent first, one tap each.
    """
    desk.report()
    desk.transmit()
    desk.clock.set(at(11, 22, 16, 6))
    quality, seller = seen(desk, "梁可欣"), seen(desk, "程小满")

    assert [(row.number, row.button.action, row.late) for row in quality.rows] == [("TS-2026-0083", "accept", True)]
    assert "已超 1 分 · 应于 今天16:05 · 待品保接收" in said(desk, quality)
    assert seller.rows[0].number == CASE
    assert dict(seller.lists)["reported"].values["n"] == 2


def test_of_many_cases_a_page_is_shown_with_their_number(desk: Desk) -> None:
    """
    Ten at a time; next and back are taps, and a page that is gone is the last one there is.
    """
    desk.report()
    desk.look(CASE, lambda uow, case: copy_case(uow, case, 23))
    opens(desk, "程小满")
    first = seen(desk, "程小满")
    desk.tap("程小满", "home:reported:20")
    last = seen(desk, "程小满")
    desk.tap("程小满", "home:reported:90")

    assert (len(first.rows), first.first, first.total) == (10, 0, 24)
    assert (last.showing, len(last.rows), last.first, last.total) == ("reported", 4, 20, 24)
    assert seen(desk, "程小满").first == 20


def test_drafts_are_gone_on_with_or_dropped_one_by_one(desk: Desk) -> None:
    """
    Each draft has its own two buttons; a second tap on either does no harm, and nobody drops another's.
    """
    desk.tap("程小满", "start:complaint")
    desk.say("程小满", "瀚途")
    desk.later(minutes=1)
    desk.tap("程小满", "leave")
    leave, complaint = seen(desk, "程小满").drafts

    assert "请假" in said(desk, seen(desk, "程小满"))
    assert desk.tap("程小满", f"resume:{complaint.id}").count("产品") >= 1
    assert desk.tap("丁雨禾", f"drop_draft:{leave.id}") == "这份草稿已提交或已放弃。"
    assert [desk.tap("程小满", f"drop_draft:{leave.id}") for _ in range(2)] == [
        "“请假”已取消。",
        "这份草稿已提交或已放弃。",
    ]
    assert [draft.id for draft in seen(desk, "程小满").drafts] == [complaint.id]


def test_quiet_hours_are_ones_own(desk: Desk) -> None:
    """
    A step waits until the quiet hours that a person chose are over, although work begins before.
    """
    desk.tap("程小满", "set:quiet_until:10:00")
    desk.tap("程小满", "set:quiet_from:16:00")
    desk.report()
    desk.say("丁雨禾", "转品保 82", "需要品保判断")
    desk.say("顾晓岚", "转品保 82", "需要品保判断")
    desk.until(at(11, 23, 10))

    assert [heard.at for heard in desk.heard("程小满", "转品保部(顾晓岚)")] == [at(11, 23, 10)]
    assert "免打扰" in desk.tap("程小满", "set:quiet_from:25:00")
    assert f"{seen(desk, '程小满').settings.quiet_from:%H:%M}" == "16:00"


def test_muting_says_what_it_sets(desk: Desk) -> None:
    """
    The second tap of the same button sets the same; the other one takes it back.
    """
    for action in ("silence", "silence"):
        desk.tap("程小满", f"set:{action}:step")
    muted = seen(desk, "程小满").settings.muted
    desk.tap("程小满", "set:hear:step")

    assert muted == {"step"}
    assert seen(desk, "程小满").settings.muted == frozenset()


def test_who_can_mend_it_sees_what_is_wrong(desk: Desk) -> None:
    """
    A department without a channel is told to its head and the administrators, a year without holidays to these alone.
    """
    desk.company = replace(desk.company, platforms=("slack",))
    desk.clock.set(at(12, 1, 9))

    assert "品保部还没有频道" in said(desk, seen(desk, "沈知衡"))
    assert "放假安排未导入" not in said(desk, seen(desk, "沈知衡"))
    assert seen(desk, "程小满").banners == ()


def test_what_became_overdue_is_drawn_without_anybody_doing_anything(desk: Desk) -> None:
    """
    A level that is reached draws the homes of handler, reporter and department.
    """
    desk.company = replace(desk.company, platforms=("slack",))
    opens(desk, "程小满", "梁可欣")
    desk.report()
    assert len(renewals(desk)) == 1
    deadlines.sweep(desk.database, desk.company)
    assert renewals(desk) == []
    desk.clock.set(at(11, 22, 16, 6))
    deadlines.sweep(desk.database, desk.company)

    assert [each.address for each in renewals(desk)] == [f"person:{desk.person_id('程小满')}"]


def test_a_channel_that_cannot_be_reached_is_told_until_it_can(desk: Desk) -> None:
    """
    The head of its department sees it as soon as something could not be brought there, and no more once it was.
    """
    desk.company = replace(desk.company, platforms=("slack",))
    desk.do(lambda uow: setattr(uow.organisation.department("PB"), "channels", {"slack": "C1"}))

    def told(number: int, went: str) -> None:
        def settle(uow: UnitOfWork) -> None:
            uow.outbox.add(Message(key=f"told/{number}", platform="slack", address="channel:PB", topic="step"))
            claimed = uow.outbox.claim("test", "slack", 1)[0]
            if went:
                uow.outbox.sent(claimed.id, claimed.fence, went)
            else:
                uow.outbox.failed(claimed.id, claimed.fence, "is_archived", None)

        desk.do(settle)

    told(1, "")
    assert "品保部的频道无法送达" in said(desk, seen(desk, "沈知衡"))
    assert "频道" not in said(desk, seen(desk, "程小满"))
    told(2, "C1/1")
    assert "频道" not in said(desk, seen(desk, "沈知衡"))


def test_a_change_draws_the_homes_it_touches_once(desk: Desk) -> None:
    """
    Handler, reporter, head and members of the department, as far as they ever looked; two changes are one drawing.
    """
    desk.company = replace(desk.company, platforms=("slack",))
    opens(desk, "程小满", "梁可欣", "石松涛")
    quality = Sender("slack", at_slack(desk, "梁可欣"))
    desk.transmit()
    first = renewals(desk)
    taken = [Pressed(f"tap/{tap}", quality, "accept", CASE) for tap in range(2)]
    for event in taken:
        switchboard.receive(desk.database, desk.company, event)

    assert {each.address for each in first} >= {f"person:{desk.person_id(name)}" for name in ("程小满", "梁可欣")}
    assert f"person:{desk.person_id('沈知衡')}" not in {each.address for each in first}
    assert len(first) == len({each.address for each in first})
    assert [each.address for each in renewals(desk)] == [f"person:{desk.person_id('梁可欣')}"]
