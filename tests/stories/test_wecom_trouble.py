"""When something goes wrong over WeCom: nobody is left without an answer, and the answer has a code."""

import pytest

from handlers import switchboard
from reports.trace import traces
from tests.support.wecom_office import Office

WORDS = "机密的话"


class Broken:
    """The switchboard, broken for so many events."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.whole = switchboard.receive

    def __call__(self, *given: object) -> object:
        if self.left > 0:
            self.left -= 1
            raise ValueError(WORDS)
        return self.whole(*given)  # type: ignore[arg-type]  # what it was given


def sorry(office: Office) -> list[str]:
    """What 程小满 was told of something that went wrong."""
    return [each.text for each in office.phone("程小满").messages if "系统出错了" in each.text]


def test_what_stays_broken_is_told_with_a_code(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    However often WeCom brings it, it is told once, half a minute later; the code leads to the place.
    """
    monkeypatch.setattr(switchboard, "receive", Broken(99))
    delivery = office.wecom.phone("程小满").say(WORDS)
    office.wecom.settle()
    office.later(minutes=2)
    told = sorry(office)

    assert not delivery.taken
    assert len(told) == 1
    with office.desk.database.reading() as session:
        found = traces(session, told[0].partition("编号 ")[2][:6])[0]
    assert "ValueError at test_wecom_trouble.py" in found.steps[0].what
    assert "did not come again" in found.steps[-1].what
    assert WORDS not in str(found)


def test_what_is_taken_at_the_second_try_is_only_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A stumble that the next try makes good costs nobody a word.
    """
    monkeypatch.setattr(switchboard, "receive", Broken(1))
    delivery = office.wecom.phone("程小满").say("帮助")
    office.wecom.settle()
    office.later(minutes=2)

    assert delivery.taken
    assert delivery.statuses[0] == 503
    assert not sorry(office)
    assert office.phone("程小满").messages
