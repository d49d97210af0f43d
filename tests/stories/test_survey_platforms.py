"""A survey over each chat platform: dispatched, approved, answered, reported, signed, posted, read, acted upon."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from tests.support.answering import ALL, LINK, SURVEY, browser, press
from tests.support.customer import PUBLIC
from tests.support.desk import Desk, at
from tests.support.slack.phone import Json
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand
from tests.support.surveyed import Pencil, threshold
from tests.support.wecom.reading import Bubble
from tests.support.wecom_filling import Answers, Rep
from tests.support.wecom_office import Office
from tests.support.workplace import Workplace

RECTIFICATION = "JZ-2026-0033"
CAST = ("程小满", "顾晓岚", "韩立群", "沈知衡")
LOW = {**ALL, "delivery": "dissatisfied"}
CONCLUSION = "交货期不满意,集中在月末"
PLAN: Answers = {"questionnaire": "顾客满意度", "who": "所有顾客", "submit": "提交批准"}
BY_PHONE: Answers = {
    "invitation": "森迪 陶工", "item_quality": "满意", "item_packaging": "满意", "item_delivery": "不满意",
    "item_service": "满意", "item_price": "满意", "item_competitiveness": "满意", "text_suggestions": "月末要准时",
    "enter": "录入答复",
}  # fmt: skip


ON_THE_PHONE = {
    "联系人": "森迪 陶工", "产品质量": "满意", "包装": "满意", "交货期": "不满意", "服务": "满意", "价格": "满意",
    "竞争力": "满意", "您的建议": "月末要准时", "录入": "录入答复",
}  # fmt: skip


def begun(desk: Desk) -> None:
    """Items of customers below 60 are rectified in this company; its pictures are drawn in no time."""
    desk.do(lambda uow: uow.rules.append(threshold(uow)))
    desk.draw_survey = Pencil().draw


def two_answer(desk: Desk, texts: Iterable[str]) -> None:
    """The first two of those whose link was passed on answer on the page, one of them not satisfied with delivery."""
    links = [link for text in texts for link in LINK.findall(text)]
    assert len(set(links)) == len(links)
    for link, grades in zip(links, (ALL, LOW), strict=False):
        customer = browser(desk)
        assert press(customer, customer.get(link), grades=grades, suggestions="月末要准时").status_code == 200


def acted_upon(desk: Desk) -> None:
    """The item below the threshold is a task of its department with a deadline; the survey is with all departments."""
    assert desk.step(SURVEY) == "distributed"
    assert desk.answers(SURVEY)["below"] == [["交货期", "26.7", "DD"]]
    owed = desk.look(RECTIFICATION, lambda _, case: (case.department, case.step, case.due_at is not None))
    assert owed == ("DD", "planning", True)


def taps(who: Rep, button: str) -> str:
    """Somebody taps their newest card with that button."""
    card = next(each for each in reversed(who.hand.phone.cards()) if button in each.buttons)
    return who.hand.tap(card, button)


def read(who: Rep, words: str) -> Bubble:
    """The newest text with these words."""
    return next(each for each in reversed(who.hand.messages) if words in each.text and not each.is_card)


def test_a_survey_over_wecom(office: Office) -> None:
    """
    By cards from 发问卷 to 已阅: the lead sees weights and scores briefly, the rep has the next button at every turn;
    the links answer on the page, one customer by telephone; report, pictures and task arrive, one group once.
    """
    office.more = {"server": {"public_url": PUBLIC}}
    office.restart()
    begun(office.desk)
    seller, lead, tech, quality = (Rep(office, name, on_cards=True) for name in CAST)
    seller.hand.say("发问卷")
    assert SURVEY in seller.fills(PLAN)
    plan = read(lead, "请决定").text
    assert "示例,请公司批准\n产品质量 0.4\n包装 0\n交货期 0.2\n" in read(lead, "权重与分值").text
    assert "Σ" not in plan
    taps(lead, "同意")
    taps(seller, "发送问卷")
    assert any("请转发给 凌岳 唐工" in each.text for each in seller.hand.phone.cards())
    two_answer(office.desk, [each.text for each in seller.hand.messages])
    office.deliver()
    assert "报投诉" in read(seller, "最低等级").text
    seller.does(SURVEY, "电话问卷", "电话问卷", BY_PHONE)
    assert "3/8(38%)" in read(seller, "森迪 陶工 已答复").text

    office.until(at(12, 15, 9))
    office.later(minutes=5)
    draft = read(seller, "请核对报告后提交").text
    assert "b) 满意度\n总分:73.3 · 按项目加权 73.3\n目标 85:未达成\n最低:交货期" in draft
    seller.does(SURVEY, "提交报告", "提交报告", {"conclusion": CONCLUSION, "competitor": "78"})
    for signer, button in ((lead, "同意"), (tech, "会签同意"), (quality, "会签同意")):
        taps(signer, button)
    office.later(minutes=5)
    acted_upon(office.desk)
    for code in ("XS", "PB", "JS", "SC", "CG", "ZJ"):
        report = [each for each in office.group(code) if "【报告】" in each.text]
        assert [CONCLUSION in each.text for each in report] == [True], code
        assert [each.picture[:4] for each in office.group(code) if each.picture] == [b"\x89PNG"] * 2
    assert "提计划" in taps_of(Rep(office, "邱铁成", on_cards=True), RECTIFICATION)
    taps(quality, "已阅")
    assert "已阅:沈知衡" in lead.hand.say(SURVEY)
    assert (office.wecom.lost, office.stand.dropped) == ([], [])


class Colleague:
    """Somebody with Slack, and what the bot wrote to them."""

    def __init__(self, work: Workplace, name: str) -> None:
        self.work, self.name, self.phone = work, name, work.phone(name)

    def newest(self, words: str) -> Json:
        """The newest message to them with these words, or with such a button."""
        return next(each for each in reversed(self.phone.messages()) if words in text_of(each))

    def presses(self, button: str, answers: Mapping[str, object] | None = None) -> None:
        """They press it where it stands last, and fill in the form that opens."""
        self.phone.press(self.newest(f"[{button}]"), button)
        if answers is not None:
            form = self.phone.form
            for label, value in answers.items():
                form.fill(label, value)
            form.submit()
            assert form.errors == {}
            form.close()
        self.work.deliver()


def passed(work: Workplace, instant: datetime) -> None:
    """Time passes up to an instant: what the clock does then, and the post."""
    work.desk.clock.set(instant)
    work.desk.tick()
    work.deliver()


def test_a_survey_over_slack(desk: Desk, slack_stand: Stand, tmp_path: Path) -> None:
    """
    The same by forms and buttons: dispatched in a window, approved on the card, by telephone in another one, the report
    with its pictures signed where it stands and posted in each channel.
    """
    work = Workplace.open(desk, slack_stand, tmp_path, {"server": {"public_url": PUBLIC}})
    desk.company = work.app.company
    begun(desk)
    seller, lead, tech, quality = (Colleague(work, name) for name in CAST)
    seller.phone.command("/guke", "发问卷")
    form = seller.phone.form
    form.fill("问卷", "顾客满意度调查表").fill("调查对象", "所有顾客").fill("提交", "提交批准").submit()
    form.close()
    work.deliver()
    assert "产品质量 0.4\n包装 0\n" in text_of(lead.newest("请决定"))
    lead.presses("同意")
    seller.presses("发送问卷")
    two_answer(desk, map(text_of, seller.phone.messages()))
    work.deliver()
    assert "[报投诉]" in text_of(seller.newest("最低等级"))
    seller.presses("电话问卷", ON_THE_PHONE)
    assert "3/8(38%)" in text_of(seller.newest("森迪 陶工 已答复"))

    passed(work, at(12, 15, 9, 10))
    passed(work, at(12, 15, 9, 20))
    assert "总分:73.3 · 按项目加权 73.3\n目标 85:未达成\n" in text_of(seller.newest("请核对报告后提交"))
    seller.presses("提交报告", {"结论": CONCLUSION, "竞争对手": "78"})
    for signer, button in ((lead, "同意"), (tech, "会签同意"), (quality, "会签同意")):
        signer.presses(button)
    passed(work, at(12, 15, 9, 40))
    acted_upon(desk)
    for channel in ("销售部-客诉群", "品保部-客诉群", "技术部群", "生产部群", "采购部群", "管理层群"):
        seen = [each for each in seller.phone.messages(channel) if "【报告】" in text_of(each)]
        assert [CONCLUSION in text_of(each) for each in seen] == [True], channel
        assert "image" in [block["type"] for block in seen[0]["blocks"]]
    assert "[提计划]" in text_of(Colleague(work, "邱铁成").newest(RECTIFICATION))
    quality.presses("已阅")
    assert "已阅:沈知衡" in desk.say("顾晓岚", SURVEY)
    work.leave()


def taps_of(who: Rep, number: str) -> list[str]:
    """What can be tapped on somebody's newest card about a case."""
    return next(each.buttons for each in reversed(who.hand.phone.cards()) if number in each.text)
