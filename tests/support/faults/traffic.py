"""So many requests a second over HTTP, as a platform sends them: each timed, and again what was not taken."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.support.knocking import Knock

PATIENCE_SECONDS = 10.0
"""So long an answer is waited for here, to see how late it was: platforms hang up earlier."""

AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request went; a status of 0 is a line that was cut. ``at`` counts from the start of the traffic."""

    number: int
    at: float
    seconds: float
    status: int
    body: bytes = b""


@dataclass
class Traffic:
    """Requests to one of several servers; a balancer tries the next where the line is refused or cut."""

    ports: Sequence[int]
    make: Callable[[int], Knock]
    first: int = 0
    answers: list[Answer] = field(default_factory=list)
    cut: int = 0
    """Lines that were refused or cut before they were answered, and tried at the next server."""
    began: float = 0.0
    _over: bool = False
    _thread: threading.Thread | None = None

    def start(self, count: int, rate: float) -> None:
        """Begin to send so many, at this rate whatever the answers are."""
        self.began = time.monotonic()
        numbers = range(self.first, self.first + count)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._send(numbers, rate)), daemon=True)
        self._thread.start()

    @property
    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    def stop(self) -> list[Answer]:
        """Send nothing more, and wait for the last answer."""
        self._over = True
        return self.end()

    def end(self) -> list[Answer]:
        """Wait for the last answer."""
        assert self._thread is not None
        self._thread.join()
        return self.answers

    def again(self, left: list[int]) -> list[int]:
        """Send what was not taken until it is, as platforms do; the numbers that never were."""
        until = time.monotonic() + AGAIN_SECONDS
        while left and time.monotonic() < until:
            left = [answer.number for answer in asyncio.run(self._all(left)) if answer.status != 200]
        return left

    async def _all(self, numbers: Iterable[int]) -> list[Answer]:
        places = asyncio.Semaphore(8)

        async def one(number: int) -> Answer:
            async with places:
                return await self._one(number)

        return await asyncio.gather(*map(one, numbers))

    async def _send(self, numbers: range, rate: float) -> None:
        async def one(number: int) -> None:
            self.answers.append(await self._one(number))

        async with asyncio.TaskGroup() as group:
            for index, number in enumerate(numbers):
                await asyncio.sleep(max(0.0, index / rate - self.now))
                if self._over:
                    break
                group.create_task(one(number))

    async def _one(self, number: int) -> Answer:
        knock, sent = self.make(number), self.now
        status, body = 0, b""
        for turn in range(len(self.ports)):
            status, body = await _asked(self.ports[(number + turn) % len(self.ports)], knock)
            if status:
                break
            self.cut += 1
        return Answer(number, sent, self.now - sent, status, body)


async def _asked(port: int, knock: Knock) -> tuple[int, bytes]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(_written(knock))
                head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return 0, b""
    return (int(head.split(b" ", 2)[1]), body) if head else (0, b"")


def _written(knock: Knock) -> bytes:
    path = f"{knock.path}?{knock.query}" if knock.query else knock.path
    lines = [f"POST {path} HTTP/1.1", "Host: bot", "Connection: close", f"Content-Length: {len(knock.body)}"]
    lines += [f"{name}: {value}" for name, value in knock.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + knock.body


def slowest(answers: Iterable[Answer], share: float = 1.0) -> float:
    """The seconds within which this share of the answers came."""
    found = sorted(answer.seconds for answer in answers)
    return found[min(len(found) - 1, int(len(found) * share))] if found else 0.0
