"""The access_token: one in the database for all processes, fetched by one of them, never logged."""

import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from notifications.gateway import DeliveryError
from storage.database import Database
from storage.unit_of_work import UnitOfWork

EARLY = timedelta(minutes=5)
"""So long before its end a token is used no more."""

LEASE = timedelta(seconds=15)
"""So long others wait for whoever fetches; then somebody else does."""

SPARED = timedelta(seconds=30)
"""So long WeCom is not asked again after it gave no token."""

LOOKS, LOOK_SECONDS = 50, 0.1

Fetch = Callable[[], tuple[str, int]]
"""Asks WeCom: the token, and how many seconds it lives."""


class Tokens:
    """One row of the state of the house per company and app: the token, its end, and who is fetching the next.

    The row is locked only to be read and changed, never while WeCom is asked.
    """

    def __init__(
        self, database: Database, name: str, fetch: Fetch, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._database = database
        self._key = f"wecom.token:{name}"
        self._fetch = fetch
        self._sleep = sleep
        self._lock = threading.Lock()
        self._known: tuple[str, datetime] = ("", database.clock())
        self._failed: tuple[Exception, datetime] | None = None

    def get(self, failed: str = "") -> str:
        """A token that is good, as far as we know, and is not the one that failed. Raises what ``fetch`` raises."""
        if good := self._good(*self._known, failed):
            return good
        with self._lock:
            self._spare()
            for _ in range(LOOKS):
                token, ours = self._database.do(lambda uow: self._claimed(uow, failed))
                if token:
                    return token
                if ours:
                    return self._fetched(ours)
                self._sleep(LOOK_SECONDS)
        raise DeliveryError("another process is fetching the access_token", retry_after=LEASE)

    def _spare(self) -> None:
        """WeCom blocks whoever asks too often with a wrong secret: what it said last is said again for a while."""
        if self._failed is not None and self._database.clock() < self._failed[1]:
            raise self._failed[0]

    def _good(self, token: str, until: datetime, failed: str) -> str:
        return token if token and token != failed and self._database.clock() < until - EARLY else ""

    def _claimed(self, uow: UnitOfWork, failed: str) -> tuple[str, str]:
        """The token that is kept, or the right to fetch one, or neither."""
        uow.state.put_missing(self._key, {})
        row = cast("dict[str, str]", uow.state.held(self._key) or {})
        until = datetime.fromisoformat(row["until"]) if "until" in row else uow.now
        if good := self._good(row.get("token", ""), until, failed):
            self._known = good, until
            return good, ""
        if "lease" in row and uow.now < datetime.fromisoformat(row["lease"]):
            return "", ""
        who = uuid.uuid4().hex
        uow.state.put(self._key, {"lease": (uow.now + LEASE).isoformat(), "who": who})
        return "", who

    def _fetched(self, who: str) -> str:
        try:
            token, seconds = self._fetch()
        except Exception as error:
            self._failed = error, self._database.clock() + SPARED
            self._database.do(lambda uow: self._settle(uow, who, {}))
            raise
        self._failed = None
        until = self._database.clock() + timedelta(seconds=seconds)
        self._known = token, until
        self._database.do(lambda uow: self._settle(uow, who, {"token": token, "until": until.isoformat()}))
        return token

    def _settle(self, uow: UnitOfWork, who: str, row: dict[str, str]) -> None:
        """Write it down, unless somebody else took over meanwhile."""
        held = cast("dict[str, str]", uow.state.held(self._key) or {})
        if held.get("who") == who:
            uow.state.put(self._key, row)
