"""What the stand knows of its Slack beyond the emulator: calls, open modals, uploads under way, the clock."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.slack import emulator
from tests.support.slack.elements import VALUES
from tests.support.slack.emulator import Emulator
from tests.support.slack.judges import judge

Json = dict[str, Any]

ACTING = frozenset({"button", "overflow", *VALUES})
"""The elements a person can use."""

PACE = timedelta(seconds=0.9)
"""Slack's one message per second and channel, less the jitter of a busy machine."""

RESPONSE_URL_USES, RESPONSE_URL_LIFE = 5, timedelta(minutes=30)


@dataclass(slots=True)
class Call:
    """One call of the Web API as it came in; `answer` is empty until there is one, `http` is its status."""

    method: str
    args: Json
    at: datetime
    answer: Json = field(default_factory=dict)
    http: int = 0


@dataclass(slots=True)
class ResponseUrl:
    """Where one interaction may be answered, five times within thirty minutes."""

    user: str
    channel: str
    made: datetime
    message: str = ""
    uses: int = 0


@dataclass(slots=True)
class Upload:
    """A file of the bot: not ready before files.info was asked so often."""

    length: int
    alt: str = ""
    received: int = -1
    polls: int = 0
    complete: bool = False


@dataclass
class World:
    """The state of one story; made anew for the next."""

    emulator: Emulator
    base: str
    polls: int = 1
    paced: bool = True
    clock: Callable[[], datetime] | None = None
    calls: list[Call] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    screens: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    usergroups: list[Json] = field(default_factory=list)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    whispers: list[Json] = field(default_factory=list)
    incoming: list[Json] = field(default_factory=list)
    acks: list[tuple[str, Json]] = field(default_factory=list)
    _spoken: dict[str, datetime] = field(default_factory=dict)
    _told: datetime | None = None

    def now(self) -> datetime:
        """The instant of the story's clock, else the machine's; the emulator is told when it has moved."""
        if self.clock is None:
            return datetime.now(UTC)
        instant = self.clock()
        if instant != self._told:
            self.emulator.set_clock(int(instant.timestamp() * 1000))
            self._told = instant
        return instant

    def count(self, method: str) -> int:
        """How often a method was called."""
        return self.counts()[method]

    def counts(self) -> Counter[str]:
        return Counter(call.method for call in self.calls)

    def judged(self, what: str, payload: Mapping[str, Any], surface: str) -> list[str]:
        """The faults of a payload; they are remembered, and fail the test at its end."""
        faults = judge(payload, surface)
        self.bad += [f"{what}: {fault}" for fault in faults]
        return faults

    def too_soon(self, channel: str) -> bool:
        """Whether the channel got a message less than a second ago; if not, it has got one now."""
        now = self.now()
        last = self._spoken.get(channel)
        if self.paced and last is not None and timedelta() <= now - last < PACE:
            return True
        self._spoken[channel] = now
        return False

    def conversation(self, channel: str) -> str:
        """The id of a conversation; a user's id stands for the bot's conversation with them."""
        if not channel.startswith("U"):
            return channel
        opened = self.emulator.call("conversations.open", users=channel)
        return str(opened["channel"]["id"]) if opened.get("ok") else channel

    def outside(self, channel: str) -> str:
        """Why the bot cannot write there: '' if it can."""
        info = self.emulator.call("conversations.info", channel=channel)
        if info.get("ok"):
            return "" if info["channel"]["is_member"] else "not_in_channel"
        # of a private channel without us Slack does not even say that it exists
        return "channel_not_found"

    def view(self, view_id: str = "", external_id: str = "") -> Json | None:
        """A view that somebody has before them."""
        for views in (*self.screens.values(), list(self.homes.values())):
            for view in views:
                if (view_id and view["id"] == view_id) or (external_id and view.get("external_id") == external_id):
                    return view
        return None

    def stack(self, user: str, view: Json) -> None:
        """A view on top of those that somebody has before them."""
        views = self.screens.setdefault(user, [])
        if views:
            view.update(root_view_id=views[0]["id"], previous_view_id=views[-1]["id"])
        views.append(view)

    def replace(self, view: Json) -> None:
        """The new state of a view that somebody has before them."""
        for views in self.screens.values():
            for index, each in enumerate(views):
                if each["id"] == view["id"]:
                    links = {key: each[key] for key in ("root_view_id", "previous_view_id")}
                    views[index] = {**view, **links}
        for user, home in self.homes.items():
            if home["id"] == view["id"]:
                self.homes[user] = view

    def response_url(self, user: str, channel: str, message: str = "") -> str:
        """An address where one interaction may be answered."""
        key = f"{len(self.response_urls) + 1:04}"
        self.response_urls[key] = ResponseUrl(user, channel, self.now(), message)
        return f"{self.base}/response/{key}"


def signed(message: Json) -> Json:
    """A message of the bot says so, which the emulator leaves out."""
    if message.get("user") != emulator.BOT_USER:
        return message
    return {**message, "bot_id": emulator.BOT, "app_id": emulator.APP, "team": emulator.TEAM}


def named(payload: Json) -> Json:
    """The payload as Slack keeps it: blocks and elements without an id have got one."""
    for block in payload.get("blocks") or []:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for part in (*(block.get("elements") or []), block.get("accessory"), block.get("element")):
            if isinstance(part, dict) and part.get("type") in ACTING:
                part.setdefault("action_id", secrets.token_urlsafe(4))
    return payload


def is_token(token: str) -> bool:
    """Whether the workspace gave out this token to an app."""
    return token == emulator.TOKEN
