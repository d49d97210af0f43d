"""Numbers and hours as people say them: read as meant, or not at all."""

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.fields import folded
from conversations.spoken import clock_at_end, counted, numeral

DIGITS = "零一二三四五六七八九"


def spoken(number: int) -> str:
    """Say a number below ten thousand in Chinese, the long way: 一千零五, 二百一十."""
    words, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return words or "零"


@given(st.integers(0, 9999))
def test_what_is_said_is_what_is_read(number: int) -> None:
    """
    Every number below ten thousand comes back as it was said, with or without its first 一.
    """
    assert numeral(spoken(number)) == number
    if 10 <= number < 20:
        assert numeral(spoken(number).removeprefix("一")) == number


@given(st.text("零一二两三四五六七八九十百千只件约 0123456789-", max_size=8))
def test_nothing_typed_breaks_the_reading(text: str) -> None:
    """
    Whatever is typed is a count of zero or more, or none.
    """
    number = counted(folded(text))

    assert number is None or 0 <= number < 10**9


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("约 30 件", 30), ("十二只左右", 12), ("两千三百个", 2300), ("１２０ 只", 120),
        ("about 12 pieces", 12), ("-3", None), ("一二", None), ("十百", None), ("约", None), ("1.5", None),
    ],
)  # fmt: skip
def test_a_count_is_read_as_it_is_said(text: str, number: int | None) -> None:
    """
    A count may carry its unit and its 约; what is no whole count is not guessed.
    """
    assert counted(folded(text)) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "before", "at"),
    [
        ("16:05", "", time(16, 5)), ("昨天下午3点半", "昨天", time(15, 30)),
        ("11月24日 16时30分", "11月24日", time(16, 30)), ("下午四点", "", time(16)), ("上午十点一刻", "", time(10, 15)),
        ("4:05 pm", "", time(16, 5)),
        ("12:10 a.m.", "", time(0, 10)), ("中午1点", "", time(13)), ("中午12点", "", time(12)),
        ("凌晨12点", "", time(0)),
    ],
)  # fmt: skip
def test_a_time_is_read_as_it_is_said(text: str, before: str, at: time) -> None:
    """
    The part of the day, halves and quarters count; what stands before is left for the day.
    """
    assert clock_at_end(folded(text)) == (before, at)


@pytest.mark.parametrize("text", ["24:00", "12:60", "晚上12点", "十一月", "3", ""])
def test_a_time_that_may_mean_two_things_is_none(text: str) -> None:
    """
    Midnight of which day, an hour that no clock has: asked again rather than guessed.
    """
    assert clock_at_end(folded(text)) is None


@pytest.mark.parametrize("dash", ["-", "–", "—", "~", "～", " - ", "−"])
def test_a_range_is_recognised_with_any_dash(dash: str) -> None:
    """
    Keyboards of phones have six dashes; a label with one of them is found by all.
    """
    assert folded(f"11{dash}100只").replace(" ", "") == folded("11–100只")
