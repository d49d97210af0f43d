"""The way in to the page of a form: a link becomes a cookie and a clean address; whoever has it sees the form as it is.

A link is used up by the first thing that is sent from the page; whoever came by it stays until the form is filed.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.arriving import Arrived
from bot.staff import page, reading
from bot.staff.page import Made, Shown
from bot.visits import FORM_OPEN, Knocks, Visits, address_of, answer, visit_of
from conversations.words import Said, said
from handlers import filling
from handlers.company import Company
from handlers.filling import Sheet
from handlers.tokens import Purpose
from handlers.whole import Whole
from storage.database import Database

VISIT = timedelta(hours=12)
"""How long a visit lasts after the last look."""

COOKIE, FORM = "staff", "staff-form"
NOBODY = "-" * 32


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at which draft, and what the page shows now."""

    person: int
    draft: str
    sheet: Sheet


@dataclass(frozen=True)
class Door:
    """The way in: reads links and cookies, and shows the same page for everything that opens nothing."""

    database: Database
    company: Company
    visits: Visits
    knocks: Knocks

    def exchange(self, request: Request) -> Response:
        """A token becomes a cookie and a clean address; nothing is written down."""
        link = self.visits.links.opened(Purpose.STAFF, request.path_params["token"], self.database.clock())
        found = filling.opened(self.database, link or NOBODY)
        if found is not None:
            return self.let_in(*found)
        # whoever came by this link before, and sent something, goes on
        visit = visit_of(filling.meant(self.database, link or NOBODY))
        if self.known(request, visit) is not None:
            return RedirectResponse(self.visits.address(visit), HTTPStatus.SEE_OTHER)
        return self.gone(request, knocked=True)

    def let_in(self, person: int, draft: str) -> Response:
        """The clean address of a draft, for whoever may fill it in."""
        visit = visit_of(draft)
        clean = RedirectResponse(self.visits.address(visit), HTTPStatus.SEE_OTHER)
        return self.visits.remember(clean, visit, str(person), draft)

    def visitor(self, request: Request) -> Visitor | None:
        """Who has the cookie of this visit, if there still is something to show."""
        return self.known(request, request.path_params["token"])

    def known(self, request: Request, visit: str) -> Visitor | None:
        """The same for any visit."""
        parts = self.visits.opened(request, visit)
        if parts is None or len(parts) != 2 or visit_of(parts[1]) != visit or not parts[0].isdecimal():
            return None
        sheet = filling.look(self.database, self.company, int(parts[0]), parts[1])
        return Visitor(int(parts[0]), parts[1], sheet) if sheet is not None else None

    def show(self, request: Request) -> Response:
        """The form of this visitor as it is now; the last look at it; or the answer that it got."""
        visitor = self.visitor(request)
        if visitor is None:
            return self.gone(request)
        if visitor.sheet.whole is None:
            return self.answered(visitor, page.filed(self.database, self.company, visitor.sheet))
        last = "check" in request.query_params and _at_last(visitor.sheet, visitor.sheet.whole)
        return self.drawn(visitor, visitor.sheet.whole, Shown(kept="kept" in request.query_params), last=last)

    def drawn(
        self, visitor: Visitor, whole: Whole, shown: Shown, status: int = HTTPStatus.OK, *, last: bool = False
    ) -> Response:
        """A page of the form with a fresh mark."""
        ends = self.database.clock() + FORM_OPEN
        form = self.visits.links.seal(FORM, visitor.draft, secrets.token_urlsafe(16), ends)
        shown = replace(shown, address=self.visits.address(visit_of(visitor.draft)), form=form)
        draw = page.check if last else page.form
        return self.answered(visitor, draw(self.database, self.company, visitor.sheet, whole, shown), status)

    def answered(self, visitor: Visitor, made: Made, status: int = HTTPStatus.OK) -> Response:
        """A page for a visitor, whose visit goes on."""
        shown = answer(made.html, status, made.policy)
        return self.visits.remember(shown, visit_of(visitor.draft), str(visitor.person), visitor.draft)

    def gone(self, request: Request, *, knocked: bool = False) -> Response:
        """The one answer to links that are unknown, have ended or were used, and to forms that are not there."""
        many = knocked and self.knocks.too_many(address_of(request))
        status = HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.NOT_FOUND
        if wants_json(request):
            return self.told(said(page.LABELS["gone"]), self.company.language)
        made = page.nothing(self.database, self.company)
        return answer(made.html, status, made.policy)

    def told(self, sentence: Said, language: str) -> Response:
        """To the script of a page: it is over, and why."""
        state = self.company.words.say(sentence, language, self.database.clock())
        return JSONResponse({"gone": True, "state": state})

    def refused(
        self, request: Request, visitor: Visitor, status: int, why: Said, came: Arrived | None = None
    ) -> Response:
        """The page again, with why it was not taken, and what was typed."""
        if wants_json(request):
            return self.told(why, visitor.sheet.language)
        again = self.known(request, visit_of(visitor.draft))
        if again is None or again.sheet.whole is None:
            return self.clean(visitor)
        answers = reading.read(came) if came is not None else None
        typed = {key: answers.typed[key] for key in answers.given} if answers is not None else {}
        return self.drawn(again, again.sheet.whole, Shown(typed=typed, notice=(why,)), status)

    def clean(self, visitor: Visitor, query: str = "") -> Response:
        """Back to the clean address: what was sent is not sent again by looking again."""
        return RedirectResponse(self.visits.address(visit_of(visitor.draft)) + query, HTTPStatus.SEE_OTHER)


def _at_last(sheet: Sheet, whole: Whole) -> bool:
    """Whether nothing is left to ask before the last look."""
    return bool(whole.form.confirm) and sheet.asks in {whole.form.confirm, *page.after(whole)}


def wants_json(request: Request) -> bool:
    """Whether the script of a page asks, and not a person."""
    return request.headers.get("accept") == "application/json"
