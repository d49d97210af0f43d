"""The customer's page in a browser: without a script, on the smallest phone, in both languages, for everybody."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, FilePayload

from bot import web
from bot.customers import web as customers
from bot.demo.play import photo
from handlers.tokens import Links
from tests.support import chromium
from tests.support.desk import Desk

KEY = b"a key for tests, long enough for links"


@dataclass
class Open:
    """A company that answers on this machine, and the link of its first complaint."""

    desk: Desk
    link: str


@pytest.fixture
def open_house(sqlite_url: str, tmp_path: Path) -> Iterator[Open]:
    """A complaint whose remedy waits for the customer's answer."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    desk = Desk.furnished(sqlite_url, tmp_path)
    links = Links(f"http://127.0.0.1:{listener.getsockname()[1]}", KEY)
    desk.company = replace(desk.company, links=links)
    receipt = desk.report()
    desk.remedy()
    desk.later(minutes=6)
    app = web.application(lambda: (), lambda: b"", customers.routes(desk.database, desk.company))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    link = next(
        word for part in receipt.split("「") for word in part.replace(":http", " http").split() if "/c/" in word
    )
    yield Open(desk, links.signed(link))
    server.should_exit = True
    thread.join(10)
    desk.database.dispose()


def test_a_verdict_without_a_script(browser: Browser, open_house: Open) -> None:
    """
    With scripts off: read the remedy, be asked for a reason, give it with a photo, be thanked.
    """
    with chromium.watched(browser, width=320, height=640, java_script_enabled=False, locale="zh-CN") as seen:
        page = seen.page
        page.goto(open_house.link)
        page.get_by_role("button", name="不满意").click()
        asked = page.get_by_role("alert").inner_text()
        page.get_by_label("您的意见").fill("要当天送到")
        page.get_by_label("照片").set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=photo(1)))
        page.get_by_role("button", name="不满意").click()
        thanked = page.get_by_role("status").inner_text()

        assert "不满意" in asked or "告诉" in asked
        assert "收到" in thanked
        assert open_house.desk.step() == "sales_handling"
        assert [fault for fault in seen.faults if "422" not in fault] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_can_use_it(browser: Browser, open_house: Open, scheme: str, language: str) -> None:
    """
    Nothing lies beyond the edge of 320 pixels, and axe finds nothing in light and dark, in both languages.
    """
    with chromium.watched(browser, width=320, height=640, color_scheme=scheme) as seen:
        seen.page.goto(open_house.link)
        seen.page.goto(seen.page.url + f"?lang={language}")

        assert seen.overflow() <= 0
        assert seen.barriers() == []
        assert seen.faults == []


def test_a_link_that_opens_nothing_is_usable_too(browser: Browser, open_house: Open) -> None:
    """
    Who comes by an old link reads what to do, on any phone.
    """
    with chromium.watched(browser, width=320, height=640) as seen:
        seen.page.goto(open_house.link[:-4])

        assert "无法打开" in seen.page.inner_text("h1")
        assert seen.overflow() <= 0
        assert seen.barriers() == []
