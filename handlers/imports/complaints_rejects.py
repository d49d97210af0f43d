"""Rejected rows, written back as a spreadsheet that can be mended and taken in again."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from conversations.words import Said
from handlers.imports.complaints_file import normal
from handlers.imports.complaints_rows import Rejected

REASON = "reason"
MARK = ".rejected"
NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
FORMULA = ("=", "+", "-", "@")


class RejectsError(ValueError):
    """The rejected rows could not be written; the sentence says where else they could go."""


def as_csv(header: Sequence[str], rejected: Iterable[Rejected], say: Callable[[Said], str]) -> bytes:
    """Give the rows with their reasons in front, UTF-8 with BOM; no cell of them is a formula any more."""
    again = bool(header) and normal(header[0]) == REASON  # rows that were rejected before
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([REASON, *header[again:]])
    for row in rejected:
        writer.writerow([say(row.why), *map(harmless, row.line.cells[again:])])
    return text.getvalue().encode("utf-8-sig", "replace")


def keep(content: bytes, file: Path, to: Path | None, ending: str = ".csv") -> Path:
    """Write rejected rows to ``to``, or beside the file, and give the path.

    Beside the file nothing is written over: somebody may be mending the rows of an earlier run.
    """
    if to is not None and to.resolve() == file.resolve():
        raise RejectsError("The rejected rows would take the place of the file itself; name another one.")
    for path in [to] if to else _beside(file, ending):
        try:
            if to is None and path.exists() and path.read_bytes() != content:
                continue
            path.write_bytes(content)
        except OSError as error:
            raise RejectsError(
                f"{path}: {error.strerror}. The rejected rows are not written; name a place for them with --rejected"
                " and run it again: what is taken in already stays as it is."
            ) from error
        return path
    raise RejectsError("There are a hundred files of rejected rows beside this one; name another with --rejected.")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and does not compute; reading takes the mark away again."""
    bare = cell.lstrip()  # a tab before it hides a formula from us and not from every spreadsheet
    return f"'{bare}" if bare.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell


def _beside(file: Path, ending: str) -> Iterator[Path]:
    stem = file.stem.removesuffix(MARK)
    for number in range(1, 100):
        path = file.with_name(f"{stem}{MARK}{f'-{number}' if number > 1 else ''}{ending}")
        if path.resolve() != file.resolve():
            yield path
