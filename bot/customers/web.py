"""The customer's page on the net: a link becomes a cookie and a clean address, and looking changes nothing.

``GET /c/{token}`` exchanges the token for a cookie; ``GET /c`` shows the case; ``POST /c`` takes what was sent.
"""

import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from bot.customers import page
from bot.customers.page import Shown
from conversations.words import N_, Said, said
from handlers import customers
from handlers.company import Company
from handlers.customers import GONE, TAKEN, Spoken
from handlers.events import Upload
from handlers.tokens import Links, Purpose
from storage.database import Database

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 20
MOST_TEXT_BYTES = 64 * 1024
VISIT = timedelta(hours=12)
"""How long a page may lie open before its link must be followed again."""

COOKIE, FORM = "visit", "form"
KNOCKS, KNOCKS_KEPT = 20, 10_000
"""How many links that open nothing one address may try in a minute; it is a courtesy, the signature is the lock."""

TOO_MUCH = said(
    N_("That was too large. Go back one page, your words are still there, and choose fewer or smaller photos.")
)
UNREADABLE = said(N_("That did not arrive whole. Please send it again."))
NOT_FROM_HERE = said(N_("The page was open for too long. Please read it again and send once more."))
WHATS = frozenset(
    {customers.SATISFIED, customers.NOT_SATISFIED, customers.MESSAGE, customers.UNSETTLED}
)  # fmt: skip


class TooLargeError(Exception):
    """More came in than is taken."""


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


@dataclass(frozen=True)
class Door:
    """The way in: reads links and cookies, and shows the same page for every one that opens nothing."""

    database: Database
    company: Company
    links: Links
    knocks: Knocks

    @property
    def cookie(self) -> str:
        """The name of the cookie: bound to this host where the address is a secure one."""
        return "__Host-gukebot" if self._secure else "gukebot"

    @property
    def _secure(self) -> bool:
        return self.links.public_url.startswith("https:")

    def exchange(self, request: Request) -> Response:
        """A token becomes a cookie and a clean address; nothing is written down."""
        now = self.database.clock()
        link = self.links.opened(Purpose.CUSTOMER, request.path_params["token"], now)
        if link is None or customers.look(self.database, self.company, link) is None:
            return self.gone(request, knocked=True)
        answer = RedirectResponse("/c", HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            self.cookie, self.links.seal(COOKIE, link, now + VISIT), max_age=int(VISIT.total_seconds()), path="/",
            secure=self._secure, httponly=True, samesite="lax",
        )  # fmt: skip
        return answer

    def link(self, request: Request) -> str | None:
        """The link that this visitor came by."""
        parts = self.links.unseal(COOKIE, request.cookies.get(self.cookie, ""), self.database.clock())
        return parts[0] if parts is not None and len(parts) == 1 else None

    def show(self, request: Request, fault: Said | None = None, words: str = "", status: int = 200) -> Response:
        """The case of this visitor, as it is now."""
        link = self.link(request)
        case = customers.look(self.database, self.company, link) if link is not None else None
        if link is None or case is None:
            return self.gone(request)
        form = self.links.seal(FORM, link, secrets.token_urlsafe(16), self.database.clock() + VISIT)
        language = _language(request) or case.language
        html = page.page(self.database, self.company, case, Shown(language, form, fault, words))
        return _answer(html, status)

    def gone(self, request: Request, *, knocked: bool = False) -> Response:
        """The one answer to links that are unknown, have ended or were closed."""
        address = request.client.host if request.client else ""
        many = knocked and self.knocks.too_many(address)
        language = _language(request) or self.company.language
        status = HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.NOT_FOUND
        return _answer(page.gone(self.database, self.company, language), status)

    def take(self, request: Request, given: FormData, photos: tuple[Upload, ...]) -> Response:
        """What the customer sent, done once; what cannot be taken comes back with the reason and the words."""
        link = self.link(request)
        words, what = _text(given, "words"), _text(given, "what")
        parts = self.links.unseal(FORM, _text(given, "form"), self.database.clock())
        if link is None:
            return self.gone(request)
        if parts is None or len(parts) != 2 or parts[0] != link or what not in WHATS:
            return self.show(request, NOT_FROM_HERE, words, HTTPStatus.FORBIDDEN)
        spoken = Spoken(link=link, nonce=parts[1], seen=_text(given, "seen"), what=what, words=words, photos=photos)
        heard = customers.speak(self.database, self.company, spoken)
        if heard.outcome == GONE:
            return self.gone(request)
        if heard.outcome != TAKEN:
            return self.show(request, heard.sentence, words, HTTPStatus.UNPROCESSABLE_ENTITY)
        language = _language(request) or _text(given, "lang")
        return RedirectResponse(f"/c?lang={language}" if language in page.TAGS else "/c", HTTPStatus.SEE_OTHER)


def routes(database: Database, company: Company) -> Sequence[Route]:
    """The routes of the customer's page; none where the company has no address on the net."""
    if company.links is None:
        return ()
    door = Door(database, company, company.links, Knocks(database.clock))

    async def follow(request: Request) -> Response:
        return await run_in_threadpool(door.exchange, request)

    async def look(request: Request) -> Response:
        return await run_in_threadpool(door.show, request)

    async def send(request: Request) -> Response:
        try:
            async with _capped(request).form(
                max_files=MOST_FILES, max_fields=20, max_part_size=MOST_TEXT_BYTES
            ) as given:
                photos = [await _photo(file) for file in given.getlist("photos") if isinstance(file, UploadFile)]
                whole = tuple(photo for photo in photos if photo.name or photo.content)
                return await run_in_threadpool(door.take, request, given, whole)
        except TooLargeError:
            return await run_in_threadpool(door.show, request, TOO_MUCH, "", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except HTTPException:
            return await run_in_threadpool(door.show, request, UNREADABLE, "", HTTPStatus.BAD_REQUEST)

    return (
        Route("/c", look, methods=["GET"]),
        Route("/c", send, methods=["POST"]),
        Route("/c/{token}", follow, methods=["GET"]),
    )


def _capped(request: Request) -> Request:
    """The same request, which ends with TooLargeError after so many bytes, whatever length it claims."""
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise TooLargeError
        return message

    return Request(request.scope, receive)


async def _photo(file: UploadFile) -> Upload:
    return Upload(file.filename or "", file.content_type or "", await file.read())


def _text(given: FormData, key: str) -> str:
    value = given.get(key)
    return value if isinstance(value, str) else ""


def _language(request: Request) -> str:
    chosen = request.query_params.get("lang", "")
    return chosen if chosen in page.TAGS else ""


def _answer(html: str, status: int) -> Response:
    return HTMLResponse(html, status, headers={
        "content-security-policy": page.policy(),
        # without a referrer at all, the browser would not name the page that a form came from either
        "referrer-policy": "same-origin",
    })  # fmt: skip
