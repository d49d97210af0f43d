"""A Slack that fails as Slack does, and remembers whatever it took: a small Web API that workers talk to."""

import itertools
import json
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.support.slack.reading import text_of

Json = dict[str, Any]

TOO_MANY, DOWN, CUT = 0.09, 0.09, 0.10
"""Together 28 % of all messages: 429, 503, and taken with the answer cut off."""

NO_LOOKUP = 0.10
POSTS = frozenset({"chat.postMessage", "chat.update"})
LOOKS = frozenset({"conversations.history", "conversations.replies"})
STRUCTURED = frozenset({"view", "metadata", "blocks"})


@dataclass(frozen=True, slots=True)
class Said:
    """A message that people see."""

    channel: str
    ts: str
    thread: str
    key: str
    text: str


class Slack:
    """The workspace: its messages, and the windows that were opened, by what somebody did.

    ``fails`` and ``clock`` may be changed.
    """

    def __init__(self, clock: Callable[[], datetime], seed: int) -> None:
        self.fails = True
        self.cut = 0
        self.said: list[Said] = []
        self.clock = clock
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._windows: dict[str, Json] = {}
        self._door = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._door.daemon_threads = True
        self.api = f"http://127.0.0.1:{self._door.server_port}/api/"
        threading.Thread(target=self._door.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Close the workspace."""
        self._door.shutdown()
        self._door.server_close()

    def window(self, trigger: str) -> Json | None:
        """The window that was opened for what somebody did."""
        with self._lock:
            return self._windows.get(trigger)

    def shown(self) -> Counter[str]:
        """How often each message stands somewhere, by the key it carries."""
        with self._lock:
            return Counter(each.key for each in self.said)

    def answer(self, method: str, args: Json) -> tuple[int, Json] | None:
        """Answer a call; None cuts the line after it was done."""
        with self._lock:
            chance = self._chance.random() if self.fails else 1.0
            if method in POSTS and chance < TOO_MANY:
                return 429, {"ok": False, "error": "ratelimited"}
            if (method in POSTS and chance < TOO_MANY + DOWN) or (method in LOOKS and chance < NO_LOOKUP):
                return 503, {}
            said = {"ok": True, **self._done(method, args)}
            if method in POSTS and chance < TOO_MANY + DOWN + CUT:
                self.cut += 1
                return None
            return 200, said

    def _done(self, method: str, args: Json) -> Json:
        match method:
            case "chat.postMessage":
                ts = f"{self.clock().timestamp():.0f}.{next(self._numbers):06}"
                key = str(args["metadata"]["event_payload"]["key"])
                self.said.append(Said(args["channel"], ts, args.get("thread_ts", ""), key, text_of(args)))
                return {"channel": args["channel"], "ts": ts}
            case "chat.update":
                return {"channel": args["channel"], "ts": args["ts"]}
            case "conversations.open":
                return {"channel": {"id": f"D{args['users']}"}}
            case "conversations.history" | "conversations.replies":
                return {"messages": self._found(args), "response_metadata": {"next_cursor": ""}}
            case "views.open":
                view = {**args["view"], "id": f"V{next(self._numbers)}", "hash": "1.a"}
                self._windows[args["trigger_id"]] = view
                return {"view": view}
            case _:
                return {"view": {"id": "V0", "hash": "1.a"}}

    def _found(self, args: Json) -> list[Json]:
        """What was said since, newest first: in a thread with its first message, else what stands in no thread."""
        thread, oldest = str(args.get("ts") or ""), float(args.get("oldest") or 0)
        there = (each for each in self.said if each.channel == args["channel"] and float(each.ts) >= oldest)
        seen = [each for each in there if each.thread == thread or (thread and each.ts == thread)]
        return [{"ts": each.ts, "metadata": {"event_payload": {"key": each.key}}} for each in reversed(seen)]


def _handler(slack: Slack) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            is_json = "json" in (self.headers.get("Content-Type") or "")
            args = json.loads(body) if is_json else dict(parse_qsl(body))
            args |= {name: json.loads(args[name]) for name in STRUCTURED if isinstance(args.get(name), str)}
            answer = slack.answer(self.path.rpartition("/")[2], args)
            if answer is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            said = json.dumps(answer[1]).encode()
            self.send_response(answer[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            if answer[0] == 429:
                self.send_header("Retry-After", "2")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the library
            """Nothing is printed."""

    return Door
