"""Backups of a whole installation: records and files in one sealed file, put back, and rehearsed in a place apart."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import __version__, clock, databases
from bot.settings import Settings
from storage import archive, audit, backup, dumps
from storage.archive import Facts, Manifest
from storage.database import Database
from storage.errors import AlreadyRunningError, DamagedFileError, UnsafeDatabaseError
from storage.migrations import HEAD

SQLITE, POSTGRESQL = "database.db", "database.dump"
FILES = "attachments"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and the names of files that were damaged when it was."""

    file: Path
    manifest: Manifest
    damaged: tuple[str, ...]


def make(settings: Settings, target: Path) -> Made:
    """Copy the records as they are at one instant, and every file they name, while the server goes on working."""
    with _aside(target.parent) as folder:
        kind, facts, copied = _copied(settings, folder)
        # after the records: whatever they name is there by now, and files never change
        found = {f"{FILES}/{path.name}": path for path in _files(settings.attachments)}
        damaged = tuple(sorted(name for name, path in found.items() if not _sound(path)))
        whole = {name: path for name, path in found.items() if name not in damaged}
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"), version=__version__, database=kind, facts=facts,
            missing=damaged,
        )  # fmt: skip
        return Made(target, archive.write(target, {copied.name: copied, **whole}, manifest), damaged)


def restore(settings: Settings, file: Path) -> Path | None:
    """Put a backup in the place of the records; give back where the former ones are kept.

    Files are added and none is removed. Whatever is damaged is refused before anything is changed.
    """
    if not archive.is_one(file):
        return databases.restore(settings, file)
    with _aside(settings.data.directory) as folder:
        manifest = archive.unpack(file, folder)
        _refuse_other(settings, manifest)
        for path in (folder / FILES).glob("*"):
            _put(path, settings.attachments / path.name[:2] / path.name)
        if settings.database_file is not None:
            return databases.restore(settings, folder / SQLITE)
        kept = settings.backups / f"gukebot-before-restore-{clock.now():%Y%m%dT%H%M%S-%f}.tar"
        former = None if dumps.is_empty(settings.database_url) else make(settings, kept).file
        dumps.undump(settings.database_url, folder / POSTGRESQL, manifest.facts)
        return former


def held(settings: Settings) -> None:
    """Refuse while a server works on a PostgreSQL database; on SQLite the lock of the file says so itself."""
    if settings.database_file is None and (owner := dumps.served_by(settings.database_url)):
        raise AlreadyRunningError(f"{owner} serves this database; stop every server, and wait 90 s if one was killed.")


def rehearse(settings: Settings, file: Path) -> Manifest:
    """Restore a backup into a place apart, and compare it with what it says of itself; nothing stays of it.

    DamagedFileError names what differs.
    """
    with _aside(settings.data.directory) as folder:
        manifest = archive.unpack(file, folder)
        if manifest.database == "postgresql":
            if settings.database_file is not None:
                raise UnsafeDatabaseError("the backup is of PostgreSQL, and no server is configured to try it on")
            with dumps.trial(settings.database_url) as url:
                dumps.undump(url, folder / POSTGRESQL, manifest.facts)
                _compare(url, manifest, folder)
        else:
            backup.verify(folder / SQLITE)
            _compare(f"sqlite:///{folder / SQLITE}", manifest, folder)
        return manifest


def _compare(url: str, manifest: Manifest, folder: Path) -> None:
    """The schema, the rows of each table, the audit trail, and the file of each attachment."""
    found = dumps.facts(url)
    for name in sorted({*manifest.facts.rows, *found.rows}):
        expected, there = manifest.facts.rows.get(name, 0), found.rows.get(name, 0)
        if expected != there:
            raise DamagedFileError(f"{name} has {there} rows after restoring, and had {expected}")
    if found.schema != manifest.facts.schema:
        raise DamagedFileError(f"restored, the schema is {found.schema}, and was {manifest.facts.schema}")
    if found.schema == HEAD:
        _inside(url, manifest, folder)


def _inside(url: str, manifest: Manifest, folder: Path) -> None:
    database = Database(url, clock.now, attachments=folder)
    try:
        with database.reading() as session:
            trail = audit.verify(session)
            named = set(backup.files_named(session))
    finally:
        database.dispose()
    if not trail.ok:
        raise DamagedFileError(
            f"the audit trail in it is not whole: {trail.faults[0]}; see whether `gukebot audit verify` says so too"
        )
    lost = named - {name.removeprefix(f"{FILES}/") for name in (*manifest.files, *manifest.missing)}
    if lost:
        raise DamagedFileError(f"{len(lost)} files that the records name were not there when it was made: {min(lost)}")


def _copied(settings: Settings, folder: Path) -> tuple[str, Facts, Path]:
    if settings.database_file is None:
        return "postgresql", dumps.dump(settings.database_url, folder / POSTGRESQL), folder / POSTGRESQL
    file = backup.backup(settings.database_url, folder / SQLITE)
    return "sqlite", dumps.facts(f"sqlite:///{file}"), file


def _refuse_other(settings: Settings, manifest: Manifest) -> None:
    ours = "sqlite" if settings.database_file is not None else "postgresql"
    if manifest.database != ours:
        raise UnsafeDatabaseError(f"the backup is of {manifest.database}, and [database] url names {ours}")
    if manifest.facts.schema > HEAD:
        raise UnsafeDatabaseError(f"the backup was made by gukebot {manifest.version}, which is newer than this one")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("??/*")) if not path.name.startswith("."))


def _sound(path: Path) -> bool:
    return archive.sha256_of(path) == path.name


def _put(path: Path, place: Path) -> None:
    """A file that lies there already and is whole stays."""
    if not place.exists() or not _sound(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{place.name}.restored")
        shutil.copyfile(path, draft)
        backup.sync(draft)
        draft.replace(place)


@contextmanager
def _aside(near: Path) -> Iterator[Path]:
    """A folder for a while, for its owner alone, on the disk where the result will lie."""
    near.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=near) as folder:
        yield Path(folder)
