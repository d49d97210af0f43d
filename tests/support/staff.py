"""Somebody of the company with the page of a form: the link from chat, what stands in the form, what they send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from bot import web
from bot.staff import web as staff
from tests.support.browser import Browser
from tests.support.customer import PUBLIC
from tests.support.desk import Desk

LINK = re.compile(PUBLIC + r"/f/[\w.-]+")
NOTHING = [("file.photos", ("", b""))]

COMPLAINT = {
    "q.customer": "K02", "q.product": "LG-1010", "q.category": "quality", "q.impact": "exchange",
    "t.description": "孔位偏移,装不上", "q.received_at": "now",
}  # fmt: skip
"""What has to be answered of a complaint."""


def browser(desk: Desk) -> Browser:
    """A browser of one of our people."""
    return Browser(web.application(lambda: (), lambda: b"", staff.routes(desk.database, desk.company)), PUBLIC)


def link_in(desk: Desk, text: str) -> str:
    """The link in what somebody was told, as they read it."""
    assert desk.company.links is not None
    found = LINK.search(desk.company.links.signed(text))
    assert found is not None, text
    return found.group()


@dataclass
class Fields(HTMLParser):
    """What a browser would send of a page's form if nothing were touched, and what can be chosen there."""

    html: str
    values: dict[str, Any] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    _name: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        name = had.get("name", "")
        if tag == "select":
            self._name, self.values[name] = name, ""
        elif tag == "option":
            self._offer(self._name, had["value"], "selected" in had)
        elif tag == "input" and had.get("type") in ("radio", "checkbox"):
            self._offer(name, had["value"], "checked" in had)
        elif tag == "input" and had.get("type") != "file":
            self.values[name] = had.get("value", "")
        elif tag == "textarea":
            self._name, self.values[name] = name, ""
        elif tag == "button":
            self.buttons.append(had["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._name = ""

    def handle_data(self, data: str) -> None:
        if self._name.startswith("t.") and self._name in self.values:
            self.values[self._name] += data

    def _offer(self, name: str, value: str, chosen: bool) -> None:  # noqa: FBT001 - as the attribute stands there
        self.options.setdefault(name, []).append(value)
        if chosen:
            self.values[name] = value


def fields(page: httpx.Response) -> Fields:
    """What stands in the form of a page."""
    return Fields(page.text)


def send(client: Browser, page: httpx.Response, what: str, given: Mapping[str, Any] | None = None,
         files: Any = None, **more: Any) -> httpx.Response:  # fmt: skip
    """Fill in what is named, leave the rest as it stands, and press a button."""
    data = {**fields(page).values, **(given or {}), "what": what}
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(page.url.path, data=data, files=files or NOTHING, **more)
