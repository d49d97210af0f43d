"""Photos and files that come in: checked, kept, and put where they belong."""

from conversations.replies import Button, Reply, say
from conversations.words import N_, Said, said
from handlers import forms
from handlers.events import Upload
from handlers.turn import Turn
from storage.files import Belongs

MOST_BYTES = 20 * 1024 * 1024
MOST_AT_ONCE = 9

MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"#!AMR", "audio/amr"),
)
"""What a file is, by its first bytes; its name and its sender's word are not believed."""


def kind_of(content: bytes) -> str | None:
    """The kind of a file by its content; None for one we do not take."""
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "image/heic"
    return next((mime for start, mime in MAGIC if content.startswith(start)), None)


def fault_of(upload: Upload) -> Said | None:
    """Why a file is not taken."""
    if not upload.content:
        return said(N_("{name} is empty."), name=upload.name)
    if len(upload.content) > MOST_BYTES:
        return said(N_("{name} is larger than 20 MB. Please send a smaller one."), name=upload.name)
    if kind_of(upload.content) is None:
        return said(N_("{name} is no photo, PDF, Office file or voice note."), name=upload.name)
    return None


def received(turn: Turn, files: tuple[Upload, ...]) -> Reply:
    """Keep the good files; into the open form if it takes photos, else ask what to do with them."""
    faults = [fault for upload in files if (fault := fault_of(upload))]
    good = [upload for upload in files if fault_of(upload) is None][:MOST_AT_ONCE]
    if turn.person is None or not good:
        return say(*(faults or [said(N_("Nothing arrived. Please send it again."))]))
    row = turn.uow.drafts.active_of(turn.person.id)
    belongs = Belongs(draft_id=row.id if row else None, person_id=turn.person.id)
    kept = [
        turn.uow.files.put(upload.content, name=upload.name, mime=kind_of(upload.content) or "", to=belongs)
        for upload in good
    ]
    if row is not None:
        return forms.attach(turn, row, tuple(file.id for file in kept))
    buttons = (
        Button("start:complaint", said(N_("Report a complaint"))),
        Button("attach_to", said(N_("Add to an existing case"))),
        Button("drop_files", said(N_("Nothing to do"))),
    )
    return say(*faults, said(N_("{k} photos received. What shall I do with them?"), k=len(kept)), buttons=buttons)


def drop(turn: Turn) -> Reply:
    """Forget the files that belong to nothing."""
    loose = turn.uow.files.loose_of(turn.person.id, turn.now - forms.RECENT_FILES) if turn.person else []
    for file in loose:
        turn.uow.files.drop(file)
    return say(said(N_("Forgotten.")))
