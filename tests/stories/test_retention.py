"""Retention by itself: every class goes within a day of its time and never before, over ten virtual years (S18)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from conversations.retention import RETENTION
from handlers import retention, rules, subjects
from storage import retention as storage
from storage.ballots import BallotComment
from storage.base import Row
from storage.cases import Action, Case
from storage.files import Attachment, Belongs, path_of
from storage.inbox import InboxRow
from storage.links import AccessLink
from storage.mailbox import MailboxRow, NewLetter
from storage.outbox_rows import Message, OutboxRow
from storage.parts import MessagePart, Part
from storage.surveys import AnswerRow, Campaign, Invitation, Response
from storage.unit_of_work import UnitOfWork
from tests.support.answering import sent
from tests.support.desk import CASE, Desk

DAY = timedelta(days=1)
SPANS = {rule.key: timedelta(days=int(rule.value)) for rule in RETENTION}
YEARS = (0, 1, 3, 5)
"""Something of every class is put in at the beginning of these years."""


def planted(uow: UnitOfWork, at: datetime) -> None:
    """Something of every class, of this instant."""
    name = at.isoformat()
    case = uow.cases.find(CASE)
    assert case is not None
    uow.inbox.record(name, {"text": "x"})
    uow.parts.keep(name, "person:1", [Part(number=0, body={"text": "x"})])
    uow.outbox.add(Message(key=name, platform="test", address="person:1", topic="t", payload={"text": "x"}))
    row = uow.session.scalars(select(OutboxRow).where(OutboxRow.key == name)).one()
    row.state = "dead"
    uow.mailbox.put(NewLetter(key=name, address="person:1", text="x"))
    uow.cases.record(case, Action(step="x", key="edit", answers={}, before={"step": "x"}, at=at))
    uow.access_links.add(AccessLink(purpose="c", subject=name, created_at=at, expires_at=at))
    uow.files.put(name.encode(), name=name, mime="image/png", to=Belongs(person_id=1))
    invitation = Invitation(campaign_id=1, subject=name)
    uow.session.add(invitation)
    uow.session.flush()
    response = Response(campaign_id=1, invitation_id=invitation.id, begun_at=at, submitted_at=at)
    uow.surveys.begin(response)
    uow.surveys.answer(response, [AnswerRow(response_id=response.id, item="a", grade="a", points=100, text=name)])


LEFT: Mapping[str, Callable[[UnitOfWork], int]] = {
    "retention.inbox": lambda uow: counted(uow, InboxRow, InboxRow.key.like("20%")),
    "retention.parts": lambda uow: counted(uow, MessagePart, MessagePart.message.like("20%")),
    "retention.outbox": lambda uow: counted(uow, OutboxRow, OutboxRow.key.like("20%"), OutboxRow.payload != {}),
    "retention.mailbox": lambda uow: counted(uow, MailboxRow, MailboxRow.key.like("20%")),
    "retention.snapshots": lambda uow: counted(uow, Action, Action.step == "x", Action.before.is_not(None)),
    "retention.links": lambda uow: counted(uow, AccessLink, AccessLink.subject.like("20%")),
    "retention.files": lambda uow: counted(uow, Attachment, Attachment.name.like("20%")),
    "retention.words": lambda uow: counted(uow, AnswerRow, AnswerRow.text.like("20%")),
}


def counted(uow: UnitOfWork, kind: type[Row], *which: object) -> int:
    """How many rows there are of what was put in."""
    return uow.session.scalar(select(func.count()).select_from(kind).where(*which)) or 0  # type: ignore[arg-type]


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A desk with a case, and a survey to answer."""
    desk.report()
    sent(desk)
    return desk


def moments(start: datetime) -> Iterator[tuple[datetime, str]]:
    """Every instant at which something is about to go, and a day after it; and when something is put in."""
    for year in YEARS:
        begun = start + timedelta(days=365 * year)
        yield begun, "put"
        for span in set(SPANS.values()):
            yield begun + span - timedelta(seconds=1), "look"
            yield begun + span + DAY, "look"


def test_ten_years_go_by(kept: Desk) -> None:
    """
    At every instant before its time everything is there, a day after it is gone; quality records stay, and nothing of
    what is told once is told again.
    """
    start = kept.clock() + DAY
    put: list[datetime] = []
    for moment, what in sorted(moments(start)):
        kept.clock.set(moment)
        retention.tick(kept.database, kept.company)
        if what == "put":
            kept.do(partial(planted, at=kept.database.clock()))
            put.append(moment)
        for key, left in LEFT.items():
            # what is between its time and a day after it may be there or not
            least = sum(moment < at + SPANS[key] for at in put)
            most = sum(moment < at + SPANS[key] + DAY for at in put)
            assert least <= kept.do(left) <= most, f"{key} at {moment}"
    assert (kept.clock() - start).days > 3650 - 5
    assert kept.do(lambda uow: counted(uow, Action, Action.step == "x")) == len(YEARS)
    assert kept.do(lambda uow: counted(uow, OutboxRow, OutboxRow.key.like("20%"))) == len(YEARS)
    assert kept.do(lambda uow: counted(uow, Case)) == 2
    assert kept.do(lambda uow: counted(uow, AnswerRow, AnswerRow.points == 100)) == len(YEARS)


def test_every_rule_removes_something() -> None:
    """
    A class with a time but nothing that ends it, or the other way round, may not be shipped.
    """
    assert set(storage.REMOVE) == set(SPANS) == set(LEFT)
    assert set(SPANS) > storage.EVIDENCE


def test_the_company_says_how_long(kept: Desk) -> None:
    """
    A version of a rule holds as for any other rule, and it is listed with them.
    """
    kept.do(lambda uow: planted(uow, uow.now))
    kept.do(lambda uow: rules.apply(uow, kept.company, VERSION))
    kept.clock.forward(timedelta(days=3, minutes=1))
    retention.tick(kept.database, kept.company)
    assert kept.do(LEFT["retention.mailbox"]) == 0
    assert kept.do(LEFT["retention.parts"]) == 1
    listed = kept.do(lambda uow: rules.listed(uow, kept.company))
    assert {str(each["key"]): each["value"] for each in listed}["retention.mailbox"] == "3"


VERSION = """
[retention.mailbox]
value = 3
"版次" = "A/1"
"原因" = "试"
effective_from = "2026-01-01"
"编辑" = "程小满"
"批准" = "顾晓岚"
"""


def test_what_is_held_for_the_law_stays(kept: Desk) -> None:
    """
    While somebody is held, nothing goes in which something of theirs may stand; once released it goes.
    """
    kept.do(lambda uow: planted(uow, uow.now))
    held = kept.do(lambda uow: subjects.hold(uow, "contact:1", "诉讼", "dba"))
    kept.clock.forward(timedelta(days=4000))
    retention.tick(kept.database, kept.company)
    assert [key for key, left in LEFT.items() if kept.do(left)] == sorted(storage.EVIDENCE, key=list(LEFT).index)
    kept.do(lambda uow: subjects.release(uow, held, "dba"))
    kept.clock.forward(retention.EVERY)
    retention.tick(kept.database, kept.company)
    assert [key for key, left in LEFT.items() if kept.do(left)] == []


def test_bytes_go_with_the_last_row_that_names_them(kept: Desk) -> None:
    """
    A file that was sent and never filed leaves the disk, unless a case has the same picture.
    """

    def put(uow: UnitOfWork) -> tuple[str, str]:
        case = uow.cases.find(CASE)
        assert case is not None
        loose = uow.files.put(b"loose", name="a", mime="image/png", to=Belongs(person_id=1))
        shared = uow.files.put(b"shared", name="b", mime="image/png", to=Belongs(person_id=1))
        uow.files.also_of(shared, case.id)
        return loose.sha256, shared.sha256

    loose, shared = kept.do(put)
    root = kept.do(lambda uow: uow.files._root)
    kept.clock.forward(timedelta(days=31))
    retention.tick(kept.database, kept.company)
    assert not path_of(root, loose).exists()
    assert path_of(root, shared).exists()


def test_remarks_of_employees_go_with_their_survey(kept: Desk) -> None:
    """
    What employees wrote is of no instant of its own: it goes five years after the survey was closed.
    """

    def put(uow: UnitOfWork) -> None:
        campaign = uow.session.get(Campaign, 1)
        assert campaign is not None
        campaign.closed_at = uow.now
        uow.session.add(BallotComment(campaign_id=1, question="q", text="x"))

    kept.do(put)
    seen = []
    for days in (1824, 2):
        kept.clock.forward(timedelta(days=days))
        retention.tick(kept.database, kept.company)
        seen.append(kept.do(lambda uow: counted(uow, BallotComment)))
    assert seen == [1, 0]
