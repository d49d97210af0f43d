"""A survey of employees over each chat platform: a link each, in their own chat, and nothing to answer there."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.answering import LINK, STAFF_SURVEY, browser, press
from tests.support.customer import PUBLIC
from tests.support.desk import Desk, at
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand
from tests.support.surveyed import Pencil, told
from tests.support.wecom_filling import Rep
from tests.support.wecom_office import Office
from tests.support.workplace import Workplace

OFFICE, DEPUTY = "尹秋萍", "陆明舟"
FEW, ENOUGH = 9, 13
"""Of sixteen: 56 % and 81 %, where 80 % must answer."""

GRADES = {"safety": "satisfied", "tools": "rather_dissatisfied", "wages": "satisfied", "voice": "very_satisfied"}
PUBLIC_AT: Mapping[str, object] = {"server": {"public_url": PUBLIC}}


def everybody(desk: Desk) -> list[str]:
    """Everyone who works here."""
    return desk.do(lambda uow: [each.name for each in uow.organisation.people()])


def sent(desk: Desk) -> None:
    """The office plans it, somebody above approves, it goes out."""
    desk.draw_survey = Pencil().draw
    desk.say(OFFICE, "员工满意度", "员工满意度", "提交")
    desk.decide(DEPUTY, "approve_plan", STAFF_SURVEY)
    desk.say(OFFICE, f"发送问卷 {STAFF_SURVEY}")


def their_own(found: Mapping[str, Iterable[str]]) -> list[str]:
    """One link to each person, no two alike."""
    links = {name: [link for text in texts for link in LINK.findall(text)] for name, texts in found.items()}
    assert [len(each) for each in links.values()] == [1] * 16
    every = [link for each in links.values() for link in each]
    assert len(set(every)) == len(every)
    return every


def answered(desk: Desk, links: Iterable[str]) -> None:
    """They answer on the page, without their names."""
    for link in links:
        client = browser(desk)
        assert press(client, client.get(link), "sure", GRADES, suggestions="").status_code == 200


def test_too_few_answer_over_wecom(office: Office) -> None:
    """
    A link in everyone's own chat and no card with answers; nine of sixteen are too few, which is stated before anything
    is counted; then the report says how many and why.
    """
    office.more = PUBLIC_AT
    office.restart()
    desk = office.desk
    desk.draw_survey = Pencil().draw
    dispatcher, above = (Rep(office, name, on_cards=True) for name in (OFFICE, DEPUTY))
    dispatcher.hand.say("员工满意度")
    dispatcher.fills({"questionnaire": "员工满意度", "submit": "提交批准"})
    above.hand.tap(next(each for each in above.hand.phone.cards() if "同意" in each.buttons), "同意")
    dispatcher.does(STAFF_SURVEY, "发送问卷", "发送问卷", {})
    read = {name: office.phone(name).messages for name in everybody(desk)}
    links = their_own({name: [each.text for each in texts] for name, texts in read.items()})
    asked = [each for texts in read.values() for each in texts if "请参加" in each.text or LINK.search(each.text)]
    answered(desk, links[:FEW])

    assert [each.kind for each in asked] == ["text"] * 16
    assert all(link not in each.text for link in links for code in ("BG", "SC") for each in office.group(code))
    office.until(at(12, 15, 9))
    assert desk.step(STAFF_SURVEY) == "closing"
    dispatcher.hand.say(f"登记未达标 {STAFF_SURVEY}", "多数人在外地调试", "下次延长两周")
    office.later(minutes=5)
    assert desk.step(STAFF_SURVEY) == "analysed"
    assert "回收率 9/16(56%)" in told(desk, STAFF_SURVEY, "section_a")
    assert "多数人在外地调试" in told(desk, STAFF_SURVEY, "section_a")
    assert [each.text for each in dispatcher.hand.messages if "请核对报告后提交" in each.text]


def test_enough_answer_over_slack(desk: Desk, slack_stand: Stand, tmp_path: Path) -> None:
    """
    The same by Slack, where the link can be followed; thirteen of sixteen are enough, and it closes by itself.
    """
    work = Workplace.open(desk, slack_stand, tmp_path, PUBLIC_AT)
    desk.company = work.app.company
    sent(desk)
    work.deliver()
    read = {name: work.phone(name).messages() for name in everybody(desk)}
    links = their_own({name: map(text_of, messages) for name, messages in read.items()})
    asked = [each for messages in read.values() for each in messages if LINK.search(text_of(each))]
    answered(desk, links[:ENOUGH])

    assert all('"type": "link"' in str(each["blocks"]).replace("'", '"') for each in asked)
    assert [block["type"] for each in asked for block in each["blocks"] if block["type"] == "actions"] == []
    desk.clock.set(at(12, 15, 9, 10))
    desk.tick()
    assert desk.step(STAFF_SURVEY) == "analysed"
    assert "回收率 13/16(81%)" in told(desk, STAFF_SURVEY, "section_a")
    work.leave()
