"""Files that people sent at Slack: fetched once, looked at, kept; the bot's token goes to Slack's own hosts alone."""

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from slack_sdk import WebClient

from bot.slack.files import SlackFiles, ours
from handlers import fetching
from handlers.events import Upload
from handlers.turn import Turn
from handlers.uploads import MOST_BYTES
from notifications.delivery import Post, deliver_due
from storage.files import Attachment, Belongs
from tests.support.desk import Desk

TOKEN = "xoxb-test-token"
SLACK = "https://slack.com/api/"
HOSTILE = (
    "https://evil.example/files/F1", "https://slack.com.evil.example/F1", "https://evilslack.com/F1",
    "http://files.slack.com/F1", "https://files.slack.com@evil.example/F1", "https://user:x@files.slack.com/F1",
    "https://files.slack.com:8443/F1", "//evil.example/F1", "file:///etc/passwd", "ftp://files.slack.com/F1", "", "F1",
    "https://evil.example/#https://files.slack.com/F1", "https://files.slack.com/F1#@evil.example",
    "https://evil.example\\@files.slack.com/F1", "javascript:alert(1)", "https://127.0.0.1/F1", "http://[::1]/F1",
)  # fmt: skip


def png() -> bytes:
    """A small photo."""
    written = io.BytesIO()
    Image.new("RGB", (32, 24), "navy").save(written, "PNG")
    return written.getvalue()


@dataclass
class Server:
    """A host that says of a file what a test wants, and remembers who showed it which token."""

    file: dict[str, Any] = field(default_factory=dict)
    content: bytes = b""
    kind: str = "image/png"
    redirect: str = ""
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.tokens.append(self.headers.get("Authorization") or "")
                about = self.path.startswith("/api/")
                body = json.dumps({"ok": True, "file": server.file}).encode() if about else server.content
                self.send_response(302 if server.redirect and not about else 200)
                self.send_header("Content-Type", "application/json" if about else server.kind)
                if server.redirect and not about:
                    self.send_header("Location", server.redirect)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - its name in the library

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the library
                """Nothing is printed."""

        self.door = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.door.server_port}"
        threading.Thread(target=self.door.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Close the door."""
        self.door.shutdown()
        self.door.server_close()


@pytest.fixture
def slack() -> Iterator[Server]:
    """Slack, or what says that it is."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """Another host."""
    server = Server(content=png())
    yield server
    server.stop()


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The sample company."""
    desk = Desk.open(sqlite_url, tmp_path)
    desk.people()
    yield desk
    desk.leave()


def fetched(desk: Desk, slack: Server, *, rounds: int = 1, name: str = "F0123456789") -> Attachment | None:
    """Somebody sends a file, and its job is done so often; the file as it is kept, if it is."""
    sender = desk.person_id("程小满")

    def sent(turn: Turn) -> int:
        file = Upload("孔位.png", "image/png", b"", remote=f"slack:{name}")
        return fetching.expect(turn, file, Belongs(person_id=sender)).id

    number = desk.do(lambda uow: sent(Turn(uow, desk.company)))
    web = WebClient(token=TOKEN, base_url=f"{slack.url}/api/", retry_handlers=[])
    post = Post(desk.database, SlackFiles(web, desk.database, desk.company), desk.company.words)
    for _ in range(rounds):
        deliver_due(post)
        following = desk.do(lambda uow: uow.outbox.next_at("slack-files"))
        if following is not None:
            desk.clock.set(max(following, desk.clock()))
    desk.deliver()

    def looked(uow: Any) -> Attachment | None:
        row: Attachment | None = uow.files.get(number)
        if row is not None:
            uow.session.expunge(row)
        return row

    return desk.do(looked)


@pytest.mark.parametrize("address", HOSTILE)
def test_the_token_goes_to_no_other_host(address: str) -> None:
    """Nothing but https at Slack's own hosts is ours, where the Web API is Slack's."""
    assert not ours(address, SLACK)


@pytest.mark.parametrize("address", ["https://files.slack.com/files-pri/T1-F1/a.png", "https://slack.com/f/F1"])
def test_slacks_hosts_are_ours(address: str) -> None:
    """Where Slack keeps files the token goes; a Slack elsewhere has its own host besides."""
    assert ours(address, SLACK)
    assert ours("http://127.0.0.1:4803/files/F1", "http://127.0.0.1:4803/api/")
    assert not ours("http://127.0.0.1:4804/files/F1", "http://127.0.0.1:4803/api/")


def test_a_photo_is_fetched_and_kept(desk: Desk, slack: Server) -> None:
    """The bytes come with the bot's token, are looked at and kept, with a copy that can be shown."""
    slack.file = {"id": "F0123456789", "name": "孔位.png", "size": 99, "url_private_download": f"{slack.url}/f"}
    slack.content = png()
    kept = fetched(desk, slack)

    assert kept is not None
    assert (kept.mime, kept.size) == ("image/png", len(png()))
    assert kept.preview
    assert slack.tokens == [f"Bearer {TOKEN}"] * 2


def test_a_file_that_lies_elsewhere_is_not_fetched(desk: Desk, slack: Server, elsewhere: Server) -> None:
    """Another host never sees the token; whoever sent the file is asked to send it again."""
    slack.file = {"id": "F0123456789", "name": "a.png", "size": 9, "url_private_download": f"{elsewhere.url}/f"}

    assert fetched(desk, slack) is None
    assert elsewhere.tokens == []
    [asked] = desk.heard("程小满")
    assert asked.text.startswith("孔位.png")
    assert "请重新发送" in asked.text


def test_nobody_is_followed_elsewhere(desk: Desk, slack: Server, elsewhere: Server) -> None:
    """A redirection is an error: the token does not travel."""
    slack.file = {"id": "F0123456789", "name": "a.png", "size": 9, "url_private_download": f"{slack.url}/f"}
    slack.redirect = f"{elsewhere.url}/f"
    kept = fetched(desk, slack)

    assert kept is not None
    assert not kept.sha256
    assert elsewhere.tokens == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"<!DOCTYPE html><html>Sign in</html>", "text/html"), (b"  <html>Sign in</html>", "image/png")],
)
def test_a_sign_in_page_is_no_file(desk: Desk, slack: Server, content: bytes, kind: str) -> None:
    """Slack's answer to a token it does not take is a page with status 200: tried again, at last asked for again."""
    slack.file = {"id": "F0123456789", "name": "a.png", "size": 9, "url_private_download": f"{slack.url}/f"}
    slack.content, slack.kind = content, kind

    assert fetched(desk, slack, rounds=9) is None
    assert len(slack.tokens) == 16
    assert desk.heard("程小满")[-1].text.startswith("孔位.png")


def test_a_file_that_is_none_of_ours_or_too_large_is_told(desk: Desk, slack: Server) -> None:
    """A program that says it is a picture, and more than 20 MB: not kept, and whoever sent it reads why."""
    slack.file = {"id": "F0123456789", "name": "a.png", "size": 9, "url_private_download": f"{slack.url}/f"}
    slack.content = b"MZ\x90\x00" * 10
    assert fetched(desk, slack) is None
    slack.file = {**slack.file, "size": MOST_BYTES + 1}
    assert fetched(desk, slack, name="F0123456790") is None
    said = [each.text for each in desk.heard("程小满")]

    assert len(said) == 2
    assert "20 MB" in said[1]
