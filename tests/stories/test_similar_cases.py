"""Similar cases during intake (N-13): what is known of such a problem is said before the next question."""

import pytest

from storage.past import PastComplaint, PastComplaints
from storage.unit_of_work import UnitOfWork
from tests.support.desk import CASE, FRIDAY, Desk

TO_DESCRIPTION = ("报投诉", "凌岳", "前下控制臂总成", "产品质量", "换货", "跳过")
SECOND = "TS-2026-0083"
SAME = "可能是同一问题"


def first(desk: Desk, **answers: str) -> None:
    """A first complaint of 凌岳 about rust."""
    told = {"customer": "凌岳", "product": "前下控制臂总成", "description": "右前控制臂衬套处有锈,装配线上发现"}
    desk.transmit(**{**told, **answers})


def describe(desk: Desk, text: str, person: str = "程小满") -> str:
    """Somebody reports another one, up to its description; what is answered to that."""
    return desk.say(person, *TO_DESCRIPTION, text)


def test_a_problem_that_is_known_is_said_with_its_cause_and_measure(desk: Desk) -> None:
    """
    Other words, the same matter: number, customer, day, cause and measure of the first, then the next question.
    """
    first(desk)
    desk.accept()
    desk.say("梁可欣", f"提措施 {CASE}", "换货并擦拭防锈油")
    desk.cause(needed=True)
    answer = describe(desk, "左前控制臂衬套生锈,有锈迹")

    lines = answer.splitlines()
    assert lines[0].startswith(f"{SAME}:{CASE}(凌岳,11月20日)")
    assert "右前控制臂衬套处有锈" in lines[0]
    assert "原因:拣货单漏打印" in lines[0]
    assert "措施:换货并擦拭防锈油" in lines[0]
    assert "JZ-2026-0033 实施中" in lines[0]
    assert "大约多少只" in answer
    assert "同一问题,附上" in answer
    assert "不是,继续" in answer


def test_it_is_said_once_and_never_stands_in_the_way(desk: Desk) -> None:
    """
    The next answer goes on as if nothing had been said, and so does "no, go on".
    """
    first(desk)
    describe(desk, "左前控制臂衬套处生锈")
    again = desk.tap("程小满", "resume")
    answer = desk.say("程小满", "2–10只")

    assert SAME not in again + answer
    assert "大约多少只" in again
    assert "什么时候接到的" in answer


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "孔位偏移,螺栓装不上"},
        {"customer": "驰安", "product": "球头总成", "description": "装配时有异响"},
    ],
)
def test_another_problem_is_not_said(desk: Desk, changed: dict[str, str]) -> None:
    """
    The same product with other words, and other words of another customer, are no similar cases.
    """
    first(desk, **changed)

    assert SAME not in describe(desk, "左前控制臂衬套处生锈")


def test_an_english_report_finds_its_like(desk: Desk) -> None:
    """
    English is compared by its words, whatever their endings.
    """
    words = {"customer": "Arvenholm", "product": "转向节"}
    desk.transmit("罗一帆", **words, description="Rusty knuckles found at incoming inspection")
    answer = desk.say(
        "罗一帆", "报投诉", "Arvenholm", "转向节", "产品质量", "换货", "跳过", "Rust on the knuckle at inspection"
    )

    assert f"{SAME}:{CASE}(Arvenholm" in answer


def test_what_one_may_not_see_is_not_said(desk: Desk) -> None:
    """
    A case that only others may see stays unsaid, however alike it is.
    """
    first(desk)

    assert SAME not in describe(desk, "右前控制臂衬套处有锈", "罗一帆")
    assert "没有您可查看的" in desk.tap("罗一帆", f"same:{CASE}")
    assert SAME in describe(desk, "右前控制臂衬套处有锈", "梁可欣")


def test_the_same_problem_goes_to_the_case_that_is_there(desk: Desk) -> None:
    """
    Photos and words are added to the open case, no second one is opened, and the draft is gone.
    """
    first(desk)
    desk.say("程小满", *TO_DESCRIPTION[:-1])
    desk.photos("程小满", 2)
    desk.say("程小满", "好了", "左前控制臂衬套处生锈")
    answer = desk.tap("程小满", f"same:{CASE}")

    assert f"{CASE}:“补照片”已登记" in answer
    assert desk.done()[-1] == "attach"
    assert desk.answers()["note"] == "左前控制臂衬套处生锈"
    assert desk.answers()["description"] == "右前控制臂衬套处有锈,装配线上发现"
    assert desk.say("程小满", "草稿") == "您没有草稿。"
    assert desk.look(CASE, lambda uow, case: len(uow.files.of_case(case.id))) == 2


def test_a_problem_of_a_closed_case_is_a_repetition(desk: Desk) -> None:
    """
    A closed case takes nothing more: the new complaint is filed and tied to it, and both say so.
    """
    first(desk)
    desk.do(lambda uow: _close(uow, CASE))
    answer = describe(desk, "左前控制臂衬套处生锈")
    told = desk.tap("程小满", f"same:{CASE}")
    desk.say("程小满", "2–10只", "刚刚", "提交")

    assert f"{SAME}:{CASE}" in answer
    assert f"将作为 {CASE} 的重复发生登记" in told
    assert "大约多少只" in told
    assert desk.linked(SECOND) == [CASE]
    assert f"重复发生:{CASE}" in desk.say("程小满", SECOND)


def _close(uow: UnitOfWork, number: str) -> None:
    case = uow.cases.find(number)
    assert case is not None
    case.step, case.closed_at = "closed", uow.now


def test_a_corrected_description_is_found_by_its_new_words(desk: Desk) -> None:
    """
    The index follows an edit.
    """
    first(desk, description="标签贴错了,条码扫不出")
    before = describe(desk, "左前控制臂衬套处生锈")
    desk.say("程小满", "取消", f"修改 {CASE}", "问题说明", "右前控制臂衬套处生锈", "看错了")
    after = describe(desk, "左前控制臂衬套处生锈")

    assert SAME not in before
    assert f"{SAME}:{CASE}" in after


def test_a_complaint_taken_back_is_forgotten(desk: Desk) -> None:
    """
    What was undone is not held up to anybody.
    """
    first(desk)
    desk.say("程小满", "撤回")

    assert SAME not in describe(desk, "右前控制臂衬套处有锈")


def test_imported_history_is_said_without_a_number(desk: Desk) -> None:
    """
    A complaint of the past has no number and cannot be added to, and is worth knowing all the same.
    """
    past = PastComplaint(
        source_key="old:1", received_at=FRIDAY, received_month="2026-11", customer="K01", product="LG-1010",
        title="控制臂衬套处生锈",
    )  # fmt: skip
    desk.do(lambda uow: PastComplaints(uow.session).take_in([past], now=uow.now, by="test"))
    answer = describe(desk, "左前控制臂衬套处生锈")

    assert answer.startswith(f"{SAME}:历史记录(凌岳,11月20日)控制臂衬套处生锈")
    assert "附上" not in answer
