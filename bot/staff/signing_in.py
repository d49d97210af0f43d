"""The page without a link: inside a platform that vouches for whoever opens it, asking nothing of the person.

``GET /f`` and ``GET /f/new/{procedure}`` send a browser to the platform with a state that is good once and belongs to
this browser; ``GET /f/in`` is where it comes back to with a code. Until the platform vouches, nothing is written down.
"""

import re
import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff import page
from bot.staff.door import Door
from bot.visits import address_of, answer
from conversations.words import N_, Said, said
from handlers import filling

SIGN_IN = "sign-in"
STATE_LIFE = timedelta(minutes=10)
STATE = re.compile(r"[0-9a-f]{48}")
WANTED = re.compile(r"[a-z][a-z0-9_]{0,39}")
ANY = "-"
STATE_SIGNS = 8

STALE = said(N_("The sign-in was used or has ended. Please sign in again."))
STRANGER = said(N_("This page is for our own people. Customers open the link in the message they got from us."))
CLOSED = N_("Your platform does not tell us just now who you are ({code}). Please try again; if it stays so, ask the "
            "administrator to run the doctor.")  # fmt: skip
NO_WAY_IN = said(N_("Type “page” in our chat: the answer has a link for you."))


class StrangerError(Exception):
    """Somebody whom the platform knows, and who does not belong to the company."""


class StaleCodeError(Exception):
    """The code was used already, has ended, or never was one."""


class NoSignInError(Exception):
    """The platform says nothing just now, or refuses us; ``code`` is its own, for whoever runs the bot."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(f"no sign-in: {code}")
        self.code = code


class SignIn(Protocol):
    """A platform that tells who somebody is."""

    platform: str

    def address(self, state: str) -> str:
        """Where to send a person, who comes back with a code and this state (letters and digits)."""

    def who(self, code: str) -> str:
        """Whom it vouches for, as the platform knows them. Raises StrangerError, StaleCodeError or NoSignInError."""


class Entrance:
    """The way in without a link."""

    def __init__(self, door: Door, sign_in: SignIn | None) -> None:
        self._door, self._sign_in = door, sign_in

    def begin(self, request: Request) -> Response:
        """Send a browser to the platform, and let it remember what was wanted."""
        if self._sign_in is None:
            return self._said(NO_WAY_IN, HTTPStatus.NOT_FOUND)
        wanted = request.path_params.get("procedure", "")
        state, visits = secrets.token_hex(24), self._door.visits
        ends = self._door.database.clock() + STATE_LIFE
        sealed = visits.links.seal(SIGN_IN, state, wanted if WANTED.fullmatch(wanted) else ANY, ends)
        away = RedirectResponse(self._sign_in.address(state), HTTPStatus.SEE_OTHER)
        visits.give(away, self._cookie(state), sealed, STATE_LIFE)
        return away

    def back(self, request: Request) -> Response:
        """Somebody comes back: whom the platform vouches for goes on to their form."""
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        door, wanted = self._door, self._wanted(request, state)
        if self._sign_in is None or wanted is None or not code or door.knocks.many(address_of(request)):
            return self._failed(request, STALE)
        try:
            who = self._sign_in.who(code)
        except StaleCodeError:
            return self._failed(request, STALE)
        except StrangerError:
            return self._failed(request, STRANGER, again=False)
        except NoSignInError as closed:
            sentence = said(CLOSED, code=str(closed.code or "-"))
            return self._said(sentence, HTTPStatus.SERVICE_UNAVAILABLE, again=True)
        if not filling.once(door.database, state):
            return self._failed(request, STALE)
        found = filling.begin(door.database, door.company, (self._sign_in.platform, who), wanted)
        answered = door.let_in(*found) if isinstance(found, tuple) else self._said(found, HTTPStatus.FORBIDDEN)
        answered.delete_cookie(self._cookie(state), path="/", secure=door.visits.secure, httponly=True, samesite="lax")
        return answered

    def _wanted(self, request: Request, state: str) -> str | None:
        """What this browser wanted when it was sent away with this state; None when it was not."""
        if not STATE.fullmatch(state):
            return None
        given = request.cookies.get(self._cookie(state), "")
        parts = self._door.visits.links.unseal(SIGN_IN, given, self._door.database.clock())
        if parts is None or len(parts) != 2 or parts[0] != state:
            return None
        return "" if parts[1] == ANY else parts[1]

    def _cookie(self, state: str) -> str:
        return self._door.visits.cookie(f"in-{state[:STATE_SIGNS]}")

    def _failed(self, request: Request, sentence: Said, *, again: bool = True) -> Response:
        many = self._door.knocks.too_many(address_of(request))
        return self._said(sentence, HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.FORBIDDEN, again=again)

    def _said(self, sentence: Said, status: int, *, again: bool = False) -> Response:
        where = self._door.visits.address("").rstrip("/") if again and self._sign_in is not None else ""
        made = page.nothing(self._door.database, self._door.company, sentence, where)
        return answer(made.html, status, made.policy)
