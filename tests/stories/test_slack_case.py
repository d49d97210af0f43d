"""A case is dealt with in Slack: a button opens its step's form, and everybody hears who did what."""

from collections.abc import Mapping

from bot.demo.play import photo
from storage.cases import Action
from tests.support.desk import CASE
from tests.support.slack.phone import Phone
from tests.support.slack.reading import text_of
from tests.support.workplace import Workplace

QUALITY = "品保部-客诉群"
ACCEPTED = {"问题等级": "一般", "发现环节": "装配线", "缺陷代码": "孔位"}


def reported(work: Workplace) -> Phone:
    """A quality problem of 瀚途's was reported, and quality's channel has its card."""
    phone = work.phone("程小满")
    phone.command("/guke", "投诉")
    form = phone.form
    form.fill("顾客", "瀚途").fill("产品", "前下控制臂").fill("问题类别", "产品质量").fill("客户影响", "换货")
    form.fill("问题说明", "孔位偏移,装不上").fill("接到时间", "刚刚").submit()
    assert CASE in form.text
    form.close()
    work.deliver()
    return phone


def filled(work: Workplace, phone: Phone, answers: Mapping[str, object]) -> None:
    """The form that stands open is filled in, submitted and left."""
    form = phone.form
    for label, value in answers.items():
        form.fill(label, value)
    form.submit()
    assert form.errors == {}
    assert CASE in form.text
    form.close()
    work.deliver()


def step(work: Workplace, phone: Phone, action: str, answers: Mapping[str, object], channel: str = "") -> None:
    """Somebody taps an action on the case's card, and fills in its form."""
    phone.press(phone.message(CASE, channel), action)
    filled(work, phone, answers)


def test_a_case_goes_from_its_card_to_closing(work: Workplace) -> None:
    """
    Accept, measure, contact, satisfied, implemented, cause, closed: each by the button of a card and its form.
    """
    reported(work)
    quality = work.phone("梁可欣")
    step(work, quality, "接收", ACCEPTED, QUALITY)
    step(work, quality, "提出措施", {"补救措施": "补发并致歉"}, QUALITY)
    step(work, quality, "登记沟通", {"联系人": "汪店长", "结果": "已说明措施"}, QUALITY)
    step(work, quality, "顾客满意", {"联系人": "汪店长"}, QUALITY)
    step(work, quality, "已实施", {"完成证据": "签收单已回", "照片": [("签收.png", photo(3))]}, QUALITY)
    quality.press(quality.message(CASE, QUALITY), "登记原因")
    form = quality.form
    assert "措施要求" not in form.labels
    form.fill("capa_needed", "需要")
    assert {"措施要求", "完成期限"} < set(form.labels)
    form.fill("capa_needed", "不需要")
    assert "措施要求" not in form.labels
    filled(work, quality, {"发生原因": "定位销磨损", "责任部门": "生产部", "capa_reason": "偶发"})
    closing = {"告知客户的原因": "定位销磨损", "告知客户的措施": "已更换", "联系人": "汪店长", "告知方式": "已发送"}
    step(work, quality, "关闭", closing, QUALITY)
    assert work.desk.step() == "closed"
    assert work.desk.done() == [
        "file", "accept", "propose_remedy", "log_contact", "satisfied", "done_implementing", "analyse", "close",
    ]  # fmt: skip


def test_whoever_is_late_or_may_not_hears_why(work: Workplace) -> None:
    """
    A button of an old card says who was faster and when; a second click does nothing; one who may not hears who may.
    """
    sales = reported(work)
    first, second, stranger = work.phone("梁可欣"), work.phone("沈知衡"), work.phone("石松涛")
    card = first.message(CASE, QUALITY)
    stranger.press(card, "接收")
    assert stranger.modal is None
    assert "此操作" in text_of(stranger.whispers()[-1]) or "由" in text_of(stranger.whispers()[-1])
    second.press(card, "接收")
    waiting = second.form
    step(work, first, "接收", ACCEPTED, QUALITY)
    for label, value in ACCEPTED.items():
        waiting.fill(label, value)
    waiting.submit()
    assert "梁可欣" in waiting.text
    waiting.close()
    first.press(card, "接收")
    second.press(card, "接收")
    assert second.modal is None
    assert "梁可欣" in text_of(second.whispers()[-1])
    assert work.desk.done() == ["file", "accept"]
    sales.command("/guke", f"详情 {CASE}")
    assert "品保处理中" in text_of(sales.whispers()[-1])


def test_an_answer_is_given_line_by_line(work: Workplace) -> None:
    """
    Everything works as text: a line in the conversation, an answer with buttons, the next line. What is asked in a
    channel is answered in the conversation, and the channel hears nothing.
    """
    reported(work)
    phone = work.phone("梁可欣")
    phone.dm("接收 82")
    work.deliver()
    for line in ("一般", "装配线", "孔位"):
        phone.dm(line)
        work.deliver()
    assert work.desk.step() == "qa_handling"
    before = len(phone.messages(QUALITY))
    phone.mention(QUALITY, "为什么 82")
    work.deliver()
    assert len(phone.messages(QUALITY)) == before + 1
    assert "规则" in text_of(phone.messages()[-1]) or "小时" in text_of(phone.messages()[-1])


def test_photos_of_a_message_go_to_a_case(work: Workplace) -> None:
    """
    A message's photos are attached to a case that is chosen among those one may see; one without photos says so.
    """
    phone = reported(work)
    phone.dm("", [("现场.png", photo(2))])
    message = next(each for each in phone.messages() if each.get("files"))
    phone.message_shortcut("case.attach", message)
    form = phone.form
    assert [len(form.choices("case", text)) for text in ("", "瀚途", "恒星")] == [1, 1, 0]
    form.fill("case", CASE).submit()
    assert f"{CASE}:“补照片”已登记" in form.text
    assert work.desk.last().key == "attach"
    form.close()
    work.deliver()
    phone.message_shortcut("case.attach", phone.messages()[0])
    assert "没有照片" in phone.form.text


def test_a_message_becomes_a_complaint(work: Workplace) -> None:
    """
    What somebody wrote is the description, its photos are those of the complaint; surveys are said to come later.
    """
    phone = work.phone("程小满")
    phone.dm("森迪来电:转向节 & 球头 <松动>", [("球头.png", photo(3))])
    message = next(each for each in phone.messages() if each.get("files"))
    phone.message_shortcut("complaint.from_message", message)
    form = phone.form
    assert form.value("问题说明") == "森迪来电:转向节 & 球头 <松动>"
    assert "已收到 1 张" in form.text
    form.close()
    phone.shortcut("survey.send")
    assert "问卷" in phone.form.text or "调查" in phone.form.text
    assert work.count(Action) == 0


def test_what_is_known_of_such_a_problem_stands_in_the_form(work: Workplace) -> None:
    """
    Once the problem is described, cases like it stand beside it; one tap adds what was said to the one that it is.
    """
    phone = reported(work)
    phone.command("/guke", "投诉")
    form = phone.form
    form.fill("顾客", "瀚途").fill("产品", "前下控制臂").fill("问题类别", "产品质量")
    form.fill("问题说明", "孔位偏移装不上").fill("客户影响", "换货")
    assert CASE in form.text
    form.press("同一问题,附上")
    assert f"{CASE}:“补照片”已登记" in form.text
    assert work.desk.last().key == "attach"
