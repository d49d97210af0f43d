"""A post room before a strict Slack: many people and channels, a clock that is turned, and letters with poison."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from bot.slack.outbound import gateways
from notifications.delivery import Post, deliver_due
from storage.organisation import Department, Person
from storage.outbox_rows import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk
from tests.support.faults.slack import POSTS, Slack

Json = dict[str, Any]
Poison = Callable[[Json], str]
"""What Slack says of a message, by its arguments, where it does not take it: an error, or a status."""

APART = timedelta(seconds=1)


class Strict(Slack):
    """One message a second and place, else 429; and what ``poison`` says. ``poisons`` may be changed."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock, seed=1)
        self.fails = False
        self.poisons: Mapping[str, Poison] = {}
        self.limited = 0
        self.tried: list[str] = []
        self._last: dict[str, datetime] = {}

    def answer(self, method: str, args: Json) -> tuple[int, Json] | None:
        """Answer a call."""
        if method not in POSTS:
            return super().answer(method, args)
        key = str(args["metadata"]["event_payload"]["key"])
        self.tried.append(key)
        if self.clock() - self._last.get(args["channel"], datetime.min.replace(tzinfo=self.clock().tzinfo)) < APART:
            self.limited += 1
            return 429, {"ok": False, "error": "ratelimited"}
        error = self.poisons[key](args) if key in self.poisons else ""
        if error.isdigit():
            return int(error), {}
        if error:
            return 200, {"ok": False, "error": error}
        self._last[args["channel"]] = self.clock()
        return super().answer(method, args)


@dataclass
class Postroom:
    """What is queued here is delivered on a clock that is turned."""

    desk: Desk
    slack: Strict
    posts: Sequence[Post]
    people: Sequence[str] = field(default_factory=list)
    channels: Sequence[str] = field(default_factory=list)

    def deliver(self, within: timedelta) -> None:
        """Deliver everything that is due so soon; the clock goes on meanwhile, and nothing else happens."""
        until = self.desk.clock() + within
        while True:
            if sum(deliver_due(post) for post in self.posts):
                continue
            moments = [self.desk.do(partial(_next, platform=post.gateway.platform)) for post in self.posts]
            following = min((moment for moment in moments if moment is not None), default=None)
            if following is None or following > until:
                return
            self.desk.clock.set(max(following, self.desk.clock() + timedelta(milliseconds=1)))

    def letters(self) -> dict[str, OutboxRow]:
        """Every letter as it stands, by its key."""
        return self.desk.do(lambda uow: {row.key: row for row in uow.session.query(OutboxRow).all()})


@contextmanager
def postroom(url: str, folder: Path, people: int, channels: int) -> Iterator[Postroom]:
    """A room with so many people and channels to write to."""
    desk = Desk.furnished(url, folder)
    names = desk.do(partial(_moved_in, people=people, channels=channels))
    with closing(Strict(desk.clock)) as slack:
        company = replace(desk.company, platforms=("slack",))
        web = WebClient(token="xoxb-post", base_url=slack.api, timeout=10, retry_handlers=[])
        posts = [Post(desk.database, way, company.words) for way in gateways(web, desk.database, company)]
        yield Postroom(desk, slack, posts, *names)
    desk.leave()


def _moved_in(uow: UnitOfWork, people: int, channels: int) -> tuple[list[str], list[str]]:
    rows = [Person(name=f"member{count}", department="XS", slack_id=f"UM{count}") for count in range(people)]
    codes = [f"D{count}" for count in range(channels)]
    uow.organisation.add(*rows)
    uow.organisation.add(*(Department(code=code, name=code, channels={"slack": f"C{code}"}) for code in codes))
    for person in uow.organisation.people():
        person.slack_id = person.slack_id or f"U{person.id:09}"
    return [f"person:{row.id}" for row in rows], [f"channel:{code}" for code in codes]


def _next(uow: UnitOfWork, platform: str) -> datetime | None:
    return uow.outbox.next_at(platform)
