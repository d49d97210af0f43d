"""Forms lose nobody: whatever is typed, in whatever order, every question is asked and none is asked in vain."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.calendar import Calendar
from conversations.fields import Answers, Field, Kind, Option, UnacceptableError, option
from conversations.forms import Draft, Form
from conversations.procedures.handbook import HANDBOOK
from conversations.readers import read
from conversations.words import Said

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


class Look:
    """A company in which nobody and nothing has a name yet but one customer and one person."""

    now = NOW
    calendar = Calendar(zone=ZONE, days={}, known_years=frozenset({2026, 2027}))

    def spoken(self, label: Said) -> tuple[str, ...]:
        return (label.message,)

    def offered(self, kind: Kind, answers: Answers) -> tuple[Option, ...]:
        return (option(f"{kind.value}-1", f"The first {kind.value}"),)

    def found(self, kind: Kind, text: str, answers: Answers) -> tuple[Option, ...]:
        return ()


LOOK = Look()
FORMS = [
    *(procedure.intake for procedure in HANDBOOK.procedures),
    *(action.form for procedure in HANDBOOK.procedures for action in procedure.actions if action.form),
]
FORM = st.sampled_from(FORMS)
ONES = st.sampled_from(
    ["1", "12 只", "明天10:00", "11-24", "刚刚", "跳过", "yes", "no", "transmit", "self", "resolved", "82"]
)
LINES = st.lists(st.one_of(st.text(max_size=12), ONES, st.integers(0, 9)), max_size=25)


def said_to(draft: Draft, line: str | int) -> Draft:
    """Answer the question that is asked: with an option by its place, or by typing."""
    question = draft.next(LOOK)
    if question is None:
        return draft
    options = question.choices(draft.settled(LOOK), LOOK)
    text = line if isinstance(line, str) else options[line % len(options)].key if options else str(line)
    if text == "跳过":
        return draft.skip(LOOK, "console")
    return draft.take({question.key: text}, LOOK, "console")


@given(FORM, LINES)
def test_no_answer_loses_a_person(form: Form, lines: list[str | int]) -> None:
    """
    A bad answer keeps the question open and says why; a good one goes on; nothing else ever happens.
    """
    draft = Draft(form)
    for line in lines:
        before = draft.next(LOOK)
        draft = said_to(draft, line)
        if draft.faults:
            assert before is not None
            assert draft.next(LOOK) == before
            assert set(draft.faults) == {before.key}
    if draft.full(LOOK):
        filed = draft.filed(LOOK)
        wanted = [q.key for q in form.fields if q.required and q.when(draft.settled(LOOK)) and not q.preset]
        assert [key for key in wanted if key not in filed] == []


@given(FORM, LINES)
def test_back_undoes_the_newest_answer(form: Form, lines: list[str | int]) -> None:
    """
    上一步 after an answer asks its question again, and going back often enough begins at the beginning.
    """
    draft = Draft(form)
    for line in lines:
        before = draft.next(LOOK)
        after = said_to(draft, line)
        if not after.faults and before is not None and len(after.given) > len(draft.given):
            assert after.back().next(LOOK) == before
        draft = after
    for _ in range(len(draft.given) + 1):
        draft = draft.back()
    assert draft.given == ()
    assert draft.next(LOOK) == Draft(form).next(LOOK)


@given(FORM, st.lists(st.integers(0, 9), min_size=30, max_size=30), st.permutations(range(30)))
def test_all_at_once_is_the_same_as_one_by_one(form: Form, taps: list[int], order: list[int]) -> None:
    """
    A modal that sends everything at once, in any order, files what the chat files question by question.
    """
    draft, given_in = Draft(form), dict[str, str]()
    for tap in taps:
        question = draft.next(LOOK)
        if question is None or not (options := question.choices(draft.settled(LOOK), LOOK)):
            break
        text = options[tap % len(options)].key
        after = draft.take({question.key: text}, LOOK, "console")
        if after.faults:
            break
        draft, given_in[question.key] = after, text
    shuffled: Mapping[str, str] = dict(each for _, each in sorted(zip(order, given_in.items(), strict=False)))

    assert Draft(form).take(shuffled, LOOK, "modal").answers == draft.answers


KINDS = [kind for kind in Kind if kind not in (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.FILES)]


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(kind: Kind, text: str) -> None:
    """
    No reader breaks on anything that can be typed: it gives a value of its kind or a sentence for the person.
    """
    try:
        answer: object = read(Field("x", "X", "X?", kind), text, {}, LOOK)
    except UnacceptableError as refused:
        answer = refused.sentence.message

    assert answer not in (None, "")


@given(st.integers(0, 999_999_999), st.sampled_from(["{}", "{} 只", "约{}件", "{}个", " {} "]))
def test_quantities_are_read_as_they_are_typed(count: int, form: str) -> None:
    """
    120, 120 只, 约120件: the same number, exactly.
    """
    assert read(Field("x", "X", "X?", Kind.WHOLE), form.format(count), {}, LOOK) == count


WRITTEN = ("{:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日", "{:%Y/%m/%d}")


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from(WRITTEN))
def test_days_are_read_as_they_are_typed(day: date, form: str) -> None:
    """
    2026-11-24, 2026年11月24日, 2026/11/24: the same day.
    """
    assert read(Field("x", "X", "X?", Kind.DATE), form.format(day), {}, LOOK) == day


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_is_exact(amount: Decimal) -> None:
    """
    An amount is kept to the cent, with or without its sign.
    """
    money = Field("x", "X", "X?", Kind.MONEY)
    assert read(money, f"¥{amount}", {}, LOOK) == read(money, f"{amount}元", {}, LOOK) == amount


@pytest.mark.parametrize("text", ["11-31", "2026-02-30", "13-01", "24:61", "昨天25点", "-5", "1e5", "١٢", "", "\x00"])
def test_what_is_no_day_is_refused(text: str) -> None:
    """
    A day that does not exist is asked again and never guessed.
    """
    with pytest.raises(UnacceptableError):
        read(Field("x", "X", "X?", Kind.DATE), text, {}, LOOK)
