"""A questionnaire as data: what is asked, in which words it is answered, and what the answers weigh.

Refused where it is made, if a score could not be worked out from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction

from conversations.words import N_, Said, Text, Value, lines, said

FULL = Decimal(100)
"""The best score; the worst is 0."""

FINE, HEAVIEST = Decimal("0.000001"), Decimal(1_000_000)
"""How fine and how large a weight may be: a database multiplies them with the hundredths, as whole numbers."""

PRECISE = Decimal("0.01")
"""How fine a score of a grade may be: a database adds them up as whole hundredths."""


EXACT = Context(prec=100)
"""Digits enough for any sum of weights and answers: nothing is rounded in it."""


class QuestionnaireError(ValueError):
    """A questionnaire that cannot be used; the sentence says why, beginning with the path to mend."""


class WeightsError(QuestionnaireError):
    """Weights that give no score: below zero, all zero, or not 1 together."""


class DuplicateKeyError(QuestionnaireError):
    """Two items, groups, grades or open questions with one key."""


class UnknownGroupError(QuestionnaireError):
    """An item in a group that is not declared."""


class GradesError(QuestionnaireError):
    """Fewer than two grades, two of one score, a score that is none, or neither grades nor a scale."""


class ScaleError(QuestionnaireError):
    """A scale that does not rise."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Plain numbers from the worst to the best."""

    minimum: Decimal
    maximum: Decimal

    def __post_init__(self) -> None:
        if not (self.minimum.is_finite() and self.maximum.is_finite() and self.minimum < self.maximum):
            raise ScaleError(f"scale.max must be above scale.min: {self.minimum} to {self.maximum}")

    def holds(self, answer: Decimal) -> bool:
        """Tell whether an answer is on the scale."""
        return self.minimum <= answer <= self.maximum

    def score(self, answer: Fraction) -> Fraction:
        """Where an answer, or a mean of answers, stands between 0 and 100."""
        low = Fraction(self.minimum)
        return (answer - low) / (Fraction(self.maximum) - low) * 100


@dataclass(frozen=True, slots=True)
class Grade:
    """One of the words that can be ticked, its score, and when to tick it."""

    key: str
    label: Text
    score: Decimal
    help: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together in a report."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is judged, and what it weighs: at 0 it is asked and shown, but not counted."""

    key: str
    label: Text
    group: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that is answered in one's own words, always optional."""

    key: str
    label: Text


OPEN_QUESTIONS = (
    OpenQuestion("suggestions", Text("您的建议", "Your suggestions")),
    OpenQuestion("expectations", Text("您的期望", "Your expectations")),
)
"""建议和期望 are always asked (D9 4.3.2.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Items in their order, with grades, or with a plain scale.

    With grades the weights are 1 together, to the last digit; with a scale they are taken as they are given.
    ``sample`` is one that a company has to approve before it is its own.
    """

    key: str
    version: int
    name: Text
    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    grades: tuple[Grade, ...] = ()
    scale: Scale | None = None
    questions: tuple[OpenQuestion, ...] = OPEN_QUESTIONS
    sample: bool = False
    source: str = ""
    by_key: Mapping[str, Item] = field(init=False, repr=False, compare=False)
    by_score: Mapping[Decimal, Grade] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = (("items", self.items), ("groups", self.groups), ("grades", self.grades), ("questions", self.questions))
        for place, each in named:
            _once(place, [one.key for one in each])
        _check_groups(self.items, self.groups)
        _check_answers(self.grades, self.scale)
        _check_weights(self.items, exactly=bool(self.grades))
        object.__setattr__(self, "by_key", {item.key: item for item in self.items})
        object.__setattr__(self, "by_score", {grade.score: grade for grade in self.grades})

    def holds(self, answer: Decimal) -> bool:
        """Tell whether a number can be an answer: the score of a grade, or a number on the scale."""
        return self.scale.holds(answer) if self.scale else answer in self.by_score

    def score(self, answer: Fraction) -> Fraction:
        """The score of an answer, or of a mean of answers, between 0 and 100."""
        return self.scale.score(answer) if self.scale else answer

    def grade(self, key: str) -> Grade | None:
        """The grade with this key."""
        return next((grade for grade in self.grades if grade.key == key), None)

    def of_group(self, group: str) -> tuple[Item, ...]:
        """The items of a group."""
        return tuple(item for item in self.items if item.group == group)

    def missing(self, answers: Mapping[str, Decimal]) -> tuple[Item, ...]:
        """The items that somebody left out. They are listed, and never count as 0."""
        return tuple(item for item in self.items if item.key not in answers)

    def mean(self, answers: Mapping[str, Decimal], group: str = "") -> Fraction | None:
        """One respondent's score: Σ(weight × score) / Σ(weights of what was answered), exactly.

        In one group, where it is named. None when nothing that weighs was answered. ``answers`` are scores
        of grades, or numbers on the scale, by the keys of items.
        """
        total = weights = Decimal(0)
        for item in self.items:
            if item.key in answers and group in ("", item.group):
                total = EXACT.fma(item.weight, answers[item.key], total)
                weights = EXACT.add(weights, item.weight)
        # a scale is a straight line: the score of the mean is the mean of the scores
        return self.score(Fraction(total) / Fraction(weights)) if weights else None

    def formula(self, *, of_customers: bool = False) -> Said:
        """How a score is worked out, with the weights, as it is printed under every report.

        ``of_customers``: the total is the mean of customers, each the mean of its respondents (requirements 2.2).
        """
        weights: Value = self._weights() or Said(N_("all alike"))
        if self.scale is not None:
            low, high = _plain(self.scale.minimum), _plain(self.scale.maximum)
            return said(FORMULA_OF_SCALE, weights=weights, low=low, high=high, range=_plain(high - low))
        return said(FORMULA_OF_CUSTOMERS if of_customers else FORMULA, weights=weights, grades=self._scores())

    def weighting(self) -> Said:
        """Its weights, a line to each item, and below them what each grade counts: what is approved with a plan."""
        grades = said("{grades}", grades=self._scores())
        return lines((*(self._weights() or (Said(N_("all alike")),)), *((grades,) if self.grades else ())))

    def _weights(self) -> tuple[Said, ...]:
        """The weight of each item; empty where all are alike."""
        if len({item.weight for item in self.items}) == 1:
            return ()
        return tuple(said("{item} {weight}", item=item.label, weight=_plain(item.weight)) for item in self.items)

    def _scores(self) -> tuple[Said, ...]:
        return tuple(said("{grade} {score}", grade=each.label, score=_plain(each.score)) for each in self.grades)


FORMULA = N_(
    "Weighted average: respondent = Σ(weight × score) ÷ Σ(weights of what was answered); total = mean of the "
    "respondents. What was not answered is listed and never counts as 0. Grades: {grades}. Weights: {weights}."
)
FORMULA_OF_CUSTOMERS = N_(
    "Weighted average: respondent = Σ(weight × score) ÷ Σ(weights of what was answered); customer = mean of its "
    "respondents; total = mean of the customers. What was not answered is listed and never counts as 0. "
    "Grades: {grades}. Weights: {weights}."
)
FORMULA_OF_SCALE = N_(
    "Weighted average: score = (answer − {low}) ÷ {range} × 100, answers from {low} to {high}; respondent = "
    "Σ(weight × score) ÷ Σ(weights of what was answered); total = mean of the respondents. What was not answered "
    "is listed and never counts as 0. Weights: {weights}."
)


def _plain(number: Decimal) -> Decimal:
    """Without zeros at its end: 0.40 is told as 0.4."""
    return number.normalize() if number else Decimal(0)


def _once(place: str, keys: Sequence[str]) -> None:
    for at, key in enumerate(keys):
        if not key:
            raise QuestionnaireError(f"{place}: a key is empty")
        if key in keys[:at]:
            raise DuplicateKeyError(f"{place}.{key} is there twice: every key names one of them")


def _check_groups(items: Sequence[Item], groups: Sequence[Group]) -> None:
    known = {group.key for group in groups}
    for item in items:
        if item.group not in known:
            raise UnknownGroupError(
                f"items.{item.key}.group “{item.group}” is no group; there are: {', '.join(sorted(known))}"
            )


def _check_answers(grades: Sequence[Grade], scale: Scale | None) -> None:
    if (scale is None) == (not grades):
        raise GradesError("grades or scale: a questionnaire is answered with grades or on a scale, one of the two")
    if scale is None and len(grades) < 2:
        raise GradesError("grades: there must be two at least, or nobody has a choice")
    seen: dict[Decimal, str] = {}
    for grade in grades:
        if not (grade.score.is_finite() and 0 <= grade.score <= FULL):
            raise GradesError(f"grades.{grade.key}.score is {grade.score}: a score is from 0 to 100")
        if grade.score != grade.score.quantize(PRECISE):
            raise GradesError(f"grades.{grade.key}.score is {grade.score}: two decimals at most")
        if grade.score in seen:
            raise GradesError(f"grades.{grade.key}.score is that of “{seen[grade.score]}” too: each needs its own")
        seen[grade.score] = grade.key


def _check_weights(items: Sequence[Item], *, exactly: bool) -> None:
    if not items:
        raise QuestionnaireError("items: there is nothing to ask")
    for item in items:
        if not (item.weight.is_finite() and item.weight >= 0):
            raise WeightsError(f"items.{item.key}.weight is {item.weight}: a weight is 0 or more")
        if item.weight > HEAVIEST or item.weight != item.weight.quantize(FINE):
            raise WeightsError(f"items.{item.key}.weight is {item.weight}: up to a million, six decimals at most")
    total = total_weight(item.weight for item in items)
    if not total:
        raise WeightsError("items: every weight is 0, so nothing could be counted")
    if exactly and total != 1:
        raise WeightsError(f"items: the weights are {float(total):g} together; they must be 1")


def total_weight(weights: Iterable[Decimal]) -> Fraction:
    """Add up weights exactly, however many digits they have."""
    return sum((Fraction(weight) for weight in weights), Fraction(0))
