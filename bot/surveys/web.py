"""Answering a survey on the net: a link becomes a cookie and a clean address, and one answer counts.

``GET /s/{token}`` exchanges the token; ``GET /s/{visit}`` shows the questionnaire; ``POST /s/{visit}`` keeps or
submits what was ticked.
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
from bot.customers import page as common
from bot.doors import NOBODY, NOT_FROM_HERE
from bot.surveys import page
from bot.surveys.page import Shown
from bot.visits import FORM_OPEN, Knocks, Visits, address_of, answer, visit_of
from conversations.words import Said
from handlers import responses
from handlers.company import Company
from handlers.responses import Given
from handlers.surveys import answering
from handlers.surveys.answering import GONE, KEPT, OPEN, TAKEN, Heard, Sheet
from handlers.tokens import Purpose
from storage.database import Database

VISIT = timedelta(hours=24)
"""How long a visit lasts after the last look."""

COOKIE, FORM = "survey", "survey-form"
SAVE, SUBMIT, SURE, TONGUE = "save", "submit", "sure", "lang:"
"""What a button says; TONGUE with a language keeps what is ticked and shows the page in it."""

GRADE, TEXT = "g.", "t."
MOST_ANSWERS = 150
AT_ONCE = 32
"""How many are taken at the same time: they are small."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who came by which link, and what it opens now."""

    link: str
    sheet: Sheet


@dataclass(frozen=True)
class Door:
    """The way in: reads links and cookies, and shows the same page for every one that opens nothing."""

    database: Database
    company: Company
    visits: Visits
    knocks: Knocks

    def exchange(self, request: Request) -> Response:
        """A token becomes a cookie and a clean address; nothing is written down."""
        link = self.visits.links.opened(Purpose.SURVEY, request.path_params["token"], self.database.clock())
        if answering.look(self.database, self.company, link or NOBODY) is None or link is None:
            return self.gone(request, knocked=True)
        visit = visit_of(link)
        return self.visits.remember(RedirectResponse(self.visits.address(visit), HTTPStatus.SEE_OTHER), visit, link)

    def visitor(self, request: Request) -> Visitor | None:
        """Who came by a link and has the cookie of this visit, if the link still opens something."""
        link = self._link(request)
        sheet = answering.look(self.database, self.company, link) if link is not None else None
        return Visitor(link, sheet) if link is not None and sheet is not None else None

    def show(self, request: Request) -> Response:
        """The questionnaire of this visitor, as far as it was kept."""
        visitor = self.visitor(request)
        if visitor is None:
            return self.gone(request)
        return self._drawn(request, visitor, HTTPStatus.OK, Shown(self._language(request, visitor, {})))

    def shown(self, request: Request, visitor: Visitor, status: int, fault: Said) -> Response:
        """The page again, with why something was not taken."""
        return self._drawn(request, visitor, status, Shown(self._language(request, visitor, {}), fault=fault))

    def gone(self, request: Request, *, knocked: bool = False) -> Response:
        """The one answer to links that are unknown, used, closed or ended; a second press is told that it is one."""
        language = _chosen(request, {}) or self.company.language
        link = self._link(request) if request.method == "POST" else None
        if link is not None and answering.answered(self.database, link):
            made = page.already(self.database, self.company, language)
            return answer(made.html, HTTPStatus.CONFLICT, made.policy)
        many = knocked and self.knocks.too_many(address_of(request))
        status = HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.NOT_FOUND
        return answer(common.gone(self.database, self.company, language), status, common.policy())

    def take(self, request: Request, visitor: Visitor, came: Arrived) -> Response:
        """What was sent: kept, or submitted once. What cannot be taken comes back with the reason and the ticks."""
        texts, sheet = came.texts, visitor.sheet
        mark = self.visits.links.unseal(FORM, texts.get("form", ""), self.database.clock())
        given = _given(sheet, came)
        language, what = self._language(request, visitor, texts), texts.get("what", "")
        ours = what in (SAVE, SUBMIT, SURE) or what.startswith(TONGUE)
        if mark is None or len(mark) != 2 or mark[0] != visitor.link or not ours:
            shown = Shown(language, typed=given, fault=NOT_FROM_HERE)
            return self._drawn(request, visitor, HTTPStatus.FORBIDDEN, shown)
        if what in (SUBMIT, SURE):
            heard = answering.submit(self.database, self.company, visitor.link, given, sure=what == SURE)
        else:
            heard = answering.keep(self.database, self.company, visitor.link, given)
        return self._after(request, visitor, (given, language), heard)

    def _after(self, request: Request, visitor: Visitor, came: tuple[Given, str], heard: Heard) -> Response:
        given, language = came
        if heard.outcome == TAKEN:
            made = page.thanks(self.database, self.company, visitor.sheet, given, language)
            done = answer(made.html, HTTPStatus.OK, made.policy)
            name = self.visits.cookie(visit_of(visitor.link))
            done.delete_cookie(name, path="/", secure=self.visits.secure, httponly=True, samesite="lax")
            return done
        if heard.outcome == GONE:
            return self.gone(request)
        if heard.outcome == KEPT and not visitor.sheet.anonymous:
            clean = self.visits.address(visit_of(visitor.link))
            return RedirectResponse(f"{clean}?kept=1&lang={language}", HTTPStatus.SEE_OTHER)
        status = HTTPStatus.OK if heard.outcome == KEPT else HTTPStatus.UNPROCESSABLE_ENTITY
        left_out = heard.missing if heard.outcome == OPEN else ()
        shown = Shown(language, typed=given, left_out=left_out, fault=heard.sentence)
        return self._drawn(request, visitor, status, shown)

    def _drawn(self, request: Request, visitor: Visitor, status: int, shown: Shown) -> Response:
        """The page with a fresh mark."""
        visit = visit_of(visitor.link)
        ends = self.database.clock() + FORM_OPEN
        form = self.visits.links.seal(FORM, visitor.link, secrets.token_urlsafe(16), ends)
        what = Shown(
            shown.language, self.visits.address(visit), form, shown.typed, shown.left_out, shown.fault,
            kept=request.method == "GET" and "kept" in request.query_params,
        )  # fmt: skip
        made = page.page(self.database, self.company, visitor.sheet, what)
        return self.visits.remember(answer(made.html, status, made.policy), visit, visitor.link)

    def _link(self, request: Request) -> str | None:
        """The link whose cookie this browser has for this visit."""
        visit = request.path_params["token"]
        parts = self.visits.opened(request, visit)
        return parts[0] if parts is not None and len(parts) == 1 and visit_of(parts[0]) == visit else None

    def _language(self, request: Request, visitor: Visitor, texts: dict[str, str]) -> str:
        return _chosen(request, texts) or visitor.sheet.language


def routes(database: Database, company: Company) -> Sequence[Route]:
    """The routes of the page; none where the company has no address on the net."""
    if company.links is None:
        return ()
    visits = Visits(company.links, database.clock, Purpose.SURVEY, COOKIE, VISIT)
    door = Door(database, company, visits, Knocks(database.clock))
    return doors.routes(door, most=MOST_ANSWERS, names=frozenset(), at_once=AT_ONCE)


def _given(sheet: Sheet, came: Arrived) -> Given:
    """What was ticked and written, as far as the questionnaire asks it."""
    texts = came.texts
    grades = {key.removeprefix(GRADE): value for key, value in texts.items() if key.startswith(GRADE)}
    words = {key.removeprefix(TEXT): value for key, value in texts.items() if key.startswith(TEXT)}
    return responses.read(sheet.asked, grades, words)


def _chosen(request: Request, texts: dict[str, str]) -> str:
    """The language that was asked for: by a button, in the address, or by the page that was sent."""
    what = texts.get("what", "")
    pressed = what.removeprefix(TONGUE) if what.startswith(TONGUE) else ""
    chosen = pressed or request.query_params.get("lang") or texts.get("lang", "")
    return chosen if chosen in common.TAGS else ""
