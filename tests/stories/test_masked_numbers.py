"""A private telephone number is nobody's business but that of whoever has the case (2.5, M-98)."""

import pytest

from notifications.masking import masked
from tests.support.desk import CASE, Desk


def test_a_channel_reads_no_private_number(desk: Desk) -> None:
    """
    What was reported with a mobile number stands in the channel with it masked, and whole where the case is looked at.
    """
    desk.transmit(description="孔位偏移,请回电 13912345678 或 139-8765-4321")
    desk.later(hours=60)
    shared = [letter.text for code in ("PB", "XS") for letter in desk.heard(f"channel:{code}")]
    assert any("139****5678" in text for text in shared)
    assert not [text for text in shared if "13912345678" in text or "8765-4321" in text]
    assert "13912345678" in desk.say("梁可欣", CASE)
    assert any("13912345678" in letter.text for letter in desk.heard("沈知衡"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("打13912345678。", "打139****5678。"),
        ("+86 138-0013-8000", "+86 138****8000"),
        ("TS-2026-0082 批号 1391234567", "TS-2026-0082 批号 1391234567"),
        ("139123456789 是批号", "139123456789 是批号"),
        ("0755-88990011", "0755-88990011"),
    ],
)
def test_what_is_a_number_of_a_phone(text: str, told: str) -> None:
    """
    Mobile numbers as people write them; lots, cases and the office's own line stay.
    """
    assert masked(text) == told
