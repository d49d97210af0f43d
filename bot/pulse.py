"""The pulse: four times a minute a canary goes into the database and is read back, so that a stuck bot is seen.

It is beaten by the clock that ticks. Where that clock stands still, the database takes nothing, the disk is full or
the machine's time stands, there is no pulse; /readyz says so, systemd's watchdog is not fed, and ``gukebot watch``
tells whoever looks after the bot.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import systemd
from bot.app import App

EVERY = timedelta(seconds=15)
LIMIT_SECONDS = 40.0
NAME, CANARY = "pulse", "pulse"
SLOWEST = 0.5
"""A clock that goes less than half as fast as the seconds pass stands still."""

log = structlog.stdlib.get_logger("bot.pulse")


@dataclass
class Pulse:
    """One process's pulse."""

    app: App
    _before: tuple[datetime, float] | None = None

    def begin(self) -> None:
        """From now on it is missed."""
        self.app.heartbeats.expect(NAME, LIMIT_SECONDS)

    def beat(self) -> None:
        """Write the canary, read it back, and beat if it is there and time goes on."""
        try:
            fault = self._fault()
        except Exception as error:  # noqa: BLE001 - whatever keeps the canary from coming back is what we are to see
            fault = type(error).__name__
        if fault:
            log.warning("no pulse", fault=fault)
            return
        self.app.heartbeats.beat(NAME)
        # a network that is away is no reason to start again
        if all(check.ok for check in self.app.heartbeats.checks() if not check.name.startswith("delivery-")):
            systemd.notify("WATCHDOG=1")

    def _fault(self) -> str:
        now, moment = self.app.database.clock(), time.monotonic()
        before, self._before = self._before, (now, moment)
        if before is not None and now - before[0] < timedelta(seconds=moment - before[1]) * SLOWEST:
            return "the clock stands still"
        mine = now.isoformat()
        self.app.database.do(lambda uow: uow.state.put(CANARY, mine))
        found = self.app.database.look(lambda uow: uow.state.get(CANARY))
        # another replica may have been there since
        return "" if isinstance(found, str) and found >= mine else "the canary did not come back"
