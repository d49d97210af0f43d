"""The page of a form for whoever fills it in: the link that chat gives to it, and what such a link opens.

A link is bound to a person and a draft. Looking at it consumes nothing, since platforms fetch links for previews; it
is used up by the first thing that is sent from the page, by filing or dropping the draft, and after half an hour.
"""

from dataclasses import replace
from datetime import timedelta

from conversations.replies import Reply, say
from conversations.words import N_, LinkPlace, said
from handlers import forms
from handlers.tokens import Purpose
from handlers.turn import Turn
from storage.drafts import DraftRow
from storage.links import AccessLink
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork

SURFACE = "page"
LIFE = timedelta(minutes=30)

PAGE = "{link}"
"""A line that is nothing but the link: a platform may let it be followed."""

NO_PAGE = said(N_("There is no page: the company has no address on the net. All questions can be answered here."))


def offered(turn: Turn, reply: Reply) -> Reply:
    """The first question of a form that was begun just now, with the line that says where its page is."""
    row = turn.uow.drafts.get(reply.draft) if reply.draft else None
    if row is None or row.started_at != turn.now or _live(turn, row) is not None:
        return reply
    link = give(turn, row)
    if link is None:
        return reply
    line = said(N_("Rather all at once? Your page, open for 30 minutes: {link}"), link=link)
    return replace(reply, lines=(*reply.lines, line))


def word(turn: Turn, row: DraftRow | None = None) -> Reply:
    """网页: the page of the form that is open, else of the draft that was changed last."""
    newest = turn.uow.drafts.newest_of(turn.person.id, 1)[0] if turn.person and row is None else ()
    row = row or next(iter(newest), None)
    if row is None:
        return say(forms.NOTHING_OPEN)
    link = give(turn, row)
    if link is None:
        return say(NO_PAGE)
    title = said(forms.form_of(turn, row).title)
    return say(said(N_("{form} on one page, for you alone, open for 30 minutes:"), form=title), said(PAGE, link=link))


def give(turn: Turn, row: DraftRow) -> LinkPlace | None:
    """The place of a link to the page of a draft, open from now; None where no page can be reached."""
    if turn.company.links is None or turn.person is None or row.person_id != turn.person.id:
        return None
    until, link = turn.now + LIFE, _live(turn, row)
    if link is None:
        link = turn.uow.access_links.add(
            AccessLink(
                purpose=Purpose.STAFF.value, subject=_subject(row), contact=_whose(turn.person), created_at=turn.now,
                expires_at=until,
            )
        )  # fmt: skip
    link.expires_at = until
    return LinkPlace(link.id, Purpose.STAFF.value, link.expires_at)


def opened(uow: UnitOfWork, link_id: str) -> tuple[Person, DraftRow] | None:
    """Whose draft a link opens now; None when it opens nothing, for whatever reason."""
    link = uow.access_links.get(link_id)
    if link is None or link.purpose != Purpose.STAFF or not link.opens(uow.now):
        return None
    row = uow.drafts.get(link.subject.partition(":")[2])
    person = uow.organisation.person(row.person_id) if row is not None else None
    if row is None or person is None or not person.active or link.contact != _whose(person):
        return None
    return person, row


def meant(uow: UnitOfWork, link_id: str) -> str:
    """The draft that a link was made for, whether it opens or not."""
    link = uow.access_links.get(link_id)
    return link.subject.partition(":")[2] if link is not None and link.purpose == Purpose.STAFF else ""


def used(turn: Turn, row: DraftRow) -> None:
    """Something was sent from the page: the link to it opens nothing any more; whoever came by it stays."""
    link = _live(turn, row)
    if link is not None:
        link.revoked_at = turn.now


def _live(turn: Turn, row: DraftRow) -> AccessLink | None:
    """The link to a draft that its writer has, and that opens."""
    if turn.person is None:
        return None
    return turn.uow.access_links.live(Purpose.STAFF, _subject(row), _whose(turn.person), turn.now)


def _subject(row: DraftRow) -> str:
    return f"draft:{row.id}"


def _whose(person: Person) -> str:
    return f"person:{person.id}"
