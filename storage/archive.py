"""A backup as one file: a plain tar with a manifest, and a seal at its end over every byte before it."""

import hashlib
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from io import BytesIO
from pathlib import Path

from storage.errors import DamagedFileError
from storage.files import sync_folder

MANIFEST = "manifest.json"
FORMAT = 1
SEAL = re.compile(rb"\ngukebot-backup sha256 ([0-9a-f]{64})\n")
SEAL_LENGTH = len(b"\ngukebot-backup sha256 \n") + 64
AT_ONCE = 1 << 20
PRIVATE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a database held at one instant: its schema, and how many rows each table had."""

    schema: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself; files by name with their SHA-256, and the attachments that were not there."""

    made_at: str
    version: str
    database: str
    facts: Facts
    files: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    format: int = FORMAT


def write(target: Path, files: Mapping[str, Path], manifest: Manifest) -> Manifest:
    """Write a backup: there in whole, synced and sealed, for its owner alone, or not there at all.

    Gives back the manifest with the hashes of the files.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    hashes = {name: sha256_of(path) for name, path in files.items()}
    whole = replace(manifest, files=hashes)
    try:
        draft.touch(PRIVATE)
        _pack(draft, files, whole)
        seal = f"\ngukebot-backup sha256 {sha256_of(draft)}\n".encode()
        with draft.open("ab") as raw:
            raw.write(seal)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(target)
        sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    return whole


def is_one(file: Path) -> bool:
    """Whether a file is, or once was, such a backup rather than a plain copy of a database."""
    with file.open("rb") as raw:
        return raw.read(16) != b"SQLite format 3\0"


def verify(file: Path) -> Manifest:
    """Check the seal over every byte, and give the manifest; DamagedFileError when anything was changed."""
    with _packed(file) as tar:
        return _manifest(file, tar)


def unpack(file: Path, to: Path) -> Manifest:
    """Check the seal, then write every file of a backup below a folder, each checked against its hash."""
    with _packed(file) as tar:
        manifest = _manifest(file, tar)
        for name, wanted in manifest.files.items():
            place = to / name
            place.parent.mkdir(parents=True, exist_ok=True)
            packed = tar.extractfile(name)
            if packed is None:
                raise DamagedFileError(f"{file}: {name} is not in it")
            with packed, place.open("wb") as out:
                shutil.copyfileobj(packed, out, AT_ONCE)
            if sha256_of(place) != wanted:
                raise DamagedFileError(f"{file}: {name} is not what was kept")
    return manifest


def _pack(draft: Path, files: Mapping[str, Path], manifest: Manifest) -> None:
    with tarfile.open(draft, "w") as tar:
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        about = tarfile.TarInfo(MANIFEST)
        about.size, about.mode = len(text), PRIVATE
        tar.addfile(about, BytesIO(text))
        for name, path in files.items():
            about = tarfile.TarInfo(name)
            about.size, about.mode = path.stat().st_size, PRIVATE
            with path.open("rb") as content:
                tar.addfile(about, content)


@contextmanager
def _packed(file: Path) -> Iterator[tarfile.TarFile]:
    """The tar of a backup whose seal is whole."""
    digest, left = hashlib.sha256(), file.stat().st_size - SEAL_LENGTH
    with file.open("rb") as raw:
        while left > 0 and (block := raw.read(min(AT_ONCE, left))):
            digest.update(block)
            left -= len(block)
        seal = SEAL.fullmatch(raw.read())
    if seal is None:
        raise DamagedFileError(f"{file} is no whole backup: its end is missing or was changed")
    if seal[1] != digest.hexdigest().encode():
        raise DamagedFileError(f"{file} is damaged: it is not what was sealed")
    with tarfile.open(file, "r:") as tar:
        yield tar


def _manifest(file: Path, tar: tarfile.TarFile) -> Manifest:
    packed = tar.extractfile(MANIFEST)
    found = json.loads(packed.read()) if packed is not None else {}
    if found.get("format") != FORMAT:
        raise DamagedFileError(f"{file} was made by a newer gukebot, or is none of its backups")
    return Manifest(**{**found, "facts": Facts(**found["facts"]), "missing": tuple(found["missing"])})


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
