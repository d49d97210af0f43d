"""
The strict door before the emulator: the product's `api_base_url` is `gate.api`.

It checks the token, judges every payload with blocks or a view, keeps Slack's pace, counts and records every call,
and does what the network does: `fail`, `limit`, `http_error`, `slow`, `drop` (the request is lost) and `lose_reply`
(done, but nobody hears of it). What it sends on and what it answers itself stands in methods.py.
"""

import copy
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.slack import emulator
from tests.support.slack.emulator import Emulator
from tests.support.slack.methods import ANSWERS, ASKED_AS, CHECKS, FORWARDED, POLISH, RefusedError
from tests.support.slack.response_urls import respond
from tests.support.slack.world import Call, Json, World, is_token, named

STRUCTURED = ("blocks", "view", "metadata", "attachments", "files", "message")
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"


@dataclass(slots=True)
class Request:
    """What came in."""

    verb: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def token(self) -> str:
        return (self.headers.get("authorization") or "").removeprefix("Bearer ").strip()

    def arguments(self) -> Json:
        """The arguments of a call, whatever way they came."""
        args: Json = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if "json" in (self.headers.get("content-type") or ""):
            args.update(json.loads(self.body or b"{}"))
        else:
            args.update(parse_qsl(self.body.decode(), keep_blank_values=True))
        for key in STRUCTURED:
            if isinstance(args.get(key), str) and args[key][:1] in ("[", "{"):
                args[key] = json.loads(args[key])
        return args


@dataclass(slots=True)
class Answer:
    """What goes out."""

    body: bytes
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] | None = None

    @classmethod
    def of(cls, said: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> "Answer":
        """A method's answer."""
        return cls(json.dumps(said, ensure_ascii=False).encode(), status, headers=headers)


Fault = Callable[[Callable[[], Answer | None]], Answer | None]
"""What becomes of a call: given how it would be answered, its answer, or None where the line goes dead."""

Only = Callable[[Json], bool]
"""Which calls a fault is for, by their arguments."""


@dataclass(slots=True)
class Planned:
    """A fault that waits for its calls."""

    fault: Fault
    times: int
    only: Only


def _every(_args: Json) -> bool:
    return True


class Gate:
    """The door; it stands as long as the emulator, its `world` is made anew for every story."""

    def __init__(self, behind: Emulator) -> None:
        self._door = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._door.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._door.server_port}"
        self.api = f"{self.url}/api/"
        self.scopes: tuple[str, ...] = emulator.SCOPES
        self._emulator = behind
        self._lock = threading.RLock()
        self._planned: dict[str, list[Planned]] = {}
        self.world = World(behind, self.url)
        threading.Thread(target=self._door.serve_forever, args=(0.02,), daemon=True).start()

    def renew(self) -> World:
        """Forget everything."""
        self._planned = {}
        self.scopes = emulator.SCOPES
        self.world = World(self._emulator, self.url)
        return self.world

    def stop(self) -> None:
        """Close the door."""
        self._door.shutdown()
        self._door.server_close()

    # ------------------------------------------------------------ what was seen

    @property
    def calls(self) -> list[Call]:
        """Every call, in order."""
        return self.world.calls

    def called(self, method: str) -> list[Json]:
        """The arguments of the calls of one method, in order."""
        return [call.args for call in self.world.calls if call.method == method]

    def forgive(self) -> list[str]:
        """The faults of payloads so far; a test that expected them takes them away."""
        bad, self.world.bad = self.world.bad, []
        return bad

    # ------------------------------------------------------------ faults on demand

    def fail(self, method: str, error: str, times: int = 1, only: Only = _every) -> None:
        """The method answers with this error, and does nothing."""
        self._plan(method, lambda _go: Answer.of({"ok": False, "error": error}), times, only)

    def limit(self, method: str, retry_after: int = 1, times: int = 1, only: Only = _every) -> None:
        """Too many requests."""
        self._plan(method, lambda _go: _limited(retry_after), times, only)

    def http_error(self, method: str, status: int = 500, times: int = 1, only: Only = _every) -> None:
        """Slack itself is in trouble."""
        self._plan(method, lambda _go: Answer(b"<html>trouble</html>", status, "text/html"), times, only)

    def drop(self, method: str, times: int = 1, only: Only = _every) -> None:
        """The line goes dead before anything is done."""
        self._plan(method, lambda _go: None, times, only)

    def lose_reply(self, method: str, times: int = 1, only: Only = _every) -> None:
        """It is done, but the line goes dead before the answer."""

        def lost(go: Callable[[], Answer | None]) -> None:
            go()

        self._plan(method, lost, times, only)

    def slow(self, method: str, seconds: float, times: int = 1, only: Only = _every) -> None:
        """It takes so long."""

        def late(go: Callable[[], Answer | None]) -> Answer | None:
            time.sleep(seconds)
            return go()

        self._plan(method, late, times, only)

    def mend(self) -> None:
        """No more faults."""
        with self._lock:
            self._planned = {}

    def _plan(self, method: str, fault: Fault, times: int, only: Only) -> None:
        with self._lock:
            self._planned.setdefault(method, []).append(Planned(fault, times, only))

    def _fault(self, method: str, args: Json) -> Fault | None:
        for planned in self._planned.get(method, []):
            if planned.times > 0 and planned.only(args):
                planned.times -= 1
                return planned.fault
        return None

    # ------------------------------------------------------------ at the door

    def answer(self, request: Request) -> Answer | None:
        """Answer a request; None cuts the line."""
        where = urlsplit(request.path).path
        if where.startswith("/api/"):
            return self._method(where.removeprefix("/api/"), request)
        if where.startswith("/upload/v1/"):
            return self._upload(where, request)
        if where.startswith("/files-pri/"):
            return self._download(request)
        if where.startswith("/response/"):
            with self._lock:
                args = request.arguments()
                self.world.calls.append(Call("response_url", args, self.world.now()))
                said, status = respond(self.world, where.removeprefix("/response/"), args)
                return Answer(said.encode(), status)
        return Answer(b"not found", 404, "text/plain")

    def _method(self, method: str, request: Request) -> Answer | None:
        args = request.arguments()
        token = request.token or str(args.pop("token", ""))
        with self._lock:
            call = Call(method, args, self.world.now())
            self.world.calls.append(call)
            fault = self._fault(method, args)

        def go() -> Answer:
            with self._lock:
                call.answer = self._said(method, token, copy.deepcopy(args))
                if call.answer.get("error") == "ratelimited":
                    return _limited(1)
                return Answer.of(call.answer, headers={"x-oauth-scopes": ",".join(self.scopes)})

        answer = fault(go) if fault else go()
        call.http = answer.status if answer else 0
        return answer

    def _said(self, method: str, token: str, args: Json) -> Json:
        if not is_token(token):
            return {"ok": False, "error": "invalid_auth" if token else "not_authed"}
        try:
            if method in CHECKS:
                CHECKS[method](self.world, args)
            if method in ANSWERS:
                return ANSWERS[method](self.world, args)
        except RefusedError as refused:
            return refused.answer
        if method not in FORWARDED:
            self.world.bad.append(f"unknown method {method}")
            return {"ok": False, "error": "unknown_method"}
        named(args)
        named(args.get("view") or {})
        said = self._forward(ASKED_AS.get(method, method), token, args)
        if said.get("ok") and method in POLISH:
            POLISH[method](self.world, args, said)
        return said

    def _forward(self, method: str, token: str, args: Json) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        said = self._emulator.forward("POST", f"/api/{method}", json=args, headers=headers)
        answer: Json = json.loads(self.ours(said.text))
        return answer

    def ours(self, text: str) -> str:
        """Addresses of the emulator are addresses of this door."""
        port = urlsplit(self._emulator.url).port
        return text.replace(f"http://localhost:{port}", self.url).replace(f"http://127.0.0.1:{port}", self.url)

    def _upload(self, where: str, request: Request) -> Answer | None:
        with self._lock:
            fault = self._fault("upload", {})

            def go() -> Answer:
                upload = self.world.uploads.get(where.rpartition("/")[2])
                if upload is not None:
                    upload.received = len(request.body)
                kind = {"Content-Type": request.headers.get("content-type") or "application/octet-stream"}
                said = self._emulator.forward("POST", where, content=request.body, headers=kind)
                return Answer(said.content, said.status_code, "text/plain")

            return fault(go) if fault else go()

    def _download(self, request: Request) -> Answer | None:
        with self._lock:
            fault = self._fault("download", {})

            def go() -> Answer:
                if not is_token(request.token):
                    return Answer(LOGIN_PAGE, 200, "text/html; charset=utf-8")
                headers = {"Authorization": f"Bearer {request.token}"}
                said = self._emulator.forward("GET", request.path, headers=headers)
                return Answer(said.content, said.status_code, said.headers.get("Content-Type", "text/plain"))

            return fault(go) if fault else go()


def _limited(seconds: int) -> Answer:
    return Answer.of({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})


def _handler(gate: Gate) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for head and body

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = gate.answer(
                Request(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            )
            self.close_connection = True
            if answer is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")
            for name, value in (answer.headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET  # noqa: N815 - its name in the library

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the library
            """The calls are recorded; nothing is printed."""

    return Door
