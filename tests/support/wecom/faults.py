"""What a test plans for calls to come: an errcode, a page, silence, or an answer that nobody hears."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.wecom.endpoints import Answer
from tests.support.wecom.errors import RefusedError
from tests.support.wecom.world import Call

Go = Callable[[], Answer | None]
Fault = Callable[[Go], Answer | None]
"""What becomes of a call: given how it would be answered, its answer, or None where the line goes dead."""

Only = Callable[[Call], bool]
"""Which calls a fault is for."""

Refuse = Callable[[RefusedError], Answer]

PAGE = b"<html><body>502 Bad Gateway</body></html>"


@dataclass(slots=True)
class Planned:
    """A fault that waits for its calls."""

    fault: Fault
    times: int
    only: Only


def every(_call: Call) -> bool:
    """Without choice."""
    return True


class Faults:
    """Planned faults; each is spent after so many calls of its path (without /cgi-bin/)."""

    def __init__(self, refuse: Refuse) -> None:
        self._refuse = refuse
        self._planned: dict[str, list[Planned]] = {}
        self._plans = threading.Lock()

    def fail(self, path: str, errcode: int = -1, errmsg: str = "", times: int = 1, only: Only = every) -> None:
        """The call answers with this errcode, and does nothing."""
        self._plan(path, lambda _go: self._refuse(RefusedError(errcode, errmsg)), times, only)

    def http_error(self, path: str, status: int = 502, times: int = 1, only: Only = every) -> None:
        """WeCom, or something before it, is in trouble."""
        self._plan(path, lambda _go: Answer(PAGE, status, "text/html"), times, only)

    def html(self, path: str, times: int = 1, only: Only = every) -> None:
        """A page of a proxy, with HTTP 200."""
        self.http_error(path, 200, times, only)

    def empty(self, path: str, times: int = 1, only: Only = every) -> None:
        """HTTP 200 and nothing more."""
        self._plan(path, lambda _go: Answer(b""), times, only)

    def drop(self, path: str, times: int = 1, only: Only = every) -> None:
        """The line goes dead before anything is done."""
        self._plan(path, lambda _go: None, times, only)

    def lose_reply(self, path: str, times: int = 1, only: Only = every) -> None:
        """It is done, but the line goes dead before the answer."""

        def lost(go: Go) -> None:
            go()

        self._plan(path, lost, times, only)

    def slow(self, path: str, seconds: float, times: int = 1, only: Only = every) -> None:
        """It takes so long."""

        def late(go: Go) -> Answer | None:
            time.sleep(seconds)
            return go()

        self._plan(path, late, times, only)

    def mend(self) -> None:
        """No more faults."""
        with self._plans:
            self._planned = {}

    def planned(self, call: Call) -> Fault | None:
        """The fault that this call has, which is spent thereby."""
        with self._plans:
            for planned in self._planned.get(call.path, []):
                if planned.times > 0 and planned.only(call):
                    planned.times -= 1
                    return planned.fault
        return None

    def _plan(self, path: str, fault: Fault, times: int, only: Only) -> None:
        with self._plans:
            self._planned.setdefault(path, []).append(Planned(fault, times, only))
