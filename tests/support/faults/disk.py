"""A disk that loses power: from a record of writes and syncs to what may be found on it afterwards."""

import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

RECORDER = Path(__file__).with_name("recorder.c")
HEAD = struct.Struct("<4Iq")
SECTOR = 512


@dataclass(frozen=True, slots=True)
class Did:
    """One thing done to a file: w(ritten), t(runcated), s(ynced), r(enamed), u(nlinked)."""

    what: str
    path: Path
    offset: int
    content: bytes


def compiler() -> str | None:
    """The C compiler of this machine."""
    return shutil.which("cc") or shutil.which("gcc")


def build(folder: Path) -> Path:
    """Compile the recorder."""
    library = folder / "recorder.so"
    command = [compiler() or "cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(RECORDER), "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return library


def read(journal: Path) -> Iterator[Did]:
    """Everything that was recorded, in order."""
    record = journal.read_bytes()
    at = 0
    while at < len(record):
        what, path_size, size, _, offset = HEAD.unpack_from(record, at)
        at += HEAD.size
        path = record[at : at + path_size].decode()
        at += path_size
        yield Did(chr(what), Path(path), offset, record[at : at + size])
        at += size


@dataclass(eq=False)
class Contents:
    """A file's bytes: those that are on the disk, and changes that are on their way."""

    kept: bytearray = field(default_factory=bytearray)
    waiting: list[Did] = field(default_factory=list)

    def sync(self) -> None:
        """Everything is on the disk."""
        for change in self.waiting:
            _apply(self.kept, change, len(change.content))
        self.waiting.clear()

    def after_loss(self, chance: random.Random) -> bytes:
        """Of what was on its way each change may have arrived, not at all, or in part."""
        found = bytearray(self.kept)
        for change in self.waiting:
            size = len(change.content)
            arrived = chance.choice((size, size, 0, 0, chance.randrange(size // SECTOR + 1) * SECTOR))
            if arrived or change.what == "t":
                _apply(found, change, arrived)
        return bytes(found)


def _apply(to: bytearray, change: Did, size: int) -> None:
    if change.what == "t":
        del to[change.offset :]
        to.extend(bytes(max(0, change.offset - len(to))))
        return
    to.extend(bytes(max(0, change.offset - len(to))))
    to[change.offset : change.offset + size] = change.content[:size]


class Disk:
    """What a folder holds, and what a loss of power would leave of it. Names are kept when their folder is synced."""

    def __init__(self, folder: Path) -> None:
        self._live = {path: Contents(bytearray(path.read_bytes())) for path in folder.rglob("*") if path.is_file()}
        self._names = dict(self._live)
        self._waiting: list[tuple[Path, Contents | None]] = []

    def do(self, did: Did) -> None:
        """Let one recorded thing happen."""
        match did.what:
            case "w" | "t":
                self._live.setdefault(did.path, Contents()).waiting.append(did)
            case "s" if did.path in self._live:
                self._live[did.path].sync()
                self._names.setdefault(did.path, self._live[did.path])
            case "s":
                self._sync_folder(did.path)
            case "r":
                target = Path(did.content.decode())
                self._live[target] = self._live.pop(did.path)
                self._waiting += [(did.path, None), (target, self._live[target])]
            case "u":
                self._live.pop(did.path, None)
                self._waiting.append((did.path, None))

    def after_loss(self, chance: random.Random) -> dict[Path, bytes]:
        """One of the states that may be found when the power is back."""
        names = dict(self._names)
        for path, contents in self._waiting:
            if chance.random() < 0.5:
                _name(names, path, contents)
        return {path: contents.after_loss(chance) for path, contents in names.items()}

    def _sync_folder(self, folder: Path) -> None:
        for path, contents in self._waiting:
            if path.parent == folder:
                _name(self._names, path, contents)
        self._waiting = [(path, contents) for path, contents in self._waiting if path.parent != folder]


def _name(names: dict[Path, Contents], path: Path, contents: Contents | None) -> None:
    if contents is None:
        names.pop(path, None)
    else:
        names[path] = contents
