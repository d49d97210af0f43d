"""What is done after an answer has gone out: windows open and change, whispers are sent; nobody waits for it."""

import contextvars
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog

WORKERS = 8
REMEMBERED = 10_000

log = structlog.stdlib.get_logger("bot.slack")


class Afters:
    """A few threads for calls to Slack; each request brings its calls once, however often it is delivered."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS)
        self._lock = threading.Lock()
        self._pending: set[Future[None]] = set()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def once(self, key: str, job: Callable[[], None]) -> None:
        """Do it soon, unless it was done for this request."""
        with self._lock:
            if key in self._seen:
                return
            self._seen[key] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            future = self._pool.submit(contextvars.copy_context().run, _quietly, job)
            self._pending.add(future)
        future.add_done_callback(self._done)

    def _done(self, future: "Future[None]") -> None:
        with self._lock:
            self._pending.discard(future)

    def settle(self, seconds: float = 10.0) -> None:
        """Wait until there is nothing left to do."""
        with self._lock:
            pending = list(self._pending)
        wait(pending, seconds)

    def stop(self) -> None:
        """Begin nothing more; what is under way ends by its own time limits."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _quietly(job: Callable[[], None]) -> None:
    try:
        job()
    except Exception as error:  # noqa: BLE001 - nobody waits for it
        # what Slack answered may quote what we sent: its kind and place are enough
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error("after an answer", kind=type(error).__name__, file=place.filename.rpartition("/")[2],  # noqa: TRY400
                  number=place.lineno)  # fmt: skip
