"""What every platform's door needs: a body of bounded size, and work on a thread that is answered in time.

What has not begun when its time is over is dropped: the platform was told to come again, and comes. What has
begun goes on to its commit, and the duplicate gets its answer.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.requests import Request

T = TypeVar("T")

MOST_BYTES = 256 * 1024
"""More than any platform sends in one request."""

BODY_SECONDS = 10.0
"""A platform hangs up long before."""

WORKERS = 16
WAITING = 256
"""More requests than this at once are turned away."""


class TooBusyError(Exception):
    """It was not done in time, or there was no place for it: whoever asked has to come again."""


class Hurry:
    """A pool of threads for requests that a platform waits for, so many seconds at most."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._pool = ThreadPoolExecutor(WORKERS)
        self._places = threading.BoundedSemaphore(WAITING)

    def stop(self) -> None:
        """Begin nothing more; what is under way ends."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def do(self, job: Callable[[], T]) -> T:
        """Do it on a thread, in the context of the request; raises TooBusyError when there is no answer in time."""
        if not self._places.acquire(blocking=False):
            raise TooBusyError
        context = contextvars.copy_context()
        try:
            work = self._pool.submit(context.run, job)
        except RuntimeError as stopping:
            self._places.release()
            raise TooBusyError from stopping
        work.add_done_callback(lambda _done: self._places.release())
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(work)), self.seconds)
        except TimeoutError as late:
            work.cancel()
            raise TooBusyError from late


async def body_of(request: Request) -> bytes | None:
    """The body; None when it is larger than anything a platform sends, or takes longer to come in."""
    found = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                found += part
                if len(found) > MOST_BYTES:
                    return None
    except TimeoutError:
        return None
    return bytes(found)
