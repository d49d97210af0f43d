"""The customer's page on the net: a link becomes a cookie and a clean address, and looking changes nothing.

``GET /c/{token}`` exchanges the token for a cookie; ``GET /c/{visit}`` shows the case; ``POST /c/{visit}`` takes
what was sent. A visit is named after its link, so that two cases open in one browser are never taken for each other.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import doors
from bot.arriving import Arrived
from bot.customers import page
from bot.customers.page import Shown
from bot.doors import NOBODY, NOT_FROM_HERE
from bot.visits import FORM_OPEN, Knocks, Visits, address_of, answer, visit_of
from conversations.words import N_, Said, said
from handlers import customers
from handlers.company import Company
from handlers.customers import GONE, TAKEN, Page, Spoken
from handlers.tokens import Purpose
from storage.database import Database

VISIT = timedelta(hours=24)
"""How long a visit lasts after the last look; longer than its form, so that no words are lost."""

COOKIE, FORM = "visit", "form"

TOO_MUCH = said(N_("Your photos are too large together. Please choose fewer of them; your words are kept."))
WHATS = frozenset({customers.SATISFIED, customers.NOT_SATISFIED, customers.MESSAGE, customers.UNSETTLED})


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
    visits: Visits
    knocks: Knocks

    def exchange(self, request: Request) -> Response:
        """A token becomes a cookie and a clean address; nothing is written down."""
        link = self.visits.links.opened(Purpose.CUSTOMER, request.path_params["token"], self.database.clock())
        if customers.look(self.database, self.company, link or NOBODY) is None or link is None:
            return self.gone(request, knocked=True)
        visit = visit_of(link)
        return self.visits.remember(RedirectResponse(self.visits.address(visit), HTTPStatus.SEE_OTHER), visit, link)

    def visitor(self, request: Request) -> Visitor | None:
        """Who came by a link and has the cookie of this visit, if the link still opens something."""
        visit = request.path_params["token"]
        parts = self.visits.opened(request, visit)
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
        form = self.visits.links.seal(
            FORM, visitor.link, secrets.token_urlsafe(16), self.database.clock() + FORM_OPEN
        )  # fmt: skip
        language, visit = _language(request, texts) or visitor.case.language, visit_of(visitor.link)
        what = Shown(language, self.visits.address(visit), form, fault, texts.get("words", ""))
        html = page.page(self.database, self.company, visitor.case, what)
        return self.visits.remember(answer(html, status, page.policy()), visit, visitor.link)

    def gone(self, request: Request, *, knocked: bool = False) -> Response:
        """The one answer to links that are unknown, have ended or were closed."""
        many = knocked and self.knocks.too_many(address_of(request))
        language = _language(request, {}) or self.company.language
        status = HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.NOT_FOUND
        return answer(page.gone(self.database, self.company, language), status, page.policy())

    def take(self, request: Request, visitor: Visitor, came: Arrived) -> Response:
        """What the customer sent, done once; what cannot be taken comes back with the reason and the words."""
        texts = came.texts
        parts = self.visits.links.unseal(FORM, texts.get("form", ""), self.database.clock())
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
            return RedirectResponse(self.visits.address(visit_of(visitor.link)) + query, HTTPStatus.SEE_OTHER)
        # looked at again: it may be another page by now
        again = self.visitor(request) if heard.outcome != GONE else None
        if again is None:
            return self.gone(request)
        return self.shown(request, again, HTTPStatus.UNPROCESSABLE_ENTITY, heard.sentence, came)


def routes(database: Database, company: Company) -> Sequence[Route]:
    """The routes of the customer's page; none where the company has no address on the net."""
    if company.links is None:
        return ()
    visits = Visits(company.links, database.clock, Purpose.CUSTOMER, COOKIE, VISIT)
    return doors.routes(Door(database, company, visits, Knocks(database.clock)))


def _language(request: Request, texts: dict[str, str]) -> str:
    chosen = request.query_params.get("lang") or texts.get("lang", "")
    return chosen if chosen in page.TAGS else ""
