"""Photos from outside: believed by their bytes alone, looked at before they are kept, then kept with their words."""

from collections.abc import Sequence
from datetime import timedelta

from conversations.words import N_, Said, said
from handlers.events import Upload
from handlers.turn import Turn
from storage.files import Attachment, Belongs

MOST_PHOTOS = 9
KINDS = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"})
LIFE = timedelta(days=7)
"""How long photos wait for the words that belong to them."""


def keep(turn: Turn, draft: str, photos: Sequence[Upload]) -> Said | None:
    """Keep the good photos, which were looked at before, with a draft; why one was not taken, for the customer."""
    for old in turn.uow.files.of_draft(draft):
        if turn.now - old.at > LIFE:
            turn.uow.files.drop(old)
    kept = {file.sha256 for file in turn.uow.files.of_draft(draft)}
    fault = None
    for number, photo in enumerate(photos, 1):
        wrong = _fault_of(photo)
        if wrong is None and len(kept) >= MOST_PHOTOS:
            wrong = said(N_("At most 9 photos can be sent at a time; the first 9 are kept."))
        if wrong is not None:
            fault = fault or wrong
            continue
        name = f"customer-{number}.{photo.mime.rpartition('/')[2]}"
        file = turn.uow.files.put(photo.content, name=name, mime=photo.mime, to=Belongs(draft_id=draft))
        if file.sha256 in kept:
            turn.uow.files.drop(file)
        elif photo.preview is not None:
            turn.uow.files.put_preview(file, photo.preview)
        kept.add(file.sha256)
    return fault


def kept_with(turn: Turn, draft: str) -> Sequence[Attachment]:
    """The photos that wait with a draft."""
    return turn.uow.files.of_draft(draft)


def _fault_of(photo: Upload) -> Said | None:
    if photo.fault is None and photo.mime not in KINDS:
        return said(N_("One file is not a photo. Please choose photos only."))
    return photo.fault
