"""What was sent from the page of a form, as answers: only what was changed there is given again.

A page may lie open while the same form is filled in elsewhere. So it says with every question what stood there, and
what still stands there is no answer: the newer one from elsewhere remains.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.arriving import Arrived
from bot.staff.controls import CHOICE, FILE, HINT, SEARCH, TYPED, Stands, mark
from handlers.events import Upload

WAS = re.compile(r"(?P<key>[a-z][a-z0-9_]{0,39})=(?P<chosen>[0-9a-f]{1,6})-(?P<typed>[0-9a-f]{1,6})")
INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?")
MOST_FIELDS = 200
MOST_QUESTIONS = 80


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers that were changed, the questions that stood empty, the files, and everything as it was typed."""

    given: Mapping[str, str]
    blank: frozenset[str]
    files: Mapping[str, tuple[Upload, ...]]
    typed: Mapping[str, Stands]


def was(stands: Mapping[str, Stands]) -> str:
    """What stands in every question, as the page says it."""
    return " ".join(f"{key}={mark(each.chosen)}-{mark(each.typed)}" for key, each in stands.items())


def names(keys: Iterable[str]) -> frozenset[str]:
    """The names of files that a form takes."""
    return frozenset(f"{FILE}{key}" for key in keys)


def read(came: Arrived) -> Answers:
    """The answers of a form that arrived."""
    chosen, typed, searches = dict[str, str](), dict[str, str](), set[str]()
    for name, value in came.answers:
        kind, key = _kind(name)
        if kind == CHOICE:
            chosen[key] = ",".join(filter(None, (chosen.get(key), value)))
        elif kind in (TYPED, SEARCH):
            typed[key] = INSTANT.sub(r"\1 \2", value.replace("\r\n", "\n")).strip()
        if kind == SEARCH:
            searches.add(key)
    before = {at["key"]: (at["chosen"], at["typed"]) for at in WAS.finditer(came.texts.get("was", ""))}
    stands = {key: Stands(chosen.get(key, ""), typed.get(key, "")) for key in [*before][:MOST_QUESTIONS]}
    given, blank = dict[str, str](), set[str]()
    for key, now in stands.items():
        changed = (mark(now.chosen) != before[key][0], mark(now.typed) != before[key][1])
        if any(changed):
            given[key] = _meant(now, changed, searched=key in searches)
        elif not now.chosen and not now.typed:
            blank.add(key)
    files: dict[str, tuple[Upload, ...]] = {}
    for name, file in came.files:
        key = name.removeprefix(FILE)
        files[key] = (*files.get(key, ()), file)
    return Answers(given, frozenset(blank), files, stands)


def _kind(name: str) -> tuple[str, str]:
    kind, dot, key = name.partition(".")
    return f"{kind}{dot}", key


def _meant(now: Stands, changed: tuple[bool, bool], *, searched: bool) -> str:
    """
    The answer, where a list and a box may say different things.

    What was chosen from a list of names stands, whatever was looked for before; elsewhere what was typed just now
    stands, since nobody types what they do not mean.
    """
    chosen = "" if now.chosen.startswith(HINT) else now.chosen
    if not chosen or not now.typed:
        return chosen or now.typed
    if searched:
        return chosen if changed[0] else now.typed
    return now.typed if changed[1] else chosen
