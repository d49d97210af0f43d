"""A phone as the page draws it: whose it is, its bubbles, what waits unread, its menu and its sample answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.demo import as_slack, transcript
from bot.demo.bubbles import Bubble, Reader, Tap, bubbles
from bot.demo.cast import Face
from bot.demo.editions import swaps
from bot.demo.scenes import SAMPLES
from bot.demo.show import Show
from bot.demo.transcript import Entry
from bot.demo.view import View
from conversations.words import N_, Said, said
from handlers.standing import allowed
from handlers.turn import Turn
from storage.unit_of_work import UnitOfWork

Entries = Mapping[str, Sequence[Entry]]

MENU = (
    ("start:complaint", N_("Report")),
    ("mine", N_("My cases")),
    ("overdue", N_("Overdue")),
    ("start:monthly_summary", N_("Summary")),
    ("help", N_("Help")),
)
"""What stands below every chat, as in the apps (domain A9)."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Everything of one phone."""

    face: Face
    line: str
    bubbles: Sequence[Bubble]
    unread: int = 0
    menu: Sequence[Tap] = ()
    samples: Sequence[str] = ()
    last: int = 0
    modal: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A face with what came there, what stands below it, and up to where it was seen."""

    face: Face
    entries: Sequence[Entry]
    menu: Sequence[tuple[str, str]]
    seen: int
    turn: Turn | None = None
    """Of whoever holds it, where their forms are to be seen as Slack shows them."""


def phones(show: Show, view: View, addresses: Iterable[str]) -> list[Phone]:
    """The phones at these addresses, as they are at this moment."""
    with show.alone():
        return show.stage.do(lambda uow: _phones(uow, show, view, [show.faces[address] for address in addresses]))


def unread(show: Show, view: View) -> dict[str, int]:
    """How much waits unread, by address."""
    with show.alone():
        found = show.stage.do(transcript.entries)
    return {face.address: _waiting(_of(found, face), view.seen(face.address)) for face in show.faces.values()}


def _phones(uow: UnitOfWork, show: Show, view: View, faces: Iterable[Face]) -> list[Phone]:
    found, company = transcript.entries(uow), show.stage.company
    reader = Reader(company.words, view.language, company.zone, frozenset(view.forwarded), swaps(uow, view.language))
    return [
        _phone(uow, _Place(face, _of(found, face), _menu(uow, show, face), view.seen(face.address), turn), reader)
        for face in faces
        for turn in [_turn(uow, show, face) if view.as_slack and face.kind == "person" else None]
    ]


def _turn(uow: UnitOfWork, show: Show, face: Face) -> Turn:
    return Turn(uow, show.stage.company, uow.organisation.person_by_name(face.person))


def _phone(uow: UnitOfWork, place: _Place, reader: Reader) -> Phone:
    face, entries, seen = place.face, place.entries, place.seen

    def spoken(message: Said) -> str:
        return reader.say(message, uow.now)

    drawn = bubbles(entries, reader, seen)
    return Phone(
        face=face,
        line=spoken(face.line),
        bubbles=drawn,
        modal=as_slack.form(place.turn, drawn, reader) if place.turn else "",
        unread=_waiting(entries, seen),
        menu=[Tap(action, "", spoken(said(label))) for action, label in place.menu],
        samples=_unsaid([spoken(Said(sample)) for sample in _samples(uow, face, entries)], face, entries),
        last=max((entry.id for entry in entries), default=0),
    )


def _of(found: Entries, face: Face) -> list[Entry]:
    return [entry for address in face.addresses for entry in found.get(address, ())]


def _waiting(entries: Iterable[Entry], seen: int) -> int:
    """What others sent since; one's own words and the answers to them are no news."""
    return sum(entry.id > seen and entry.kind in ("letter", "told") for entry in entries)


def _menu(uow: UnitOfWork, show: Show, face: Face) -> list[tuple[str, str]]:
    if face.kind != "person":
        return []
    may_report = allowed(_turn(uow, show, face), None, show.stage.company.handbook["complaint"].starts) is not None
    return [(action, label) for action, label in MENU if may_report or action != "start:complaint"]


def _unsaid(samples: Sequence[str], face: Face, entries: Sequence[Entry]) -> list[str]:
    """A customer says each of her sentences once; an answer may be the same twice."""
    said_before = {entry.text for entry in entries if entry.kind == "said"} if face.kind == "contact" else set()
    return [sample for sample in samples if sample not in said_before]


def _samples(uow: UnitOfWork, face: Face, entries: Sequence[Entry]) -> tuple[str, ...]:
    """What the story would answer to the question that is open."""
    if face.kind == "contact":
        return SAMPLES["contact"]
    asked = next((e.reply for e in sorted(entries, key=lambda e: -e.id) if e.reply is not None), None)
    row = uow.drafts.get(asked.draft) if asked and asked.question else None
    return SAMPLES.get(f"{row.form}/{asked.question}", ()) if row and asked else ()
