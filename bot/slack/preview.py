"""What Slack will make of our payloads, as HTML and pictures: for tests, for the demo, and to be looked at."""

import html
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pylopdf_fonts_zh_cn
from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from PIL import Image, ImageChops

from bot.slack.blocks import Block
from conversations.words import N_

SELECTS = tuple(
    f"{many}{kind}_select" for many in ("", "multi_") for kind in ("static", "external", "users", "conversations")
)
WIDTHS: Mapping[str, int] = {"phone": 375, "desktop": 760}
TALLEST = 6000
"""A picture is taken of so many pixels, and what is empty below is cut off."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking")
TAGS = {"zh": "zh-CN", "en": "en"}
OPTIONAL: Mapping[str, str] = {"zh": "选填", "en": "optional"}
TITLE = N_("As Slack shows it")


@dataclass(frozen=True, slots=True)
class Screen:
    """One message, modal or home; ``thread``: a message within a thread."""

    surface: Literal["message", "modal", "home"]
    payload: Block
    thread: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack knows and a payload does not say: names by id, where pictures lie, a form's faults, the zone.

    ``beckons`` is the value of the button that is to be tapped next.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    beckons: str = ""


NOTHING = Known()


@cache
def templates() -> Environment:
    """The templates, in which everything that is put in a place is text."""
    found = Environment(loader=PackageLoader("bot.slack", "pages"), autoescape=True, trim_blocks=True)
    found.filters.update(plainly=html.unescape)
    return found


def css() -> str:
    """The looks."""
    return (resources.files("bot.slack") / "pages" / "slack.css").read_text(encoding="utf-8")


def page(title: str, screens: Iterable[Screen], language: str = "zh", known: Known = NOTHING) -> str:
    """A whole page with these screens, one below the other; nothing on it is fetched from anywhere."""
    given = {"title": title, "screens": list(screens), "lang_tag": TAGS[language], "css": Markup(css())}  # noqa: S704 - a file of ours
    return templates().get_template("screen.html").render({**given, **_context(language, known, live=False)})


def drawn(screen: Screen, language: str, name: str, known: Known = NOTHING, *, live: bool = True) -> Markup:
    """One screen as a part of a page; live, its buttons send ``tap`` with the value that Slack would send."""
    module = templates().get_template("kit.html").make_module(_context(language, known, live=live))
    return Markup(module.screen(screen, name))  # type: ignore[attr-defined]  # noqa: S704 - a macro, and the template escapes


def _context(language: str, known: Known, *, live: bool) -> dict[str, object]:
    return {
        "instant": partial(_instant, zone=known.zone),
        "beckons": known.beckons,
        "names": known.names, "pictures": known.pictures, "faults": known.faults, "live": live, "selects": SELECTS,
        "optional": OPTIONAL[language],
    }  # fmt: skip


def _instant(timestamp: int, zone: tzinfo) -> str:
    """An instant as the reader's own client shows it in a field."""
    return f"{datetime.fromtimestamp(timestamp, zone):%Y-%m-%d %H:%M}"


def browser() -> str | None:
    """A Chromium that can take pictures, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pictures(program: str, page_file: Path) -> Iterator[Path]:
    """Take a picture of a page at each width, beside it; OSError or CalledProcessError when the browser fails."""
    for name, width in WIDTHS.items():
        target = page_file.with_name(f"{page_file.stem}-{name}.png")
        with TemporaryDirectory(prefix="gukebot-preview-", ignore_cleanup_errors=True) as profile:
            alone = ("--no-sandbox",) if os.geteuid() == 0 else ()
            size = f"--window-size={width},{TALLEST}"
            place = (f"--user-data-dir={profile}", f"--screenshot={target}", size, page_file.resolve().as_uri())
            fonts = {**os.environ, "FONTCONFIG_FILE": str(_fonts(Path(profile)))}
            subprocess.run([program, *FLAGS, *alone, *place], check=True, capture_output=True, timeout=120, env=fonts)  # noqa: S603 - a browser that was found, and arguments of ours
        _trim(target)
        yield target


def _fonts(folder: Path) -> Path:
    """The machine's fonts with the one for Chinese that the charts are drawn with: a server often has none."""
    file = folder / "fonts.conf"
    ours = html.escape(str(Path(pylopdf_fonts_zh_cn.sans_path()).parent))
    places = f"<include ignore_missing='yes'>/etc/fonts/fonts.conf</include><dir>{ours}</dir>"
    file.write_text(f"<fontconfig>{places}</fontconfig>", encoding="utf-8")
    return file


def _trim(picture: Path) -> None:
    """Cut off what is empty at the end."""
    with Image.open(picture) as opened:
        whole = opened.convert("RGB")
    empty = Image.new("RGB", whole.size, whole.getpixel((0, whole.height - 1)))
    box = ImageChops.difference(whole, empty).getbbox()
    if box is not None:
        whole.crop((0, 0, whole.width, min(box[3] + 16, whole.height))).save(picture)
