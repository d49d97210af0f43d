"""A server that can be made to get stuck in many ways: it does what a file tells it."""

import importlib
import os
import resource
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ORDERS = "stuck"
FROZEN: list[datetime] = []


def main() -> None:
    """Serve with short intervals, and obey."""
    from bot import clock, pulse, ticks

    deliveries: Any = importlib.import_module("bot.deliveries")

    clock.now = lambda: FROZEN[0] if FROZEN else datetime.now(UTC)
    pulse.EVERY, pulse.LIMIT_SECONDS = timedelta(seconds=0.2), 1.2
    deliveries.QUIET_LIMIT_SECONDS = 2.5
    scheduling: Any = ticks
    make, deliver, made = ticks.scheduler, deliveries.deliver_due, list[Any]()

    def scheduler(app: Any) -> Any:
        made.append(make(app))
        return made[0]

    def deliver_due(post: Any) -> int:
        while Path(ORDERS).read_text() == "delivery":
            time.sleep(0.05)
        return int(deliver(post))

    scheduling.scheduler, deliveries.deliver_due = scheduler, deliver_due
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    threading.Thread(target=_obey, args=(made,), daemon=True).start()
    from bot.cli import root

    sys.argv[1:] = ["serve"]
    root()


def _obey(made: list[Any]) -> None:
    before = ""
    while True:
        order = Path(ORDERS).read_text()
        if order != before:
            FROZEN[:] = [datetime.now(UTC)] if order == "clock" else []
            if made and "tick" in (order, before):
                (made[0].pause if order == "tick" else made[0].resume)()
            most = 1 if order == "full" else resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
            before = order
        if order == "loop":
            _block()
        time.sleep(0.05)


def _block() -> None:
    """The event loop hangs in somebody's slow code."""
    import gc
    from asyncio import AbstractEventLoop

    for loop in (each for each in gc.get_objects() if isinstance(each, AbstractEventLoop) and each.is_running()):
        loop.call_soon_threadsafe(time.sleep, 0.6)
    time.sleep(0.4)


if __name__ == "__main__":
    os.umask(0o077)
    main()
