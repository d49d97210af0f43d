"""Socket Mode: the same app over lines the bot dials out, each envelope answered on the line it came by."""

import base64
import hashlib
import json
import queue
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bot.app import build
from bot.settings import Settings
from bot.slack.room import furnish
from tests.support.desk import Desk
from tests.support.knocking import command, known, line

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Json = dict[str, Any]


class Exchange(ThreadingHTTPServer):
    """Slack's end of the lines: gives out their address, sends envelopes, collects what is answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.to_send: queue.Queue[Json | None] = queue.Queue()
        self.answers: queue.Queue[Json] = queue.Queue()
        self.opened = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Line(BaseHTTPRequestHandler):
    """One request for an address, or one line."""

    server: Exchange

    def do_POST(self) -> None:
        said = json.dumps({"ok": True, "url": f"ws://{self.server.address}/link"}).encode()
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_GET(self) -> None:
        key = hashlib.sha1(self.headers["Sec-WebSocket-Key"].encode() + GUID, usedforsecurity=False).digest()
        accepted = base64.b64encode(key).decode()
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accepted.encode() + b"\r\n\r\n"
        )
        self.server.opened += 1
        threading.Thread(target=self._speak, daemon=True).start()
        while (frame := self._frame()) is not None:
            if frame:
                self.server.answers.put(json.loads(frame))
        self.close_connection = True

    def _speak(self) -> None:
        while (envelope := self.server.to_send.get()) is not None:
            said = json.dumps(envelope, ensure_ascii=False).encode()
            self.connection.sendall(b"\x81\x7e" + struct.pack(">H", len(said)) + said)

    def _frame(self) -> bytes | None:
        """The text of a frame; empty for a ping, None once the line is closed."""
        head = self.rfile.read(2)
        if len(head) < 2 or head[0] & 0x0F == 8:
            return None
        length = head[1] & 0x7F
        if length == 126:
            length = struct.unpack(">H", self.rfile.read(2))[0]
        mask, masked = self.rfile.read(4), self.rfile.read(length)
        text = bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))
        return text if head[0] & 0x0F == 1 else b""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the library
        """Nothing is printed."""


@contextmanager
def exchange() -> Iterator[Exchange]:
    """Slack's end, for a while."""
    made = Exchange()
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.to_send.put(None)
    made.to_send.put(None)
    made.shutdown()
    made.server_close()


def envelope(number: int, kind: str, payload: Json) -> Json:
    """A request as it comes over a line."""
    return {"envelope_id": f"e{number}", "type": kind, "payload": payload, "accepts_response_payload": True}


def test_requests_come_over_two_lines(sqlite_url: str, tmp_path: Path) -> None:
    """
    Two lines are dialled and /readyz knows; a command is answered, an event acknowledged; hung up, it is not ready.
    """
    desk = Desk.furnished(sqlite_url, tmp_path)
    desk.do(known)
    user = f"U{desk.person_id('程小满'):09}"
    with exchange() as slack:
        settings = {
            "mode": "socket", "bot_token": "xoxb-lines", "app_token": "xapp-lines",
            "api_base_url": f"http://{slack.address}/api/",
        }  # fmt: skip
        app = build(Settings.model_validate({"slack": settings}), desk.database, desk.clock, [])
        room = furnish(app)
        assert room.routes == []
        assert not room.checks()[0].ok
        room.start()
        assert room.checks()[0].found == "2 of 2 lines open"
        fields = {name: values[0] for name, values in parse_qs(command(1, user, "草稿").body.decode()).items()}
        slack.to_send.put(envelope(1, "slash_commands", fields))
        said = slack.answers.get(timeout=20)
        assert said["envelope_id"] == "e1"
        assert "没有草稿" in said["payload"]["text"]
        slack.to_send.put(envelope(2, "events_api", json.loads(line(2, user, "草稿").body)))
        assert slack.answers.get(timeout=20) == {"envelope_id": "e2"}
        room.stop()
        assert not room.checks()[0].ok
    desk.leave()
