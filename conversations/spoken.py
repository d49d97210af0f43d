"""Numbers and hours as people say them: 十二只, 约30件, 昨天下午3点半, 4:05 pm."""

import re
from datetime import time
from decimal import Decimal

DIGITS = {"零": 0, "〇": 0, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
PLACES = {"十": 10, "百": 100, "千": 1000}
COUNTED = re.compile(
    r"(?:大约|大概|约|差不多|about|around|approx\.?)? ?"
    r"(?P<number>[0-9]{1,9}|[零〇一二两三四五六七八九十百千]{1,9}) ?"
    r"(?:只|件|个|台|套|箱|支|根|pcs|pieces|piece)?(?:左右)?"
)
HOUR = re.compile(
    r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)? ?(?P<hour>[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
    r"(?::(?P<minute>[0-9]{2})|[点时](?:(?P<past>[0-9]{1,2})分?|(?P<half>半)|(?P<quarter>一刻)|整)?)"
    r" ?(?P<half_day>am|pm|a\.m\.|p\.m\.)?$"
)
LATE = ("下午", "傍晚", "晚上")


def numeral(text: str) -> int | None:
    """Read a Chinese numeral below ten thousand, as it is said: 十二, 一百零五, 两千三百. None when it is none."""
    total, digit, place = 0, None, 10_000
    for sign in text:
        if sign in PLACES:
            if PLACES[sign] >= place or (digit is None and sign != "十"):
                return None
            place = PLACES[sign]
            total += (1 if digit is None else digit) * place
            digit = None
        elif sign in DIGITS and (digit is None or digit == 0):
            digit = DIGITS[sign]
        else:
            return None
    return total + (digit or 0) if text else None


def counted(text: str) -> Decimal | None:
    """Read a count of pieces from a folded text: 12, 约 30 件, 十二只左右. None when it is none."""
    found = COUNTED.fullmatch(text)
    number = found["number"] if found is not None else ""
    if number[:1] in DIGITS or number[:1] in PLACES:
        said = numeral(number)
        return None if said is None else Decimal(said)
    return Decimal(number) if number else None


def clock_at_end(text: str) -> tuple[str, time] | None:
    """Split a folded text that ends with a time of day: what stands before it, and the time. None without one."""
    found = HOUR.search(text)
    if found is None:
        return None
    hour = _number(found["hour"])
    minute = 30 if found["half"] else 15 if found["quarter"] else int(found["minute"] or found["past"] or 0)
    hour = _of_the_day(hour, found["part"] or "", (found["half_day"] or "").replace(".", ""))
    if hour is None or hour > 23 or minute > 59:
        return None
    return text[: found.start()].strip(), time(hour, minute)


def _of_the_day(hour: int | None, part: str, half_day: str) -> int | None:
    """Give the hour of twenty-four; None for 晚上12点, which is one day to some and the next to others."""
    if hour is None or (part in LATE and hour == 12):
        return None
    if (part == "凌晨" or half_day == "am") and hour == 12:
        return 0
    late = part in LATE or half_day == "pm" or (part == "中午" and hour < 10)
    return hour + 12 if late and hour < 12 else hour


def _number(text: str) -> int | None:
    return int(text) if text.isascii() else numeral(text)
