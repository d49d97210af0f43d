"""A complaint is reported in Slack: by a modal, line by line, and from one to the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import CASE, Desk
from tests.support.slack.stand import Stand
from tests.support.workplace import Workplace


@pytest.fixture
def work(desk: Desk, slack_stand: Stand, tmp_path: Path) -> Iterator[Workplace]:
    """The desk, with Slack."""
    work = Workplace.open(desk, slack_stand, tmp_path)
    yield work
    work.leave()


def test_a_complaint_is_reported_by_a_modal(work: Workplace) -> None:
    """
    /guke opens the form; what is chosen decides what is asked; the answer has the number, and so has a message.
    """
    phone = work.phone("程小满")
    assert phone.command("/guke", "投诉").status_code == 200
    form = phone.form
    form.fill("顾客", "驰安").fill("产品", "球头").fill("问题类别", "交付").fill("客户影响", "仅通知")
    form.fill("问题说明", "少送两箱,门店断货").fill("接到时间", "刚刚")
    form.submit()
    assert CASE in phone.form.text
