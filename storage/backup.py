"""Copies of the SQLite database, whole and checked, while others work on it."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from storage.errors import DamagedFileError, UnsafeDatabaseError
from storage.files import Attachment, sync_folder


def backup(url: str, target: Path) -> Path:
    """Copy the SQLite database at ``url`` to ``target``: there in whole, synced and checked, or not there at all.

    Raises UnsafeDatabaseError for PostgreSQL (use ``pg_dump``) or when there is nothing to copy.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        raise UnsafeDatabaseError("only SQLite is copied here; for PostgreSQL use pg_dump")
    source = Path(str(address.database))
    if not source.exists():
        raise UnsafeDatabaseError(f"there is no database at {source}")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _copy(source, draft)
        verify(draft)
        sync(draft)
        draft.replace(target)
        sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    return target


def keep_damaged(source: Path, target: Path) -> Path:
    """Keep a database that cannot be copied any more as it lies, with its log, for whoever can still read it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal"):
        part = source.with_name(source.name + suffix)
        if part.exists():
            shutil.copyfile(part, target.with_name(target.name + suffix))
    return target


def verify(file: Path) -> None:
    """Check a SQLite file from page to page; DamagedFileError names what was found."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DamagedFileError(f"{file} cannot be read as a database: {error}") from error
    if found != ["ok"]:
        raise DamagedFileError(f"{file} is damaged: {'; '.join(found)}")
    if broken:
        raise DamagedFileError(f"{file}: a row of {broken[0]} refers to nothing")


def _copy(source: Path, draft: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(draft)) as other:
        try:
            one.backup(other, pages=-1)  # page by page it would start again whenever someone writes
            other.execute("PRAGMA journal_mode = delete")
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise DamagedFileError(f"{source} cannot be read as a database: {error}") from error


def sync(file: Path) -> None:
    """Put a file on the disk."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def files_named(session: Session) -> list[str]:
    """The hashes of all files that the records name: what was sent, and the copies that are shown."""
    rows = session.execute(select(Attachment.sha256, Attachment.preview))
    return [digest for row in rows for digest in row if digest]
