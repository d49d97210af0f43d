"""P8: one step of a form, committed to the disk, by one of many users."""

from collections.abc import Iterator
from itertools import cycle

from sqlalchemy import insert, select

from handlers import switchboard
from handlers.events import Pressed, Sender, Wrote
from storage.drafts import DraftRow
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.pairing import Goal, Row, Side, Work, compare, installed, seconds, without
from tests.benchmarks.peers.bare_step import BareForm
from tests.benchmarks.rig import Rig
from tests.support.desk import Desk

STEPS = 50
FEW, MANY = 1_000, 10_000
ANSWER = "驰安"
"""The first question of the complaint; no user is asked it twice in one run."""


class Users:
    """So many sales people, each with an open draft of a complaint."""

    def __init__(self, rig: Rig, count: int) -> None:
        self.desk: Desk = rig.desk(rig.sqlite())
        self.desk.do(lambda uow: _people(uow, count))
        self._names = cycle(range(count))
        self._keys = iter(range(10**9))
        opened = Pressed("open", Sender("console", "user 0"), "start:complaint")
        switchboard.receive(self.desk.database, self.desk.company, opened)
        self.desk.do(_drafts)

    def steps(self) -> float:
        """Seconds for a few steps, each by another user."""
        senders = [Sender("console", f"user {next(self._names)}") for _ in range(STEPS)]
        events = [Wrote(f"step {next(self._keys)}", sender, ANSWER) for sender in senders]
        return seconds(lambda: [switchboard.receive(self.desk.database, self.desk.company, event) for event in events])


def _people(uow: UnitOfWork, count: int) -> None:
    like = uow.organisation.person_by_name("程小满")
    assert like is not None
    own = {"id", "name", "slack_id", "wecom_id", "delegate_id"}
    shared = {c.name: getattr(like, c.name) for c in Person.__table__.columns if c.name not in own}
    uow.session.execute(insert(Person), [{**shared, "name": f"user {index}"} for index in range(count)])


def _drafts(uow: UnitOfWork) -> None:
    opened = uow.session.scalars(select(DraftRow)).one()
    own = {"id", "person_id"}
    shared = {c.name: getattr(opened, c.name) for c in DraftRow.__table__.columns if c.name not in own}
    others = select(Person.id).where(Person.name.like("user %"), Person.id != opened.person_id)
    rows = [{**shared, "id": f"draft {person}", "person_id": person} for person in uow.session.scalars(others)]
    uow.session.execute(insert(DraftRow), rows)


def _bare(form: BareForm, numbers: Iterator[int]) -> float:
    def steps() -> None:
        for _ in range(STEPS):
            form.step(next(numbers), ANSWER)

    return seconds(steps)


def rows(rig: Rig) -> Iterator[Row]:
    """Against bare SQL, against python-telegram-bot, and against ourselves with fewer users."""
    users = Users(rig, FEW)
    work = Work(rounds=7, units=STEPS)
    bare = BareForm(rig.folder / "bare.db", FEW)
    numbers = cycle(range(FEW))
    yield compare(
        Goal(f"P8 form step, {FEW:,} users", 0.4, at_least=True),
        Side("step", users.steps),
        Side("bare sqlite3 FULL", lambda: _bare(bare, numbers)),
        work,
    )  # fmt: skip
    goal = Goal(f"P8 form step, {FEW:,} users", 10, at_least=True)
    if installed("telegram"):
        from tests.benchmarks.peers.ptb_form import PtbForm

        ptb = PtbForm(rig.folder / "ptb", FEW)
        peer = Side(
            "PTB ConversationHandler, pickled", lambda: ptb.steps([next(numbers) + 1 for _ in range(STEPS)], "x")
        )
        yield compare(goal, Side("step", users.steps), peer, Work(rounds=3, units=STEPS))
        ptb.close()
    else:
        yield without(goal, "python-telegram-bot")
    many = Users(rig, MANY)
    yield compare(
        Goal(f"P8 form step, {MANY:,} users", 0.9, at_least=True),
        Side("step", many.steps), Side(f"at {FEW:,}", users.steps), work,
    )  # fmt: skip
    users.desk.database.dispose()
    many.desk.database.dispose()
