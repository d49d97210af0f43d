"""Removing what has been kept long enough, class by class, in bites that keep nobody waiting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from storage.ballots import BallotComment
from storage.cases import Action
from storage.drafts import DraftRow
from storage.files import Attachment
from storage.inbox import Inbox
from storage.links import AccessLink
from storage.mailbox import MailboxRow
from storage.outbox_rows import MessageState, OutboxRow
from storage.parts import Parts
from storage.state import StateRow
from storage.subjects import HOLD
from storage.surveys import AnswerRow, Campaign, Response

BITE = 1000
PLAIN = {"synchronize_session": False}
SETTLED = (
    MessageState.SENT, MessageState.CANCELLED, MessageState.MERGED, MessageState.DROPPED, MessageState.DEAD,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Removed:
    """How much went in one bite, and the hashes of files that may have no row any more."""

    count: int
    files: tuple[str, ...] = ()


Remove = Callable[[Session, datetime], Removed]


def _inbox(session: Session, before: datetime) -> Removed:
    return Removed(Inbox(session, before).forget(before, BITE))


def _parts(session: Session, before: datetime) -> Removed:
    return Removed(Parts(session, before).forget(before, BITE))


def _outbox(session: Session, before: datetime) -> Removed:
    """The row stays, so that nothing is told twice; what it said goes. A dead letter cannot be replayed any more."""
    settled = (OutboxRow.state.in_(SETTLED), OutboxRow.created_at < before, OutboxRow.payload != {})
    ids = session.scalars(select(OutboxRow.id).where(*settled).limit(BITE)).all()
    theirs = OutboxRow.id.in_(ids)
    session.execute(update(OutboxRow).where(theirs).values(payload={}, reason=""), execution_options=PLAIN)
    dead = update(OutboxRow).where(theirs, OutboxRow.state == MessageState.DEAD).values(state=MessageState.DROPPED)
    session.execute(dead, execution_options=PLAIN)
    return Removed(len(ids))


def _mailbox(session: Session, before: datetime) -> Removed:
    ids = session.scalars(select(MailboxRow.id).where(MailboxRow.at < before).limit(BITE)).all()
    session.execute(delete(MailboxRow).where(MailboxRow.id.in_(ids)), execution_options=PLAIN)
    return Removed(len(ids))


def _snapshots(session: Session, before: datetime) -> Removed:
    old = select(Action.id).where(Action.before.is_not(None), Action.at < before).limit(BITE)
    ids = session.scalars(old).all()
    session.execute(update(Action).where(Action.id.in_(ids)).values(before=None), execution_options=PLAIN)
    return Removed(len(ids))


def _links(session: Session, before: datetime) -> Removed:
    ended = or_(AccessLink.expires_at < before, AccessLink.revoked_at < before)
    ids = session.scalars(select(AccessLink.id).where(ended).limit(BITE)).all()
    session.execute(delete(AccessLink).where(AccessLink.id.in_(ids)), execution_options=PLAIN)
    return Removed(len(ids))


def _files(session: Session, before: datetime) -> Removed:
    """Files that were sent and never filed: of no case, and of no draft that is still there."""
    of_draft = Attachment.draft_id.in_(select(DraftRow.id))
    loose = and_(Attachment.case_id.is_(None), or_(Attachment.draft_id.is_(None), ~of_draft))
    rows = session.scalars(select(Attachment).where(loose, Attachment.at < before).limit(BITE)).all()
    hashes = tuple(sha for row in rows for sha in (row.sha256, row.preview) if sha)
    session.execute(delete(Attachment).where(Attachment.id.in_([row.id for row in rows])), execution_options=PLAIN)
    return Removed(len(rows), hashes)


def _words(session: Session, before: datetime) -> Removed:
    """What was written in surveys; the grades stay and are counted as before."""
    old = select(Response.id).join(AnswerRow, AnswerRow.response_id == Response.id)
    written = old.where(Response.submitted_at < before, AnswerRow.text != "").distinct().limit(BITE)
    ids = session.scalars(written).all()
    emptied = update(AnswerRow).where(AnswerRow.response_id.in_(ids)).values(text="")
    session.execute(emptied, execution_options=PLAIN)
    over = (
        select(BallotComment.id)
        .join(Campaign, Campaign.id == BallotComment.campaign_id)
        .where(Campaign.closed_at < before)
    )
    remarks = session.scalars(over.limit(BITE)).all()
    session.execute(delete(BallotComment).where(BallotComment.id.in_(remarks)), execution_options=PLAIN)
    return Removed(len(ids) + len(remarks))


REMOVE: Mapping[str, Remove] = {
    "retention.inbox": _inbox,
    "retention.parts": _parts,
    "retention.outbox": _outbox,
    "retention.mailbox": _mailbox,
    "retention.snapshots": _snapshots,
    "retention.links": _links,
    "retention.files": _files,
    "retention.words": _words,
}
"""What removes each class, by the rule that says how long it is kept."""

EVIDENCE = frozenset({"retention.outbox", "retention.mailbox", "retention.files", "retention.words"})
"""Classes in which something of a person may stand that is held for the law: they wait while anybody is held."""


def anybody_held(session: Session) -> bool:
    """Whether something is held for the law."""
    held = session.scalars(select(StateRow.value).where(StateRow.key.startswith(HOLD, autoescape=True)))
    return any(held)
