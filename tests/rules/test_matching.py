"""Words and slips (domain A9, U8): what is near enough, and that nothing is chosen between two equally near."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.matching import Near, Word, forgiven, hear, slips
from conversations.procedures.handbook import HANDBOOK
from handlers import commands
from handlers.commands import Meant
from handlers.pinyin import initials, sounds
from tests.benchmarks.words import verdict
from tests.support.slips import slips as drawn

VOCABULARY = commands.vocabulary(HANDBOOK)
ANY = st.text(max_size=30)
NEARLY = st.text(alphabet="投诉我的事项超期查进度月报接收满意不 tousbyc82-", max_size=8)


def understood(text: str) -> set[Meant]:
    """Everything that a line may mean, nearest."""
    meant = commands.meaning(text, HANDBOOK)
    if meant is not None:
        return {meant}
    near = hear(text, VOCABULARY, sounds)
    return {word.means for word in near.words} if near is not None else set()


@given(st.one_of(ANY, NEARLY))
def test_no_input_crashes_and_every_meaning_is_there_once(text: str) -> None:
    """
    Whatever is typed, it means some words, each of them once and in a fixed order, or none.
    """
    commands.meaning(text, HANDBOOK)
    commands.in_a_form(text)
    near = hear(text, VOCABULARY, sounds)

    assert near == hear(text, VOCABULARY, sounds)
    assert near is None or len({word.means for word in near.words}) == len(near.words) > 0


@given(st.text(alphabet="abcd", min_size=3, max_size=7), st.integers(0, 6), st.sampled_from("xyz"))
def test_two_words_that_are_equally_near_are_both_there(text: str, at: int, sign: str) -> None:
    """
    A slip that lies as far from one word as from another means both; whoever is asked decides.
    """
    one, other = text[:at] + "v" + text[at:], text[:at] + "w" + text[at:]
    typed = text[:at] + sign + text[at:]
    words = [Word(one, 1, sounds(one)), Word(other, 2, sounds(other))]
    near = hear(typed, words, sounds)

    assert near is not None
    assert {word.means for word in near.words} == {1, 2}


@given(ANY, ANY)
def test_slips_are_counted_the_same_both_ways(one: str, other: str) -> None:
    """
    The count is a distance as far as it is counted: none for the same text, never more than the limit and one.
    """
    count = slips(one, other, 2)

    assert count == slips(other, one, 2) <= 3
    assert (count == 0) == (one == other)


@pytest.mark.parametrize(("one", "other", "count"), [("tousu", "touus", 1), ("yuebao", "yuebo", 1), ("abc", "cba", 2)])
def test_letters_dropped_changed_and_swapped(one: str, other: str, count: int) -> None:
    """
    Two letters that changed places are one slip.
    """
    assert slips(one, other, 3) == count


def test_short_words_forgive_nothing() -> None:
    """
    One slip makes another word of two letters; from six letters on two are forgiven.
    """
    assert [forgiven(word) for word in ("cx", "bts", "tousu", "yuebao")] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("头诉", "complaint"), ("投素", "complaint"), ("客素", "complaint"), ("代办", "mine"),
        ("月抱", "monthly_summary"), ("帮组", "help"), ("超其", "overdue"), ("朝期", "overdue"),
        ("满意渡", "customer_survey"), ("所赔", "claim"), ("台帐", "property"), ("台账", "property"),
        ("ＢＴＳ", "complaint"), (" Overdue ", "overdue"), ("tj", "submit"), ("cx", "find"), ("chaoqi", "overdue"),
        ("wdsx", "mine"), ("complant", "complaint"), ("overude", "overdue"),
    ],
)  # fmt: skip
def test_the_usual_slips_are_understood(typed: str, key: str) -> None:
    """
    The slips that the domain names, full width, capitals, pinyin and its initials: one meaning each.
    """
    (meant,) = understood(typed)

    assert key in (meant.word, meant.action, meant.procedure, meant.later)


@pytest.mark.parametrize(
    ("line", "key", "argument"),
    [
        ("82", "details", "82"), ("TS82", "details", "ts82"), ("ts-2026-0082", "details", "ts-2026-0082"),
        ("查 凌岳", "find", "凌岳"), ("查凌岳", "find", "凌岳"), ("查一下凌岳", "find", "凌岳"),
        ("c 凌岳", "find", "凌岳"), ("凌岳到哪了", "find", "凌岳"), ("cx0012", "find", "0012"),
        ("为什么82", "why", "82"), ("为什么 0082", "why", "0082"), ("接收82", "accept", "82"),
        ("修改 82", "edit", "82"), ("find Arvenholm", "find", "arvenholm"),
    ],
)  # fmt: skip
def test_a_word_takes_its_argument_with_or_without_a_space(line: str, key: str, argument: str) -> None:
    """
    People put the number or the customer right behind the word, or the word behind it.
    """
    meant = commands.meaning(line, HANDBOOK)

    assert meant is not None
    assert (meant.word or meant.action, meant.argument) == (key, argument)


def test_every_word_means_what_it_was_declared_for() -> None:
    """
    Every word of every procedure and every view is understood to the letter; the first that claims it has it.
    """
    for text, meant in commands.exact(HANDBOOK).items():
        if text != "c":
            assert commands.meaning(text, HANDBOOK) == meant, text
        assert str(commands.label_of(meant, HANDBOOK).message)


def test_a_sound_is_nearer_than_a_slip() -> None:
    """
    What sounds the same is meant before what is spelled nearly the same; a word inside a sentence comes last.
    """
    words = [Word(text, text, sounds(text), initials(text)) for text in ("超期", "超时", "请假")]

    assert [hear(typed, words, sounds).near for typed in ("超期", "朝七", "cq", "chaoq", "我想请假一下")] == [  # type: ignore[union-attr]  # each is heard
        Near.SAME, Near.SOUNDS, Near.INITIALS, Near.ONE_SLIP, Near.INSIDE,
    ]  # fmt: skip
    assert hear("衬套生锈", words, sounds) is None


def test_of_drawn_slips_nearly_all_are_understood() -> None:
    """
    At least 95 of 100 drawn slips bring the right word first (U8), and hardly any brings a wrong one alone.
    """
    chosen = random.Random(5).sample(list(drawn()), 100)
    verdicts = [verdict(slip) for slip in chosen]

    assert sum(each in ("right", "right first") for each in verdicts) >= 95
    assert verdicts.count("wrong") <= 3
