"""Answering a survey by its link: what it opens, what is kept meanwhile, what counts, and who hears of it."""

import re
from datetime import timedelta

import pytest

from conversations.fields import Option
from handlers import switchboard, whole
from handlers.events import Answered, Sender
from handlers.surveys import running
from handlers.turn import Turn
from handlers.whole import Whole
from storage.surveys import WITHDRAWN
from storage.unit_of_work import UnitOfWork
from tests.support.answering import (
    ALL,
    STAFF_SURVEY,
    SURVEY,
    answers,
    browser,
    campaign,
    links,
    press,
    sent,
    sent_to_staff,
    states,
)
from tests.support.customer import PUBLIC
from tests.support.desk import Desk

EMPLOYEE = {"safety": "satisfied", "wages": "dissatisfied", "voice": "very_satisfied"}


def test_a_customer_answers_and_it_counts_once(desk: Desk) -> None:
    """
    Every item by a tap, words as text, once: kept with its points, used up, and gone for whoever opens it again.
    """
    link = sent(desk)[0]
    phone = browser(desk)
    page = phone.get(link)
    done = press(phone, page, suggestions="包装再结实些 <b>", expectations="")
    again = press(browser(desk), page)
    [kept] = answers(desk)

    assert re.fullmatch(PUBLIC + "/s/[0-9a-f]{12}", str(page.url))
    assert "顾客满意度调查表" in page.text
    assert "对公司产品充满信心" in page.text
    assert done.status_code == 200
    assert "包装再结实些 &lt;b&gt;" in done.text
    assert again.status_code == 404
    assert (kept.mode, kept.counts, kept.entered_by) == ("link", True, None)
    assert kept.grades["quality"] == ("very_satisfied", 10000)
    assert kept.grades["price"] == ("rather_dissatisfied", 5000)
    assert set(kept.grades) == set(ALL)
    assert kept.texts == {"suggestions": "包装再结实些 <b>"}
    assert states(desk).count("answered") == 1
    assert browser(desk).get(link).status_code == 404


def test_whoever_looks_after_the_customer_hears_it_live(desk: Desk) -> None:
    """
    Who has answered, how many of how many; after the lowest grade which item, and a tap that opens a complaint.
    """
    first, second, *_ = sent(desk)
    for link, grades in ((first, ALL), (second, {**ALL, "delivery": "dissatisfied"})):
        client = browser(desk)
        press(client, client.get(link), grades=grades)
    desk.deliver()
    told = list(desk.heard("程小满", "已答复"))
    desk.tap("程小满", "start:complaint")

    assert [re.findall(r"[0-9]/8|[0-9]+%", letter.text) for letter in told] == [["1/8", "13%"], ["2/8", "25%"]]
    assert "最低等级" not in told[0].text
    assert "最低等级:交货期" in told[1].text
    assert "报投诉" in told[1].text
    assert desk.console("程小满").reply.question == "customer"


def test_it_can_be_left_and_gone_on_with(desk: Desk) -> None:
    """
    What was saved is there again on another phone, counts for nothing yet, and may be changed until it is submitted.
    """
    link = sent(desk)[0]
    phone = browser(desk)
    saved = press(phone, phone.get(link), "save", {"quality": "satisfied"}, suggestions="先写一半")
    [half] = answers(desk)
    other = browser(desk)
    later = other.get(link)
    press(other, later, grades={**ALL, "quality": "dissatisfied"}, suggestions="写完了")
    [whole] = answers(desk)

    assert "已保存" in saved.text
    assert "已评 1/6" in saved.text
    assert (half.counts, half.grades, states(desk).count("answered")) == (False, {"quality": ("satisfied", 8000)}, 1)
    assert 'value="satisfied" checked' in later.text
    assert ">先写一半</textarea>" in later.text
    assert (whole.counts, whole.grades["quality"]) == (True, ("dissatisfied", 0))
    assert whole.texts == {"suggestions": "写完了"}


def test_what_was_left_out_is_named_before_it_is_sent(desk: Desk) -> None:
    """
    With items left out the page asks, naming them, with everything else in its place; meant so, they stay left out.
    """
    link = sent(desk)[0]
    phone = browser(desk)
    page = phone.get(link)
    few = {"quality": "satisfied", "delivery": "satisfied", "price": "satisfied"}
    asked = press(phone, page, grades=few, suggestions="不错")
    before = states(desk).count("answered")
    done = press(phone, asked, "sure", few, suggestions="不错")

    assert asked.status_code == 422
    assert "3 项未评,仍要提交?" in asked.text
    assert all(name in asked.text.split("<form")[0] for name in ("包装", "服务", "竞争力"))
    assert ">不错</textarea>" in asked.text
    assert before == 0
    assert done.status_code == 200
    assert "未评" in done.text
    assert set(answers(desk)[0].grades) == set(few)


def test_nothing_at_all_is_no_answer(desk: Desk) -> None:
    """
    An empty questionnaire is not taken, however it is sent; nor are grades and items that it does not have.
    """
    link = sent(desk)[0]
    phone = browser(desk)
    page = phone.get(link)
    tries = [press(phone, page, what, grades) for what in ("submit", "sure") for grades in ({}, {"quality": "best"})]
    tries.append(press(phone, page, "sure", {"salary": "satisfied", "suggestions": "satisfied"}))

    assert [each.status_code for each in tries] == [422] * 5
    assert "还没有填写任何内容" in tries[0].text
    assert answers(desk) == []
    assert states(desk).count("answered") == 0


def test_words_that_are_too_long_come_back(desk: Desk) -> None:
    """
    More than the page takes is told with its limit, and stays in its place.
    """
    link = sent(desk)[0]
    phone = browser(desk)
    back = press(phone, phone.get(link), suggestions="长" * 2001)

    assert back.status_code == 422
    assert "2,000" in back.text or "2000" in back.text
    assert "长" * 2001 in back.text
    assert answers(desk) == []


def test_the_invitee_reads_his_language_and_may_change_it(desk: Desk) -> None:
    """
    In the contact's language first; the other at a tap, which keeps what was ticked.
    """
    sent(desk)
    english = [browser(desk).get(link) for link in links(desk)]
    spoken = ["en" if 'lang="en">' in page.text.split("\n")[1] else "zh" for page in english]
    phone = browser(desk)
    page = phone.get(links(desk)[spoken.index("zh")])
    turned = press(phone, page, "lang:en", {"quality": "satisfied"})
    done = press(phone, turned)

    assert set(spoken) == {"zh", "en"}
    assert "Product quality" in turned.text
    assert 'value="satisfied" checked' in turned.text
    assert "Thank you for your answers" in done.text
    assert not re.search("产品质量|很满意", done.text)


def withdraw(uow: UnitOfWork) -> None:
    """Take every invitation back."""
    for invitation in uow.surveys.invitations(campaign(uow)):
        invitation.state = WITHDRAWN


@pytest.mark.parametrize("ending", ["closed", "cancelled", "withdrawn"])
def test_what_was_ended_opens_nothing(desk: Desk, ending: str) -> None:
    """
    After the survey was closed or cancelled, or the invitation taken back, the link opens nothing, and a form that
    was open by then is not taken.
    """
    link = sent(desk)[0]
    phone = browser(desk)
    page = phone.get(link)
    if ending == "closed":
        desk.clock.forward(timedelta(days=30))
        running.tick(desk.database, desk.company)
        desk.clock.forward(timedelta(days=-30))
    elif ending == "cancelled":
        desk.tap("顾晓岚", "cancel_survey", SURVEY)
        desk.say("顾晓岚", "改到下半年")
    else:
        desk.do(withdraw)
    late = press(phone, page)

    assert late.status_code == 404
    assert browser(desk).get(link).status_code == 404
    assert answers(desk) == []


def test_an_employee_answers_without_a_name(desk: Desk) -> None:
    """
    The page says first what is kept; until it is sent nothing is, and afterwards only that somebody has answered.
    """
    sent_to_staff(desk)
    phone = browser(desk)
    page = phone.get(links(desk)[0])
    tables = ("survey_responses", "survey_answers", "inbox", "audit", "outbox", "rate_buckets", "survey_invitations")

    def rows() -> list[str]:
        with desk.database.reading() as session:
            return [str(session.connection().exec_driver_sql(f"select * from {table}").all()) for table in tables]

    before = rows()
    turned = press(phone, page, "lang:en", EMPLOYEE, suggestions="食堂太远")
    asked = press(phone, turned, "submit", EMPLOYEE, suggestions="食堂太远")
    meanwhile = rows()
    done = press(phone, asked, "sure", EMPLOYEE, suggestions="食堂太远")
    after = rows()

    assert "不记名:保存什么,不保存什么" in page.text
    assert "当晚转出之前" in page.text
    assert "保存,稍后继续" not in page.text
    assert 'value="dissatisfied" checked' in turned.text
    assert asked.status_code == 422
    assert meanwhile == before
    assert done.status_code == 200
    assert after[:-1] == before[:-1]
    assert states(desk, STAFF_SURVEY).count("answered") == 1
    assert desk.do(lambda uow: len(uow.ballots.pending(campaign(uow, STAFF_SURVEY).id))) == 1
    assert press(phone, page, "sure", EMPLOYEE).status_code in (404, 409)
    desk.deliver()
    assert not desk.heard("尹秋萍", "已答复")


def test_nobody_gets_the_ballot_of_another(desk: Desk) -> None:
    """
    Whoever is on leave gets the link himself; whoever stands in for him has one ballot, not two.
    """
    sent_to_staff(desk)
    everyone = desk.do(lambda uow: [person.name for person in uow.organisation.people()])

    assert {len(links(desk, name)) for name in everyone} <= {0, 1}


ON_THE_PHONE = ("唐工", "很满意", "满意", "跳过", "满意", "较不满意", "不满意", "多沟通", "跳过")


def test_a_rep_asks_on_the_telephone(desk: Desk) -> None:
    """
    电话问卷 walks through the same questions in chat, those not answered yet to choose from: recorded as by phone with
    who entered it, counted like any other, and the case keeps whose answers they were, not which.
    """
    link = sent(desk)[0]
    asked = desk.say("程小满", f"电话问卷 {SURVEY}")
    checked = desk.say("程小满", *ON_THE_PHONE)
    desk.say("程小满", "提交")
    again = desk.say("程小满", f"电话问卷 {SURVEY}")
    [kept] = answers(desk)

    assert "凌岳 唐工" in asked
    assert "产品质量:很满意" in checked.replace("：", ":")
    assert (kept.mode, kept.counts, kept.entered_by) == ("phone", True, desk.person_id("程小满"))
    assert kept.grades["quality"] == ("very_satisfied", 10000)
    assert "delivery" not in kept.grades
    assert kept.texts == {"suggestions": "多沟通"}
    assert set(desk.last(SURVEY).answers) == {"invitation"}
    assert not any(key.startswith(("item_", "text_")) for key in desk.answers(SURVEY))
    assert "凌岳 唐工" not in again
    assert browser(desk).get(link).status_code == 404
    assert "1/8" in desk.say("程小满", "取消", f"详情 {SURVEY}")


def test_paper_is_entered_with_its_scan(desk: Desk) -> None:
    """
    纸质问卷 takes the same answers with the way they came and a photo, which belongs to the case.
    """
    sent(desk)
    desk.say("程小满", f"纸质问卷 {SURVEY}", "卢工", "传真")
    desk.photos("程小满")
    desk.say("程小满", "好了", *("满意",) * 6, "跳过", "跳过", "提交")
    [kept] = answers(desk)
    files = desk.look(SURVEY, lambda uow, case: len(uow.files.of_case(case.id)))

    assert (kept.mode, kept.counts, len(kept.grades)) == ("fax", True, 6)
    assert files == 1


def test_by_telephone_too_late_is_told(desk: Desk) -> None:
    """
    Whoever answered by the link while the form was open is not asked twice: the rep reads it, the first one counts.
    """
    link = sent(desk)[0]
    desk.say("程小满", f"电话问卷 {SURVEY}", *ON_THE_PHONE)
    client = browser(desk)
    press(client, client.get(link))
    told = desk.say("程小满", "提交")
    [kept] = answers(desk)

    assert "已有答复" in told
    assert kept.mode == "link"
    assert "phone_answers" not in desk.done(SURVEY)


def test_nobody_else_enters_answers(desk: Desk) -> None:
    """
    Answers of customers are entered by sales; of employees by nobody at all.
    """
    sent(desk)
    sent_to_staff(desk)

    assert "销售" in desk.say("梁可欣", f"电话问卷 {SURVEY}")
    assert not desk.console("梁可欣").reply.draft
    desk.say("尹秋萍", f"电话问卷 {STAFF_SURVEY}")
    assert not desk.console("尹秋萍").reply.draft


def test_the_questions_stand_in_one_form_too(desk: Desk) -> None:
    """
    What modals and pages show is the same form: everybody who is invited to be found by name, every item with its
    grades in the reader's words, filed in one go.
    """
    sent(desk)
    draft = opened(desk)
    form, found = desk.do(lambda uow: seen(uow, desk, draft))
    given = {f"item_{key}": grade for key, grade in ALL.items()}
    whole_form = {
        "invitation": found[0].key,
        **given,
        "text_suggestions": "",
        "text_expectations": "",
        "enter": "enter",
    }
    event = Answered("whole", Sender("console", "程小满"), draft, whole_form, whole=True)
    answer = switchboard.receive(desk.database, desk.company, event)
    [kept] = answers(desk)

    assert [option.key for option in found] == [found[0].key]
    assert [question.field.key for question in form.questions][:3] == ["invitation", "item_quality", "item_packaging"]
    assert SURVEY in str(answer.lines)
    assert (kept.mode, len(kept.grades)) == ("phone", 6)


def opened(desk: Desk) -> str:
    """The form of a telephone call, just opened; its draft."""
    desk.say("程小满", f"电话问卷 {SURVEY}")
    return desk.console("程小满").reply.draft


def seen(uow: UnitOfWork, desk: Desk, draft: str) -> tuple[Whole, tuple[Option, ...]]:
    """The form as it is shown, and who is found by a name that was typed."""
    turn = Turn(uow, desk.company, uow.organisation.person_by_name("程小满"))
    form = whole.shown(turn, draft)
    assert form is not None
    return form, whole.options(turn, draft, "invitation", "卢工")
