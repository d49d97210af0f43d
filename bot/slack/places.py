"""Where a letter goes at Slack: the channel, the thread, or the bot's conversation with somebody."""

import threading
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

from bot.slack.calls import Means, RefusedError, call, read
from bot.slack.people import is_guest
from bot.slack.translating import PLATFORM
from handlers import introductions
from notifications.gateway import DeliveryError, Letter
from storage.database import Database


def receipt(channel: str, ts: str) -> str:
    """What the outbox keeps of a message that was sent."""
    return f"{channel}/{ts}"


def read_receipt(kept: str) -> tuple[str, str]:
    """The channel and the ts that a receipt names."""
    channel, _, ts = kept.partition("/")
    return channel, ts


class Places:
    """Ids of conversations: asked of Slack once each, and kept as long as this process lives."""

    def __init__(self, web: WebClient, database: Database) -> None:
        self._web = web
        self._database = database
        self._lock = threading.Lock()
        self._conversations: dict[str, str] = {}

    def of(self, letter: Letter) -> str:
        """The id of the conversation of a letter. Raises DeliveryError with ``gone`` where there is none."""
        kind = letter.address.partition(":")[0]
        if kind == "channel":
            if not letter.place.id:
                raise DeliveryError("this department has no Slack channel", gone=True)
            return letter.place.id
        return self._conversation(letter.place.id or self._account(letter.place.email))

    def join(self, channel: str) -> None:
        """Enter a public channel; RefusedError where that is not ours to do."""
        if not channel.startswith("C"):
            raise RefusedError(Means.GONE, "not_in_channel")
        call(self._web, "conversations.join", again=True, channel=channel)

    def _conversation(self, user: str) -> str:
        with self._lock:
            known = self._conversations.get(user)
        if known is None:
            known = str(self._asked("conversations.open", users=user)["channel"]["id"])
            with self._lock:
                self._conversations[user] = known
        return known

    def _account(self, email: str) -> str:
        """Whose address this is at Slack; from now on the person is known there, and a guest is nobody."""
        if not email:
            raise DeliveryError("this person has no account and no e-mail address", gone=True)
        account = self._asked("users.lookupByEmail", email=email)["user"]
        if is_guest(account):
            raise DeliveryError("this person's account is a guest's", gone=True)
        user = str(account["id"])
        self._database.do(lambda uow: introductions.introduce(uow, PLATFORM, user, email))
        return user

    def _asked(self, method: str, **arguments: str) -> Mapping[str, Any]:
        try:
            return read(self._web, method, **arguments)
        except RefusedError as refused:
            if refused.means is Means.GONE:
                raise DeliveryError(refused.error, gone=True) from refused
            raise
