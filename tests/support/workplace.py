"""A desk with Slack: the sample company on the test stand, phones in its hands, the server's application behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, select
from starlette.types import ASGIApp

from bot import serve
from bot.app import App, build
from bot.settings import Settings
from bot.slack.outbound import gateways
from bot.slack.room import Room, furnish
from notifications.delivery import Post, deliver_due
from storage.base import Row
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk
from tests.support.slack.payloads import Answered
from tests.support.slack.phone import Phone, Slack
from tests.support.slack.senders import through
from tests.support.slack.stand import Stand


@dataclass
class Workplace:
    """The product with Slack, all but its delivery threads: what goes out is delivered when a story says so."""

    desk: Desk
    stand: Stand
    app: App
    room: Room
    web: ASGIApp
    slack: Slack

    @classmethod
    def open(cls, desk: Desk, stand: Stand, folder: Path, more: Mapping[str, Any] | None = None) -> Self:
        """Slack is used at this desk from now on; ``more`` is said in its configuration besides."""
        stand.set_clock(desk.clock)
        desk.do(lambda uow: _channels(uow, stand))
        app = build(settings(stand, folder, more), desk.database, desk.clock, [])
        room = furnish(app)
        web = serve.application(app, room)
        send = through(web)

        def settled(body: bytes, headers: Mapping[str, str]) -> Answered:
            answer = send(body, headers)
            room.workspace.afters.settle()
            return answer

        return cls(desk, stand, app, room, web, Slack(stand, settled))

    def leave(self) -> None:
        """Close the room."""
        self.room.workspace.afters.settle()
        self.room.stop()

    def phone(self, name: str) -> Phone:
        """Somebody's phone."""
        return self.slack.phone(name)

    def deliver(self) -> None:
        """Deliver everything that is due within two minutes; the clock goes on meanwhile."""
        ways = gateways(self.room.workspace.client, self.app.database, self.app.company)
        posts = [Post(self.app.database, way, self.app.company.words, owner=self.app.owner) for way in ways]
        until = self.desk.clock() + timedelta(minutes=2)
        while True:
            if sum(deliver_due(post) for post in posts):
                continue
            moments = [self.desk.do(partial(_next, platform=post.gateway.platform)) for post in posts]
            following = min((moment for moment in moments if moment is not None), default=None)
            if following is None or max(following, self.desk.clock()) > until:
                return
            # what keeps its pace is due and waits all the same
            self.desk.clock.set(max(following, self.desk.clock() + timedelta(seconds=1)))

    def count(self, kind: type[Row]) -> int:
        """How many rows of a kind there are."""
        return self.desk.do(lambda uow: uow.session.scalar(select(func.count()).select_from(kind)) or 0)


def _channels(uow: UnitOfWork, stand: Stand) -> None:
    for department in uow.organisation.departments():
        department.channels = {**department.channels, "slack": stand.channel(department.channel_name)}


def _next(uow: UnitOfWork, platform: str) -> datetime | None:
    return uow.outbox.next_at(platform)


def settings(stand: Stand, folder: Path, more: Mapping[str, Any] | None = None) -> Settings:
    """The configuration of a server that talks to the stand."""
    return Settings.model_validate(
        {
            "data": {"directory": folder},
            "slack": {
                "bot_token": stand.token,
                "signing_secret": stand.signing_secret,
                "api_base_url": stand.api,
            },
            **(more or {}),
        }
    )
