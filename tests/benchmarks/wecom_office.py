"""The sample company at WeCom, and what its people send: sealed lines."""

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bot import clock
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.rig import Rig, analyse
from tests.benchmarks.slack_traffic import wired
from tests.support.desk import Desk
from tests.support.wecom.knocking import POST, SETTINGS, known, line

PEOPLE = 300
"""As many as ask fifty things a second without anybody asking more often than once in six seconds."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A callback that is sealed already: it is good for ten minutes."""

    path: str
    body: bytes

    def wire(self) -> bytes:
        """The same each time."""
        return wired(self.path, {"Content-Type": "text/xml"}, self.body)


class Office:
    """A database in which people are known at WeCom and one complaint is open; its server is another process."""

    def __init__(self, rig: Rig, url: str) -> None:
        rig.made += 1
        self.url, self.folder = url, rig.folder / f"office-{rig.made}"
        self.folder.mkdir()
        self.desk = Desk.open(url, self.folder, start=clock.now())
        self.desk.people()
        self.desk.report()
        self.desk.do(known)
        self._users = self.desk.do(_hired)
        self._numbers = itertools.count(1)
        analyse(url)

    def settings(self, api: str) -> Mapping[str, str]:
        """How a server talks to WeCom."""
        settings = {**SETTINGS, "api_base_url": api}
        return {f"GUKEBOT_WECOM__{name.upper()}": str(value) for name, value in settings.items()}

    def lines(self, text: str, count: int) -> list[Sealed]:
        """So many lines that everybody types in turns."""
        now = int(time.time())
        return [self._line(text, now) for _ in range(count)]

    def _line(self, text: str, at: int) -> Sealed:
        number = next(self._numbers)
        callback = POST.sealed(line(number, self._users[number % len(self._users)], text, at), at)
        return Sealed(f"/wecom/callback?{urlencode(callback.query)}", callback.body)

    def close(self) -> None:
        """Leave the database."""
        self.desk.database.dispose()


def endless(office: Office, text: str, ahead: int = 200) -> Iterator[Sealed]:
    """Lines without end, sealed some at a time."""
    while True:
        yield from office.lines(text, ahead)


def _hired(uow: UnitOfWork) -> list[str]:
    names = [f"bench{count}" for count in range(PEOPLE)]
    uow.organisation.add(*(Person(name=name, department="XS", roles=["sales"], wecom_id=name) for name in names))
    return names
