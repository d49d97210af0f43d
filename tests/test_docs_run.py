"""The pages people read: every block of code is done as it stands, the languages agree, and no link is dead."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest

from bot.cli import root
from bot.reference import commands
from tests.conftest import Postgres
from tests.support import edge
from tests.support.pages import HOUSE, anchors, blocks, code, links, pages
from tests.support.reader import Reader, installed, looked_over

DOCS = HOUSE / "docs"
LANGUAGES = ("zh", "en")
NAMES = sorted(page.name for page in (DOCS / "zh").glob("*.md"))
INSTALLED = ("zh/calendar.md", "zh/import.md", "zh/survey.md", "zh/reference.md", "en/reference.md")
"""What begins where the page about installing ends. Those with a server are followed by a new administrator's story."""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """
    Somebody in an empty folder.
    """
    edge.without_settings(monkeypatch)
    reader = Reader(tmp_path, monkeypatch)
    yield reader
    reader.leave()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    What is there when the page about installing has been followed; to be copied.
    """
    return installed(DOCS / "zh" / "install.md", tmp_path_factory.mktemp("installed"), idle=("gukebot serve", "curl"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tutorial_and_the_one_page(reader: Reader, language: str) -> None:
    """
    Whoever types what the tutorial says reads what it shows, to the letter; and every word of the page for users is
    understood afterwards.
    """
    reader.follow(DOCS / language / "tutorial.md")
    said = {word: answer(reader, word) for word in words_to_say(DOCS / language / "user.md")}

    assert len(said) > 10
    assert [word for word, told in said.items() if re.search("没听懂|没有找到|not understood|No case", told)] == []


def words_to_say(page: Path) -> list[str]:
    """What stands in the second column of a page's table."""
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[2])]


def answer(reader: Reader, word: str) -> str:
    """What the rep of the tutorial is answered to a word; a form that it opens is closed again."""
    told = reader.command("gukebot console --as 程小满", "the page for users", f"{word}\n取消\n")
    return told.split("> ")[1]


@pytest.mark.parametrize("page", INSTALLED)
def test_how_to(installation: Path, reader: Reader, page: str) -> None:
    """
    Every command works as it stands, in the order of the page, and says what the page shows.
    """
    shutil.copytree(installation, reader.folder, dirs_exist_ok=True)
    reader.follow(DOCS / page)


def test_every_page_is_followed() -> None:
    """
    No page has code that nobody runs.
    """
    story = (HOUSE / "tests" / "stories" / "test_new_administrator.py").read_text(encoding="utf-8")
    followed = {*INSTALLED, "zh/tutorial.md", "en/tutorial.md", "zh/postgresql.md"}
    with_code = {f"zh/{name}" for name in NAMES if any(block.language == "sh" for block in blocks(DOCS / "zh" / name))}

    assert [page for page in with_code - followed if f'"{page.partition("/")[2]}"' not in story] == []


def test_on_postgresql(installation: Path, reader: Reader, postgres_server: Postgres) -> None:
    """
    The page about PostgreSQL ends with a server that is ready; only its address is the reader's own.
    """
    shutil.copytree(installation, reader.folder, dirs_exist_ok=True)
    url = postgres_server.blank()
    reader.behind = timedelta(0)
    # the doctor finds that the server of the tests keeps nothing on its disk
    reader.pardoned = ("gukebot doctor",)
    reader.own = {"postgresql+psycopg://gukebot:PASSWORD@localhost/gukebot": url}
    reader.follow(DOCS / "zh" / "postgresql.md")
    reader.leave()
    postgres_server.server.drop(url)


def test_the_languages_agree() -> None:
    """
    Each page is there in both languages, begins with the way to the other, and has the same code but for the tutorial.
    """
    assert sorted(page.name for page in (DOCS / "en").glob("*.md")) == NAMES
    differing = [name for name in NAMES if blocks(DOCS / "zh" / name) != blocks(DOCS / "en" / name)]
    astray = [
        f"{language}/{name}"
        for language, other in (LANGUAGES, LANGUAGES[::-1])
        for name in NAMES
        if f"](../{other}/{name})" not in (DOCS / language / name).read_text(encoding="utf-8")
    ]

    assert differing == ["reference.md", "tutorial.md"]
    assert astray == []


def test_no_link_is_dead() -> None:
    """
    Every file that a page points at is there, and every anchor.
    """
    dead = [f"{page.relative_to(HOUSE)}: {link}" for page in pages() for link in links(page) if not leads(page, link)]

    assert dead == []


def leads(page: Path, link: str) -> bool:
    """Whether a link of a page leads somewhere; the web is not asked."""
    path, _, anchor = link.partition("#")
    to = (page.parent / path).resolve() if path else page
    return "://" in link or (to.exists() and (not anchor or to.suffix != ".md" or anchor in anchors(to)))


def test_every_page_is_in_the_table() -> None:
    """
    Whoever opens the folder of documents finds each of them.
    """
    listed = {(DOCS / link.partition("#")[0]).resolve() for link in links(DOCS / "README.md")}

    assert [page for language in LANGUAGES for page in (DOCS / language).glob("*.md") if page not in listed] == []


def test_every_command_is_one() -> None:
    """
    What a page calls gukebot with exists, in lines of text as in blocks that are not run here.
    """
    # what a version brought is told of that version
    for page in set(pages()) - {HOUSE / "CHANGELOG.md"}:
        in_blocks = [line.lstrip("$ ") for block in blocks(page) for line in block.text.splitlines()]
        for line in (*code(page), *in_blocks):
            if line.startswith(("gukebot ", "make ")):
                looked_over(line, str(page.relative_to(HOUSE)))


def test_every_block_can_be_read() -> None:
    """
    What says that it is TOML, Python or for the shell is that, in every page there is.
    """
    for block in [each for page in pages() for each in blocks(page)]:
        if block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "python":
            compile(block.text, block.place, "exec")
        elif block.language == "sh":
            assert subprocess.run(["bash", "-n"], input=block.text, text=True, check=False).returncode == 0, block.place


def test_every_command_is_told_in_chinese() -> None:
    """
    The Chinese list has every command that does something, and none that is gone.
    """
    listed = set(
        re.findall(r"(?m)^\| `gukebot ([^`]+)` \| \S", (DOCS / "zh" / "reference.md").read_text(encoding="utf-8"))
    )
    there = {" ".join(words): command for words, command in commands.commands(root)}
    wanted = {
        name
        for name, command in there.items()
        if not isinstance(command, click.Group) or command.invoke_without_command
    }

    assert listed == wanted
