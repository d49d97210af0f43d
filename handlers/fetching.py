"""Files that lie at a platform: expected at once, fetched by a job of the outbox, asked for again when lost."""

from conversations.words import N_, Said, people, said
from handlers.addresses import Address
from handlers.company import Company
from handlers.events import Upload
from handlers.outgoing import ANSWER, How, send
from handlers.turn import Turn
from notifications.notices import Notice
from storage.database import Database
from storage.files import Attachment, Belongs
from storage.outbox_rows import Message
from storage.unit_of_work import UnitOfWork

JOBS = "-files"
"""Behind a platform's name: under which its jobs of fetching wait."""


def expect(turn: Turn, file: Upload, belongs: Belongs) -> Attachment:
    """Keep that a file is there, and queue the job that fetches it."""
    row = turn.uow.files.expect(file.remote, name=file.name, mime=file.mime, to=belongs)
    platform, _, place = file.remote.partition(":")
    job = Message(
        key=_key(row), platform=f"{platform}{JOBS}", address=f"file:{row.id}", topic="fetch",
        payload={"data": {"attachment": row.id, "file": place}}, priority=ANSWER,
    )  # fmt: skip
    turn.uow.outbox.add(job)
    return row


def _key(row: Attachment) -> str:
    """Number, origin and instant: the number of a file that was dropped may be given to another."""
    return f"fetch/{row.id}/{row.remote}/{row.at:%Y%m%d%H%M%S}"


def wanted(uow: UnitOfWork, attachment: int) -> bool:
    """Whether a file is still to be fetched: it was not fetched before, and nobody took it back."""
    row = uow.files.get(attachment)
    return row is not None and not row.sha256


def arrived(database: Database, company: Company, attachment: int, file: Upload) -> None:
    """A file was fetched and looked at: kept, or told about to whoever sent it when it is not taken."""

    def keep(uow: UnitOfWork) -> None:
        row = uow.files.get(attachment)
        if row is None or row.sha256:
            return
        if file.fault is None:
            uow.files.arrived(row, file.content, file.mime, file.preview)
        else:
            _tell(Turn(uow, company), row, file.fault)

    database.do(keep)


def lost(database: Database, company: Company, attachment: int) -> None:
    """The platform does not give a file: whoever sent it is asked to send it again."""
    sentence = said(N_("A photo or file did not arrive. Please send it again."))

    def tell(uow: UnitOfWork) -> None:
        row = uow.files.get(attachment)
        if row is not None and not row.sha256:
            name = said(N_("{name}: it could not be fetched. Please send it again."), name=people(row.name))
            _tell(Turn(uow, company), row, name if row.name else sentence)

    database.do(tell)


def _tell(turn: Turn, row: Attachment, fault: Said) -> None:
    if row.person_id is not None:
        to = [Address(f"person:{row.person_id}", "asked")]
        send(turn, Notice("reply", fault), to, How(key=f"{_key(row)}/fault", priority=ANSWER))
    turn.uow.files.drop(row)
