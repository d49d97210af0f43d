"""A complaint in WeCom, from 报投诉 to closing: by chat, with photos, by cards, with a restart in the middle."""

from tests.support.wecom_office import Office


def test_an_encrypted_line_is_answered_by_a_message(office: Office) -> None:
    """
    A line that arrives sealed is answered by a message that WeCom shows.
    """
    phone = office.phone("程小满")
    assert "报投诉" in phone.say("帮助")
    assert "客户" in phone.say("报投诉") or "顾客" in phone.messages[-1].text
