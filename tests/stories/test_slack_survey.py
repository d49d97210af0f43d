"""A survey by telephone in Slack: the questionnaire is a form like any other."""

from tests.support.answering import SURVEY, answers, sent
from tests.support.workplace import Workplace

ITEMS = ("产品质量", "包装", "交货期", "服务", "价格", "竞争力")


def test_a_rep_enters_answers_in_slack(work: Workplace) -> None:
    """
    The window shows who has not answered and every item with its grades; submitted, they are recorded as by phone.
    """
    sent(work.desk)
    phone = work.phone("程小满")
    phone.command("/guke", f"电话问卷 {SURVEY}")
    form = phone.form.fill("联系人", "凌岳 唐工")
    for item in ITEMS:
        form.fill(item, "满意")
    form.fill("您的建议", "多沟通").fill("录入", "录入答复").submit()
    [kept] = answers(work.desk)

    assert (kept.mode, len(kept.grades), kept.texts) == ("phone", len(ITEMS), {"suggestions": "多沟通"})
