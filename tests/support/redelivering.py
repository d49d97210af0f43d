"""Events that a platform delivers more than once: shuffled, at once, to several servers, until each is taken."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, select
from starlette.types import ASGIApp

from storage.base import Row
from tests.support.desk import Desk
from tests.support.knocking import Heard, Knock, put


class Deliveries:
    """So many deliveries of so many events, in an order of chance; each event in one or more wordings."""

    def __init__(self, every: Sequence[Sequence[Knock]], count: int, seed: int = 3) -> None:
        self._every = every
        self._chance = random.Random(seed)
        again = self._chance.choices(range(len(every)), k=count - len(every))
        self.order = [*range(len(every)), *again]
        self._chance.shuffle(self.order)
        self._answers: dict[int, set[Heard]] = defaultdict(set)

    def halves(self) -> tuple[list[int], list[int]]:
        """What is delivered before a restart, and after it."""
        middle = len(self.order) // 2
        return self.order[:middle], self.order[middle:]

    def put(self, numbers: Iterable[int], *webs: ASGIApp) -> None:
        """Deliver these; what was not taken is delivered again, as platforms do."""
        pending = list(numbers)
        while pending:
            first, *others = webs
            heard = put(first, [self._chance.choice(self._every[number]) for number in pending], *others)
            for number, answer in zip(pending, heard, strict=True):
                self._answers[number].add(answer)
            pending = [number for number, answer in zip(pending, heard, strict=True) if answer.status == 503]

    def taken_alike(self) -> bool:
        """Whether every event was taken, and answered the same each time."""
        taken = {number: {each for each in said if each.status != 503} for number, said in self._answers.items()}
        alike = Counter(len(said) for said in taken.values()) == {1: len(self._every)}
        return alike and {each.status for said in taken.values() for each in said} == {200}


def count(desk: Desk, kind: type[Row], *which: ColumnElement[bool]) -> int:
    """How many rows there are."""
    counted = select(func.count()).select_from(kind).where(*which)
    return desk.do(lambda uow: uow.session.scalar(counted) or 0)
