"""How alike two problems are: the words of both, weighed by how rare they are, and what else they share (N-13).

Chinese is cut into pairs of characters, anything else into words and pairs of words. No dictionary,
no model, no service: the same texts always give the same figure.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+")
"""A stretch of Chinese characters, or one word of letters and digits."""

CHINESE = "\u3400"
LONGEST_TERM = 40
MOST_TERMS = 32
"""So many of a text's first terms count: whoever writes more has said what it is about by then."""

EMPTY = frozenset(
    {"a", "an", "and", "are", "at", "by", "for", "from", "has", "have", "in", "is", "it", "of", "on", "or", "that",
     "the", "their", "there", "this", "to", "was", "were", "with"}
)  # fmt: skip
ENDING = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|es|s|e|y)$")
"""What English words lose before they are compared: rust, rusts, rusted, rusty are one."""

TEXT, PRODUCT, CUSTOMER = 0.5, 0.3, 0.2
"""What the words, the same product and the same customer contribute; together they make 1."""

DEFECT, CATEGORY = 0.1, 0.05
"""What is added for the same defect code and the same category, where both sides know theirs."""

SHOWN = 0.6
"""From this likeness on a problem is shown; docs/similar-cases.md says what that means in figures."""

LEAST_TEXT = 0.15
"""Less alike than this in words is not the same problem, whatever else they share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is known of a problem. Empty texts are not known; ``defects`` are those it may be."""

    text: str
    customer: str = ""
    product: str = ""
    category: str = ""
    defects: frozenset[str] = frozenset()


def normal(text: str) -> str:
    """Make two ways of typing the same text equal: full width, case and spaces (NFKC, case-folded)."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=4096)
def _place(name: str) -> re.Pattern[str] | None:
    """Where a name stands in a text, whatever dashes or spaces are in either; None for one too short to tell."""
    signs = [sign for sign in normal(name) if sign.isalnum()]
    return re.compile(r"[\W_]*".join(map(re.escape, signs))) if len(signs) > 1 else None


@lru_cache(maxsize=4096)
def _pairs(name: str) -> frozenset[str]:
    """The pairs of Chinese characters in a name: people write half of it."""
    runs = (match.group() for match in RUN.finditer(normal(name)))
    return frozenset(run[at : at + 2] for run in runs if run[0] >= CHINESE for at in range(len(run) - 1))


def _without(text: str, names: Iterable[str]) -> str:
    """Leave the names out, whole and half."""
    for name in sorted(set(names), key=len, reverse=True):
        place = _place(name)
        text = place.sub(" ", text) if place is not None else text
    known = frozenset[str]().union(*map(_pairs, names))
    said = [at for at in range(len(text) - 1) if text[at : at + 2] in known]
    signs = list(text)
    for at in said:
        signs[at] = signs[at + 1] = " "
    return "".join(signs)


def terms(text: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Cut a text into what it can be recognised by, each once, in the order of the text.

    The ``names`` in it (customer, product) say nothing new. A single Chinese character between other
    writing stands for itself. A text of names alone keeps them.
    """
    whole = normal(text)
    return _cut(_without(whole, names)) or _cut(whole)


def _cut(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    before = ""
    for match in RUN.finditer(text):
        run = match.group()
        if run[0] >= CHINESE:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(max(1, len(run) - 1))))
            before = ""
        elif run not in EMPTY:
            word = ENDING.sub("", run)[:LONGEST_TERM]
            found.update(dict.fromkeys((word, f"{before} {word}"[:LONGEST_TERM]) if before else (word,)))
            before = word
    return tuple(found)[:MOST_TERMS]


def rarity(seen: int, total: int) -> float:
    """Weigh a term that ``seen`` of ``total`` texts hold (inverse document frequency); always above 0."""
    return math.log(1 + (max(seen, total) + 0.5) / (seen + 0.5))


def common(one: Iterable[str], other: Iterable[str], weights: Mapping[str, float]) -> float:
    """Say how much two texts have in common, 0 to 1 (cosine); a term without a weight is as rare as the rarest."""
    ours, theirs = frozenset(one), frozenset(other)
    unheard = max(weights.values(), default=1.0)
    size = math.sqrt(_weight(ours, weights, unheard) * _weight(theirs, weights, unheard))
    return min(1.0, _weight(ours & theirs, weights, unheard) / size) if size else 0.0


def _weight(found: frozenset[str], weights: Mapping[str, float], unheard: float) -> float:
    return sum(weights.get(term, unheard) for term in sorted(found))


def likeness(asked: Problem, known: Problem, text: float) -> float:
    """Say how likely two problems are the same, 0 to 1, given how alike their texts are."""
    score = TEXT * text
    score += PRODUCT * _same(asked.product, known.product)
    score += CUSTOMER * _same(asked.customer, known.customer)
    score += DEFECT * bool(asked.defects & known.defects)
    score += CATEGORY * _same(asked.category, known.category)
    return min(1.0, score)


def worth_showing(score: float, text: float) -> bool:
    """Whether a problem that is so likely the same, and so alike in words, is shown at all."""
    return score >= SHOWN and text >= LEAST_TEXT


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other
