"""
Slack by a third party: one process of npm's `emulate` (vercel-labs), a fresh workspace for every story.

The process ends when its input closes, so also when the tests are killed.
"""

import json
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from tests.support.slack import node

LAUNCHER = Path(__file__).with_name("emulator.mjs")

TEAM = "T000000001"  # the emulator's own, for every workspace
APP = "A0GUKEBOT0"
BOT = "B0GUKEBOT0"
BOT_USER = "U0GUKEBOT0"
BOT_NAME = "gukebot"
TOKEN = "xoxb-stand-bot"
STAND_TOKEN = "xoxb-stand-itself"
"""The bot's user with every scope: for the stand's own looks, never for the product."""

SCOPES = (
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "commands", "files:read",
    "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write", "team:read", "usergroups:read",
    "users:read", "users:read.email",
)  # fmt: skip
EVERY_SCOPE = (*SCOPES, "channels:manage", "groups:write", "mpim:history", "mpim:read", "mpim:write")


class EmulatorError(Exception):
    """The emulator could not do what the stand asked it; says what it wrote."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the workspace."""

    name: str
    email: str

    @property
    def handle(self) -> str:
        return self.email.partition("@")[0]

    @property
    def token(self) -> str:
        return f"xoxp-{self.handle}"


@dataclass(frozen=True, slots=True)
class Room:
    """A channel: everybody is in it, the bot only if it joined."""

    name: str
    private: bool = False
    joined: bool = True


def seed(people: tuple[Member, ...], rooms: tuple[Room, ...], scopes: tuple[str, ...] = SCOPES) -> dict[str, Any]:
    """The workspace as the emulator reads it; user and channel ids are new each time."""
    bot = {"user": BOT_USER, "app_id": APP, "bot_id": BOT, "bot_user_id": BOT_USER, "type": "bot"}
    return {
        "team": {"name": "HLLG", "domain": "hllg"},
        "users": [{"name": each.handle, "real_name": each.name, "email": each.email} for each in people],
        "channels": [{"name": room.name, "is_private": room.private} for room in rooms],
        "oauth_apps": [
            {
                "client_id": "1.2", "client_secret": "unused", "app_id": APP, "name": BOT_NAME, "redirect_uris": [],
                "scopes": list(scopes), "bot_id": BOT, "bot_user_id": BOT_USER, "bot_name": BOT_NAME,
            }
        ],
        "tokens": [
            {"token": TOKEN, "scopes": list(scopes), **bot},
            {"token": STAND_TOKEN, "scopes": list(EVERY_SCOPE), **bot},
            *({"token": each.token, "scopes": list(EVERY_SCOPE), "user": each.handle, "app_id": APP, "type": "user"}
              for each in people),
        ],
        "strict_scopes": True,
    }  # fmt: skip


class Emulator:
    """The process, and how the stand talks to it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lock = threading.Lock()
        self._http = httpx.Client(trust_env=False, timeout=20)
        self.url = ""

    @classmethod
    def start(cls) -> Self:
        """Start it, without a workspace; NodeError where there is no Node or npm."""
        command = [node.program(), str(LAUNCHER), str(node.modules() / "emulate" / "dist" / "api.js")]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))

    def stop(self) -> None:
        """End it; nothing stays behind."""
        self._http.close()
        if self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.wait(timeout=10)
            self._process.stdout.close()

    def open(self, workspace: Mapping[str, Any]) -> None:
        """A new workspace; the old one is gone."""
        self.url = self._ask(seed=workspace)["url"]
        self._http.close()
        self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=20)

    def set_clock(self, milliseconds: int | None) -> None:
        """Let the clock stand at this instant; None is the machine's own."""
        self._ask(now=milliseconds)

    def forward(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Any request, as it is."""
        return self._http.request(method, path, **request)

    def call(self, method: str, token: str = STAND_TOKEN, /, **arguments: Any) -> dict[str, Any]:
        """Call a method of the Web API, whatever it answers."""
        headers = {"Authorization": f"Bearer {token}"}
        answer: dict[str, Any] = self._http.post(f"/api/{method}", json=arguments, headers=headers).json()
        return answer

    def get(self, method: str, token: str = STAND_TOKEN, /, **arguments: Any) -> dict[str, Any]:
        """Call a method of the Web API; EmulatorError if it refuses."""
        answer = self.call(method, token, **arguments)
        if not answer.get("ok"):
            raise EmulatorError(f"{method}: {answer}")
        return answer

    def _ask(self, **question: Any) -> dict[str, Any]:
        with self._lock:
            if not self._process.stdin or not self._process.stdout:
                raise EmulatorError("the emulator has no ears")
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            said = self._process.stdout.readline()
        if not said:
            raise EmulatorError("the emulator ended; what it wrote stands above")
        answer: dict[str, Any] = json.loads(said)
        if "error" in answer:
            raise EmulatorError(answer["error"])
        return answer
