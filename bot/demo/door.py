"""The door of the demo: a link that works once, a cookie for whoever came by it, and only this machine's own pages."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Where a demo may listen, and by which names it may be asked: another name is a page that was rebound to us."""


class OpenDoorError(Exception):
    """Somebody wants the demo to be reached from elsewhere."""


def _secret() -> str:
    return secrets.token_urlsafe(24)


@dataclass
class Door:
    """Who is let in. ``announce`` tells the person at the terminal a fresh link."""

    address: str
    announce: Callable[[str], None]
    key: str = field(default_factory=_secret, repr=False)
    visitor: str = field(default_factory=_secret, repr=False)
    token: str = field(default_factory=_secret, repr=False)
    """Stands in every form: a page from elsewhere cannot know it."""

    @property
    def link(self) -> str:
        """The link that lets one browser in."""
        return f"{self.address}/?key={self.key}"

    @property
    def cookie(self) -> str:
        """By the port: two demos on one machine do not throw each other's visitors out."""
        return f"gukebot-demo-{urlsplit(self.address).port}"

    def knows(self, request: Request) -> bool:
        """Whether this browser came by a link before."""
        return _same(request.cookies.get(self.cookie, ""), self.visitor)

    def opens(self, key: str) -> bool:
        """Whether the link is good; it is no longer, once it was used."""
        if not _same(key, self.key):
            return False
        self.key = _secret()
        return True

    def knock(self) -> None:
        """Somebody came without the link: whoever sits at the terminal gets a fresh one."""
        self.key = _secret()
        self.announce(self.link)

    def let_in(self, answer: Response) -> Response:
        """Give the browser its cookie."""
        answer.set_cookie(self.cookie, self.visitor, path="/", httponly=True, samesite="strict")
        return answer

    def ours(self, request: Request) -> bool:
        """Whether a request was sent to this machine's own name, from a page of ours or from none."""
        host = request.headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in LOOPBACK:
            return False
        origin = request.headers.get("origin")
        return origin is None or origin == f"http://{host}"

    def trusts(self, token: str) -> bool:
        """Whether a form is one of ours."""
        return _same(token, self.token)


def refuse_open(host: str) -> str:
    """The address to listen on; OpenDoorError for anything that others could reach (S24)."""
    if host not in LOOPBACK:
        raise OpenDoorError(
            f"The demo listens on this machine alone, and {host} can be reached from others. "
            "Leave --host out; for a company to use, there is `gukebot serve`."
        )
    return "127.0.0.1" if host == "localhost" else host


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
