"""A customer with a link: the company that gives it, the browser that opens it, and the form that is sent."""

import re
from dataclasses import replace

import httpx

from bot import web
from bot.customers import web as customers
from handlers.tokens import Links
from tests.support.browser import Browser
from tests.support.desk import Desk

PUBLIC = "https://bot.example.com"
KEY = b"a key for tests, long enough for links"
LINK = re.compile(PUBLIC + r"/c/[\w.-]+")
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
NO_PHOTO = [("photos", ("", b""))]


def reachable(desk: Desk) -> Desk:
    """Let customers reach the company of a desk."""
    desk.company = replace(desk.company, links=Links(PUBLIC, KEY))
    return desk


def browser(desk: Desk) -> Browser:
    """A customer's browser, without a script."""
    app = web.application(lambda: (), lambda: b"", customers.routes(desk.database, desk.company))
    return Browser(app, PUBLIC)


def link_in(desk: Desk, text: str) -> str:
    """The link as the person reads it: what is kept has no signature."""
    assert desk.company.links is not None
    found = LINK.search(desk.company.links.signed(text))
    assert found is not None, text
    return found.group()


def receipt(desk: Desk, number: int = 0) -> str:
    """The link in a text that is to be forwarded, the first one or a later one."""
    return link_in(desk, desk.heard("程小满", "回执")[number].text)


def filled(page: httpx.Response, what: str, words: str = "", **more: str) -> dict[str, str]:
    """The form of a page, filled in."""
    return {**dict(HIDDEN.findall(page.text)), "what": what, "words": words, **more}


def send(client: Browser, page: httpx.Response, what: str, words: str = "", **more: object) -> httpx.Response:
    """Fill in the form of a page and press a button."""
    texts = {key: str(value) for key, value in more.items() if key != "files"}
    return client.post(page.url.path, data=filled(page, what, words, **texts), files=more.get("files") or NO_PHOTO)


def proposed(desk: Desk) -> None:
    """A remedy is proposed and talked over, and can no more be taken back."""
    desk.remedy()
    desk.later(minutes=6)
