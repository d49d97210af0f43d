"""Which customer or product is meant by what people type: a name, half of it, its pinyin, a contact, a phone's tail."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from conversations.fields import folded
from handlers.pinyin import initials, sounds
from storage.finding import Named

PHONE_TAIL = 4
"""From so many digits on a number can be the end of a phone number."""

PINYIN = 4
"""From so many letters on the beginning of a name's pinyin is enough."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The names that stand in a text, and what is left of it without them."""

    codes: frozenset[str]
    left: str


def standing_in(text: str, named: Iterable[Named]) -> Standing:
    """Take the whole names out of a folded text, the longest first."""
    words = sorted(((folded(word), each.code) for each in named for word in each.words), key=lambda pair: -len(pair[0]))
    codes: set[str] = set()
    left, taken = text, dict[str, str]()
    for word, code in words:
        if len(word) < 2 or (word not in text and word not in left):
            continue
        if word in taken:
            codes.add(code)
        elif (place := _place(word)).search(left):
            left = place.sub(" ", left)
            taken[word] = code
            codes.add(code)
    return Standing(frozenset(codes), " ".join(left.split()))


def _place(word: str) -> re.Pattern[str]:
    """Where a name stands; one of letters or digits only as a word of its own."""
    start, end = ("(?<![a-z0-9])" if _plain(word[0]) else ""), ("(?![a-z0-9])" if _plain(word[-1]) else "")
    return re.compile(start + re.escape(word) + end)


def _plain(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def called(piece: str, named: Iterable[Named]) -> frozenset[str]:
    """Those that one word means which is no whole name: a part of one, its pinyin, or the tail of a phone."""
    if piece.isdigit():
        return frozenset(
            each.code for each in named if len(piece) >= PHONE_TAIL and any(_ends(tel, piece) for tel in each.phones)
        )
    if len(piece) < 2:
        return frozenset()
    if not piece.isascii():
        return frozenset(each.code for each in named if any(piece in folded(word) for word in each.words))
    every = list(named)
    sounding = frozenset(each.code for each in every if any(sounds_like(piece, word) for word in each.words))
    if len(piece) < 3:
        return sounding
    return sounding | {each.code for each in every if any(piece in folded(word) for word in each.words)}


def sounds_like(letters: str, word: str) -> bool:
    """Whether letters are a Chinese word's pinyin, its beginning, or its initials."""
    if word.isascii():
        return False
    if len(letters) >= PINYIN and any(each.startswith(letters) for each in sounds(word)):
        return True
    return letters in initials(word)


def _ends(phone: str, tail: str) -> bool:
    return "".join(sign for sign in phone if sign.isdigit()).endswith(tail)
