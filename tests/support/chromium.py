"""Chromium for page tests: found where this machine has it, started once, watched while it looks at our pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

MISSING = "no Chromium: apt-get install chromium, or name one in GUKEBOT_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def find() -> str | None:
    """The program: the one that was named, else one on the path, else one that Playwright brought."""
    named = os.environ.get("GUKEBOT_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    brought = sorted((Path.home() / ".cache" / "ms-playwright").glob("chromium-*/chrome-linux*/chrome"))
    return found or (str(brought[-1]) if brought else None)


@contextmanager
def running() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, and everything on it that nobody should see: errors, and requests to anywhere else."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.faults.append(f"asked {request.url}")

    def barriers(self) -> list[str]:
        """What axe finds, each with the places it is in."""
        found: dict[str, Any] = Axe().run(self.page, options=RULES).response
        return [
            f"{fault['id']}: {fault['help']}: {[node['target'] for node in fault['nodes']]}"
            for fault in found["violations"]
        ]

    def overflow(self) -> int:
        """How many pixels of the page lie beyond its right edge."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))


@contextmanager
def watched(browser: Browser, *, width: int, height: int, **context: Any) -> Iterator[Watched]:
    """A fresh page of this size; nothing moves on it that need not."""
    fresh = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", bypass_csp=False, **context
    )
    fresh.set_default_timeout(20_000)
    try:
        yield Watched(fresh.new_page())
    finally:
        fresh.close()
