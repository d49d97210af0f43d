"""The customer's page on the net: a link becomes a cookie and a clean address, and looking changes nothing.

``GET /c/{token}`` exchanges the token for a cookie; ``GET /c/{visit}`` shows the case; ``POST /c/{visit}`` takes
what was sent. A visit is named after its link, so that two cases open in one browser are never taken for each other.
"""

import asyncio
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.customers import page
from bot.customers.arriving import Arrived, EndlessError, UnreadableError, arrived
from bot.customers.page import Shown
from conversations.words import N_, Said, said
from handlers import customers
from handlers.company import Company
from handlers.customers import GONE, TAKEN, Page, Spoken
from handlers.tokens import Links, Purpose
from storage.database import Database

FORM_OPEN = timedelta(hours=12)
"""How long a page may lie open before its form must be sent again."""

VISIT = timedelta(hours=24)
"""How long a visit lasts after the last look; longer than its form, so that no words are lost."""

VISIT_SIGNS = 12
COOKIE, FORM = "visit", "form"
NOBODY = "-" * 32
"""The link of nobody: looked up where a token is not ours, so that both take as long."""

KNOCKS, KNOCKS_KEPT = 20, 10_000
"""How many links that open nothing one address may try in a minute; it is a courtesy, the signature is the lock."""

LOOKING_AT_ONCE = 2
"""How many forms with photos are worked on at the same time: pictures are large once they are unpacked."""

TOO_MUCH = said(N_("Your photos are too large together. Please choose fewer of them; your words are kept."))
UNREADABLE = said(N_("That did not arrive whole. Please send it again."))
NOT_FROM_HERE = said(N_("The page was open for too long. Please read it again and send once more."))
WHATS = frozenset({customers.SATISFIED, customers.NOT_SATISFIED, customers.MESSAGE, customers.UNSETTLED})


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
        return len(times) > KNOCKS and now - times[0] < timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who came by a link: which one, and what it opens now."""

    link: str
    case: Page


@dataclass(frozen=True)
class Door:
    """The way in: reads links and cookies, and shows the same page for every one that opens nothing."""

    database: Database
    company: Company
    links: Links
    knocks: Knocks

    def cookie(self, visit: str) -> str:
        """The name of a visit's cookie: bound to this host where the address is a secure one."""
        return f"{'__Host-' if self._secure else ''}gukebot-{visit}"

    def address(self, link: str) -> str:
        """The clean address of a visit, under the path that the proxy in front of us may have."""
        return f"{urlsplit(self.links.public_url).path.rstrip('/')}/c/{visit_of(link)}"

    @property
    def _secure(self) -> bool:
        return self.links.public_url.startswith("https:")

    def exchange(self, request: Request) -> Response:
        """A token becomes a cookie and a clean address; nothing is written down."""
        link = self.links.opened(Purpose.CUSTOMER, request.path_params["token"], self.database.clock())
        if customers.look(self.database, self.company, link or NOBODY) is None or link is None:
            return self.gone(request, knocked=True)
        return self._with_cookie(RedirectResponse(self.address(link), HTTPStatus.SEE_OTHER), link)

    def visitor(self, request: Request) -> Visitor | None:
        """Who came by a link and has the cookie of this visit, if the link still opens something."""
        visit = request.path_params["token"]
        given = request.cookies.get(self.cookie(visit), "")
        parts = self.links.unseal(COOKIE, given, self.database.clock())
        if parts is None or len(parts) != 1 or visit_of(parts[0]) != visit:
            return None
        case = customers.look(self.database, self.company, parts[0])
        return Visitor(parts[0], case) if case is not None else None

    def show(self, request: Request) -> Response:
        """The case of this visitor, as it is now."""
        visitor = self.visitor(request)
        return self.gone(request) if visitor is None else self.shown(request, visitor)

    def shown(
        self, request: Request, visitor: Visitor, status: int = HTTPStatus.OK, fault: Said | None = None,
        came: Arrived | None = None,
    ) -> Response:  # fmt: skip
        """The page; after a form that could not be taken with the reason, and what was typed."""
        texts = came.texts if came is not None else {}
        form = self.links.seal(FORM, visitor.link, secrets.token_urlsafe(16), self.database.clock() + FORM_OPEN)
        language = _language(request, texts) or visitor.case.language
        what = Shown(language, self.address(visitor.link), form, fault, texts.get("words", ""))
        return self._with_cookie(_answer(page.page(self.database, self.company, visitor.case, what), status),
                                 visitor.link)  # fmt: skip

    def gone(self, request: Request, *, knocked: bool = False) -> Response:
        """The one answer to links that are unknown, have ended or were closed."""
        address = request.client.host if request.client else ""
        many = knocked and self.knocks.too_many(address)
        language = _language(request, {}) or self.company.language
        status = HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.NOT_FOUND
        return _answer(page.gone(self.database, self.company, language), status)

    def take(self, request: Request, visitor: Visitor, came: Arrived) -> Response:
        """What the customer sent, done once; what cannot be taken comes back with the reason and the words."""
        texts = came.texts
        parts = self.links.unseal(FORM, texts.get("form", ""), self.database.clock())
        what = texts.get("what", "")
        if parts is None or len(parts) != 2 or parts[0] != visitor.link:
            return self.shown(request, visitor, HTTPStatus.FORBIDDEN, NOT_FROM_HERE, came)
        if came.too_large:  # looked at first: a browser names the button last, behind what was let go
            return self.shown(request, visitor, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_MUCH, came)
        if what not in WHATS:
            return self.shown(request, visitor, HTTPStatus.FORBIDDEN, NOT_FROM_HERE, came)
        spoken = Spoken(
            link=visitor.link, nonce=parts[1], seen=texts.get("seen", ""), what=what, words=texts.get("words", ""),
            photos=came.photos,
        )  # fmt: skip
        heard = customers.speak(self.database, self.company, spoken)
        if heard.outcome == TAKEN:
            language = _language(request, texts)
            query = f"?lang={language}" if language else ""
            return RedirectResponse(self.address(visitor.link) + query, HTTPStatus.SEE_OTHER)
        # looked at again: it may be another page by now
        again = self.visitor(request) if heard.outcome != GONE else None
        if again is None:
            return self.gone(request)
        return self.shown(request, again, HTTPStatus.UNPROCESSABLE_ENTITY, heard.sentence, came)

    def foreign(self, request: Request) -> bool:
        """Whether a form was sent from a page that is not ours; a browser says so, older ones say nothing."""
        origin = request.headers.get("origin")
        ours = {urlsplit(self.links.public_url).netloc, request.headers.get("host", "")}
        elsewhere = origin is not None and urlsplit(origin).netloc not in ours
        return elsewhere or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")

    def _with_cookie(self, answer: Response, link: str) -> Response:
        answer.set_cookie(
            self.cookie(visit_of(link)), self.links.seal(COOKIE, link, self.database.clock() + VISIT),
            max_age=int(VISIT.total_seconds()), path="/", secure=self._secure, httponly=True, samesite="lax",
        )  # fmt: skip
        return answer


def routes(database: Database, company: Company) -> Sequence[Route]:
    """The routes of the customer's page; none where the company has no address on the net."""
    if company.links is None:
        return ()
    door = Door(database, company, company.links, Knocks(database.clock))
    looking = asyncio.Semaphore(LOOKING_AT_ONCE)

    async def look(request: Request) -> Response:
        is_token = "." in request.path_params["token"]
        return await run_in_threadpool(door.exchange if is_token else door.show, request)

    async def send(request: Request) -> Response:
        visitor = await run_in_threadpool(door.visitor, request)
        if visitor is None:
            return await run_in_threadpool(door.gone, request)
        if door.foreign(request):
            return await run_in_threadpool(door.shown, request, visitor, HTTPStatus.FORBIDDEN, NOT_FROM_HERE)
        try:
            came = await arrived(request)
        except UnreadableError:
            return await run_in_threadpool(door.shown, request, visitor, HTTPStatus.BAD_REQUEST, UNREADABLE)
        except EndlessError:
            return await run_in_threadpool(
                door.shown, request, visitor, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, UNREADABLE
            )
        async with looking:
            return await run_in_threadpool(door.take, request, visitor, came)

    return Route("/c/{token}", look, methods=["GET"]), Route("/c/{token}", send, methods=["POST"])


def visit_of(link: str) -> str:
    """The name of a link's visit: says nothing of the link, and opens nothing."""
    return sha256(f"visit {link}".encode()).hexdigest()[:VISIT_SIGNS]


def _language(request: Request, texts: dict[str, str]) -> str:
    chosen = request.query_params.get("lang") or texts.get("lang", "")
    return chosen if chosen in page.TAGS else ""


def _answer(html: str, status: int) -> Response:
    return HTMLResponse(html, status, headers={
        "content-security-policy": page.policy(),
        # without a referrer at all, the browser would not name the page that a form came from either
        "referrer-policy": "same-origin",
    })  # fmt: skip
