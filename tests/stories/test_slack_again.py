"""The same request of Slack twice, byte for byte: the same answer, and nothing done twice."""

from bot.demo.play import photo
from storage.audit_rows import AuditRow
from storage.cases import Action, Case
from storage.drafts import DraftRow
from storage.files import Attachment
from storage.inbox import InboxRow
from storage.outbox_rows import OutboxRow
from tests.stories.test_slack_case import QUALITY
from tests.support.slack import typecheck
from tests.support.slack.phone import Phone
from tests.support.workplace import Workplace

KINDS = (AuditRow, Action, Case, DraftRow, Attachment, InboxRow, OutboxRow)


def again(work: Workplace, phone: Phone) -> None:
    """The last request comes again: what was said is said again, and everything is as it was."""
    answered = phone.answer
    assert answered is not None
    said, rows, calls = (
        (answered.status_code, answered.text),
        [work.count(kind) for kind in KINDS],
        work.stand.gate.calls,
    )
    before = len(calls)
    phone.again()
    assert (phone.answer.status_code if phone.answer else 0, phone.said) == said
    assert [work.count(kind) for kind in KINDS] == rows
    assert [call.method for call in calls[before:]] == []


def test_every_kind_of_request_counts_once(work: Workplace) -> None:
    """
    Command, change of a field, search, submission, closing, line, photo, button, shortcuts, mention: each counts once.
    What Slack sent and was answered is of the types its own libraries declare: looked at on SQLite alone, it is
    the same whichever database is behind, and the compiler takes its time.
    """
    phone = work.phone("程小满")
    phone.command("/guke", "规则")
    again(work, phone)
    phone.command("/guke", "投诉")
    again(work, phone)
    form = phone.form
    form.choices("顾客", "瀚")
    again(work, phone)
    form.fill("顾客", "新客户")
    again(work, phone)
    form.fill("顾客", "瀚途").fill("产品", "前下控制臂").fill("问题类别", "产品质量").fill("客户影响", "换货")
    form.fill("问题说明", "孔").fill("接到时间", "刚刚").submit()
    assert "description" in form.errors
    again(work, phone)
    form.fill("问题说明", "孔位偏移,装不上").fill("照片", [("hole.png", photo(1))]).submit()
    assert form.errors == {}
    again(work, phone)
    form.close()
    work.deliver()
    phone.dm("我的事项")
    again(work, phone)
    phone.dm("看看", [("label.png", photo(2))])
    again(work, phone)
    work.deliver()
    message = next(each for each in phone.messages() if each.get("files"))
    phone.message_shortcut("complaint.from_message", message)
    again(work, phone)
    phone.form.close()
    again(work, phone)
    phone.shortcut("complaint.new")
    again(work, phone)
    quality = work.phone("梁可欣")
    quality.press(quality.message("孔位偏移", QUALITY), "接收")
    again(work, quality)
    quality.mention(QUALITY, "为什么 82")
    again(work, quality)
    assert (work.count(Case), work.count(Action)) == (1, 1)
    if work.desk.database.dialect == "sqlite":
        assert typecheck.check(work.stand.world) == []
