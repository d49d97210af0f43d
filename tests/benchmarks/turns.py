"""Servers that are measured in turns: each gets the same slices of time, and figures are compared within a round."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.pairing import Goal, Row, duration, judged
from tests.benchmarks.slack_servers import Server
from tests.benchmarks.slack_traffic import Request, Slice, closed_loop

CROWD = 16
SLICE_SECONDS = 1.5


@dataclass(frozen=True)
class Contender:
    """A server, and what is sent to it."""

    server: Server
    posts: Iterator[Request]

    def run(self, lines: int, pause: float = 0.0, seconds: float = SLICE_SECONDS) -> Slice:
        """One slice, with the processor time that the server took for it."""
        before = self.server.cpu
        found = closed_loop(self.server.port, self.posts, lines, seconds, pause)
        found.cpu = self.server.cpu - before
        return found


@dataclass(frozen=True)
class Measured:
    """A contender's slices, one for each round."""

    name: str
    slices: list[Slice]

    def shown(self, figure: Callable[[Slice], float], way: Callable[[float], str]) -> str:
        """The median of a figure."""
        return f"{self.name} {way(statistics.median(map(figure, self.slices)))}"


def taken(contenders: list[Contender], rounds: int, lines: int, pause: float = 0.0) -> list[Measured]:
    """Everybody in turns, each round beginning with another."""
    found = [Measured(each.server.name, []) for each in contenders]
    for turn in range(rounds):
        order = list(range(len(contenders)))
        for index in order[turn % len(order) :] + order[: turn % len(order)]:
            found[index].slices.append(contenders[index].run(lines, pause))
    return found


def row(goal: Goal, sides: tuple[Measured, Measured], figure: Callable[[Slice], float],
         way: Callable[[float], str] = duration) -> Row:  # fmt: skip
    """The ratio of a figure within each round."""
    ours, peer = sides
    ratios = [figure(a) / figure(b) for a, b in zip(ours.slices, peer.slices, strict=True)]
    return judged(goal, (ours.shown(figure, way), peer.shown(figure, way)), ratios)


def a_second(rate: float) -> str:
    """A rate as people read it."""
    return f"{rate:,.0f}/s"
