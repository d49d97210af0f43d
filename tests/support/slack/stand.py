"""The stand: the emulator and the gate before it, with the sample company as its people and channels."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import handlers
from tests.support.slack import emulator
from tests.support.slack.emulator import Emulator, Member, Room
from tests.support.slack.gate import Gate
from tests.support.slack.world import World, signed

SIGNING_SECRET = "stand-signing-secret"
COMPANY = Path(handlers.__file__).parent / "sample" / "company.toml"


def people() -> tuple[Member, ...]:
    """Everybody of the sample company who has an e-mail address."""
    company = tomllib.loads(COMPANY.read_text(encoding="utf-8"))
    return tuple(Member(each["name"], each["email"]) for each in company["people"] if each.get("email"))


def rooms() -> tuple[Room, ...]:
    """The channels of the sample company's departments; the bot is in each of them."""
    company = tomllib.loads(COMPANY.read_text(encoding="utf-8"))
    names = dict.fromkeys(each["channel_name"] for each in company["departments"])
    return tuple(Room(name) for name in names)


class Stand:
    """Slack for a story: ids by name, the bot's token and secret, and the gate."""

    token = emulator.TOKEN
    signing_secret = SIGNING_SECRET
    team = emulator.TEAM
    app = emulator.APP
    bot = emulator.BOT
    bot_user = emulator.BOT_USER

    def __init__(self, emulated: Emulator) -> None:
        self.emulator = emulated
        self.gate = Gate(emulated)
        self.members: tuple[Member, ...] = ()
        self._users: dict[str, str] = {}
        self._channels: dict[str, str] = {}

    @classmethod
    def start(cls) -> Self:
        """Start the process and the door; NodeError where there is no Node."""
        return cls(Emulator.start())

    def stop(self) -> None:
        """End both."""
        self.gate.stop()
        self.emulator.stop()

    @property
    def api(self) -> str:
        """What the product's `slack.api_base_url` is set to."""
        return self.gate.api

    @property
    def world(self) -> World:
        return self.gate.world

    def open(
        self,
        members: tuple[Member, ...] | None = None,
        channels: tuple[Room, ...] | None = None,
        scopes: tuple[str, ...] = emulator.SCOPES,
    ) -> None:
        """A new workspace with these people and channels, else the sample company; what was before is gone."""
        self.members = people() if members is None else members
        channels = rooms() if channels is None else channels
        self.emulator.set_clock(None)
        self.emulator.open(emulator.seed(self.members, channels, scopes))
        self.gate.renew()
        self.gate.scopes = scopes
        everybody = self.emulator.get("users.list", limit=1000)["members"]
        self._users = {each["real_name"]: each["id"] for each in everybody}
        inside = self.members[0].token if self.members else emulator.STAND_TOKEN
        found = self.emulator.get("conversations.list", inside, types="public_channel,private_channel", limit=1000)
        self._channels = {each["name"]: each["id"] for each in found["channels"]}
        for room in channels:
            if room.joined:
                self.emulator.get("conversations.invite", inside, channel=self.channel(room.name), users=self.bot_user)

    def set_clock(self, clock: Callable[[], datetime] | None) -> None:
        """Slack's time is the story's; None is the machine's."""
        self.world.clock = clock
        if clock is None:
            self.emulator.set_clock(None)
        else:
            self.world.now()

    def member(self, name: str) -> Member:
        """Somebody by name."""
        return next(each for each in self.members if each.name == name)

    def user(self, name: str) -> str:
        """The user id of somebody."""
        return self._users[name]

    def channel(self, name: str) -> str:
        """The id of a channel; a conversation's id is its own."""
        return self._channels.get(name, name)

    def channel_name(self, channel: str) -> str:
        """The name of a channel."""
        return next((name for name, key in self._channels.items() if key == channel), "directmessage")

    def dm(self, name: str) -> str:
        """The id of the bot's conversation with somebody."""
        return str(self.emulator.get("conversations.open", users=self.user(name))["channel"]["id"])

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """Everything in a conversation as it stands now, threads too, oldest first."""
        where = self.channel(channel)
        # a channel that the bot is not in is read with the eyes of somebody who is
        eyes = emulator.STAND_TOKEN
        if self.world.outside(where) and self.members:
            eyes = self.members[0].token
        top = self.emulator.get("conversations.history", eyes, channel=where, limit=1000)["messages"]
        found = []
        for message in top:
            thread = [message]
            if message.get("reply_count"):
                said = self.emulator.get("conversations.replies", eyes, channel=where, ts=message["ts"])
                thread = said["messages"]
            found += thread
        return sorted(({**signed(each), "channel": where} for each in found), key=lambda each: each["ts"])
