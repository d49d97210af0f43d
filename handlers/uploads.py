"""Photos and files that come in: checked, kept, and put where they belong."""

from collections.abc import Sequence
from dataclasses import replace

from conversations.fields import cleaned
from conversations.replies import Button, Reply, say
from conversations.words import N_, said
from handlers import fetching, forms, pictures
from handlers.events import Upload
from handlers.pictures import PictureError
from handlers.turn import Turn
from storage.files import Attachment, Belongs

MOST_BYTES = 20 * 1024 * 1024
MOST_AT_ONCE = 9

MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"#!AMR", "audio/amr"),
)
"""What a file is, by its first bytes; its name and its sender's word are not believed."""


def kind_of(content: bytes) -> str | None:
    """The kind of a file by its content; None for one we do not take."""
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "image/heic"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for start, mime in MAGIC if content.startswith(start)), None)


LONGEST_NAME = 120
"""Of a longer name the end is kept: it says what kind of file it is."""


def looked_at(upload: Upload) -> Upload:
    """Look at a file before any transaction is open: it takes time, and no writer must wait for it."""
    if upload.looked or upload.remote:
        return upload
    name, mime = " ".join(cleaned(upload.name).split())[-LONGEST_NAME:], kind_of(upload.content)
    fault, preview = None, None
    if not upload.content:
        fault = said(N_("{name} is empty."), name=name)
    elif len(upload.content) > MOST_BYTES:
        fault = said(N_("{name} is larger than 20 MB. Please send a smaller one."), name=name)
    elif mime is None:
        fault = said(N_("{name} is no photo, PDF, Office file or voice note."), name=name)
    else:
        try:
            preview = pictures.preview(upload.content, mime, name)
        except PictureError as broken:
            fault = broken.sentence
    return replace(upload, name=name, looked=True, mime=mime or "", preview=preview, fault=fault)


def received(turn: Turn, uploads: tuple[Upload, ...], *, apart: bool = False) -> Reply:
    """Keep the good files; into the open form if it takes photos (not ``apart``), else ask what to do with them."""
    files = [looked_at(upload) for upload in uploads]
    faults = [file.fault for file in files if file.fault is not None]
    good = [file for file in files if file.fault is None]
    if len(good) > MOST_AT_ONCE:
        over = len(good) - MOST_AT_ONCE
        faults.append(said(N_("Nine files at a time: the last {k} were not kept. Please send them again."), k=over))
        good = good[:MOST_AT_ONCE]
    if turn.person is None or not good:
        return say(*(faults or [said(N_("Nothing arrived. Please send it again."))]))
    row = None if apart else turn.uow.drafts.active_of(turn.person.id)
    belongs = Belongs(draft_id=row.id if row else None, person_id=turn.person.id)
    kept = keep_all(turn, good, belongs)
    if row is not None:
        return forms.attach(turn, row, tuple(file.id for file in kept), faults)
    buttons = (
        Button("start:complaint", said(N_("Report a complaint"))),
        Button("attach_to", said(N_("Add to an existing case"))),
        Button("drop_files", said(N_("Nothing to do"))),
    )
    return say(*faults, said(N_("{k} photos received. What shall I do with them?"), k=len(kept)), buttons=buttons)


def keep_all(turn: Turn, files: Sequence[Upload], belongs: Belongs) -> list[Attachment]:
    """Keep files that were looked at; what lies at a platform is expected, and fetched by a job of the outbox."""
    return [_keep(turn, file, belongs) for file in files if file.fault is None]


def _keep(turn: Turn, file: Upload, belongs: Belongs) -> Attachment:
    if file.remote:
        return _waiting(turn, file, belongs) or fetching.expect(turn, file, belongs)
    row = turn.uow.files.put(file.content, name=file.name, mime=file.mime, to=belongs)
    if file.preview is not None:
        turn.uow.files.put_preview(row, file.preview)
    return row


def _waiting(turn: Turn, file: Upload, belongs: Belongs) -> Attachment | None:
    """The same file of the platform, sent just before and belonging to nothing yet: it is no second one."""
    if belongs.person_id is None:
        return None
    loose = turn.uow.files.loose_of(belongs.person_id, turn.now - forms.RECENT_FILES)
    there = next((each for each in loose if each.remote == file.remote), None)
    if there is not None:
        there.draft_id = belongs.draft_id
    return there


def drop(turn: Turn) -> Reply:
    """Forget the files that belong to nothing."""
    loose = turn.uow.files.loose_of(turn.person.id, turn.now - forms.RECENT_FILES) if turn.person else []
    for file in loose:
        turn.uow.files.drop(file)
    return say(said(N_("Forgotten.")))
