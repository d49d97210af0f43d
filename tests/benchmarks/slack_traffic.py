"""A platform's side of a measurement: signed requests over connections that stay open, timed one by one."""

import asyncio
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.support.slack.payloads import signed

FORM = "application/x-www-form-urlencoded"
PATIENCE_SECONDS = 30.0
IDLE_SECONDS = 3.0
"""A line that was not used for so long is opened anew: servers hang up after five."""


class Request(Protocol):
    """One request that can be sent."""

    def wire(self) -> bytes:
        """As it goes over the line at this moment."""


def wired(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A request as it goes over the line."""
    said = {**headers, "Host": "127.0.0.1", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


@dataclass(frozen=True, slots=True)
class Post:
    """One request of Slack's: its body, and of what kind that is."""

    body: bytes
    kind: str = FORM

    def wire(self) -> bytes:
        """Signed at this moment."""
        return wired("/slack/events", signed(self.body, self.kind, int(time.time())), self.body)


@dataclass
class Slice:
    """What became of some requests: how long each took, what was answered, and how long it all was."""

    took: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second that were taken."""
        return (len(self.took) - self.refused) / self.seconds

    @property
    def cpu_each(self) -> float:
        """Seconds of the server's processor for one request."""
        return self.cpu / len(self.took)

    def at(self, share: float) -> float:
        """The time that such a share of the requests kept within."""
        return sorted(self.took)[min(int(len(self.took) * share), len(self.took) - 1)]

    @property
    def middle(self) -> float:
        return statistics.median(self.took)

    @property
    def refused(self) -> int:
        """How many were not answered with 200."""
        return sum(status != 200 for status in self.statuses)


class Line:
    """A connection that is opened when it is needed, and kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def post(self, post: Request) -> int:
        """Send a request; the status of the answer, which is read whole."""
        if self._ends is None or time.monotonic() > self._used + IDLE_SECONDS:
            self.close()
            self._ends = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._ends
        writer.write(post.wire())
        answer = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_SECONDS)).decode().lower()
        length = next((int(line[15:]) for line in answer.split("\r\n") if line.startswith("content-length:")), 0)
        await reader.readexactly(length)
        self._used = time.monotonic()
        return int(answer[9:12])

    def close(self) -> None:
        """Hang up."""
        if self._ends is not None:
            self._ends[1].close()


def closed_loop(port: int, posts: Iterator[Request], lines: int, seconds: float, pause: float = 0.0) -> Slice:
    """So many people, each with the next request as soon as the last is answered, for so long."""
    return asyncio.run(_closed(port, posts, lines, seconds, pause))


def open_loop(port: int, posts: Iterable[Request], a_second: float, lines: int = 400) -> Slice:
    """Requests at fixed instants whether or not the last are answered; late is counted from that instant."""
    return asyncio.run(_open(port, posts, a_second, lines))


async def _closed(port: int, posts: Iterator[Request], lines: int, seconds: float, pause: float) -> Slice:
    found, began = Slice(), time.perf_counter()
    end = began + seconds

    async def person() -> None:
        line = Line(port)
        while (start := time.perf_counter()) < end and (post := next(posts, None)) is not None:
            found.statuses.append(await line.post(post))
            found.took.append(time.perf_counter() - start)
            if pause:
                await asyncio.sleep(pause)
        line.close()

    await asyncio.gather(*(person() for _ in range(lines)))
    found.seconds = time.perf_counter() - began
    return found


async def _open(port: int, posts: Iterable[Request], a_second: float, lines: int) -> Slice:
    found, began = Slice(), time.perf_counter()
    idle: asyncio.LifoQueue[Line] = asyncio.LifoQueue()
    for _ in range(lines):
        idle.put_nowait(Line(port))

    async def one(post: Request, due: float) -> None:
        line = await idle.get()
        found.statuses.append(await line.post(post))
        found.took.append(time.perf_counter() - due)
        idle.put_nowait(line)

    under_way = []
    for count, post in enumerate(posts):
        due = began + count / a_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.create_task(one(post, due)))
    await asyncio.gather(*under_way)
    while not idle.empty():
        idle.get_nowait().close()
    found.seconds = time.perf_counter() - began
    return found
