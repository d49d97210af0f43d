"""Scores worked out by hand, and what holds for every survey: bounds, order, missing answers, weights."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from conversations.questionnaire import Scale
from conversations.questionnaires.shelf import SHELF
from reports.satisfaction_figures import Response
from reports.scoring import Answer, Means, tally
from tests.support.surveys import PLAIN, asked, given, scored

OF_ONE_TO_FIVE = Scale(Decimal(1), Decimal(5))


def near(value: Decimal | None, exact: Fraction) -> bool:
    """Whether a figure is a fraction, to more digits than anybody shows."""
    return value is not None and abs(Fraction(value) - exact) < Fraction(1, 10**20)


def test_the_customers_questionnaire_by_hand() -> None:
    """
    Three customers, worked out on paper.

    凌岳: 质量 100, 交货期 80, 服务 80, 价格 50: 0.4·100 + 0.2·80 + 0.2·80 + 0.2·50 = 82
    瀚途: 质量 80, 交货期 0, 价格 50, 服务 missing: (0.4·80 + 0.2·0 + 0.2·50) / 0.8 = 42 / 0.8 = 52.5
    驰安: 质量 50, 服务 100, nothing else: (0.4·50 + 0.2·100) / 0.6 = 40 / 0.6 = 66.666…
    Overall = (82 + 52.5 + 66.666…) / 3 = 67.0555…
    By items: 质量 230/3, 交货期 80/2, 服务 180/2, 价格 100/2: 0.4·76.666… + 0.2·40 + 0.2·90 + 0.2·50 = 66.666…
    """
    rows = (
        {"quality": 100, "delivery": 80, "service": 80, "price": 50, "packaging": 0},
        {"quality": 80, "delivery": 0, "service": None, "price": 50},
        {"quality": 50, "service": 100},
    )
    found = scored(SHELF["customer"], given(*rows, customers=("凌岳", "瀚途", "驰安")))

    assert near(found.overall, Fraction(1207, 18))
    assert near(found.overall_item_weighted, Fraction(200, 3))
    assert [(each.name, each.n, len(each.missing)) for each in found.customers] == [
        ("瀚途", 3, 3), ("驰安", 2, 4), ("凌岳", 5, 1),
    ]  # fmt: skip
    assert near(found.customers[0].score, Fraction(105, 2))
    assert near(found.customers[1].score, Fraction(200, 3))
    assert near(found.customers[2].score, Fraction(82))
    quality, packaging, delivery, service, price, rivals = found.items
    assert [item.n for item in found.items] == [3, 1, 2, 2, 2, 0]
    assert [item.missing for item in found.items] == [0, 2, 1, 1, 1, 3]
    assert near(quality.score, Fraction(230, 3))
    assert [packaging.score, packaging.weight, rivals.score] == [0, 0, None]
    assert [each.score for each in (delivery, service, price)] == [40, 90, 50]
    assert [share.count for share in quality.shares] == [1, 1, 1, 0]


def test_two_at_one_customer_count_as_one() -> None:
    """
    凌岳's two gave 100 and 50, 瀚途's one 0: (75 + 0) / 2 = 37.5, and not 150 / 3; the formula says so. Without
    customers it is the mean of the respondents.
    """
    rows = [{"a": 100}, {"a": 50}, {"a": 0}]
    of_customers = scored(asked({"a": "1"}), given(*rows, customers=("凌岳", "凌岳", "瀚途")))
    of_nobody = scored(asked({"a": "1"}), given(*rows))

    assert of_customers.overall == Decimal("37.5")
    assert of_nobody.overall == 50
    assert "mean of the customers" in of_customers.formula.message
    assert "mean of the respondents" in of_nobody.formula.message


def test_a_group_is_the_mean_of_what_each_respondent_gave_it() -> None:
    """
    In one group x weighs 3 and y weighs 1, of 10; z is alone in the other.

    First: x 100, y 0: (3·100 + 1·0) / 4 = 75. Second: y 80 alone: 80. Group = (75 + 80) / 2 = 77.5.
    Adding all answers up first would have given (300 + 0 + 80) / 5 = 76.
    """
    questionnaire = asked({"x": "0.3", "y": "0.1", "z": "0.6"}, {"x": "one", "y": "one", "z": "other"})
    found = scored(questionnaire, given({"x": 100, "y": 0}, {"y": 80, "z": 50}))

    assert [(group.key, group.score, group.n) for group in found.groups] == [
        ("one", Decimal("77.5"), 2), ("other", Decimal(50), 1),
    ]  # fmt: skip
    # (75 + (0.1·80 + 0.6·50) / 0.7) / 2 = (75 + 380/7) / 2
    assert near(found.overall, Fraction(905, 14))


def test_a_scale_is_stretched_to_a_hundred_and_its_mean_is_kept() -> None:
    """
    1 to 5, weights 2 and 1 as they are given: 5 is 100, 3 is 50, 2 is 25.

    First: (2·100 + 1·50) / 3 = 83.333…; second, b alone: 25. Overall (83.333… + 25) / 2 = 54.1666…
    """
    found = scored(asked({"a": "2", "b": "1"}, scale=OF_ONE_TO_FIVE), given({"a": 5, "b": 3}, {"b": 2}))

    assert near(found.overall, Fraction(325, 6))
    assert [(item.mean, item.score) for item in found.items] == [(5, 100), (Decimal("2.5"), Decimal("37.5"))]
    assert [share.count for share in found.items[1].shares] == [0, 0, 1, 1, 0]


def test_below_the_threshold_is_strictly_below() -> None:
    """
    60 is not below 60; a hair under it is, and is shown as what it is (D1 4.1.4).
    """
    rows = [{"a": 100, "b": 100} for _ in range(600)] + [{"a": 0, "b": 0} for _ in range(400)] + [{"b": 50}]
    found = scored(asked({"a": "0.5", "b": "0.5"}), given(*rows), replace(PLAIN, threshold=Decimal(60)))

    assert [(item.score == 60, item.below) for item in found.items] == [(True, False), (False, True)]
    assert [item.key for item in found.below] == ["b"]


def test_a_wanted_rate_is_reached_by_the_numbers_not_by_their_rounding() -> None:
    """
    399 of 500 is 79.8 %, shown as 80 %: it is below 80 all the same (D1 4.1.4).
    """
    assert [Response(500, answered, 80).reached for answered in (399, 400)] == [False, True]
    assert Response(0, 0, 80).reached is None
    assert Response(5, 5).reached is None


def test_nobody_and_nothing_are_no_zero() -> None:
    """
    Without answers there is no score; who answered nothing is a respondent, and no score either.
    """
    nobody, nothing = scored(asked({"a": "1"}), []), scored(asked({"a": "1"}), given({"a": None}))

    assert (nobody.overall, nobody.respondents, nobody.items[0].score) == (None, 0, None)
    assert (nothing.overall, nothing.respondents, nothing.missing) == (None, 1, 1)


WEIGHTS = st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any)
MARKS = st.sampled_from((100, 80, 50, 0, None))


@st.composite
def surveys(draw: st.DrawFn) -> tuple[list[int], list[dict[str, int | None]]]:
    """Weights of a few items, and what a few respondents answered."""
    weights = draw(WEIGHTS)
    rows = st.fixed_dictionaries({f"i{at}": MARKS for at in range(len(weights))})
    return weights, draw(st.lists(rows, min_size=1, max_size=8))


def weighed(weights: list[int], times: int = 1) -> dict[str, str]:
    """Weights by item, each so many times as large; the score of a grade is the number on a scale of 0 to 100."""
    return {f"i{at}": str(weight * times) for at, weight in enumerate(weights)}


HUNDRED = Scale(Decimal(0), Decimal(100))


@settings(max_examples=150)
@for_all(surveys(), st.randoms())
def test_what_holds_for_every_survey(survey: tuple[list[int], list[dict[str, int | None]]], order: object) -> None:
    """
    Scores are between the lowest and the highest answer; order, scaled weights and missing answers change nothing.
    """
    weights, rows = survey
    answers = given(*rows)
    questionnaire = asked(weighed(weights), scale=HUNDRED)
    found = scored(questionnaire, answers)
    counted = [row[item] for row in rows for item, weight in weighed(weights).items() if weight != "0"]
    marks = [mark for mark in counted if mark is not None]
    shuffled = sorted(answers, key=lambda _: order.random())  # type: ignore[attr-defined]  # hypothesis' own kind

    assert (found.overall is None) == (not marks)
    assert found.overall is None or min(marks) <= found.overall <= max(marks)
    assert scored(questionnaire, shuffled).items == found.items
    assert scored(questionnaire, shuffled).overall == found.overall
    assert scored(asked(weighed(weights, 7), scale=HUNDRED), answers).overall == found.overall
    assert scored(questionnaire, [*answers, Answer(0, "i0", None), Answer(0, "nobody asked", Decimal(5))]) == found


@settings(max_examples=100)
@for_all(st.lists(st.lists(st.sampled_from((100, 80, 50, 0)), min_size=3, max_size=3), min_size=1, max_size=8))
def test_equal_weights_give_the_plain_mean(rows: list[list[int]]) -> None:
    """
    Where everybody answered everything and all weighs the same, both ways of averaging are the mean of all answers.
    """
    found = scored(
        asked({"a": "4", "b": "4", "c": "4"}, scale=HUNDRED), given(*(dict(zip("abc", r, strict=True)) for r in rows))
    )
    mean = Fraction(sum(map(sum, rows)), 3 * len(rows))

    assert near(found.overall, mean)
    assert near(found.overall_item_weighted, mean)


def test_the_same_person_at_two_customers_is_two() -> None:
    """
    A tally keeps customers apart, and their respondents.
    """
    counted = tally(asked({"a": "1"}), [Answer(1, "a", Decimal(100), "甲"), Answer(1, "a", Decimal(0), "乙")])

    assert counted.respondents == {"甲": 1, "乙": 1}
    assert counted.means["甲", ""] == Means(Fraction(100), 1)
