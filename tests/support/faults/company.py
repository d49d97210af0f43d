"""The sample company with its bots, a Slack that always takes what it is told, and people who write without a pause."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import clock
from storage.database import Database
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.slack_servers import free_port
from tests.support.desk import Desk
from tests.support.faults.bot import Bot, Place
from tests.support.faults.slack import Slack
from tests.support.faults.traffic import Answer, Traffic
from tests.support.faults.worker import warm_up
from tests.support.knocking import Knock, line
from tests.support.wecom import knocking as at_wecom

PEOPLE = 300
"""As many as ask fifty things a second without anybody asking more often than once in six seconds."""

SAYS = ("我的", "帮助", "规则")
"""What people write: each is answered by a message."""


@dataclass
class Company:
    """Bots on one database, started or not, and the people before them."""

    place: Place
    bots: list[Bot]
    slack: Slack
    users: Sequence[tuple[str, str]]
    """Accounts at Slack and at WeCom."""

    wecom_share: int = 0
    """Every so many requests one comes from WeCom."""

    sent: int = 0

    def traffic(self) -> Traffic:
        """Requests to these bots, by turns."""
        return Traffic([bot.port for bot in self.bots], self._knock, first=self.sent)

    def _knock(self, number: int) -> Knock:
        slack, wecom = self.users[number % len(self.users)]
        text = SAYS[number % len(SAYS)]
        if self._by_wecom(number):
            now = int(time.time())
            return at_wecom.sealed(at_wecom.line(number, wecom, text, now), now)
        return line(number, slack, text)

    def _by_wecom(self, number: int) -> bool:
        return bool(self.wecom_share) and number % self.wecom_share == 0

    def limit(self, answer: Answer) -> float:
        """When the platform of this request hangs up, less a margin of a tenth of a second (R4)."""
        return 4.9 if self._by_wecom(answer.number) else 2.9

    def lost(self, numbers: Iterable[int]) -> list[int]:
        """Of which of these requests there is no row."""
        kept = {str(key) for (key,) in self.rows("select key from inbox")}
        return [number for number in numbers if self._key(number) not in kept]

    def _key(self, number: int) -> str:
        return f"wecom/{7_000_000_000 + number}" if self._by_wecom(number) else f"slack/Ev{number:08}"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Look into the database."""
        database = Database(self.place.url, clock.now, attachments=self.place.folder / "files")
        try:
            with database.reading() as session:
                return [tuple(row) for row in session.connection().exec_driver_sql(sql)]
        finally:
            database.dispose()


@contextmanager
def working(
    url: str, folder: Path, bots: int = 1, wecom_share: int = 0, data: Path | None = None, wecom_api: str = ""
) -> Iterator[Company]:  # fmt: skip
    """The company, its bots not started; whatever still runs at the end is killed."""
    desk = Desk.furnished(url, folder)
    users = desk.do(_known)
    desk.leave()
    with ExitStack() as stack:
        slack = stack.enter_context(closing(Slack(clock.now, seed=1)))
        slack.fails = False
        more: Mapping[str, str] = _at_wecom(wecom_api) if wecom_share else {}
        place = Place(folder, url, slack.api, data, more)
        crew = [Bot(place, free_port(), f"bot-{index}") for index in range(bots)]
        warm_up()
        for bot in crew:
            stack.callback(bot.kill)
        yield Company(place, crew, slack, users, wecom_share)


def _at_wecom(api: str) -> dict[str, str]:
    settings = {**at_wecom.SETTINGS, **({"api_base_url": api} if api else {})}
    return {f"GUKEBOT_WECOM__{name.upper()}": str(value) for name, value in settings.items()}


def _known(uow: UnitOfWork) -> list[tuple[str, str]]:
    uow.organisation.add(*(Person(name=f"员工{number}", department="XS") for number in range(PEOPLE)))
    for number, department in enumerate(uow.organisation.departments()):
        department.channels = {**department.channels, "slack": f"C{number:09}"}
    for person in uow.organisation.people():
        person.slack_id, person.wecom_id = f"U{person.id:09}", f"u{person.id}"
    return [(f"U{person.id:09}", f"u{person.id}") for person in uow.organisation.people()]
