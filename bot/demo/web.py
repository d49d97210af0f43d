"""The demo's web server: the page, what can be done on it, its pictures. Nothing is fetched from anywhere else."""

import threading
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from importlib import resources
from pathlib import PurePosixPath

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.customers import web as customers
from bot.demo import page
from bot.demo.acts import ACTS, Given
from bot.demo.door import Door
from bot.demo.keeping import STAGES
from bot.demo.photos import NoSuchPhotoError, photo_named
from bot.demo.show import Show
from bot.staff import web as staff
from bot.surveys import web as surveys
from bot.web import Guard
from conversations.words import Said, said
from storage.errors import DamagedFileError

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # without a referrer at all, the browser would not name the page that a form came from either
    "referrer-policy": "same-origin",
}
FROM_SLACK = {"slack.css": "text/css"}
STATIC = {"house.css": "text/css", "chat.css": "text/css", "demo.js": "text/javascript", "mark.svg": "image/svg+xml"}
LONGEST_TEXT = 2000


@dataclass
class House:
    """What there is to show: nothing yet, or the show."""

    door: Door
    language: str
    greeted: bool = False
    show: Show | None = None
    done: int = 0
    what: Said = field(default_factory=lambda: said(STAGES[0][1]))
    fault: Exception | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    def greet(self, language: str) -> None:
        """Somebody comes in; until a language was chosen on the page, the browser's own is spoken."""
        with self.turn:
            self.language, self.greeted = language, True
            if self.show is not None:
                self.show.greet(language)

    def open(self, show: Show) -> None:
        """The show is ready; whoever came in before it was is greeted now."""
        with self.turn:
            self.show = show
            if self.greeted:
                show.greet(self.language)

    def progress(self, done: int, what: Said) -> None:
        """Hear how far the getting ready is."""
        self.done, self.what = done, what


def application(house: House) -> ASGIApp:
    """The web application of a demo."""

    async def index(request: Request) -> Response:
        return await run_in_threadpool(_index, house, request)

    async def progress(request: Request) -> Response:
        if not _welcome(house, request):
            return _not_here()
        told = page.progress(house.language, house.what, house.done)
        return JSONResponse({**told, "ready": house.show is not None})

    async def do(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=20) as form:
            given = _texts(form)
        return await run_in_threadpool(_do, house, request, given)

    async def picture(request: Request) -> Response:
        return await run_in_threadpool(_picture, house, request)

    async def photo(request: Request) -> Response:
        return await run_in_threadpool(_photo, house, request)

    contacts = Linked(house)
    routes = [
        Route("/", index),
        Route("/progress", progress),
        Route("/do/{what}", do, methods=["POST"]),
        Route("/picture/{sha}", picture),
        Route("/photo/{name}", photo),
        Route("/static/{name}", _static),
        Route("/c", contacts),
        Route("/c/{token}", contacts),
        Route("/f/{token}", contacts),
        Route("/s/{token}", contacts),
    ]
    return Guard(Starlette(routes=routes))


class Linked:
    """The pages that links open, customers' and our people's: as on the net, on what this demo plays at the moment."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._made_for: object = None
        self._router: ASGIApp = Router()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what it did is told on the phones at once."""
        show = self._house.show
        if show is None or not self._house.door.ours(Request(scope)):
            await _not_here()(scope, receive, send)
            return
        if self._made_for is not show.stage.company:
            # a demo that was started over, or speaks another language, is another company to them
            company = show.stage.company
            marked = replace(company, name=page.marked(company.name, company.language))
            database = show.stage.database
            self._router = Router(
                [
                    *customers.routes(database, marked),
                    *surveys.routes(database, marked),
                    *staff.routes(database, marked),
                ]
            )
            self._made_for = company
        await self._router(scope, receive, send)
        if scope["method"] == "POST":
            await run_in_threadpool(show.tick)


def _welcome(house: House, request: Request) -> bool:
    return house.door.ours(request) and house.door.knows(request)


def _not_here() -> Response:
    return PlainTextResponse("There is nothing here.\n", HTTPStatus.NOT_FOUND)


def _index(house: House, request: Request) -> Response:
    """The page; with the link's key in the address, the way in first."""
    door = house.door
    if not door.ours(request):
        return _not_here()
    if "key" in request.query_params and request.method == "GET":
        clean = RedirectResponse("/", HTTPStatus.SEE_OTHER, HEADERS)
        if door.knows(request):
            return clean
        if door.opens(request.query_params["key"]):
            house.greet("en" if _prefers_english(request) else "zh")
            return door.let_in(clean)
    if not door.knows(request):
        door.knock()
        return HTMLResponse(page.locked(house.language), HTTPStatus.FORBIDDEN, HEADERS)
    if house.show is None:
        return HTMLResponse(page.waiting(house.language, house.what, house.done), headers=HEADERS)
    return HTMLResponse(page.house(house.show, door.token, whole=True), headers=HEADERS)


def _prefers_english(request: Request) -> bool:
    """Whether English stands before Chinese in what the browser asks for; it lists the dearest first."""
    asked = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((part for part in asked if part in ("en", "zh")), "zh") == "en"


def _texts(form: FormData) -> Given:
    return {name: value[:LONGEST_TEXT] for name, value in form.items() if isinstance(value, str)}


def _do(house: House, request: Request, given: Given) -> Response:
    """One thing that was done on the page; then what the page is now."""
    act = ACTS.get(request.path_params["what"])
    show = house.show
    if act is None or show is None or not _welcome(house, request) or not house.door.trusts(given.get("token", "")):
        return _not_here()
    with house.turn:
        act(show, given)
    if request.headers.get("x-part") == "house":
        return HTMLResponse(page.house(show, house.door.token, whole=False), headers=HEADERS)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER, HEADERS)


def _picture(house: House, request: Request) -> Response:
    if house.show is None or not _welcome(house, request):
        return _not_here()
    sha = request.path_params["sha"]
    if len(sha) != 64 or not set(sha) <= set("0123456789abcdef"):
        return _not_here()
    try:
        content = house.show.picture(sha)
    except DamagedFileError:
        return _not_here()
    return _image(content)


def _photo(house: House, request: Request) -> Response:
    if not _welcome(house, request):
        return _not_here()
    try:
        return _image(photo_named(request.path_params["name"]))
    except NoSuchPhotoError:
        return _not_here()


def _image(content: bytes) -> Response:
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    # its name is its hash: it is never another one
    headers = {**HEADERS, "cache-control": "private, max-age=86400, immutable"}
    return Response(content, media_type=kind, headers=headers)


async def _static(request: Request) -> Response:
    name = PurePosixPath(request.path_params["name"]).name
    kinds, house = (FROM_SLACK, "bot.slack") if name in FROM_SLACK else (STATIC, "bot.demo")
    if name not in kinds:
        return _not_here()
    content = (resources.files(house) / "pages" / name).read_bytes()
    return Response(content, media_type=kinds[name], headers={**HEADERS, "cache-control": "no-cache"})
