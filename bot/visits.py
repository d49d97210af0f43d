"""Visits of pages: a link becomes a cookie and a clean address; a form is known to be ours. The same for every page.

Looking consumes nothing: whoever fetches a link for a preview has no cookie afterwards, and has done nothing.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from handlers.tokens import Links

FORM_OPEN = timedelta(hours=12)
"""How long a page may lie open before its form must be sent again."""

VISIT_SIGNS = 12

KNOCKS, KNOCKS_KEPT = 20, 10_000
"""How many links that open nothing one address may try in a minute; it is a courtesy, the signature is the lock."""

LOOKING_AT_ONCE = 2
"""How many forms with photos are worked on at the same time: pictures are large once they are unpacked."""


@dataclass
class Knocks:
    """Counts the links that opened nothing, by the address they came from, in this process."""

    clock: Callable[[], datetime]
    _seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def too_many(self, address: str) -> bool:
        """Count one more, and say whether that is too many in a minute."""
        now = self.clock()
        times = self._seen.setdefault(address, deque(maxlen=KNOCKS + 1))
        self._seen.move_to_end(address)
        times.append(now)
        while len(self._seen) > KNOCKS_KEPT:
            self._seen.popitem(last=False)
        return self.many(address)

    def many(self, address: str) -> bool:
        """Whether there were too many, without another one."""
        times = self._seen.get(address)
        return times is not None and len(times) > KNOCKS and self.clock() - times[0] < timedelta(minutes=1)


@dataclass(frozen=True)
class Visits:
    """The visits of one kind of page: ``path`` is where it stands (``c``), ``seals`` what its cookies are sealed for.

    A visit lasts so long after the last look. It is named after what it opens, so that two of them in one browser
    are never taken for each other.
    """

    links: Links
    clock: Callable[[], datetime]
    path: str
    seals: str
    life: timedelta

    def cookie(self, visit: str) -> str:
        """The name of a visit's cookie: bound to this host where the address is a secure one."""
        return f"{'__Host-' if self.secure else ''}gukebot-{visit}"

    def address(self, visit: str) -> str:
        """The clean address of a visit, under the path that the proxy in front of us may have."""
        return f"{urlsplit(self.links.public_url).path.rstrip('/')}/{self.path}/{visit}"

    @property
    def secure(self) -> bool:
        """Whether our address is a secure one."""
        return self.links.public_url.startswith("https:")

    def opened(self, request: Request, visit: str) -> tuple[str, ...] | None:
        """What the cookie of a visit was sealed with; None without one that is ours and has not ended."""
        return self.links.unseal(self.seals, request.cookies.get(self.cookie(visit), ""), self.clock())

    def remember(self, answer: Response, visit: str, *parts: str) -> Response:
        """Give the browser the cookie of a visit, or a longer one."""
        self.give(answer, self.cookie(visit), self.links.seal(self.seals, *parts, self.clock() + self.life))
        return answer

    def give(self, answer: Response, name: str, value: str, life: timedelta | None = None) -> None:
        """Give the browser a cookie that no script reads and that no other page sends along with a form."""
        seconds = int((life or self.life).total_seconds())
        answer.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )  # fmt: skip

    def foreign(self, request: Request) -> bool:
        """Whether a form was sent from a page that is not ours; a browser says so, older ones say nothing."""
        origin = request.headers.get("origin")
        ours = {urlsplit(self.links.public_url).netloc, request.headers.get("host", "")}
        elsewhere = origin is not None and urlsplit(origin).netloc not in ours
        return elsewhere or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def visit_of(subject: str) -> str:
    """The name of the visit of a link or a draft: says nothing of it, and opens nothing."""
    return sha256(f"visit {subject}".encode()).hexdigest()[:VISIT_SIGNS]


def address_of(request: Request) -> str:
    """Where a request came from."""
    return request.client.host if request.client else ""


def answer(html: str, status: int, policy: str) -> Response:
    """A page with what a browser may do on it."""
    return HTMLResponse(html, status, headers={
        "content-security-policy": policy,
        # without a referrer at all, the browser would not name the page that a form came from either
        "referrer-policy": "same-origin",
    })  # fmt: skip
