"""The two routes of every page that a link opens: looking at it, and sending its form once that is known to be ours."""

import asyncio
from http import HTTPStatus
from typing import Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.arriving import MOST_FIELDS, PHOTOS, Arrived, EndlessError, UnreadableError, arrived
from bot.visits import LOOKING_AT_ONCE, Visits
from conversations.words import N_, Said, said

NOBODY = "-" * 32
"""The link of nobody: looked up where a token is not ours, so that both take as long."""

UNREADABLE = said(N_("That did not arrive whole. Please send it again."))
NOT_FROM_HERE = said(N_("The page was open for too long. Please read it again and send once more."))

Visitor = TypeVar("Visitor")


class Door(Protocol[Visitor]):
    """The way in to a page: what it shows to whom, and how it takes what was sent."""

    @property
    def visits(self) -> Visits: ...

    def exchange(self, request: Request) -> Response:
        """Make a cookie and a clean address of a token; nothing is written down."""

    def show(self, request: Request) -> Response:
        """Show the page of a visit, or the one answer to everything that opens nothing."""

    def visitor(self, request: Request) -> Visitor | None:
        """Find out who has the cookie of this visit, if it still opens something."""

    def gone(self, request: Request) -> Response:
        """Give the one answer to everything that opens nothing."""

    def shown(self, request: Request, visitor: Visitor, status: int, fault: Said) -> Response:
        """Show the page again, with why something was not taken."""

    def take(self, request: Request, visitor: Visitor, came: Arrived) -> Response:
        """Take what was sent."""


def routes(
    door: Door[Visitor], *, most: int = MOST_FIELDS, names: frozenset[str] = frozenset({PHOTOS}),
    at_once: int = LOOKING_AT_ONCE,
) -> tuple[Route, Route]:  # fmt: skip
    """Both routes of a door. A form has so many answers at most and files of these names; so many are taken at once."""
    taking = asyncio.Semaphore(at_once)

    async def look(request: Request) -> Response:
        is_token = "." in request.path_params["token"]
        return await run_in_threadpool(door.exchange if is_token else door.show, request)

    async def send(request: Request) -> Response:
        visitor = await run_in_threadpool(door.visitor, request)
        if visitor is None:
            return await run_in_threadpool(door.gone, request)
        if door.visits.foreign(request):
            return await run_in_threadpool(door.shown, request, visitor, HTTPStatus.FORBIDDEN, NOT_FROM_HERE)
        try:
            came = await arrived(request, most=most, names=names)
        except UnreadableError:
            return await run_in_threadpool(door.shown, request, visitor, HTTPStatus.BAD_REQUEST, UNREADABLE)
        except EndlessError:
            large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return await run_in_threadpool(door.shown, request, visitor, large, UNREADABLE)
        async with taking:
            return await run_in_threadpool(door.take, request, visitor, came)

    path = f"/{door.visits.path}/{{token}}"
    return Route(path, look, methods=["GET"]), Route(path, send, methods=["POST"])
