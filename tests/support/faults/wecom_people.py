"""People at their phones in a WeCom crash story: one complaint after another, a line and a callback at a time."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.support.faults.carrier import Asked, Carrier
from tests.support.faults.driver import Ledger, Plan, act
from tests.support.faults.server import ServerJob
from tests.support.faults.slack_people import TYPED
from tests.support.faults.worker import Worker
from tests.support.wecom.callbacks import number
from tests.support.wecom.knocking import click, line, sealed

LATE_SECONDS = 5.0
"""So long WeCom waits for an answer."""

BY_MENU = 0.5


@dataclass
class Talker:
    """One person, who writes to the app or begins from its menu."""

    user: str
    job: ServerJob
    carrier: Carrier
    titles: Sequence[str]
    ledger: Ledger
    chance: random.Random

    def run(self) -> None:
        """Report every complaint."""
        try:
            for title in self.titles:
                self.report(title)
        except Exception as error:  # noqa: BLE001 - the story ends with it
            self.ledger.faults.append(f"{self.user}: {error!r}")

    def report(self, title: str) -> None:
        """Each line when the one before was taken; the number comes as a message."""
        first, *others = TYPED
        if self.chance.random() < BY_MENU:
            self._tell(click(self.user, "start:complaint", self._now()))
        else:
            self._write(first)
        for text in others:
            self._write(text.format(title=title))
        self.ledger.reported(title)

    def _write(self, text: str) -> None:
        self._tell(line(int(number()), self.user, text, self._now()))

    def _tell(self, fields: Mapping[str, Any]) -> None:
        self.carrier.tell(partial(self._sealed, fields))

    def _sealed(self, fields: Mapping[str, Any], _tries: int) -> Asked:
        knock = sealed(fields, self._now())
        return f"{knock.path}?{knock.query}", knock.body, knock.headers

    def _now(self) -> int:
        return int(self.job.clock().timestamp())


def play(job: ServerJob, workers: list[Worker], plan: Plan, users: Sequence[str]) -> Ledger:
    """Everybody reports while servers are killed at random instants; give the ledger."""
    chance, ledger = random.Random(plan.seed), Ledger()
    titles = [f"A{count:05}" for count in range(plan.intakes)]
    talkers = []
    for index, user in enumerate(users):
        own = random.Random(chance.random())
        carrier = Carrier(tuple(job.ports.values()), ledger, own, LATE_SECONDS)
        talkers.append(Talker(user, job, carrier, titles[index :: len(users)], ledger, own))
    act([talker.run for talker in talkers], workers, (plan, chance), ledger)
    return ledger
