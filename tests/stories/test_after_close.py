"""After a complaint was closed: its contact may be asked once, and nobody answers for what they did themselves."""

from dataclasses import replace

from handlers.tokens import Links
from storage.surveys import Invitation
from storage.unit_of_work import UnitOfWork
from tests.support.answering import SURVEY, browser, campaign, links, press, states
from tests.support.customer import KEY, PUBLIC
from tests.support.desk import CASE, Desk, at

THREE = {"speed": "satisfied", "result": "satisfied", "manner": "very_satisfied"}
ASKED = "如需评价"


def opened(desk: Desk) -> str:
    """A survey about closed complaints is planned, approved and open; what the plan shows."""
    desk.company = replace(desk.company, links=Links(PUBLIC, KEY))
    shown = desk.say("程小满", "发问卷", "投诉处理满意度", "投诉关闭后")
    desk.say("程小满", "提交")
    desk.decide("顾晓岚", "approve_plan", SURVEY)
    desk.say("程小满", f"发送问卷 {SURVEY}")
    return shown


def settle(desk: Desk) -> None:
    """A complaint that sales handles is settled, up to its cause."""
    desk.remedy()
    desk.satisfied()
    desk.implemented()
    desk.cause()


def close(desk: Desk, number: str = CASE) -> None:
    """A complaint is reported, settled and closed; ten minutes pass."""
    desk.report()
    desk.say("程小满", f"提措施 {number}", "补发并致歉", f"登记沟通 {number}", "汪店长", "已说明措施")
    desk.say("程小满", f"满意 {number}", "汪店长", "跳过", f"已实施 {number}", "签收单已回", "跳过")
    desk.say("梁可欣", f"登记原因 {number}", "拣货单漏打印", "跳过", "总调度室", "不需要(说明理由)", "偶发")
    desk.say("梁可欣", f"关闭 {number}", "拣货单漏打印", "改为自动打印", "汪店长", "已发送")
    desk.later(minutes=10)


def forget_contacts(uow: UnitOfWork) -> None:
    """All that is left of the customers' contacts is their names in old cases."""
    for customer in uow.customers.all():
        for contact in uow.customers.contacts(customer.code):
            contact.active = False


def invitations(desk: Desk) -> list[Invitation]:
    """Who is asked."""

    def look(uow: UnitOfWork) -> list[Invitation]:
        rows = list(uow.surveys.invitations(campaign(uow)))
        for row in rows:
            uow.session.expunge(row)
        return rows

    return desk.do(look)


def test_the_contact_is_asked_when_it_is_closed(desk: Desk) -> None:
    """
    With an empty roster it is open; a complaint that is closed brings its contact in, and a text to pass on.
    """
    shown = opened(desk)
    before = states(desk)
    close(desk)
    told = desk.heard("程小满", ASKED)
    phone = browser(desk)
    page = phone.get(links(desk)[0])
    done = press(phone, page, grades=THREE)
    [asked] = invitations(desk)

    assert "每件投诉关闭后" in shown
    assert "12月31日" in shown
    assert before == []
    assert [each.at for each in told] == [at(11, 20, 16, 10)]
    assert f"{CASE} 已处理完毕" in told[0].text
    assert "不发评价" in told[0].text
    assert CASE in page.text
    assert done.status_code == 200
    assert (asked.state, asked.subject.split(":")[0], asked.about_case is not None) == ("answered", "case", True)


def test_nobody_has_to_be_asked(desk: Desk) -> None:
    """
    One tap of sales, and the link that was forwarded opens nothing; nobody else may say so.
    """
    opened(desk)
    close(desk)
    [asked] = invitations(desk)
    link = links(desk)[0]
    refused = desk.tap("梁可欣", f"no_rating:{asked.id}")
    done = desk.tap("程小满", f"no_rating:{asked.id}")
    again = desk.tap("程小满", f"no_rating:{asked.id}")

    assert "由销售部决定" in refused
    assert "不发评价" in done
    assert "已答复或已撤销" in again
    assert states(desk) == ["withdrawn"]
    assert browser(desk).get(link).status_code == 404


def test_once_for_each_closing(desk: Desk) -> None:
    """
    Opened again, nobody is asked any more; closed again, they are asked anew. Taken back at once, nothing went out.
    """
    opened(desk)
    close(desk)
    desk.say("沈知衡", f"重新打开 {CASE}", "又发生了")
    meanwhile = states(desk)
    settle(desk)
    desk.close()
    desk.say("梁可欣", "撤回")
    desk.later(minutes=10)
    undone = states(desk), len(desk.heard("程小满", ASKED))
    desk.close()
    desk.later(minutes=10)

    assert meanwhile == ["withdrawn"]
    assert undone == (["withdrawn", "withdrawn"], 1)
    assert sorted(states(desk)) == ["invited", "withdrawn", "withdrawn"]
    assert len(desk.heard("程小满", ASKED)) == 2


def test_only_what_was_closed_and_whom_we_know(desk: Desk) -> None:
    """
    Neither a complaint that was taken back nor one whose contact is a name alone asks anybody.
    """
    opened(desk)
    desk.report()
    desk.say("程小满", "撤回")
    void = desk.step(), states(desk)
    desk.do(forget_contacts)
    close(desk, "TS-2026-0083")

    assert void == ("void", [])
    assert desk.step("TS-2026-0083") == "closed"
    assert states(desk) == []


def test_nobody_answers_for_what_they_did_themselves(desk: Desk) -> None:
    """
    By telephone somebody else asks: whoever handled the complaint is not offered it, and is told why.
    """
    opened(desk)
    close(desk)
    offered = desk.say("程小满", f"电话问卷 {SURVEY}")
    refused = desk.say("程小满", "汪店长")
    desk.say("程小满", "取消")
    desk.say("丁雨禾", f"电话问卷 {SURVEY}", "汪店长", "满意", "满意", "满意", "跳过", "跳过", "录入答复")

    assert "汪店长" not in offered
    assert "由他人代为电话调查" in refused
    assert states(desk) == ["answered"]


def test_one_reminder_and_counted_from_the_closing(desk: Desk) -> None:
    """
    Five working days after the closing, not after the survey was opened, and no second one.
    """
    opened(desk)
    desk.until(at(12, 2, 9))
    close(desk)
    for day in (3, 7, 9, 10, 11, 18, 25):
        desk.until(at(12, day, 9, 30))

    assert [each.at.date() for each in desk.heard("程小满", ASKED)] == [at(12, 2, 9).date(), at(12, 9, 9).date()]


def test_the_half_year_s_survey_is_planned_all_the_same(desk: Desk) -> None:
    """
    An open survey about closed complaints does not stand for the one that asks all customers.
    """
    desk.tick()
    desk.until(at(1, 5, 9).replace(year=2027))
    desk.say("程小满", "发问卷", "投诉处理满意度", "投诉关闭后", "提交")
    desk.until(at(3, 15, 9).replace(year=2027))

    assert desk.answers("DC-2027-0001")["who"] == "closed"
    assert desk.answers("DC-2027-0002")["who"] == "all"
