"""A survey in a browser: answered without a script on the smallest phone, in both languages (U16, U17)."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from bot import web
from bot.surveys import web as surveys
from tests.support import chromium
from tests.support.answering import answers, links, sent, sent_to_staff, states
from tests.support.desk import Desk

MOST_BYTES = 30 * 1024
MOST_TAPS = 12


@dataclass
class House:
    """A company that asks its customers and its employees, and answers on this machine."""

    desk: Desk
    customers: list[str]
    employee: str


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """Both surveys are out."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    public = f"http://127.0.0.1:{listener.getsockname()[1]}"
    desk = Desk.furnished(sqlite_url, tmp_path)
    customers = sent(desk, public)
    sent_to_staff(desk, public)
    app = web.application(lambda: (), lambda: b"", surveys.routes(desk.database, desk.company))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield House(desk, customers, links(desk, "丁雨禾")[0])
    server.should_exit = True
    thread.join(10)
    desk.database.dispose()


def tick(page: Page, items: int, grade: str = "很满意") -> int:
    """Tap one grade of each item; how many taps that were."""
    for choice in page.get_by_label(grade, exact=True).all()[:items]:
        choice.check()
    return items


def test_a_survey_is_answered_without_a_script(browser: Browser, house: House) -> None:
    """
    With scripts off, 320 pixels wide: every item by a tap, words, submitted in twelve taps at most, and thanked with
    what was answered; the page weighs less than 30 KB and asks nothing of anybody else.
    """
    with chromium.watched(browser, width=320, height=640, java_script_enabled=False, locale="zh-CN") as seen:
        page, weight = seen.page, list[int]()
        page.on("response", lambda response: weight.append(len(response.body())) if response.ok else None)
        page.goto(house.customers[0])
        first = page.inner_text(".progress")
        taps = tick(page, 6)
        page.get_by_label("您的建议").fill("包装再结实些")
        page.get_by_role("button", name="提交").click()
        taps += 1

        assert page.get_by_role("status").inner_text() == "我们已收到您的答复。链接已失效。"
        assert page.get_by_text("包装再结实些").is_visible()
        assert "已评" in first
        assert taps <= MOST_TAPS
        assert max(weight) <= MOST_BYTES
        assert seen.faults == []
    [kept] = answers(house.desk)
    assert kept.counts
    assert len(kept.grades) == 6


def test_what_is_missing_is_named_and_may_stay_missing(browser: Browser, house: House) -> None:
    """
    With scripts off: what was left out is named with a way to it, and one tap more sends it all the same.
    """
    with chromium.watched(browser, width=320, height=640, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(house.customers[0])
        tick(page, 4)
        page.get_by_role("button", name="提交", exact=True).click()
        asked = page.get_by_role("alert").inner_text()
        page.get_by_role("alert").get_by_role("link").first.click()
        page.get_by_role("button", name="仍要提交").click()

        assert "2 项未评,仍要提交?" in asked
        assert page.get_by_text("未评", exact=True).count() == 2


def test_it_is_left_and_found_again(browser: Browser, house: House) -> None:
    """
    Saved on one phone, gone on with on another, changing the language keeps what was ticked.
    """
    with chromium.watched(browser, width=320, height=640, java_script_enabled=False) as seen:
        seen.page.goto(house.customers[0])
        tick(seen.page, 2)
        seen.page.get_by_role("button", name="保存").click()
        assert "已评 2/6" in seen.page.get_by_role("status").inner_text()
    with chromium.watched(browser, width=320, height=640, java_script_enabled=False) as seen:
        seen.page.goto(house.customers[0])
        tick(seen.page, 3)
        seen.page.get_by_role("button", name="English").click()

        assert seen.page.get_by_label("Very satisfied", exact=True).first.is_checked()
        assert seen.page.locator("input:checked").count() == 3


def test_an_employee_loses_nothing_and_leaves_nothing(browser: Browser, house: House) -> None:
    """
    A script keeps what an employee ticked in the window alone: there after a reload, gone once it was submitted.
    Without a script it is answered all the same.
    """
    with chromium.watched(browser, width=390, height=844) as seen:
        page = seen.page
        page.goto(house.employee)
        tick(page, 9, "满意")
        page.get_by_label("您的期望").fill("多一点培训")
        page.reload()
        again = (page.locator("input:checked").count(), page.get_by_label("您的期望").input_value())
        page.get_by_role("button", name="提交", exact=True).click()
        page.get_by_role("button", name="仍要提交").click()

        assert again == (9, "多一点培训")
        assert "不记名" in page.get_by_role("status").inner_text()
        assert page.evaluate("() => sessionStorage.length") == 0
        assert [fault for fault in seen.faults if "422" not in fault] == []
    assert states(house.desk, "YG-2026-0001").count("answered") == 1


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_everybody_can_use_it(browser: Browser, house: House, language: str, scheme: str) -> None:
    """
    Questionnaires, the question what is missing, thanks and the page of nothing: nothing lies beyond 320 pixels, axe
    finds nothing in light and dark, in both languages, and whatever is tapped is 44 pixels at least.
    """
    with chromium.watched(browser, width=320, height=640, color_scheme=scheme) as seen:
        page = seen.page
        for link in (house.customers[0], house.employee):
            page.goto(link)
            page.goto(f"{page.url}?lang={language}")
            assert fine(seen) == []
            page.locator("input[type=radio]").first.check()
            page.locator("main form button").first.click()
            assert fine(seen) == []
            page.locator("[role=alert] button").click()
            assert fine(seen) == []
        page.goto(house.customers[0])
        assert fine(seen) == []
        assert [fault for fault in seen.faults if not ("422" in fault or "404" in fault)] == []


def fine(seen: chromium.Watched) -> list[str]:
    """What would keep somebody from using the page as it stands."""
    small = seen.page.evaluate(
        """() => [...document.querySelectorAll('button, label, nav a')]
              .filter(e => e.offsetParent && (e.tagName !== 'LABEL' || e.querySelector('input')))
              .filter(e => e.getBoundingClientRect().height < 44).map(e => e.textContent.trim())"""
    )
    overflow = seen.overflow()
    return [*seen.barriers(), *small, *([f"{overflow} px too wide"] if overflow > 0 else [])]
