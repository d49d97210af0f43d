"""What a row keeps is what was said: values survive JSON, and JSON as a database keeps it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.plain import NotPlainError, dump, load
from conversations.words import Left, Over, Said, Text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=36_500))
NAIVE = st.builds(datetime.combine, st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.times())
INSTANTS = NAIVE.map(lambda naive: naive.replace(tzinfo=UTC))
SINGLE = st.one_of(
    st.none(), TEXTS, st.integers(-(2**53), 2**53), st.booleans(), INSTANTS, st.dates(), SPANS.map(Left),
    SPANS.map(Over), st.builds(Text, TEXTS, TEXTS),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
)  # fmt: skip
VALUES = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(NAMES, inner, max_size=4),
        st.builds(Said, TEXTS, st.dictionaries(NAMES, inner, max_size=3)),
    ),
    max_leaves=12,
)


def kinds(value: object) -> object:
    """A value with the kind of everything in it: 1, true and 1.0 are not the same answer."""
    if isinstance(value, tuple):
        return tuple(kinds(each) for each in value)
    if isinstance(value, Said):
        return ("said", value.message, kinds(dict(value.values)))
    if isinstance(value, Mapping):
        return {key: kinds(each) for key, each in value.items()}
    return (type(value).__name__, value)


@given(VALUES)
def test_what_is_kept_comes_back(value: object) -> None:
    """
    Every kind of answer and sentence, nested as deep as you like, comes back equal and of the same kind.
    """
    assert kinds(load(json.loads(json.dumps(dump(value), ensure_ascii=False)))) == kinds(value)


@given(NAIVE, st.integers(-14, 14))
def test_an_instant_stays_the_instant(naive: datetime, hours: int) -> None:
    """
    From whatever zone: it comes back as the same instant, in UTC; one without a zone is refused.
    """
    instant = naive.replace(tzinfo=timezone(timedelta(hours=hours)))

    back = load(dump(instant))
    assert back == instant
    assert isinstance(back, datetime)
    assert back.utcoffset() == timedelta(0)
    with pytest.raises(NotPlainError):
        dump(naive)


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}, b"bytes"])
def test_what_cannot_be_kept_is_refused(value: object) -> None:
    """
    A number that is not exact, or a thing of the program, never reaches a row.
    """
    with pytest.raises(NotPlainError):
        dump(value)
