"""How Chinese sounds, in plain letters: loaded when the first word is not understood as it stands."""

import itertools
import os
from collections.abc import Callable
from functools import lru_cache

MOST_READINGS = 16
"""Signs with several readings multiply; what is read in more ways than this is read in the commonest ones."""

LONGEST = 24
"""Nobody types a command or a customer's name that is longer."""


@lru_cache(maxsize=8192)
def _of_sign(sign: str) -> tuple[str, ...]:
    if sign < "\u3400":
        return (sign,)
    readings = (reading for reading in _library()(sign) if reading.isascii() and reading.isalpha())
    return tuple(dict.fromkeys(readings)) or (sign,)


@lru_cache(maxsize=1)
def _library() -> Callable[[str], list[str]]:
    # whole phrases would take 300 ms to load; one sign at a time needs none, and gives every reading
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    def readings(sign: str) -> list[str]:
        known = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")
        return known[0] if known else []

    return readings


def _spelled(text: str, letters: int | None) -> frozenset[str]:
    signs = [sign for sign in text if sign.isalnum()][:LONGEST]
    ways = itertools.product(*(dict.fromkeys(way[:letters] for way in _of_sign(sign)) for sign in signs))
    return frozenset("".join(way) for way in itertools.islice(ways, MOST_READINGS))


@lru_cache(maxsize=8192)
def sounds(text: str) -> frozenset[str]:
    """A text as it sounds, without tones, in every reading it may have: 报投诉 is baotousu. Letters stay."""
    return _spelled(text, None)


@lru_cache(maxsize=8192)
def initials(text: str) -> frozenset[str]:
    """The first letters of how a text sounds: 凌岳 is ly. None for a text without Chinese."""
    return _spelled(text, 1) if any(sign >= "\u3400" for sign in text) else frozenset()
