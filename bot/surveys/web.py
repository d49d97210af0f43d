"""Answering a survey on the net: a link becomes a cookie and a clean address, and one answer counts.

``GET /s/{token}`` exchanges the token; ``GET /s/{visit}`` shows the questionnaire; ``POST /s/{visit}`` keeps or
submits what was ticked.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
from handlers.surveys.answering import KEPT, OPEN, TAKEN, Heard, Sheet
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
class Came:
    """What came with a form, before anybody knows what the questionnaire asks; the language that was chosen."""

    answers: Given = field(default_factory=Given)
    language: str = ""


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

    def visitor(self, request: Request) -> str | None:
        """The link that this browser came by; whether it still opens something is found out with what is done."""
        visit = request.path_params["token"]
        parts = self.visits.opened(request, visit)
        return parts[0] if parts is not None and len(parts) == 1 and visit_of(parts[0]) == visit else None

    def show(self, request: Request) -> Response:
        """The questionnaire of this visitor, as far as it was kept."""
        return self._again(request, self.visitor(request) or NOBODY, HTTPStatus.OK, Came())

    def shown(self, request: Request, visitor: str, status: int, fault: Said) -> Response:
        """The page again, with why something was not taken."""
        return self._again(request, visitor, status, Came(), fault)

    def gone(self, request: Request, *, knocked: bool = False) -> Response:
        """The one answer to links that are unknown, used, closed or ended; a second press is told that it is one."""
        language = _chosen(request) or self.company.language
        link = self.visitor(request) if request.method == "POST" else None
        if link is not None and answering.answered(self.database, link):
            made = page.already(self.database, self.company, language)
            return answer(made.html, HTTPStatus.CONFLICT, made.policy)
        many = knocked and self.knocks.too_many(address_of(request))
        status = HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.NOT_FOUND
        return answer(common.gone(self.database, self.company, language), status, common.policy())

    def take(self, request: Request, visitor: str, came: Arrived) -> Response:
        """What was sent: kept, or submitted once. What cannot be taken comes back with the reason and the ticks."""
        texts, given = came.texts, _came(came)
        mark = self.visits.links.unseal(FORM, texts.get("form", ""), self.database.clock())
        what = texts.get("what", "")
        ours = what in (SAVE, SUBMIT, SURE) or what.startswith(TONGUE)
        if mark is None or len(mark) != 2 or mark[0] != visitor or not ours:
            return self._again(request, visitor, HTTPStatus.FORBIDDEN, given, NOT_FROM_HERE)
        if what in (SUBMIT, SURE):
            heard = answering.submit(self.database, self.company, visitor, given.answers, sure=what == SURE)
        else:
            heard = answering.keep(self.database, self.company, visitor, given.answers)
        if heard.sheet is None:
            return self.gone(request)
        return self._after(request, (visitor, heard.sheet), heard, given.language or heard.sheet.language)

    def _after(self, request: Request, visitor: tuple[str, Sheet], heard: Heard, language: str) -> Response:
        link, sheet = visitor
        if heard.outcome == TAKEN:
            made = page.thanks(self.database, self.company, sheet, language)
            done = answer(made.html, HTTPStatus.OK, made.policy)
            name = self.visits.cookie(visit_of(link))
            done.delete_cookie(name, path="/", secure=self.visits.secure, httponly=True, samesite="lax")
            return done
        if heard.outcome == KEPT and not sheet.anonymous:
            clean = self.visits.address(visit_of(link))
            return RedirectResponse(f"{clean}?kept=1&lang={language}", HTTPStatus.SEE_OTHER)
        status = HTTPStatus.OK if heard.outcome == KEPT else HTTPStatus.UNPROCESSABLE_ENTITY
        left_out = heard.missing if heard.outcome == OPEN else ()
        return self._drawn(request, visitor, status, Shown(language, left_out=left_out, fault=heard.sentence))

    def _again(
        self, request: Request, link: str, status: int, came: Came, fault: Said | None = None
    ) -> Response:  # fmt: skip
        """The page as it is now, with what came in where something did."""
        sheet = answering.look(self.database, self.company, link)
        if sheet is None:
            return self.gone(request)
        if came.answers:
            sheet = replace(sheet, kept=responses.read(sheet.asked, came.answers.grades, came.answers.texts))
        language = came.language or _chosen(request) or sheet.language
        return self._drawn(request, (link, sheet), status, Shown(language, fault=fault))

    def _drawn(self, request: Request, visitor: tuple[str, Sheet], status: int, shown: Shown) -> Response:
        """The page with a fresh mark."""
        link, sheet = visitor
        visit = visit_of(link)
        form = self.visits.links.seal(FORM, link, secrets.token_urlsafe(16), self.database.clock() + FORM_OPEN)
        kept = request.method == "GET" and "kept" in request.query_params
        what = replace(shown, address=self.visits.address(visit), form=form, kept=kept)
        made = page.page(self.database, self.company, sheet, what)
        return self.visits.remember(answer(made.html, status, made.policy), visit, link)


def routes(database: Database, company: Company) -> Sequence[Route]:
    """The routes of the page; none where the company has no address on the net."""
    if company.links is None:
        return ()
    visits = Visits(company.links, database.clock, Purpose.SURVEY, COOKIE, VISIT)
    door = Door(database, company, visits, Knocks(database.clock))
    return doors.routes(door, most=MOST_ANSWERS, names=frozenset(), at_once=AT_ONCE)


def _came(came: Arrived) -> Came:
    texts = came.texts
    grades = {key.removeprefix(GRADE): value for key, value in texts.items() if key.startswith(GRADE)}
    words = {key.removeprefix(TEXT): value for key, value in texts.items() if key.startswith(TEXT)}
    return Came(Given(grades, words), _chosen_in(texts))


def _chosen(request: Request) -> str:
    """The language that the address asks for."""
    return _known(request.query_params.get("lang", ""))


def _chosen_in(texts: dict[str, str]) -> str:
    """The language that was asked for by a button, or in which the page was that was sent."""
    what = texts.get("what", "")
    return _known(what.removeprefix(TONGUE) if what.startswith(TONGUE) else texts.get("lang", ""))


def _known(language: str) -> str:
    return language if language in common.TAGS else ""
