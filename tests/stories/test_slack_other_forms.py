"""The other forms in Slack: what is decided together, corrected, handed over and promised, and the home's buttons."""

from datetime import timedelta

from tests.stories.test_slack_case import ACCEPTED, QUALITY, filled, reported, step
from tests.support.actions import ACTION, ENGINEER, LEAD, PRODUCTION, simple
from tests.support.desk import CASE
from tests.support.slack.reading import text_of
from tests.support.workplace import Workplace


def test_a_plan_is_proposed_and_approved(work: Workplace) -> None:
    """
    A department proposes its plan in a form; whoever is asked sees it before deciding, and decides by a button.
    """
    simple(work.desk)
    proposer, lead = work.phone(PRODUCTION), work.phone(LEAD)
    lead.command("/guke", "我的事项")
    proposer.command("/guke", f"提计划 {ACTION}")
    form = proposer.form
    form.fill("措施", "改用耐磨定位销").fill("计划完成", work.desk.clock().date() + timedelta(days=5)).submit()
    assert ACTION in form.text
    work.deliver()
    lead.press(lead.message(ACTION), "同意")
    work.deliver()
    assert "“同意”已登记" in text_of(lead.messages()[-1])
    assert work.desk.done(ACTION)[-1] == "approve"


def test_an_answer_is_corrected(work: Workplace) -> None:
    """
    What is to be corrected decides how: a choice is chosen, a number is typed, a text is written.
    """
    sales = reported(work)
    sales.command("/guke", f"修改 {CASE}")
    form = sales.form
    form.fill("修改项", "涉及数量")
    assert "11–100只" in form.choices("改为")
    form.fill("修改项", "问题类别")
    assert "产品质量" in form.choices("改为")
    form.fill("改为", "包装标识").fill("reason", "看错了")
    form.fill("修改项", "问题说明").fill("改为", "孔位偏移两毫米")
    filled(work, sales, {"reason": "补充"})
    assert work.desk.answers()["description"] == "孔位偏移两毫米"


def test_a_case_is_handed_over_to_a_colleague(work: Workplace) -> None:
    """
    A colleague is chosen as people are chosen in Slack; whom nobody here knows is refused beside the field.
    """
    reported(work)
    quality, head, other = work.phone(ENGINEER), work.phone(LEAD), work.phone("韩立群")
    step(work, quality, "接收", ACCEPTED, QUALITY)
    head.command("/guke", f"转交 {CASE}")
    form = head.form
    work.stand.gate.fail("users.info", "user_not_found")
    form.fill("to_person", other.name).submit()
    assert "还不认识" in form.errors["to_person"]
    work.room.workspace.people.changed({"id": other.user})
    form.submit()
    assert "已登记" in form.text
    owner = work.desk.look(CASE, lambda _uow, case: case.owner_id)
    assert owner == work.desk.person_id(other.name)


def test_the_homes_buttons_do_what_they_say(work: Workplace) -> None:
    """
    From the home a form opens, an answer is shown in a window, and a setting shows in the home itself.
    """
    phone = reported(work)
    phone.open_home()
    home = phone.home()
    assert home is not None
    phone.press(home, "报投诉")
    assert phone.form.title == "报投诉"
    phone.form.close()
    phone.press(home, "language", "English")
    again = phone.home()
    assert again is not None
    assert "Settings" in text_of(again)
