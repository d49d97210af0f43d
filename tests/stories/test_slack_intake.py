"""A complaint is reported in Slack: by a modal, line by line, and from one to the other."""

from bot.demo.play import photo
from storage.cases import Case
from storage.drafts import DraftRow
from tests.support.desk import CASE
from tests.support.slack.modal import Modal
from tests.support.slack.reading import text_of
from tests.support.workplace import Workplace


def fill(form: Modal, **others: str) -> Modal:
    """What has to be filled in."""
    asked = {"问题类别": "交付", "客户影响": "仅通知", "问题说明": "少送两箱,门店断货", "接到时间": "刚刚", **others}
    for label, value in asked.items():
        form.fill(label, value)
    return form


def test_a_complaint_is_reported_by_a_modal(work: Workplace) -> None:
    """
    The form asks what the answers call for, shows what is wrong beside its field, and takes photos; its answer has the
    number, and so has a message that stays. Whoever is met for the first time is known by their e-mail address.
    """
    phone = work.phone("程小满")
    assert phone.command("/guke", "投诉").status_code == 200
    assert phone.said == ""
    form = phone.form
    assert form.title == "报投诉"
    assert "新客户" not in form.labels
    assert form.choices("顾客")[0] == "＋ 新客户"
    form.fill("顾客", "新客户")
    assert form.labels[:2] == ["顾客", "新客户"]
    form.fill("新客户", "恒").fill("产品", "暂不清楚").fill("涉及数量", "准确")
    assert form.labels.count("涉及数量") == 2
    fill(form).fill("quantity~typed", 120).fill("照片", [("hole.png", photo(1)), ("label.png", photo(2))])
    assert form.value("处理方式")["value"] == "self"
    form.submit()
    assert list(form.errors) == ["new_customer"]
    assert "至少" in form.errors["new_customer"]
    assert form.labels.count("涉及数量") == 2
    form.fill("新客户", "恒达底盘").submit()
    assert form.errors == {}
    assert form.title == "顾客管理"
    assert CASE in form.text
    assert (work.desk.answers()["quantity"], work.count(DraftRow)) == (120, 0)
    work.deliver()
    assert CASE in text_of(phone.message("已受理"))
    assert work.desk.look(CASE, lambda uow, case: [file.name for file in uow.files.of_case(case.id)]) == [
        "hole.png", "label.png",
    ]  # fmt: skip


def test_a_choice_brings_its_question_at_once(work: Workplace) -> None:
    """
    What is suggested stands chosen; against it a reason is asked at once. What depends on other answers follows them,
    and what the person chose stays.
    """
    phone = work.phone("程小满")
    phone.command("/guke", "投诉")
    form = phone.form
    form.fill("顾客", "瀚途").fill("产品", "前下控制臂").fill("问题类别", "产品质量").fill("客户影响", "换货")
    assert form.value("处理方式")["value"] == "transmit"
    assert form.value("反馈人")["text"]["text"] == "汪店长" or form.value("反馈人") is not None
    form.fill("处理方式", "销售自行处理")
    assert form.labels[-1] == "原因"
    form.fill("反馈渠道", "邮件").fill("客户要求回复", "选时间")
    assert form.value("处理方式")["value"] == "self"
    assert form.value("反馈渠道")["value"] == "email"
    assert [form.labels.count(label) for label in ("原因", "客户要求回复")] == [1, 2]


def test_a_form_is_left_and_gone_on_with_anywhere(work: Workplace) -> None:
    """
    A form that is closed is kept: the next one goes on with it, in the conversation by lines too, and back again.
    """
    phone = work.phone("程小满")
    phone.command("/guke", "投诉")
    phone.form.fill("顾客", "驰安").fill("产品", "球头").fill("问题类别", "交付")
    phone.form.close()
    phone.command("/guke", "82")
    assert "82" in text_of(phone.whispers()[-1])
    phone.dm("继续")
    work.deliver()
    asked = phone.messages()[-1]
    assert "客户那边影响" in text_of(asked)
    phone.press(asked, "仅通知")
    work.deliver()
    phone.dm("", [("hole.png", photo(1))])
    work.deliver()
    asked = phone.messages()[-1]
    assert "已收到 1 张" in text_of(asked)
    phone.press(asked, "填写表单")
    form = phone.form
    assert form.value("客户影响")["value"] == "notice"
    assert "已收到 1 张" in form.text
    form.fill("问题说明", "少送两箱,门店断货").fill("接到时间", "刚刚").submit()
    assert CASE in form.text
    phone.command("/guke", "投诉")
    assert phone.form.value("顾客") is None


def test_a_draft_is_offered_before_a_new_form(work: Workplace) -> None:
    """
    A form with answers in it is not thrown away: going on or starting again is a tap, and the tap opens it.
    """
    phone = work.phone("程小满")
    phone.command("/guke", "投诉")
    phone.form.fill("顾客", "驰安")
    phone.form.close()
    phone.command("/guke", "投诉")
    assert phone.modal is None
    offered = phone.whispers()[-1]
    phone.press({**offered, "ts": "1.1"}, "继续上次")
    assert phone.form.value("顾客")["value"] == "K07"
    phone.form.close()
    phone.shortcut("complaint.new")
    phone.form.press("重新填写")
    assert phone.form.value("顾客") is None
    assert work.count(Case) == 0


def test_a_window_that_does_not_open_is_asked_instead(work: Workplace) -> None:
    """
    Where Slack is late or the trigger is, nothing is lost: the question comes as a message with the form's button.
    """
    phone = work.phone("程小满")
    work.stand.gate.fail("views.open", "expired_trigger_id")
    phone.command("/guke", "投诉")
    assert phone.modal is None
    work.deliver()
    phone.press(phone.message("哪家客户"), "填写表单")
    assert phone.form.title == "报投诉"


def test_what_is_not_known_yet_is_said_in_words(work: Workplace) -> None:
    """
    Before a customer is chosen nobody is known who reported it: the form says so in words, not by a key of ours.
    """
    phone = work.phone("程小满")
    phone.command("/guke", "投诉")

    assert phone.form.value("反馈人")["text"]["text"] == "暂不清楚"
