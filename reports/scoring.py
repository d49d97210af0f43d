"""Adding up a survey: answers in, figures out, exactly; the same from a file and from a database.

Answers are boiled down to a tally first: a file is counted here, a database counts by itself (``scoring_sql``).
Everything is added up in whole fractions, so the order of answers changes nothing, not even the last digit.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from conversations.questionnaire import Item, Questionnaire, total_weight
from conversations.words import Text
from reports.satisfaction_figures import (
    Campaign,
    CustomerFigures,
    GroupFigures,
    ItemFigures,
    SatisfactionFigures,
    Share,
)

WHOLE = ""
"""In place of a group: the whole questionnaire."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One item, answered by somebody: with the score of a grade, or a number of the scale; None is no answer."""

    respondent: Hashable
    item: str
    answer: Decimal | None
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """The means of some respondents: their sum, and how many they are."""

    total: Fraction = Fraction(0)
    count: int = 0

    @property
    def mean(self) -> Fraction | None:
        return self.total / self.count if self.count else None

    def __add__(self, other: "Means") -> "Means":
        return Means(self.total + other.total, self.count + other.count)


@dataclass(frozen=True, slots=True)
class Tally:
    """All that figures need of the answers: how often each was given, and what the respondents gave on the average.

    ``counts`` by customer, item and answer; ``means`` by customer and group (``WHOLE`` for all);
    ``respondents`` by customer.
    """

    counts: Mapping[tuple[str, str, Decimal], int]
    means: Mapping[tuple[str, str], Means]
    respondents: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Before:
    """The scores of the campaign before, by the keys of items and groups."""

    items: Mapping[str, Decimal] = field(default_factory=dict)
    groups: Mapping[str, Decimal] = field(default_factory=dict)


def tally(questionnaire: Questionnaire, answers: Iterable[Answer]) -> Tally:
    """Count answers one by one. No answer, and what the questionnaire does not ask, changes nothing.

    A respondent is who answered at all, with a missing answer too; somebody of two customers is two.
    """
    given: defaultdict[tuple[str, Hashable], dict[str, Decimal]] = defaultdict(dict)
    for each in answers:
        own = given[each.customer, each.respondent]
        if each.answer is not None and each.item in questionnaire.by_key:
            own[each.item] = each.answer
    counts: Counter[tuple[str, str, Decimal]] = Counter()
    means: dict[tuple[str, str], Means] = {}
    for (customer, _), own in given.items():
        counts.update((customer, item, answer) for item, answer in own.items())
        for group in (WHOLE, *(each.key for each in questionnaire.groups)):
            mean = questionnaire.mean(own, group)
            if mean is not None:
                means[customer, group] = means.get((customer, group), Means()) + Means(mean, 1)
    return Tally(counts, means, Counter(customer for customer, _ in given))


def figures(
    questionnaire: Questionnaire, tallied: Tally, campaign: Campaign, before: Before | None = None
) -> SatisfactionFigures:
    """Work out every figure of a survey from its tally."""
    earlier = before or Before()
    items = tuple(_item(questionnaire, item, tallied, (campaign, earlier)) for item in questionnaire.items)
    return SatisfactionFigures(
        campaign=campaign,
        formula=questionnaire.formula(of_customers=_of_customers(tallied)),
        respondents=sum(tallied.respondents.values()),
        items=items,
        groups=tuple(_groups(questionnaire, tallied, earlier)),
        customers=tuple(_customers(questionnaire, tallied)),
        overall=decimal(_overall(tallied)),
        overall_item_weighted=decimal(_weighted_by_items(questionnaire, tallied)),
        scale=questionnaire.scale is not None,
    )


def _of_customers(tallied: Tally) -> bool:
    """Whether everybody who answered belongs to a customer."""
    return bool(tallied.respondents) and all(tallied.respondents)


def _overall(tallied: Tally) -> Fraction | None:
    """The mean of the customers, whether two of them or one answered there; without customers, of the respondents."""
    if not _of_customers(tallied):
        return _mean(tallied, WHOLE).mean
    means = [each.mean for (_, group), each in tallied.means.items() if group == WHOLE and each.mean is not None]
    return sum(means, Fraction(0)) / len(means) if means else None


def decimal(exact: Fraction | None) -> Decimal | None:
    """A fraction as a decimal number, to more digits than anybody shows."""
    return None if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator)


def _item(questionnaire: Questionnaire, item: Item, tallied: Tally, beside: tuple[Campaign, Before]) -> ItemFigures:
    campaign, before = beside
    counts = _answers(tallied, item.key)
    n = counts.total()
    mean = _mean_answer(counts)
    score = None if mean is None else questionnaire.score(mean)
    threshold = campaign.threshold
    return ItemFigures(
        key=item.key,
        label=item.label,
        group=item.group,
        weight=item.weight,
        n=n,
        missing=sum(tallied.respondents.values()) - n,
        mean=decimal(mean),
        score=decimal(score),
        shares=tuple(_shares(questionnaire, counts)),
        previous=before.items.get(item.key),
        # by the exact fraction: 59.999… is below 60, and 60 is not
        below=score is not None and threshold is not None and score < Fraction(threshold),
    )


def _answers(tallied: Tally, item: str) -> Counter[Decimal]:
    counts: Counter[Decimal] = Counter()
    for (_, of, answer), count in tallied.counts.items():
        if of == item:
            counts[answer] += count
    return counts


def _mean_answer(counts: Counter[Decimal]) -> Fraction | None:
    n = counts.total()
    return sum((Fraction(answer) * count for answer, count in counts.items()), Fraction(0)) / n if n else None


def _shares(questionnaire: Questionnaire, counts: Counter[Decimal]) -> list[Share]:
    """Every answer that can be given, the best first; on a scale every whole number, and what was given between."""
    if questionnaire.scale is None:
        return [
            Share(grade.label, grade.score, grade.score, counts[grade.score])
            for grade in sorted(questionnaire.grades, key=lambda grade: -grade.score)
        ]
    low, high = questionnaire.scale.minimum, questionnaire.scale.maximum
    steps = [low + step for step in range(int(high - low) + 1)] if high - low <= LONGEST_SCALE else [low, high]
    possible = sorted({*steps, high, *counts}, reverse=True)
    return [
        Share(Text(f"{answer:f}", f"{answer:f}"), answer, _known(questionnaire.score(Fraction(answer))), counts[answer])
        for answer in possible
    ]


LONGEST_SCALE = 20
"""A longer scale (0 to 100) is not drawn number by number where nobody gave one."""


def _known(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _mean(tallied: Tally, group: str) -> Means:
    return sum((means for (_, of), means in tallied.means.items() if of == group), Means())


def _groups(questionnaire: Questionnaire, tallied: Tally, before: Before) -> list[GroupFigures]:
    found = []
    for group in questionnaire.groups:
        means = _mean(tallied, group.key)
        previous = before.groups.get(group.key)
        found.append(GroupFigures(group.key, group.label, decimal(means.mean), means.count, previous))
    return found


def _customers(questionnaire: Questionnaire, tallied: Tally) -> list[CustomerFigures]:
    """Every customer that is named, the lowest score first: that is where somebody has to go."""
    answered: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (customer, item, _), count in tallied.counts.items():
        answered[customer][item] += count
    found = []
    for name, respondents in tallied.respondents.items():
        if name:
            given = answered[name]
            missing = tuple(item.label for item in questionnaire.items if given[item.key] < respondents)
            score = decimal(tallied.means.get((name, WHOLE), Means()).mean)
            found.append(CustomerFigures(name, score, respondents, given.total(), missing))
    return sorted(found, key=lambda each: (each.score is None, each.score or 0, each.name))


def _weighted_by_items(questionnaire: Questionnaire, tallied: Tally) -> Fraction | None:
    """Σ(weight × mean of the item) / Σ(weights), over the items that anybody answered."""
    means = {item: _mean_answer(_answers(tallied, item.key)) for item in questionnaire.items}
    known = {item: mean for item, mean in means.items() if mean is not None}
    weights = total_weight(item.weight for item in known)
    total = sum((Fraction(item.weight) * questionnaire.score(mean) for item, mean in known.items()), Fraction(0))
    return total / weights if weights else None
