"""What holds in WeCom's test stand whatever the numbers and words: its windows, its knife, its XML."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from tests.support.wecom.bodies import head
from tests.support.wecom.callbacks import xml
from tests.support.wecom.rates import Rates

START = datetime(2026, 11, 2, tzinfo=UTC)
WINDOW = timedelta(seconds=60)

# what XML may carry at all; a carriage return is read as a line's end
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufffe\uffff")
)


@given(st.lists(st.tuples(st.integers(-30, 90), st.integers(1, 3)), max_size=40), st.integers(1, 6))
def test_no_window_holds_more_than_its_limit(steps: list[tuple[int, int]], most: int) -> None:
    """
    Whenever something is taken there was room in the minute before it, and whenever not there was none.
    """
    rates, now = Rates(), START
    taken: list[tuple[datetime, int]] = []
    for seconds, weight in steps:
        now += timedelta(seconds=seconds)
        before = sum(each for at, each in taken if at > now - WINDOW)
        assert rates.within("a", now, WINDOW) == before
        went = rates.take("a", now, (most, WINDOW), weight=weight)
        assert went == (before + weight <= most)
        taken += [(now, weight)] if went else []
        assert rates.within("b", now, WINDOW) == 0


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 20))
def test_the_knife_breaks_no_character(words: str, most: int) -> None:
    """
    What is left is a beginning of the words, no longer than it may be, and not a character shorter than it must be.
    """
    left = head(words, most)
    assert words.startswith(left)
    assert len(left.encode()) <= most
    assert left == words or len(words[: len(left) + 1].encode()) > most


@given(WORDS)
def test_words_come_out_of_xml_as_they_went_in(words: str) -> None:
    """
    Whatever people write, closing marks of CDATA too.
    """
    root = ET.fromstring(xml({"Content": words, "Items": {"Id": ["a", words]}, "At": 1}))  # noqa: S314 - our own
    assert [each.text or "" for each in root.iter("Content")] == [words]
    assert [each.text or "" for each in root.iter("Id")] == ["a", words]
    assert root.findtext("At") == "1"
