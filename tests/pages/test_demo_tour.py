"""The demo in a browser: eight scenes by the tour and by hand, on a phone, with nothing but what can be seen there."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from bot.demo.scenes import SCENES, Step
from conversations.words import Said
from reports.words import Words
from tests.support.chromium import Watched, watched
from tests.support.demo import Demo
from tests.support.desk import FRIDAY, ZONE

# a tour draws twenty charts beside the other tests; its own promise is three minutes
pytestmark = pytest.mark.timeout(240)

AXE_AFTER = (1, 4, 8)
"""The scenes after which axe looks: a conversation, what is late, charts."""

CULMINATION = (
    "TS-2026-0082", "下班前请处理", "已超期", "超期升级", "第 2 次措施", "实施完成", "拣货单漏打印第二页", "",
)  # fmt: skip

ENGLISH = (
    "TS-2026-0082", "you are the handler", "", "19 h 55 min over", "easure no. 2", "was carried out",
    "The second page of the picking list was not printed", "",
)  # fmt: skip
"""The same for whoever plays by hand; a scene may end on another phone than the tour's."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """
    A demo that nobody has touched.
    """
    with closing(Demo(tmp_path)) as started:
        yield started


def enter(look: Watched, demo: Demo) -> float:
    """Come in by the link; the seconds from the command to the page."""
    look.page.goto(demo.link)
    look.page.wait_for_selector("#next-scene")
    return time.monotonic() - demo.started


def spoken(message: str, language: str) -> str:
    """A message of the page as it stands there."""
    return Words(ZONE).say(Said(message), language, FRIDAY)


def fit_to_be_seen(look: Watched, scene: int) -> None:
    """Nothing of the page lies beyond the screen, and axe finds nothing."""
    assert look.overflow() <= 0, f"scene {scene} is wider than the screen"
    if scene in AXE_AFTER:
        assert look.barriers() == []


def charts_are_there(page: Page) -> None:
    """Five pictures stand on the phone in front."""
    charts = page.locator(".phone.active .charts img")
    assert charts.count() == 5
    assert charts.first.is_visible()


def play_tour(look: Watched, language: str) -> None:
    """Tap "next scene" eight times, and look at what a phone shows at the end of each."""
    page = look.page
    for number, scene in enumerate(SCENES, 1):
        button = page.get_by_role("button", name=spoken("Next scene", language), exact=True)
        assert button.is_visible()
        button.click()
        page.wait_for_selector(f".scenes li.done:nth-child({number})", state="attached", timeout=60_000)
        page.wait_for_selector("#tour:not([data-next])")
        assert spoken(scene.shown, language) in page.locator(".narration p").inner_text()
        assert CULMINATION[number - 1] in page.locator(".phone.active .chat").inner_text()
        fit_to_be_seen(look, number)
    charts_are_there(page)


def test_the_tour_on_a_phone(browser: Browser, demo: Demo) -> None:
    """
    Eight scenes at 390 × 844, by the one visible button, in less than three minutes from the command;
    ready in less than 20 s, in the browser's language; axe finds nothing, the console is silent,
    nothing comes from elsewhere.
    """
    with watched(browser, width=390, height=844, locale="zh-CN", has_touch=True) as look:
        assert enter(look, demo) < 20
        assert look.barriers() == []
        play_tour(look, "zh")
        assert time.monotonic() - demo.started < 180
        assert look.faults == []


def test_both_languages_and_themes_on_a_desk(browser: Browser, demo: Demo) -> None:
    """
    Four phones side by side from 1180 px on; the language changes at once and keeps what was done; a picture
    opens large and closes; axe finds nothing, light or dark.
    """
    with watched(browser, width=1440, height=900, locale="zh-CN") as look:
        enter(look, demo)
        page = look.page
        assert [phone.is_visible() for phone in page.locator(".phone").all()] == [True] * 4
        Hand(page).photo("shelf,label", phone=0)
        page.locator(".phone .picture").first.click()
        assert page.locator("#zoom").is_visible()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en]")
        assert page.get_by_role("button", name="Next scene").is_visible()
        assert page.locator(".phone .picture").count() == 2
        assert look.barriers() == []
        page.emulate_media(color_scheme="dark")
        assert look.barriers() == []
        assert look.faults == []


def test_a_second_start_goes_on_where_it_was(browser: Browser, tmp_path: Path) -> None:
    """
    The language and the clock are there again, after no more than 3 s of work.
    """
    with closing(Demo(tmp_path)) as first, watched(browser, width=390, height=844, locale="en-GB") as look:
        enter(look, first)
        Hand(look.page).clock("hour")
    with closing(Demo(tmp_path)) as again, watched(browser, width=390, height=844, locale="zh-CN") as look:
        enter(look, again)
        assert again.worked() < 3
        assert look.page.locator(".hands time").inner_text() == "17:05"
        assert look.page.locator("html").get_attribute("lang") == "en"


class Hand:
    """A visitor's hand: it taps what is visible on the phone in front, and types where there is a field."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def take(self, name: str) -> None:
        """Turn to somebody's phone, or a department's channel: by the tabs, or by the list of everybody."""
        tab = self.page.locator(".tabs button", has_text=name)
        if tab.count():
            self._post(tab.first.click)
            return
        # beside a name may stand how much waits there
        listed = self._front("option").filter(has_text=name)
        address = listed.or_(self._front(f"option[value='channel:{name}']")).get_attribute("value")
        self._post(lambda: self._front("select").select_option(address))

    def do(self, step: Step) -> None:
        """One step of the story, by hand."""
        if step.who and not self._front("select").evaluate(
            "(list, name) => list.selectedOptions[0].text === name", step.who
        ):
            self.take(step.who)
        match step.kind:
            case "tap":
                self.tap(step.what, step.subject)
            case "say":
                self.say(step.what)
            case "photo":
                self.photo(step.what)
            case "forward":
                self._press(self._front("button[formaction='/do/forward']").last)
            case _:
                raise AssertionError(step)

    def tap(self, action: str, subject: str) -> None:
        """The newest button of that name; one that decides also says on what, and that differs each time."""
        plain, bound = f"[value^='{action}|{subject}']", f"[value^='{action}:'][value*='|{subject}']"
        self._press(self._front(f"button[name=tap]:is({plain}, {bound})").last)

    def say(self, text: str) -> None:
        """Tap the sample answer where there is one; else type."""
        sample = self._front(".samples button").filter(has_text=text)
        if sample.count():
            self._press(sample.first)
            return
        self._front(".say input[type=text]").fill(text)
        self._press(self._front(".say button"))

    def photo(self, names: str, phone: int | None = None) -> None:
        on = self.page.locator(f"[data-phone='{phone}']") if phone is not None else self.page.locator(".phone.active")
        on.locator(".album summary").click()
        self._press(on.locator(f".album button[value='{names}']"))

    def clock(self, step: str) -> None:
        self._press(self.page.locator(f".steps button[value='{step}']"))

    def until(self, instant: datetime, *, waiting: bool) -> None:
        """Days, then hours; who waits for something to happen taps to the next event instead."""
        while (left := instant - self.now()) > timedelta(0):
            shorter = "hour" if left >= timedelta(hours=1) and not waiting else "event"
            self.clock("day" if left >= timedelta(days=1) else shorter)

    def now(self) -> datetime:
        hands = self.page.locator(".hands")
        shown = f"{hands.locator('span').last.inner_text()} 2026 {hands.locator('time').inner_text()}"
        return datetime.strptime(shown, "%a %d %b %Y %H:%M").replace(tzinfo=ZONE)

    def _front(self, selector: str) -> Locator:
        return self.page.locator(f".phone.active {selector}")

    def _press(self, button: Locator) -> None:
        self._post(button.click)

    def _post(self, act: object) -> None:
        """What is done is answered before the next thing is done, as a person would wait."""
        assert callable(act)
        with self.page.expect_response("**/do/*"):
            act()
        self.page.wait_for_selector("body:not([aria-busy])")


def test_the_story_by_hand_on_the_smallest_phone_in_the_dark(browser: Browser, demo: Demo) -> None:
    """
    Thread 1 of the sample company, every scene, without the tour: taps, sample answers, photos and the clock.
    The scenes that have happened are ticked off as the tour would; at 320 px, dark, in English. Then back to
    the first minute with one button.
    """
    with watched(browser, width=320, height=640, locale="en-GB", color_scheme="dark", has_touch=True) as look:
        enter(look, demo)
        hand = Hand(look.page)
        for number, scene in enumerate(SCENES, 1):
            for step in scene.steps:
                if step.until is not None:
                    hand.until(step.until, waiting=len(scene.steps) <= 2)
                else:
                    hand.do(step)
            look.page.wait_for_selector(f".scenes li.done:nth-child({number})", state="attached")
            hand.take(scene.phones[scene.last])
            fit_to_be_seen(look, number)
            assert ENGLISH[number - 1] in look.page.locator(".phone.active .chat").inner_text()
        charts_are_there(look.page)
        hand.take("汪店长")
        assert "TS-2026-0082 is settled." in look.page.locator(".phone.active .chat").inner_text()
        assert time.monotonic() - demo.started < 180
        look.page.get_by_role("button", name="Watch it again").click()
        look.page.wait_for_selector(".scenes li.now:nth-child(1)")
        assert look.page.locator(".hands time").inner_text() == "16:05"
        assert look.page.locator(".phone.active .bubble").count() == 0
        assert look.faults == []
