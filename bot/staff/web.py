"""The page of a form on the net, for our own people: ``/f/{token}`` by a link, ``/f`` inside a platform that vouches.

``GET /f/{token}`` exchanges a link, ``GET /f/{visit}`` shows the form and ``POST /f/{visit}`` takes what was filled in.
"""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.arriving import EndlessError, UnreadableError, arrived
from bot.staff import reading
from bot.staff.door import COOKIE, VISIT, Door
from bot.staff.signing_in import Entrance, SignIn
from bot.staff.taking import NOT_FROM_HERE, Taking
from bot.visits import LOOKING_AT_ONCE, Knocks, Visits
from conversations.fields import Kind
from conversations.words import N_, said
from handlers.company import Company
from handlers.tokens import Purpose
from storage.database import Database

UNREADABLE = said(N_("That did not arrive whole. Please send it again."))


def routes(database: Database, company: Company, sign_in: SignIn | None = None) -> Sequence[Route]:
    """The routes of the page; none where the company has no address on the net."""
    if company.links is None:
        return ()
    visits = Visits(company.links, database.clock, Purpose.STAFF, COOKIE, VISIT)
    door = Door(database, company, visits, Knocks(database.clock))
    entrance = Entrance(door, sign_in)
    looking = asyncio.Semaphore(LOOKING_AT_ONCE)

    async def look(request: Request) -> Response:
        is_token = "." in request.path_params["token"]
        return await run_in_threadpool(door.exchange if is_token else door.show, request)

    async def send(request: Request) -> Response:
        return await _sent(door, looking, request)

    return (
        Route("/f", entrance.begin, methods=["GET"]),
        Route("/f/in", entrance.back, methods=["GET"]),
        Route("/f/new/{procedure}", entrance.begin, methods=["GET"]),
        Route("/f/{token}", look, methods=["GET"]),
        Route("/f/{token}", send, methods=["POST"]),
    )


async def _sent(door: Door, looking: asyncio.Semaphore, request: Request) -> Response:
    visitor = await run_in_threadpool(door.visitor, request)
    if visitor is None:
        return await run_in_threadpool(door.gone, request)
    if door.visits.foreign(request):
        return await run_in_threadpool(door.refused, request, visitor, HTTPStatus.FORBIDDEN, NOT_FROM_HERE)
    whole = visitor.sheet.whole
    files = [each.field.key for each in whole.questions if each.field.kind is Kind.FILES] if whole else []
    try:
        came = await arrived(request, most=reading.MOST_FIELDS, names=reading.names(files))
    except UnreadableError:
        return await run_in_threadpool(door.refused, request, visitor, HTTPStatus.BAD_REQUEST, UNREADABLE)
    except EndlessError:
        large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return await run_in_threadpool(door.refused, request, visitor, large, UNREADABLE)
    async with looking:
        return await run_in_threadpool(Taking(door).take, request, visitor, came)
