"""Files that people sent: kept by their hash, on the disk before the row that names them is committed."""

import hashlib
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Key, Row
from storage.errors import DamagedFileError


class Attachment(Row):
    """A file, by its hash, and what it belongs to; ``preview`` is the hash of a picture's copy that can be shown.

    ``remote`` names where it came from (``slack:F0123``); until it is fetched from there it has no hash.
    """

    __tablename__ = "attachments"

    id: Mapped[Key] = mapped_column(init=False)
    sha256: Mapped[str] = mapped_column(index=True)
    mime: Mapped[str]
    size: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    preview: Mapped[str | None] = mapped_column(default=None)
    remote: Mapped[str | None] = mapped_column(default=None)
    case_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("cases.id"), default=None, index=True)
    draft_id: Mapped[str | None] = mapped_column(default=None, index=True)
    action_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("actions.id"), default=None)
    person_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """What a file belongs to; whatever is known."""

    case_id: int | None = None
    draft_id: str | None = None
    action_id: int | None = None
    person_id: int | None = None


class Files:
    """Keep files and read them back."""

    def __init__(self, session: Session, now: datetime, root: Path) -> None:
        self._session = session
        self._now = now
        self._root = root

    def put(self, content: bytes, *, name: str, mime: str, to: Belongs) -> Attachment:
        """Keep a file: it is on the disk, synced, when this returns. The same bytes are kept once."""
        digest = store(self._root, content)
        row = Attachment(
            sha256=digest,
            mime=mime,
            size=len(content),
            name=name,
            case_id=to.case_id,
            draft_id=to.draft_id,
            action_id=to.action_id,
            person_id=to.person_id,
            at=self._now,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def expect(self, remote: str, *, name: str, mime: str, to: Belongs) -> Attachment:
        """Keep that a file is there at a platform, to be fetched; it has its number from now on."""
        row = Attachment(
            sha256="", mime=mime, size=0, name=name, remote=remote, case_id=to.case_id, draft_id=to.draft_id,
            action_id=to.action_id, person_id=to.person_id, at=self._now,
        )  # fmt: skip
        self._session.add(row)
        self._session.flush()
        return row

    def arrived(self, row: Attachment, content: bytes, mime: str, preview: bytes | None) -> None:
        """An expected file was fetched: it is on the disk, synced, when this returns."""
        row.sha256, row.mime, row.size = store(self._root, content), mime, len(content)
        if preview is not None:
            row.preview = store(self._root, preview)
        self._session.flush()

    def put_preview(self, row: Attachment, content: bytes) -> None:
        """Keep the copy of a picture that can be shown."""
        row.preview = store(self._root, content)
        self._session.flush()

    def also_of(self, file: Attachment, case_id: int) -> Attachment:
        """The same file as another case's too: a row of its own, the same bytes."""
        row = Attachment(
            sha256=file.sha256, mime=file.mime, size=file.size, name=file.name, preview=file.preview,
            remote=file.remote, case_id=case_id, person_id=file.person_id, at=self._now,
        )  # fmt: skip
        self._session.add(row)
        self._session.flush()
        return row

    def get(self, attachment_id: int) -> Attachment | None:
        """The row of a file."""
        return self._session.get(Attachment, attachment_id)

    def loose_of(self, person_id: int, since: datetime) -> Sequence[Attachment]:
        """Files that a person sent since then and that belong to nothing yet, in order."""
        loose = (Attachment.person_id == person_id, Attachment.case_id.is_(None), Attachment.draft_id.is_(None))
        theirs = select(Attachment).where(*loose, Attachment.at >= since)
        return self._session.scalars(theirs.order_by(Attachment.id)).all()

    def drop(self, file: Attachment) -> None:
        """Forget that a file came; its bytes stay until nothing refers to them."""
        self._session.delete(file)

    def read(self, digest: str) -> bytes:
        """The bytes with this hash; refused when they are not what was stored."""
        return load(self._root, digest)

    def of_case(self, case_id: int) -> Sequence[Attachment]:
        """The files of a case that are here, in order."""
        theirs = select(Attachment).where(Attachment.case_id == case_id, Attachment.sha256 != "")
        return self._session.scalars(theirs.order_by(Attachment.id)).all()

    def of_draft(self, draft_id: str) -> Sequence[Attachment]:
        """The files given to a draft, in order."""
        theirs = select(Attachment).where(Attachment.draft_id == draft_id)
        return self._session.scalars(theirs.order_by(Attachment.id)).all()


def store(root: Path, content: bytes) -> str:
    """Write bytes under their SHA-256 and sync file and folders; return the hash."""
    digest = hashlib.sha256(content).hexdigest()
    place = path_of(root, digest)
    if place.exists() and place.stat().st_size == len(content):
        return digest
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.parent / f".{digest}.{uuid.uuid4().hex}"
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    for folder in (place.parent, root, root.parent):
        sync_folder(folder)
    return digest


def load(root: Path, digest: str) -> bytes:
    """Read the bytes with this hash, and check them."""
    try:
        content = path_of(root, digest).read_bytes()
    except FileNotFoundError as error:
        raise DamagedFileError(f"the file {digest} is missing") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedFileError(f"the file {digest} was changed")
    return content


def named(session: Session, digest: str) -> bool:
    """Whether a row names these bytes."""
    theirs = or_(Attachment.sha256 == digest, Attachment.preview == digest)
    return session.scalar(select(Attachment.id).where(theirs).limit(1)) is not None


def discard(root: Path, digest: str) -> None:
    """Take the bytes with this hash off the disk; that they are not there is no fault."""
    path_of(root, digest).unlink(missing_ok=True)


def path_of(root: Path, digest: str) -> Path:
    """Where the bytes with this hash lie."""
    return root / digest[:2] / digest


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power loss."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
