"""Filed forms after a person was taken out of the records: written again without them, under new hashes."""

from dataclasses import dataclass, field
from html import escape

from handlers.filing import form_of
from handlers.sheets import Issue, sheet_of
from handlers.turn import Turn
from reports.documents.filed import Filed, filed_of
from storage.cases import Case
from storage.errors import DamagedFileError
from storage.files import Attachment
from storage.pseudonyms import Marks, Place


@dataclass
class Refiled:
    """What was written again: the texts that name a hash, which hash took the place of which, and what is left out."""

    hashes: dict[str, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    @property
    def gone(self) -> list[str]:
        """The hashes of files that nothing refers to any more."""
        return [former for former, now in self.hashes.items() if former != now]


def refile(turn: Turn, marks: Marks, to: str) -> Refiled:
    """Write every filed page anew that names somebody; rows and trail name the new hashes from now on."""
    done, contents = Refiled(), dict[str, str]()
    for row in turn.uow.subjects.pages():
        case = turn.uow.cases.get(row.case_id or 0)
        text = _read(turn, row)
        if case is None or text is None or not (marks.stand_in(text) or marks.stand_in(escape(text))):
            continue
        filed = next((each for each in filed_of(turn.uow.session, case.id) if each.attachment == row.id), None)
        changed = marks.changed(text, to)
        if filed is not None:
            now = _content(turn, case, filed)
            contents[filed.content] = now
            changed = changed.replace(filed.content, now)
        former = row.sha256
        done.hashes[former] = turn.uow.subjects.replace_file(turn.uow.files, row, changed.encode())
    for former, now in {**contents, **done.hashes}.items():
        done.places += turn.uow.subjects.replace(former, now)
    return done


def _read(turn: Turn, row: Attachment) -> str | None:
    """A page as text; None where it cannot be read: it is damaged, and that is said elsewhere."""
    try:
        return turn.uow.files.read(row.sha256).decode()
    except (DamagedFileError, UnicodeDecodeError):
        return None


def _content(turn: Turn, case: Case, filed: Filed) -> str:
    """The hash of what the form says now, where the records still say it; else that of before stays."""
    form = form_of(turn, case)
    newest = filed_of(turn.uow.session, case.id)[-1] == filed and case.closed_at is not None
    if form is None or not newest:
        return filed.content
    return sheet_of(turn, case, form, Issue(filed.issue, filed.at, filed.edition, before=filed.attachment)).content_hash
