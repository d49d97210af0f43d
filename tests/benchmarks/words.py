"""How well slips are understood: ``python -m tests.benchmarks.words``; figures of docs/similar-cases.md."""

import sys
from collections import Counter

from conversations.matching import hear
from conversations.procedures.handbook import HANDBOOK
from handlers import commands
from handlers.pinyin import sounds
from tests.support.slips import COUNTS, Slip, slips

VERDICTS = ("right", "right first", "right among", "nothing", "wrong")


def verdict(slip: Slip) -> str:
    """Whether the word was understood alone, asked about first, asked about among others, or missed."""
    meant = commands.meaning(slip.typed, HANDBOOK)
    if meant is not None:
        return "right" if meant == slip.means else "wrong"
    near = hear(slip.typed, commands.vocabulary(HANDBOOK), sounds)
    if near is None:
        return "nothing"
    understood = [word.means for word in near.words]
    if slip.means not in understood:
        return "wrong"
    if len(understood) == 1:
        return "right"
    return "right first" if understood[0] == slip.means else "right among"


def main() -> int:
    """Print a line for each kind of slip."""
    total = Counter[str]()
    every = list(slips())
    for kind in COUNTS:
        found = Counter(verdict(slip) for slip in every if slip.kind == kind)
        total += found
        sys.stdout.write(f"{kind}: " + ", ".join(f"{name} {found[name]}" for name in VERDICTS) + "\n")
    top = total["right"] + total["right first"]
    sys.stdout.write(f"all {total.total()}: " + ", ".join(f"{name} {total[name]}" for name in VERDICTS))
    sys.stdout.write(f"; top 1: {top / total.total():.1%}\n")
    if "-v" in sys.argv:
        for slip in every:
            if verdict(slip) not in ("right", "right first"):
                sys.stdout.write(f"{verdict(slip)}: {slip}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
