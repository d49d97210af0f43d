"""The page of a form in a browser: with and without a script, on the smallest phone, in the light and in the dark."""

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, FilePayload, Page, expect

from bot import web
from bot.demo.play import photo
from bot.staff import web as staff
from handlers.tokens import Links
from tests.support import chromium
from tests.support.desk import CASE, Desk

KEY = b"a key for tests, long enough for links"
SELLER = "程小满"
PICTURES = os.environ.get("GUKEBOT_PICTURES", "")
"""A folder for pictures of what was seen, for whoever wants to look."""


@dataclass
class Open:
    """A company that answers on this machine, and somebody who has begun to report a complaint."""

    desk: Desk

    def link(self) -> str:
        """The link to the page of their form."""
        assert self.desk.company.links is not None
        text = self.desk.company.links.signed(self.desk.say(SELLER, "网页"))
        return next(word for word in text.replace(":http", " http").split() if "/f/" in word)

    def kept(self) -> dict[str, object]:
        """The answers of their draft."""

        def look(uow: object) -> dict[str, object]:
            person = uow.organisation.person_by_name(SELLER)  # type: ignore[attr-defined]
            row = uow.drafts.find(person.id, "complaint")  # type: ignore[attr-defined]
            return {each["key"]: each["value"] for each in row.answers} if row else {}

        return self.desk.do(look)


@pytest.fixture
def open_house(sqlite_url: str, tmp_path: Path) -> Iterator[Open]:
    """A complaint of which nothing was answered yet."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    desk = Desk.furnished(sqlite_url, tmp_path)
    desk.company = replace(desk.company, links=Links(f"http://127.0.0.1:{listener.getsockname()[1]}", KEY))
    desk.say(SELLER, "报投诉")
    app = web.application(lambda: (), lambda: b"", staff.routes(desk.database, desk.company))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield Open(desk)
    server.should_exit = True
    thread.join(10)
    desk.database.dispose()


def picture(page: Page, name: str) -> None:
    """Keep what is seen, if somebody wants to look at it."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def filled(page: Page) -> None:
    """Answer what has to be answered."""
    page.get_by_label("顾客", exact=True).select_option("K02")
    page.locator("#t-product").fill("前下控制臂")
    page.get_by_role("radio", name="产品质量").check()
    page.get_by_role("radio", name="换货").check()
    page.get_by_label("问题说明").fill("孔位偏移,装不上")
    page.get_by_label("刚刚").check()


def test_a_complaint_without_a_script(browser: Browser, open_house: Open) -> None:
    """
    With scripts off on 320 pixels: save with a photo, go on, look once more, submit, read the number.
    """
    with chromium.watched(browser, width=320, height=640, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(open_house.link())
        picture(page, "form")
        filled(page)
        page.get_by_label("照片").set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=photo(1)))
        page.get_by_role("button", name="保存").click()
        kept = page.locator("main").inner_text()
        page.get_by_role("button", name="提交").click()
        picture(page, "check")
        page.get_by_role("button", name="提交并转品保").click()
        picture(page, "filed")

        assert "已收到 1 张照片" in kept
        assert CASE in page.inner_text("h1")
        assert open_house.desk.step() == "handed_over"
        assert seen.faults == []


def test_the_script_keeps_everything_and_shows_what_depends(browser: Browser, open_house: Open) -> None:
    """
    With a script nobody presses 保存: words, choices and photos are kept as they come; a question that depends on
    another appears, and what is being typed meanwhile stays, with the cursor in it.
    """
    with chromium.watched(browser, width=360, height=740) as seen:
        page = seen.page
        page.goto(open_house.link())
        page.get_by_label("问题说明").fill("孔位偏移")
        expect(page.locator("#state")).to_contain_text("已保存")
        page.locator("#t-customer").fill("客车")
        expect(page.get_by_label("顾客", exact=True)).to_have_value("K04")
        page.locator("#t-customer").fill("汽车有限公司")
        expect(page.locator("#state")).to_contain_text("哪一个")
        page.get_by_label("顾客", exact=True).select_option("K02")
        expect(page.locator("#t-customer")).to_have_value("")
        page.get_by_label("顾客", exact=True).select_option("new")
        page.get_by_label("照片").set_input_files(
            [FilePayload(name=f"{n}.png", mimeType="image/png", buffer=photo(n)) for n in (1, 2)]
        )
        expect(page.get_by_label("新客户")).to_be_visible()
        expect(page.locator("[data-there='file.photos']")).to_contain_text("已收到 2 张照片")
        page.get_by_label("新客户").press_sequentially("新客户机械")
        picture(page, "script")
        for _ in range(40):
            if "new_customer" in open_house.kept():
                break
            page.wait_for_timeout(200)
        page.wait_for_function("() => document.activeElement.id === 't-new_customer'")
        expect(page.get_by_label("新客户")).to_have_value("新客户机械")
        assert seen.faults == []
    kept = open_house.kept()
    assert kept["description"] == "孔位偏移"
    assert kept["customer"] == "new"
    assert kept["new_customer"] == "新客户机械"
    assert len(kept["photos"]) == 2  # type: ignore[arg-type]


def test_what_is_typed_when_the_page_is_closed_is_kept(browser: Browser, open_house: Open) -> None:
    """
    Closed a moment after the last letter, before anything was sent: it is in the draft all the same. Without a net it
    says so and tries again.
    """
    with chromium.watched(browser, width=360, height=740) as seen:
        page = seen.page
        page.goto(open_house.link())
        page.context.set_offline(True)
        page.get_by_label("问题说明").fill("第一句话")
        expect(page.locator("#state")).to_contain_text("尚未保存")
        page.context.set_offline(False)
        expect(page.locator("#state")).to_contain_text("已保存", timeout=15_000)
        page.get_by_label("问题说明").fill("第二句话,刚写完")
        page.goto("about:blank")
        page.wait_for_timeout(500)

    assert open_house.kept()["description"] == "第二句话,刚写完"


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_everybody_can_use_it(browser: Browser, open_house: Open, scheme: str, language: str) -> None:
    """
    The form, the form with faults, the last look, the answer, the page of nothing: nothing beyond the edge of 320
    pixels, axe finds nothing, targets are large, at most 30 KB; in light and in dark, in both languages.
    """
    open_house.desk.do(lambda uow: setattr(uow.organisation.person_by_name(SELLER), "language", language))
    submit, as_it_is = ("提交", "提交并转品保") if language == "zh" else ("Submit", "Submit to quality")
    with chromium.watched(browser, width=320, height=640, color_scheme=scheme, java_script_enabled=True) as seen:
        page = seen.page
        page.goto(open_house.link())
        looked_over(seen, f"{language}-{scheme}-form")
        page.locator("summary").click()
        looked_over(seen, f"{language}-{scheme}-whole")
        page.locator("#t-description").fill("x")
        page.get_by_role("button", name=submit).click()
        expect(page.get_by_role("alert")).to_be_visible()
        looked_over(seen, f"{language}-{scheme}-faults")
        for name, value in (("customer", "K02"), ("product", "LG-1010")):
            page.locator(f"[name='q.{name}']").select_option(value)
        for name, value in (("category", "quality"), ("impact", "exchange"), ("received_at", "now")):
            page.locator(f"[name='q.{name}'][value='{value}']").check()
        page.locator("#t-description").fill("孔位偏移,装不上")
        page.get_by_role("button", name=submit).click()
        expect(page.get_by_role("button", name=as_it_is)).to_be_visible()
        looked_over(seen, f"{language}-{scheme}-check")
        page.get_by_role("button", name=as_it_is).click()
        expect(page.locator("h1")).to_contain_text(CASE)
        looked_over(seen, f"{language}-{scheme}-filed")
        page.goto(page.url[:-2])
        looked_over(seen, f"{language}-{scheme}-gone")

    assert [fault for fault in seen.faults if "422" not in fault and "404" not in fault] == []


SMALL = """() => [...document.querySelectorAll('button, select, textarea, a, input:not([type=hidden])')]
  .filter(e => e.offsetParent && !(e.closest('label') && e.closest('label').offsetHeight >= 44) && e.offsetHeight < 44)
  .map(e => e.outerHTML.slice(0, 80))"""


def looked_over(seen: chromium.Watched, name: str) -> None:
    """Nothing hinders anybody on this page."""
    picture(seen.page, name)
    assert seen.overflow() <= 0
    assert seen.barriers() == []
    assert seen.page.evaluate(SMALL) == []
    assert len(seen.page.content().encode()) <= 30 * 1024
