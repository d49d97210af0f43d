"""Five hundred ways to miss a word: sounds, slips, pinyin, initials and synonyms, drawn from a seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conversations.procedures.handbook import HANDBOOK
from handlers import commands
from handlers.commands import Meant
from handlers.pinyin import initials, sounds

COUNTS = {"homophone": 110, "near sound": 50, "pinyin": 80, "initials": 50, "synonym": 70, "letters": 90, "signs": 50}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SOFTER = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("n", "l"), ("h", "f"))
"""Sounds that people from different provinces write for one another."""

COMMON = "".join(
    bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)
)
"""The 3,755 commonest signs of GB 2312."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What was typed, the word that was wanted, and how it was missed."""

    kind: str
    typed: str
    word: str
    means: Meant


def slips(seed: int = 9) -> Iterator[Slip]:
    """The set that docs/similar-cases.md reports on; what happens to be another word of ours is not in it."""
    chance = random.Random(seed)
    known = commands.exact(HANDBOOK)
    words = [(text, means) for text, means in known.items() if any(sign.isalnum() for sign in text)]
    for kind, count in COUNTS.items():
        made: set[str] = set()
        while len(made) < count:
            text, means = chance.choice(words)
            typed = MAKE[kind](text, chance)
            if typed is None or typed in made or (typed in known and known[typed] != means):
                continue
            made.add(typed)
            yield Slip(kind, typed, text, means)


def _chinese(text: str) -> bool:
    return all(sign >= "\u3400" for sign in text)


def _pinyin(text: str) -> str:
    return min(sounds(text))


def _homophone(text: str, chance: random.Random) -> str | None:
    """One sign written with another that sounds the same."""
    if not _chinese(text) or len(text) < 2:
        return None
    at = chance.randrange(len(text))
    others = [sign for sign in COMMON if sign != text[at] and _pinyin(sign) in sounds(text[at])]
    return text[:at] + chance.choice(others) + text[at + 1 :] if others else None


def _near_sound(text: str, chance: random.Random) -> str | None:
    """Pinyin as a province says it: zh for z, ng for n."""
    if not _chinese(text) or len(text) < 2:
        return None
    spelled = _pinyin(text)
    ways = [(one, other) for pair in SOFTER for one, other in (pair, pair[::-1]) if one in spelled]
    if not ways:
        return None
    one, other = chance.choice(ways)
    return spelled.replace(one, other, 1)


def _full(text: str, chance: random.Random) -> str | None:
    return _pinyin(text) if _chinese(text) and len(text) > 1 else None


def _initials(text: str, chance: random.Random) -> str | None:
    return min(initials(text)) if _chinese(text) and len(text) > 2 else None


def _synonym(text: str, chance: random.Random) -> str:
    return text


def _letters(text: str, chance: random.Random) -> str | None:
    """One slip of a finger in an English word or in pinyin, two from six letters on."""
    spelled = text if text.isascii() else _pinyin(text)
    if not spelled.isalpha() or len(spelled) < 4 or (text.isascii() and len(text) < 4):
        return None
    for _ in range(chance.randint(1, 2) if len(spelled) >= 6 else 1):
        spelled = _slip(spelled, chance, LETTERS)
    return spelled


def _signs(text: str, chance: random.Random) -> str | None:
    """One sign dropped, doubled or swapped in a word of three signs or more."""
    return _slip(text, chance, "") if _chinese(text) and len(text) > 2 else None


def _slip(text: str, chance: random.Random, letters: str) -> str:
    at = chance.randrange(len(text))
    way = chance.choice(("drop", "double", "swap", "change") if letters else ("drop", "double", "swap"))
    if way == "drop":
        return text[:at] + text[at + 1 :]
    if way == "double":
        return text[:at] + text[at] + text[at:]
    if way == "swap" and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + (chance.choice(letters) if letters else "") + text[at + 1 :]


MAKE: dict[str, Callable[[str, random.Random], str | None]] = {
    "homophone": _homophone,
    "near sound": _near_sound,
    "pinyin": _full,
    "initials": _initials,
    "synonym": _synonym,
    "letters": _letters,
    "signs": _signs,
}
