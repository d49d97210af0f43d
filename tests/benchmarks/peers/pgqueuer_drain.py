"""pgqueuer: so many jobs that do nothing, drained by one worker."""

import asyncio
import time

import psycopg
from pgqueuer import PgQueuer, Queries
from pgqueuer.db import PsycopgDriver
from pgqueuer.models import Job
from pgqueuer.types import QueueExecutionMode


def drain(dsn: str, payload: bytes, count: int, batch: int) -> float:
    """Seconds until the last of them was done; that the worker takes seconds to end is not counted."""
    return asyncio.run(_drain(dsn, payload, count, batch))


def install(dsn: str) -> None:
    """Make its tables."""
    asyncio.run(_install(dsn))


async def _install(dsn: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await Queries(PsycopgDriver(connection)).install()


async def _drain(dsn: str, payload: bytes, count: int, batch: int) -> float:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        worker = PgQueuer.from_psycopg_connection(connection)
        done, last = 0, 0.0

        @worker.entrypoint("send")
        async def send(job: Job) -> None:
            nonlocal done, last
            done += 1
            last = time.perf_counter()

        queries = Queries(PsycopgDriver(connection))
        await queries.enqueue(["send"] * count, [payload] * count, [0] * count)
        await connection.execute("vacuum analyze pgqueuer")
        start = time.perf_counter()
        await worker.run(batch_size=batch, mode=QueueExecutionMode.drain)
        assert done == count, done
        return last - start
