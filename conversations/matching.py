"""Which word a person meant: the word itself, one that sounds so, its initials, or one that is a slip away.

How Chinese sounds is told from outside: this module compares, and never chooses between two that are equally near.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, TypeVar

M = TypeVar("M")

LONG = 6
"""From so many letters on, two slips are forgiven instead of one."""

SHORT = 3
"""Below so many letters nothing is: one slip makes another word."""

Sounds = Callable[[str], frozenset[str]]
"""How a text sounds, in letters, in every reading it may have; a text of letters sounds as it is written."""


class Near(IntEnum):
    """How near a word is to what was typed, the nearest first."""

    SAME = 0
    SOUNDS = 1
    INITIALS = 2
    ONE_SLIP = 3
    TWO_SLIPS = 4
    INSIDE = 5


@dataclass(frozen=True, slots=True)
class Word(Generic[M]):
    """A word people may type, folded, and what it means; how it sounds, and the first letters of that."""

    text: str
    means: M
    sounds: frozenset[str] = field(default=frozenset())
    initials: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Heard(Generic[M]):
    """What was understood: how near it is, and every meaning that is equally near, each with its word."""

    near: Near
    words: tuple[Word[M], ...]


def slips(one: str, other: str, most: int) -> int:
    """Count letters to add, drop, change or swap until two texts are one; ``most`` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, other_sign in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != other_sign))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == other_sign:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def forgiven(word: str) -> int:
    """How many slips a word of this length forgives."""
    return 0 if len(word) < SHORT else 1 if len(word) < LONG else 2


def hear(typed: str, words: Sequence[Word[M]], sounds: Sounds) -> Heard[M] | None:
    """The words that are nearest to what was typed; several when they mean different things. None: none is near."""
    heard = sounds(typed)
    found: dict[Near, list[Word[M]]] = {}
    for word in words:
        near = nearness(typed, heard, word)
        if near is not None:
            found.setdefault(near, []).append(word)
    if not found:
        return None
    best = min(found)
    return Heard(best, tuple(_one_of_each(_longest(found[best]) if best is Near.INSIDE else found[best])))


def nearness(typed: str, heard: frozenset[str], word: Word[M]) -> Near | None:
    """How near one word is; None when it is not."""
    if typed == word.text:
        return Near.SAME
    if heard & word.sounds:
        return Near.SOUNDS
    if typed in word.initials:
        return Near.INITIALS
    away = _away(typed, heard, word)
    if away is not None:
        return Near.ONE_SLIP if away == 1 else Near.TWO_SLIPS
    # a word of one character stands in any sentence
    return Near.INSIDE if len(word.text) > 1 and not word.text.isascii() and word.text in typed else None


def _away(typed: str, heard: frozenset[str], word: Word[M]) -> int | None:
    """How many slips lie between what was typed and a word, as written or as it sounds; None for too many."""
    pairs = [(typed, word.text), *((one, other) for one in heard for other in word.sounds)]
    found = []
    for one, other in pairs:
        most = min(forgiven(other), forgiven(one) + 1)
        if most and (away := slips(one, other, most)) <= most:
            found.append(away)
    return min(found, default=None)


def _longest(words: Iterable[Word[M]]) -> list[Word[M]]:
    """Words that stand in a sentence and in no longer one of it."""
    every = list(words)
    return [word for word in every if not any(word.text != other.text and word.text in other.text for other in every)]


def _one_of_each(words: Iterable[Word[M]]) -> Iterable[Word[M]]:
    """One word for each meaning, in their order."""
    seen: list[M] = []
    for word in words:
        if word.means not in seen:
            seen.append(word.means)
            yield word
