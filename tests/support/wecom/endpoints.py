"""What a call is to the modules of the fake: who calls, what with, and how an endpoint declares what it needs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.world import App, Json, World


@dataclass(slots=True)
class Answer:
    """What goes out."""

    body: bytes
    status: int = 200
    kind: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Json) -> "Answer":
        """An endpoint's answer."""
        return cls(json.dumps(said, ensure_ascii=False).encode())


@dataclass(slots=True)
class Request:
    """What came in."""

    verb: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    ip: str


@dataclass(slots=True)
class Asked:
    """A call that passed the door: its world, its arguments, and the app whose token it has."""

    world: World
    request: Request
    app: App
    args: Json

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    def agent(self, given: Any) -> None:
        """The agentid of a call must be its token's; 41011, 40056 or 301002."""
        refuse(given is None or given == "", 41011)
        refuse(isinstance(given, bool) or not isinstance(given, int), 40056)
        refuse(given != self.app.agent, 301002)


Do = Callable[[Asked], Json | Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path: what it does, and how it is called; `empty` stands in answers that say no."""

    do: Do
    verb: str = "POST"
    opens: str = "access_token"
    """What of the query opens the door: an access_token, a robot's key, or nothing."""
    reads_json: bool = True
    empty: Mapping[str, Any] = field(default_factory=dict)


def get(do: Do, **empty: Any) -> Endpoint:
    """An endpoint that is asked by query alone."""
    return Endpoint(do, "GET", reads_json=False, empty=empty)


def agent_in_query(asked: Asked) -> None:
    """The same for calls that name the app in their query."""
    given = asked.query.get("agentid", "")
    refuse(not given, 41011)
    refuse(not given.isdigit(), 40056)
    asked.agent(int(given))


def text_at(part: Any, *path: str) -> str:
    """The text at a path of a body; empty where there is none or something else."""
    for key in path:
        part = part.get(key) if isinstance(part, Mapping) else None
    return part if isinstance(part, str) else ""


def size(text: str) -> int:
    """Lengths are bytes of UTF-8."""
    return len(text.encode())


def object_of(args: Json, key: str) -> Json:
    """The body of this kind; 40063 where there is none."""
    body = args.get(key)
    if not isinstance(body, dict) or not body:
        raise RefusedError(40063, f"{key} is empty")
    return body
