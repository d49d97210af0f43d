"""What Slack shows, on our own pages: the golden screens, and the demo that plays as Slack would show it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from markupsafe import escape
from playwright.sync_api import Browser

from bot import golden
from bot.slack import blocks, preview
from bot.slack.preview import Known, Screen
from tests.support.chromium import watched
from tests.support.demo import Demo
from tests.support.hostile import PAYLOADS
from tests.support.slack.judges import judge


@pytest.fixture(scope="module", params=["zh", "en"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Path]]:
    """
    The golden screens of a language, as files; their charts are drawn elsewhere.
    """
    out = tmp_path_factory.mktemp("golden")
    found = []
    for each in golden.screens(request.param):
        file = out / f"{each.name}.html"
        file.write_text(preview.page(each.name, each.screens, request.param), encoding="utf-8")
        assert [judge(screen.payload, screen.surface) for screen in each.screens] == [[]] * len(each.screens)
        found.append(file)
    return request.param, found


@pytest.mark.parametrize("width", [320, 760])
def test_golden_screens_can_be_used_by_everybody(browser: Browser, drawn: tuple[str, list[Path]], width: int) -> None:
    """
    On phones and desks nothing is wider than the screen, axe finds nothing, and nothing is fetched from anywhere.
    """
    language, files = drawn

    assert [file.stem for file in files] == ["intake", "card", "escalation", "home", "summary"]
    for file in files:
        with watched(browser, width=width, height=800) as look:
            look.page.goto(file.as_uri())
            # axe takes its time, and looks at each language once
            if (language, width) in (("zh", 320), ("en", 760)):
                assert look.barriers() == [], file.stem
            assert look.overflow() <= 0, file.stem
            assert look.faults == [], file.stem


def test_what_people_write_is_no_markup(tmp_path: Path) -> None:
    """
    Hostile text stays text in every block of the preview.
    """
    for text in PAYLOADS:
        shown = [blocks.section(text), blocks.rich([blocks.words(text)]), blocks.preformatted(text), blocks.foot(text)]
        page = preview.page("x", [Screen("message", {"text": "x", "blocks": shown})], known=Known())

        assert page.count("<script") == 0
        assert page.count(str(escape(blocks.cut(text, 100).strip("… ")))) >= 1 or not text.strip()


@pytest.mark.skipif(preview.browser() is None, reason="no Chromium on the path: the command then writes HTML alone")
def test_pictures_are_taken_where_there_is_a_browser(tmp_path: Path) -> None:
    """
    A page gets a picture at phone and one at desktop width, without the empty rest below.
    """
    file = tmp_path / "card.html"
    payload = {"text": "x", "blocks": [blocks.header("TS-2026-0082"), blocks.section("孔位偏移")]}
    file.write_text(preview.page("card", [Screen("message", payload)]), encoding="utf-8")
    program = preview.browser()
    assert program is not None
    taken = list(preview.pictures(program, file))

    assert [path.name for path in taken] == ["card-phone.png", "card-desktop.png"]
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in taken)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """
    A demo that nobody has touched.
    """
    with closing(Demo(tmp_path)) as started:
        yield started


@pytest.mark.timeout(240)
def test_the_demo_as_slack_would(browser: Browser, demo: Demo) -> None:
    """
    One switch shows the same conversations as Slack's messages: their buttons work, the open form is there as a
    modal, the tour goes on, axe finds nothing; the switch leads back.
    """
    with watched(browser, width=390, height=844, locale="zh-CN", has_touch=True) as look:
        page = look.page
        page.goto(demo.link)
        page.get_by_role("button", name="像 Slack 那样看").click()
        page.wait_for_selector(".skin button[aria-pressed=true]")
        page.locator(".phone.active .menu button", has_text="报投诉").click()
        page.wait_for_selector(".phone.active .as-modal")
        page.locator(".phone.active .bk-button", has_text="瀚途").last.click()
        page.wait_for_selector(".phone.active .bk-body >> text=哪个产品")
        page.locator(".phone.active .as-modal > summary").click()

        assert "提交" in page.locator(".phone.active .bk-modal").inner_text()
        assert look.barriers() == []
        assert look.overflow() <= 0
        page.locator("#next-scene").click()
        page.wait_for_selector(".scenes li.done:nth-child(1)", state="attached", timeout=60_000)
        page.wait_for_selector("#tour:not([data-next])")
        assert "TS-2026-0082" in page.locator(".phone.active .chat").inner_text()
        page.get_by_role("button", name="像 Slack 那样看").click()
        page.wait_for_selector(".skin button[aria-pressed=false]")
        assert page.locator(".bk-message").count() == 0
        assert look.faults == []
