"""The words: sentences, times and lengths as people read them, and a catalogue without gaps."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from conversations.words import Left, Over, Said, Value
from reports import catalogue
from reports.words import PLACE, MissingPlaceError, Words

COMPANY = Words(ZoneInfo("Asia/Shanghai"))
NOW = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)  # Friday 16:05 in the company


def show(value: Value, language: str = "zh") -> str:
    """Say one value alone, seen from NOW."""
    return COMPANY.say(Said("{value}", {"value": value}), language, NOW)


@pytest.mark.parametrize(
    ("instant", "zh", "en"),
    [
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "11月24日(周二)16:00", "Tue 24 Nov 16:00"),
        (datetime(2026, 11, 20, 8, 0, tzinfo=UTC), "今天16:00", "today 16:00"),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "明天00:00", "tomorrow 00:00"),
        (datetime(2026, 11, 21, 0, 30, tzinfo=UTC), "明天08:30", "tomorrow 08:30"),
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "11月19日(周四)16:00", "Thu 19 Nov 16:00"),
        (datetime(2027, 1, 4, 0, 0, tzinfo=UTC), "2027年1月4日(周一)08:00", "Mon 4 Jan 2027 08:00"),
    ],
)
def test_an_instant_is_told_in_company_time(instant: datetime, zh: str, en: str) -> None:
    """Today and tomorrow by name, other days with their weekday, another year with its number."""
    assert (show(instant), show(instant, "en")) == (zh, en)


def test_a_day_is_told_without_a_time() -> None:
    """A date is a day of the company's calendar, whatever the zone."""
    assert show(date(2026, 11, 27)) == "11月27日"
    assert show(date(2026, 9, 7), "en") == "7 Sep"
    assert show(date(2027, 1, 4)) == "2027年1月4日"


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (Left(timedelta(hours=5)), "还剩 5 小时", "5 h left"),
        (Left(timedelta(hours=48)), "还剩 48 小时", "48 h left"),
        (Left(timedelta(hours=47, minutes=55)), "还剩 47 小时 55 分", "47 h 55 min left"),
        (Left(timedelta(hours=51)), "还剩 2 天 3 小时", "2 d 3 h left"),
        (Left(timedelta(days=5)), "还剩 5 天", "5 d left"),
        (Left(timedelta(seconds=59)), "还剩 1 分以内", "less than 1 min left"),
        (Over(timedelta(hours=3, minutes=20)), "已超 3 小时 20 分", "3 h 20 min over"),
        (Over(timedelta(minutes=20)), "已超 20 分", "20 min over"),
        (Left(timedelta(hours=-2)), "已超 2 小时", "2 h over"),
    ],
)
def test_lengths_are_exact(length: Left | Over, zh: str, en: str) -> None:
    """Up to 48 hours in hours and minutes, longer in days and hours; never rounded up."""
    assert (show(length), show(length, "en")) == (zh, en)


def test_numbers_are_shown_to_the_last_digit() -> None:
    """No grouping, no exponent: a year stays a year and an amount exact."""
    assert show(2027) == "2027"
    assert show(Decimal("1E+3")) == "1000"
    assert show(Decimal("14.280")) == "14.280"


def test_a_list_is_joined_as_the_language_does() -> None:
    """Chinese lists take 、, English ones a comma; one item stands alone and none says nothing."""
    assert show(("甲", "乙", Said("today {time}", {"time": "16:00"}))) == "甲、乙、今天16:00"
    assert show(("a", "b"), "en") == "a, b"
    assert show(("甲",)) == "甲"
    assert show(()) == ""


@pytest.mark.parametrize("text", ["{due}", "{0}", "%s", "{text.__class__}", "today {time}", "{", "</b>*_~"])
def test_people_s_text_is_never_read_as_a_template(text: str) -> None:
    """What a person wrote is shown as it is: not translated, not formatted again."""
    assert show(text) == text
    assert show((text, text)) == f"{text}、{text}"
    assert COMPANY.say(Said("today {time}", {"time": text}), "zh", NOW) == f"今天{text}"


def test_a_sentence_inside_a_sentence_is_translated() -> None:
    """A label in a place takes the reader's language."""
    inner = Said("{hours} h", {"hours": 24})

    assert show(inner) == "24 小时"
    assert show(inner, "en") == "24 h"


def test_a_place_without_a_value_is_named() -> None:
    """A forgotten value is an error naming place and message, never a hole in a notice."""
    with pytest.raises(MissingPlaceError, match=r"\{time\}.*today \{time\}"):
        COMPANY.say(Said("today {time}"), "zh", NOW)


def test_a_place_may_ask_for_the_length_alone() -> None:
    """``{over:span}`` leaves out 已超 where the sentence says it itself."""
    late = Said("{over:span}", {"over": Over(timedelta(hours=3, minutes=20))})

    assert COMPANY.say(late, "zh", NOW) == "3 小时 20 分"


def test_labels_keep_their_keys_and_order() -> None:
    """A set of labels is translated key by key."""
    labels = COMPANY.labels({"b": "less than 1 min", "a": "unknown message"}, "zh_CN")

    assert list(labels.items()) == [("b", "1 分以内"), ("a", "unknown message")]


def test_the_catalogue_is_complete() -> None:
    """Every message that the code speaks has Chinese words."""
    assert [f"{at.path}:{at.line} {at.message}" for at in catalogue.missing()] == []


def test_no_entry_is_fuzzy_or_empty() -> None:
    """An entry that a translator has doubts about is not shown to people."""
    entries = [entry for entry in catalogue.catalogue() if entry.id]

    assert [entry.id for entry in entries if entry.fuzzy or not entry.string] == []


def test_a_translation_has_the_places_of_its_message() -> None:
    """No value is lost on the way to Chinese, and none is asked for that is not given."""
    differing = [(message, text) for message, text in catalogue.chinese().items() if _places(message) != _places(text)]

    assert differing == []


def test_templates_hold_nothing_but_named_places() -> None:
    """Braces in our sentences are places with plain names: no positions, attributes or formats."""
    texts = [*catalogue.chinese(), *catalogue.chinese().values()]

    assert [text for text in texts if set("{}") & set(PLACE.sub("", text))] == []


def _places(text: str) -> set[str]:
    return {match["name"] for match in PLACE.finditer(text)}


def test_no_message_stands_twice() -> None:
    """Of two entries with one id the later one would win unseen."""
    ids = re.findall(r"^msgid (\".+\")$", catalogue.CHINESE.read_text(encoding="utf-8"), re.MULTILINE)

    assert [message for message, times in Counter(ids).items() if times > 1] == []
