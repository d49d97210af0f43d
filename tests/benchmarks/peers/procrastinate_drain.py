"""procrastinate: so many jobs that do nothing, drained by one worker."""

import asyncio
import logging
import time

from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONValue

TaskArguments = dict[str, JSONValue]
_done = [0]


def drain(dsn: str, payload: str, count: int) -> float:
    """Seconds to drain them."""
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    return asyncio.run(_drain(dsn, payload, count))


def install(dsn: str) -> None:
    """Make its tables."""
    asyncio.run(_install(dsn))


async def _install(dsn: str) -> None:
    app = App(connector=PsycopgConnector(conninfo=dsn))
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


async def _drain(dsn: str, payload: str, count: int) -> float:
    app = App(connector=PsycopgConnector(conninfo=dsn))

    @app.task(name="send")
    async def send(payload: str) -> None:
        _done[0] += 1

    async with app.open_async():
        _done[0] = 0
        await send.batch_defer_async(*[TaskArguments(payload=payload) for _ in range(count)])
        start = time.perf_counter()
        await app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)
        took = time.perf_counter() - start
    assert _done[0] == count, _done
    return took
