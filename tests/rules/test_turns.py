"""Writers of one process take turns: whoever waits longest is next, and nobody waits longer than it wants to."""

import threading
import time

from storage.turns import Turns


def test_whoever_waits_longest_is_next() -> None:
    """
    Ten threads wait while one writes; they come in the order in which they asked, and the writer last.
    """
    turns, came, threads = Turns(), list[int](), list[threading.Thread]()
    assert turns.acquire(1)

    def wait(number: int) -> None:
        assert turns.acquire(10)
        came.append(number)
        turns.release()

    for number in range(10):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.release()
    wait(10)
    for thread in threads:
        thread.join(10)

    assert came == list(range(11))


def test_nobody_waits_for_ever() -> None:
    """
    A turn that does not come in time is given up, and those behind still get theirs.
    """
    turns = Turns()
    assert turns.acquire(1)
    assert not turns.acquire(0.01)
    turns.release()
    assert turns.acquire(0)
    turns.release()
