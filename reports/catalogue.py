"""The Chinese catalogue: read at start, and compared with the messages that the code speaks.

``python -m reports.words --missing`` prints what has no Chinese yet, ``--extract`` all messages.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

HOME = Path(__file__).parent
CHINESE = HOME / "locale" / "zh_CN.po"
PACKAGES = ("conversations", "storage", "reports", "notifications", "handlers", "bot")
MARKS = frozenset({"N_", "Said", "said"})
PLACES = re.compile(r"\{[^{}]*\}")
WORDS = re.compile(r"[^\s/–·]")
IN_TEMPLATES = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')""")
USAGE = "usage: python -m reports.words (--missing | --unused | --extract)\n"


@dataclass(frozen=True, slots=True, order=True)
class Spoken:
    """One message id and the place that speaks it."""

    message: str
    path: str
    line: int


def catalogue() -> Catalog:
    """Read the catalogue with everything a translator wrote in it, fuzzy entries as well."""
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh_CN")


@cache
def chinese() -> Mapping[str, str]:
    """English message id -> Chinese text; read once, fuzzy and empty entries left out."""
    return {str(entry.id): str(entry.string) for entry in catalogue() if entry.id and entry.string and not entry.fuzzy}


def spoken_messages(root: Path = HOME.parent) -> list[Spoken]:
    """Every message id that the six packages mark, in order of place."""
    found: list[Spoken] = []
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            found += _in_python(path, path.relative_to(root))
        for path in sorted((root / package).rglob("*.html")):
            found += _in_template(path, path.relative_to(root))
    return found


def missing() -> list[Spoken]:
    """Messages that have no Chinese yet, each at the first place that speaks it."""
    first: dict[str, Spoken] = {}
    for spoken in spoken_messages():
        if needs_words(spoken.message) and spoken.message not in chinese():
            first.setdefault(spoken.message, spoken)
    return list(first.values())


def needs_words(message: str) -> bool:
    """Tell whether a message says anything itself beside its places: brackets differ by language too."""
    return bool(WORDS.search(PLACES.sub("", message)))


def unused() -> list[str]:
    """Catalogue entries that no code speaks any more."""
    used = {spoken.message for spoken in spoken_messages()}
    return [message for message in chinese() if message not in used]


def _in_python(path: Path, shown: Path) -> Iterator[Spoken]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in MARKS:
            for message in _literals(node.args[0]):
                yield Spoken(message, str(shown), node.lineno)


def _in_template(path: Path, shown: Path) -> Iterator[Spoken]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for double, single in IN_TEMPLATES.findall(line):
            yield Spoken(double or single, str(shown), number)


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _literals(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(message)):
            yield message
        case ast.IfExp(body=body, orelse=other):
            yield from _literals(body)
            yield from _literals(other)
        case _:
            return


def main(arguments: Sequence[str]) -> int:
    """Print messages for whoever completes the catalogue; exit 1 while some are missing."""
    match list(arguments):
        case ["--missing"]:
            lines = [f"{at.path}:{at.line}\t{at.message}" for at in missing()]
        case ["--unused"]:
            lines = unused()
        case ["--extract"]:
            lines = sorted({at.message for at in spoken_messages()})
        case _:
            sys.stderr.write(USAGE)
            return 2
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines and arguments[0] == "--missing" else 0
