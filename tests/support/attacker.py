"""Somebody who watched who answered and in which order, has every copy of the database, and wants to know what."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import sqrt

from tests.support.evidence import ANSWERS, BALLOTS, COMMENTS, PENDING, Copy, named, written

Guess = tuple[int, str]
"""A person, and the ballot (or the remark) that is taken for theirs."""


@dataclass(frozen=True)
class Night:
    """One day: who answered in which order, the copy of that evening, and the one after the night."""

    voters: Sequence[int]
    evening: Copy
    morning: Copy


@dataclass(frozen=True)
class Seen:
    """All there is to see of one campaign. ``invitations``: person -> the name of their invitation."""

    campaign: int
    nights: Sequence[Night]
    end: Copy
    invitations: Mapping[int, str]

    @property
    def voters(self) -> list[int]:
        return list(chain.from_iterable(night.voters for night in self.nights))

    def arrived(self) -> Iterator[tuple[Sequence[int], list[str]]]:
        """For each night, and for the end: who can be among those that went on, longest waiting first; the ballots."""
        waiting: list[int] = []
        before: set[str] = set()
        for voters, copy in [*((night.voters, night.morning) for night in self.nights), ((), self.end)]:
            waiting += voters
            new = [name for name in named(copy.of(BALLOTS, self.campaign)) if name not in before]
            yield tuple(waiting), new
            before |= set(new)
            waiting = waiting[len(new) :]


def as_they_lie(seen: Seen) -> list[Guess]:
    """The first who answered owns the first ballot."""
    return list(zip(seen.voters, named(seen.end.of(BALLOTS, seen.campaign)), strict=False))


def backwards(seen: Seen) -> list[Guess]:
    """The first who answered owns the last ballot."""
    return list(zip(seen.voters, named(seen.end.of(BALLOTS, seen.campaign))[::-1], strict=False))


def by_transaction(seen: Seen) -> list[Guess]:
    """Ballots in the order of the transactions and commands that wrote them, else of their places in the files."""
    rows = seen.end.of(BALLOTS, seen.campaign)
    ordered = sorted(rows, key=lambda row: written(row) or (seen.end.place(row["id"]),))
    return list(zip(seen.voters, named(ordered), strict=False))


def by_answers(seen: Seen) -> list[Guess]:
    """Ballots in the order in which their answers lie."""
    mine = set(named(seen.end.of(BALLOTS, seen.campaign)))
    names = [name for name in named(seen.end.tables[ANSWERS], "ballot_id") if name in mine]
    return list(zip(seen.voters, names, strict=False))


def by_copies(seen: Seen) -> list[Guess]:
    """What is new in a copy belongs to those who have waited longest."""
    return [guess for waiting, new in seen.arrived() for guess in zip(waiting, new, strict=False)]


def by_lying_in_wait(seen: Seen) -> list[Guess]:
    """Who owns which sealed ballot, from its transaction or its place; which went on first, from the order there."""
    guesses: list[Guess] = []
    for night, (_, new) in zip(seen.nights, seen.arrived(), strict=False):
        guesses += _known(owners(seen, night), new)
    return guesses


def by_length(seen: Seen) -> list[Guess]:
    """The longest sealed ballot is the one with the most in it."""
    guesses: list[Guess] = []
    for night, (_, new) in zip(seen.nights, seen.arrived(), strict=False):
        waiting = night.evening.of(PENDING, seen.campaign)
        by_size = sorted(zip(owners(seen, night), waiting, strict=True), key=lambda each: len(str(each[1]["sealed"])))
        guesses += _known([owner for owner, _ in by_size], sorted(new, key=partial(_length, night.morning)))
    return guesses


def _known(owners: Sequence[int], ballots: Sequence[str]) -> list[Guess]:
    return [guess for guess in zip(owners, ballots, strict=False) if guess[0]]


def owners(seen: Seen, night: Night) -> list[int]:
    """Whose each sealed ballot is, as they lie: the same transaction used up the invitation; else by their places."""
    waiting, copy = night.evening.of(PENDING, seen.campaign), night.evening
    if any(map(written, waiting)):
        by_row = {str(row["id"]): row["xmin"] for row in copy.tables["survey_invitations"]}
        by_transaction = {by_row[seen.invitations[person]]: person for person in night.voters}
        return [by_transaction.get(row["xmin"], 0) for row in waiting]
    places = [copy.place(row["id"]) for row in waiting]
    ordered = {place: at for at, place in enumerate(sorted(places))}
    # those that stayed from the nights before lie first
    ranks = [ordered[place] - (len(waiting) - len(night.voters)) for place in places]
    return [night.voters[rank] if rank >= 0 else 0 for rank in ranks]


def _length(copy: Copy, ballot: str) -> int:
    return sum(
        len(str(row["grade"])) + len(str(row["item"])) for row in copy.tables[ANSWERS] if row["ballot_id"] == ballot
    )


STRATEGIES: Mapping[str, Callable[[Seen], list[Guess]]] = {
    each.__name__: each
    for each in (as_they_lie, backwards, by_transaction, by_answers, by_copies, by_lying_in_wait, by_length)
}


def chance(seen: Seen) -> float:
    """How many of the guesses come true for one who knows of every ballot on which night it went on, and nothing else.

    Each ballot of a night may be anybody's who had answered by then and whose ballot may still have been there.
    """
    expected, stayed = 0.0, 0
    for night, (_, new) in zip([*seen.nights, None], seen.arrived(), strict=True):
        pool = stayed + (len(night.voters) if night else 0)
        expected += len(new) / pool if pool else 0.0
        stayed = pool - len(new)
    return expected


def most(seen: Seen) -> float:
    """So many may come true by chance: two standard deviations above what is to be expected."""
    return chance(seen) + 2 * sqrt(chance(seen))


def remarks(seen: Seen, writers: Sequence[int]) -> list[Guess]:
    """The first who wrote something owns the first remark."""
    return list(zip(writers, (str(row["text"]) for row in seen.end.of(COMMENTS, seen.campaign)), strict=False))
