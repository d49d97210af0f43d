"""The desk at which people hear by Slack: the whole bot, with the stand as its Slack and the story's clock."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from slack_sdk import WebClient

from bot.slack.gateway import SlackGateway
from bot.slack.outbound import gateways
from handlers.tokens import Links
from notifications.delivery import Post, deliver_due
from storage.unit_of_work import UnitOfWork
from tests.support.desk import FRIDAY, Desk
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand

SOON, STEP = timedelta(minutes=2), timedelta(seconds=1)
"""What waits for so long at most is waited for, in steps of at least so much."""


class SlackDesk(Desk):
    """What people say comes in by the console, what they hear goes out to Slack."""

    stand: Stand
    posts: list[Post]

    @classmethod
    def at(cls, stand: Stand, url: str, folder: Path, start: datetime = FRIDAY, links: Links | None = None) -> Self:
        """A desk before a workspace in which everybody of the company is known and every department has its channel."""
        desk = cls.open(url, folder, start=start)
        desk.stand = stand
        desk.company = replace(desk.company, platforms=("slack",), links=links)
        stand.set_clock(desk.clock)
        desk.do(lambda uow: channels(uow, stand))
        web = WebClient(token=stand.token, base_url=stand.api, timeout=10, retry_handlers=[])
        desk.posts = [
            Post(desk.database, gateway, desk.company.words, jitter=random.Random(7))
            for gateway in gateways(web, desk.database, desk.company)
        ]
        for post in desk.posts:
            if isinstance(post.gateway, SlackGateway):
                # the story's clock is turned; on ours nobody need wait until a picture was looked through
                post.gateway._pictures._sleep = lambda _seconds: None
        return desk

    def deliver(self) -> None:
        """Deliver what is due, and what must wait a little for Slack's pace."""
        until = self.clock() + SOON
        while True:
            if sum(deliver_due(post) for post in self.posts):
                continue
            following = self._next_post()
            # one that is due and not taken waits for an older one
            following = max(following, self.clock() + STEP) if following is not None else None
            if following is None or following > until:
                return
            self.clock.set(following)

    def following(self) -> datetime | None:
        """When something may be due next."""
        moments = [super().following(), self._next_post()]
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_post(self) -> datetime | None:
        moments = self.do(lambda uow: [uow.outbox.next_at(post.gateway.platform) for post in self.posts])
        return min((moment for moment in moments if moment is not None), default=None)

    def dm(self, name: str) -> list[dict[str, Any]]:
        """The messages in the bot's conversation with somebody, oldest first, as they stand now."""
        return self.stand.messages(self.stand.dm(name))

    def channel(self, code: str) -> list[dict[str, Any]]:
        """The messages in a department's channel, threads too, oldest first, as they stand now."""
        return self.stand.messages(self.channel_of(code))

    def channel_of(self, code: str) -> str:
        """The id of a department's channel."""
        return str(self.do(lambda uow: uow.organisation.channel(code, "slack")))

    @staticmethod
    def words(messages: list[dict[str, Any]]) -> list[str]:
        """What people read of messages."""
        return [text_of(message) for message in messages]


def channels(uow: UnitOfWork, stand: Stand) -> None:
    """Every department knows its channel."""
    for department in uow.organisation.departments():
        if department.channel_name:
            department.channels = {**department.channels, "slack": stand.channel(department.channel_name)}
