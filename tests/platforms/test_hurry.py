"""Work that somebody waits for: answered in time, dropped when it has not begun by then, finished when it has."""

import asyncio
import threading

import pytest
from starlette.requests import Request
from starlette.types import Message

from bot import hurry as hurry_of
from bot.hurry import WAITING, WORKERS, Hurry, TooBusyError


def test_what_has_not_begun_in_time_is_dropped() -> None:
    """
    With every thread busy, what waits is told to come again and is not done later; what had begun is finished.
    """
    hurry, gate, done = Hurry(0.05), threading.Event(), []

    def slow() -> None:
        gate.wait(10)
        done.append("begun")

    async def story() -> list[BaseException | None]:
        busy = [hurry.do(slow) for _ in range(WORKERS)]
        late = [hurry.do(lambda: done.append("late")) for _ in range(3)]
        return await asyncio.gather(*busy, *late, return_exceptions=True)

    answers = asyncio.run(story())
    gate.set()
    hurry.seconds = 10
    # whatever still waited would come before this
    asyncio.run(hurry.do(lambda: None))
    hurry.stop()
    for thread in threading.enumerate():
        if "ThreadPoolExecutor" in thread.name:
            thread.join(5)

    assert [type(answer) for answer in answers] == [TooBusyError] * (WORKERS + 3)
    assert done == ["begun"] * WORKERS


def test_places_are_given_back() -> None:
    """
    More at once than there are places are turned away, and the next ones are let in again; nothing after the stop.
    """
    hurry = Hurry(10)

    async def story() -> tuple[int, int]:
        answers = await asyncio.gather(*(hurry.do(lambda: 1) for _ in range(WAITING + 20)), return_exceptions=True)
        turned_away = sum(isinstance(answer, TooBusyError) for answer in answers)
        return turned_away, await hurry.do(lambda: 7)

    turned_away, after = asyncio.run(story())
    hurry.stop()

    assert (turned_away <= 20, after) == (True, 7)
    with pytest.raises(TooBusyError):
        asyncio.run(hurry.do(lambda: 1))


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Whoever sends a byte now and then is given up; what comes in time is read whole, and what is too much is not.
    """
    monkeypatch.setattr(hurry_of, "BODY_SECONDS", 0.2)

    def request(pause: float, part: bytes, count: int) -> Request:
        left = iter([part] * count)

        async def receive() -> Message:
            await asyncio.sleep(pause)
            return {"type": "http.request", "body": next(left, b""), "more_body": True} if pause else {
                "type": "http.request", "body": b"".join(left), "more_body": False}  # fmt: skip

        return Request({"type": "http", "method": "POST", "headers": []}, receive)

    assert asyncio.run(hurry_of.body_of(request(0.05, b"a", 1000))) is None
    assert asyncio.run(hurry_of.body_of(request(0, b"ab", 3))) == b"ababab"
    assert asyncio.run(hurry_of.body_of(request(0, bytes(hurry_of.MOST_BYTES), 2))) is None
