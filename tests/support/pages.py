"""The pages people read: their code blocks, their links and the anchors that links lead to."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2]
FENCE = re.compile(r"^(?P<space> *)```(?P<language>\w*)(?: +(?P<note>.+?))? *$")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\((?P<to>[^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(?P<title>.+?) *$")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: its language, what stands beside that (a file's name, or who can run it), its text and place."""

    language: str
    note: str
    text: str
    place: str = field(compare=False)
    section: str = field(compare=False)


@cache
def pages() -> tuple[Path, ...]:
    """Every page of the project."""
    return tuple(sorted([*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")]))


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page, in their order."""
    return list(_blocks(page))


def _blocks(page: Path) -> Iterator[Block]:
    opened: re.Match[str] | None = None
    lines: list[str] = []
    section = ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        found = FENCE.match(line)
        if opened is None:
            heading = HEADING.match(line)
            opened, lines, section = found, [], heading["title"] if heading else section
        elif found and not found["language"]:
            place = f"{page.relative_to(HOUSE)}:{number - len(lines)}"
            yield Block(opened["language"], opened["note"] or "", "\n".join(lines) + "\n", place, section)
            opened = None
        else:
            lines.append(line.removeprefix(opened["space"]))
    assert opened is None, f"{page}: a block is never closed"


def prose(page: Path) -> str:
    """A page without its code blocks and its code in lines."""
    return re.sub(r"`[^`\n]*`", "", _without_blocks(page))


def _without_blocks(page: Path) -> str:
    return re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text(encoding="utf-8"))


def code(page: Path) -> list[str]:
    """What stands as code within a line."""
    return re.findall(r"`([^`\n]+)`", _without_blocks(page))


def links(page: Path) -> list[str]:
    """Where a page's links lead."""
    return [found["to"] for found in LINK.finditer(prose(page))]


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    seen: Counter[str] = Counter()
    found = []
    for line in _without_blocks(page).splitlines():
        if heading := HEADING.match(line):
            name = _anchor(heading["title"])
            found.append(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return frozenset(found)


def _anchor(title: str) -> str:
    kept = (c for c in title.lower() if c in " -_" or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")
