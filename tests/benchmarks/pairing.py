"""Measuring in pairs: both sides take turns within a round, the ratio is taken inside it, and its median counts."""

import gc
import importlib.util
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Measured = Callable[[], float]
NOISY = 0.25
"""Where the middle half of the ratios spreads over more than a quarter of the median, a row says so."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is promised: at most, or at least, so many times the peer."""

    name: str
    limit: float
    at_least: bool = False

    def holds(self, ratio: float) -> bool:
        """Whether a ratio keeps the promise."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{self.name} {'>=' if self.at_least else '<='} {self.limit:g}x"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report."""

    goal: str
    ours: str
    peer: str
    ratio: str
    verdict: str

    def __str__(self) -> str:
        return f"{self.goal} | {self.ours} | {self.peer} | {self.ratio} | {self.verdict}"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its name, and a job that says how many seconds its work took."""

    name: str
    run: Measured


@dataclass(frozen=True, slots=True)
class Work:
    """How often the pair is measured, how much work one measurement is, and how to write a measurement down."""

    rounds: int = 5
    units: int = 1
    rate: bool = False
    what: str = ""

    def shown(self, name: str, seconds: Sequence[float]) -> str:
        """The median of one side, in time per unit or in units a second."""
        median = statistics.median(seconds)
        if self.rate:
            return f"{name} {self.units / median:,.0f} {self.what}/s"
        return f"{name} {duration(median / self.units)}"


def duration(seconds: float) -> str:
    """Seconds as people read them."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} us"


def compare(goal: Goal, ours: Side, peer: Side, work: Work) -> Row:
    """Let both sides take turns; the ratio is that of times, or for rates that of units a second."""
    ours_took: list[float] = []
    peer_took: list[float] = []
    ratios: list[float] = []
    for turn in range(work.rounds):
        order = ((ours, ours_took), (peer, peer_took))
        for side, took in order if turn % 2 else order[::-1]:
            gc.collect()
            took.append(side.run())
        ratio = ours_took[-1] / peer_took[-1]
        ratios.append(1 / ratio if goal.at_least else ratio)
    shown = (work.shown(ours.name, ours_took), work.shown(peer.name, peer_took))
    return judged(goal, shown, ratios)


def judged(goal: Goal, shown: tuple[str, str], ratios: Sequence[float]) -> Row:
    """A row from ratios that were measured."""
    middle = statistics.median(ratios)
    spread = ""
    noisy = False
    if len(ratios) >= 4:
        low, _, high = statistics.quantiles(ratios, n=4)
        spread, noisy = f" [{low:.2f}-{high:.2f}]", high - low > NOISY * middle
    verdict = ("met" if goal.holds(middle) else "MISSED") + (", noisy" if noisy else "")
    return Row(str(goal), *shown, f"{middle:.2f}x{spread}", verdict)


def limit(name: str, ours: str, value: float, most: float, unit: str) -> Row:
    """A row whose goal is a plain figure."""
    return Row(f"{name} <= {most:g} {unit}", ours, "", "", "met" if value <= most else "MISSED")


def without(goal: Goal, peer: str) -> Row:
    """A row whose peer is not here."""
    return Row(str(goal), "", peer, "", "not measured")


def installed(module: str) -> bool:
    """Whether a peer can be imported."""
    return importlib.util.find_spec(module) is not None


def seconds(job: Callable[[], object]) -> float:
    """How long a job takes."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
