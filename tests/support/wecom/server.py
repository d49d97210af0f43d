"""
The fake itself: WeCom's API on the loopback, `wecom.api_base_url` is `fake.api`.

Answers are HTTP 200 with errcode and errmsg, an unknown path is 404 and empty. The order of checks: access_token
missing, unknown, expired; address of the caller; method; JSON; and then what the endpoint itself looks at.
"""

import copy
import json
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.wecom import appchat, media, menu, messages, oauth, tokens, updates, webhook
from tests.support.wecom.endpoints import Answer, Asked, Endpoint, Request
from tests.support.wecom.errors import STANDS, RefusedError, refuse
from tests.support.wecom.faults import Faults
from tests.support.wecom.reading import Bubble, seen
from tests.support.wecom.world import App, Call, Dropped, Json, Message, Refusal, World

PREFIX = "/cgi-bin/"
ENDPOINTS: Mapping[str, Endpoint] = {
    **tokens.ENDPOINTS, **messages.ENDPOINTS, **updates.ENDPOINTS, **media.ENDPOINTS, **menu.ENDPOINTS,
    **appchat.ENDPOINTS, **webhook.ENDPOINTS, **oauth.ENDPOINTS,
}  # fmt: skip
NOBODY = App(0, "")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who did not wait for the answer is no fault of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Fake(Faults):
    """WeCom; it stands as long as the tests run, its `world` is made anew for every story."""

    def __init__(self) -> None:
        super().__init__(self._no)
        self.lock = threading.RLock()
        self._lines: set[socket.socket] = set()
        self._door = _Server(("127.0.0.1", 0), _handler(self, self._lines))
        self.url = f"http://127.0.0.1:{self._door.server_port}"
        self.api = f"{self.url}{PREFIX}"
        self.world = World(self.url)
        self._former: set[str] = set()
        threading.Thread(target=self._door.serve_forever, args=(0.02,), daemon=True).start()

    def renew(self) -> World:
        """Forget everything."""
        self.mend()
        self._former |= set(self.world.tokens)
        self.world = World(self.url)
        return self.world

    def stop(self) -> None:
        """Close the door, and every line that is still open."""
        self._door.shutdown()
        self._door.server_close()
        for line in list(self._lines):
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side was first

    # ------------------------------------------------------------ what was seen

    @property
    def calls(self) -> list[Call]:
        """Every call, in order."""
        return self.world.calls

    @property
    def dropped(self) -> list[Dropped]:
        """What never reached somebody though the answer was errcode 0."""
        return self.world.dropped

    @property
    def refused(self) -> list[Refusal]:
        """The refusals that no test had planned."""
        return self.world.refused

    @property
    def cut(self) -> list[str]:
        """Words longer than a phone shows."""
        return self.world.cut

    def called(self, path: str) -> list[Json]:
        """The arguments of the calls of one path, in order."""
        return [call.args for call in self.world.calls if call.path == path]

    def count(self, path: str) -> int:
        """How often a path was called."""
        return self.world.counts()[path]

    def forgive(self) -> list[str]:
        """The faults of payloads so far; a test that expected them takes them away."""
        with self.lock:
            bad, self.world.bad = self.world.bad, []
        return bad

    # ------------------------------------------------------------ what was delivered

    def inbox(self, userid: str) -> list[Bubble]:
        """What the app said to somebody as it stands now, oldest first; what was recalled is gone."""
        with self.lock:
            return [
                seen(self.world, each, userid)
                for each in self.world.messages
                if not each.recalled and userid.lower() in map(str.lower, each.readers)
            ]

    def chat(self, chatid: str, userid: str = "") -> list[Bubble]:
        """What the app said in a group chat; of that, what reached somebody."""
        said = self.world.chats[chatid].messages
        return self._all([each for each in said if not userid or userid in each.readers])

    def robot(self, key: str) -> list[Bubble]:
        """What was said by a robot."""
        return self._all(self.world.robots[key].messages)

    def _all(self, said: list[Message]) -> list[Bubble]:
        with self.lock:
            return [seen(self.world, each) for each in said]

    # ------------------------------------------------------------ what an administrator, or time, does

    def set_clock(self, clock: Callable[[], datetime] | None) -> None:
        """WeCom's time is the story's; None is the machine's."""
        self.world.clock = clock

    def revoke_tokens(self) -> None:
        """Every token is worth nothing from now on (40014)."""
        with self.lock:
            self.world.tokens.clear()

    # ------------------------------------------------------------ at the door

    def answer(self, request: Request) -> Answer | None:
        """Answer a request; None cuts the line."""
        where = urlsplit(request.path).path
        picture = self.world.picture(f"{self.url}{where}")
        if picture is not None:
            return Answer(picture, kind="image/png")
        path = where.removeprefix(PREFIX)
        endpoint = ENDPOINTS.get(path) if where.startswith(PREFIX) else None
        with self.lock:
            call = Call(path, request.query, _arguments(request), self.world.now())
            self.world.calls.append(call)
        fault = self.planned(call)
        call.planned = fault is not None

        def go() -> Answer:
            with self.lock:
                return self._answered(endpoint, call, request)

        answer = fault(go) if fault else go()
        call.http = answer.status if answer else 0
        return answer

    def _answered(self, endpoint: Endpoint | None, call: Call, request: Request) -> Answer:
        if endpoint is None:
            self.world.bad.append(f"there is no {call.path}")
            return Answer(b"", 404, "text/plain")
        try:
            said = endpoint.do(self._let_in(endpoint, call, request))
        except RefusedError as refused:
            call.answer = {**self._words(refused), **endpoint.empty}
            self._note(call, refused)
            return Answer.of(call.answer)
        if isinstance(said, Answer):
            return said
        call.answer = {"errcode": 0, "errmsg": "ok", **said}
        return Answer.of(call.answer)

    def _let_in(self, endpoint: Endpoint, call: Call, request: Request) -> Asked:
        app = NOBODY
        if endpoint.opens == "access_token":
            app = tokens.app_of(self.world, request)
        if endpoint.opens == "key":
            refuse(request.query.get("key") not in self.world.robots, 93000)
        refuse(endpoint.verb == "POST" and request.verb != "POST", 43002)
        if endpoint.reads_json:
            refuse(not request.body, 44002)
            refuse(not call.args and not _is_object(request.body), 47001)
        room = self.world.rates.take(("api", call.path), call.at, *self.world.limits.api)
        refuse(not room, 45009)
        return Asked(self.world, request, app, copy.deepcopy(call.args))

    def _note(self, call: Call, refused: RefusedError) -> None:
        if call.query.get("access_token", "") in self._former:
            return  # somebody of a story that is over is still at it: no business of this one
        self.world.refused.append(Refusal(call.path, refused.code, str(call.answer["errmsg"])))
        if refused.code not in STANDS:
            self.world.bad.append(f"{call.path}: {refused.code} {refused.sentence}")

    def _no(self, refused: RefusedError) -> Answer:
        return Answer.of(self._words(refused))

    def _words(self, refused: RefusedError) -> Json:
        hint = f"hint: [{secrets.randbelow(10**19):019}], from ip: 127.0.0.1"
        more = f"more info at https://open.work.weixin.qq.com/devtool/query?e={refused.code}"
        return {"errcode": refused.code, "errmsg": f"{refused.sentence}, {hint}, {more}"}


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _arguments(request: Request) -> Json:
    """The JSON of a call, else nothing."""
    if not request.body[:9].lstrip().startswith(b"{") or not _is_object(request.body):
        return {}  # a file of twenty megabytes is not even looked at
    args: Json = json.loads(request.body)
    return args


def _handler(fake: Fake, lines: set[socket.socket]) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for head and body
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            lines.add(self.connection)

        def finish(self) -> None:
            lines.discard(self.connection)
            super().finish()

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            ip = str(self.client_address[0])
            answer = fake.answer(Request(self.command, self.path, query, headers, body, ip))
            if answer is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET  # noqa: N815 - its name in the library

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the library
            """The calls are recorded; nothing is printed."""

    return Door
