"""Complaint and corrective action in any order: whatever people do and whenever, the promises of both hold (R25)."""

import itertools
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from conversations.facts import CaseFacts
from conversations.procedure import Procedure
from conversations.sign_off import SignOff as Declared
from handlers.facts import facts_of
from handlers.shown import content_of
from handlers.turn import Turn
from storage.audit import verify
from storage.cases import Case
from storage.sign_offs import content_hash
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.agents import act, numbers, take_back
from tests.support.desk import Desk

Url = Callable[[Path], str]
PEOPLE = ("程小满", "梁可欣", "沈知衡", "方大勇", "陆明舟")


class Anything(RuleBasedStateMachine):
    """Two complaints of the same customer, each with an action; people act, take back, and let time pass."""

    url: ClassVar[Url]

    def __init__(self) -> None:
        super().__init__()
        folder = Path(mkdtemp(prefix="gukebot-any-"))
        self.desk = Desk.open(type(self).url(folder), folder)
        self.keys = itertools.count(1)
        self.breached: set[int] = set()
        for number, impact, severity in (("0082", "换货", "一般"), ("0083", "有停线风险", "重大")):
            self.desk.transmit(impact=impact)
            self.desk.later(minutes=7)
            self.desk.say("梁可欣", f"接收 TS-2026-{number}", severity, "装配线(0公里)", "CC02")
            self.desk.say("梁可欣", f"开纠正措施 TS-2026-{number}", "生产部", "防止孔位偏移再发", "12-18")

    @rule(order=st.permutations(range(12)))
    def somebody_acts(self, order: list[int]) -> None:
        # evenly: hypothesis itself likes the first of everything, and what it drew before
        key = f"any:{next(self.keys)}"
        chance = random.Random(f"{key} {order}")
        every = [number for number in numbers(self.desk) for _ in range(4 if number.startswith("JZ-") else 1)]
        act(self.desk, chance.choice(every), chance.randrange, key)

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_takes_back(self, who: str) -> None:
        take_back(self.desk, who, f"any:{next(self.keys)}")

    @rule(minutes=st.sampled_from((1, 4, 60, 600, 3000, 20_000)))
    def time_passes(self, minutes: int) -> None:
        self.desk.clock.forward(timedelta(minutes=minutes))
        self.desk.tick()

    @invariant()
    def the_promises_hold(self) -> None:
        self.desk.do(self.look)

    def look(self, uow: UnitOfWork) -> None:
        turn = Turn(uow, self.desk.company)
        for case in uow.session.query(Case).order_by(Case.id):
            procedure = self.desk.company.handbook[case.procedure]
            facts = facts_of(turn, case, procedure)
            stands_somewhere(case, procedure)
            deadlines_end_with_it(uow, case, self.breached)
            asked_of_the_right_people(turn, case, procedure, facts)
            if case.procedure == "corrective_action":
                approved_and_verified(turn, case, procedure, facts)
            if case.procedure == "complaint" and case.step == "closed":
                caused_and_answered(facts)

    def teardown(self) -> None:
        self.desk.do(lambda uow: uow.audit.seal())
        with self.desk.database.reading() as session:
            assert verify(session).ok
        self.desk.leave()


def machine(url: Url) -> type[RuleBasedStateMachine]:
    """The machine on a database of one kind."""
    return type("AnythingThere", (Anything,), {"url": staticmethod(url)})


def stands_somewhere(case: Case, procedure: Procedure) -> None:
    """A case stands at a declared step, and is over exactly where that step is an ending."""
    assert case.step in procedure.step
    assert (case.closed_at is not None) == procedure.step[case.step].ending, (case.number, case.step)


def deadlines_end_with_it(uow: UnitOfWork, case: Case, breached: set[int]) -> None:
    """Nothing runs for a case that is over, and a breach stays a fact."""
    rows = uow.deadlines.of(case.id)
    if case.closed_at is not None:
        assert [row.key for row in rows if row.state in ("running", "paused")] == [], case.number
    now = {row.id for row in rows if row.breached_at is not None}
    known = {row.id for row in rows} & breached
    assert known <= now
    breached |= now


def asked_of_the_right_people(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts) -> None:
    """People are asked where there is something to decide, and on what stands there; never whoever proposed it."""
    sign_offs, declared = turn.uow.sign_offs, procedure.step[case.step].sign_off
    open_ = [asked for asked in sign_offs.of(case.id) if asked.state == "open"]
    assert len(open_) == (1 if declared is not None else 0), (case.number, case.step)
    for asked in sign_offs.of(case.id):
        given = sign_offs.decisions(asked)
        assert len({decision.request_id for decision in given}) == len(given)
        assert asked.proposer_id not in {decision.by_id for decision in given}
        assert {decision.sha256 for decision in given} <= {asked.sha256}
    if declared is not None:
        assert shown_now(turn, case, procedure, declared, facts) == open_[0].sha256
        assert sign_offs.waiting(open_[0])


def shown_now(turn: Turn, case: Case, procedure: Procedure, declared: Declared, facts: CaseFacts) -> str:
    """The hash of what a signer would be shown now."""
    return content_hash(content_of(turn, case, procedure, declared, facts))


def approved_and_verified(turn: Turn, case: Case, procedure: Procedure, facts: CaseFacts) -> None:
    """Carried out is only what was approved as it stands; closed is only what somebody else found effective."""
    if case.step in ("executing", "verifying"):
        asked = [each for each in turn.uow.sign_offs.of(case.id) if each.step == "approval"][-1]
        declared = procedure.step["approval"].sign_off
        assert declared is not None
        assert asked.state == "approved", (case.number, case.step)
        assert asked.sha256 == shown_now(turn, case, procedure, declared, facts)
    if case.step in ("effective", "consolidated", "closed"):
        verdicts = [done for done in facts.history if done.key in ("verify_ok", "verify_bad", "lapse")]
        assert verdicts[-1].key == "verify_ok"
        finished = facts.last("d6") if facts.answers.get("level") == "8d" else facts.last("done")
        assert finished is not None
        assert verdicts[-1].by != finished.by
    assert facts.round == 1 + sum(done.key in ("verify_bad", "lapse") for done in facts.history)


def caused_and_answered(facts: CaseFacts) -> None:
    """A closed complaint has its cause, and its action where one is needed (D9 4.1.6)."""
    assert any(done.key == "analyse" for done in facts.since("reopen"))
    if facts.answers.get("capa_needed") == "yes":
        assert facts.spawned("corrective")


def played(url: Url, examples: int, steps: int) -> None:
    """Let the machine play."""
    run_state_machine_as_test(
        machine(url),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whatever_people_do_the_promises_hold(kind: str, request: pytest.FixtureRequest) -> None:
    """
    Some hundred steps by chance: approval, verification, deadlines, sign-offs, audit trail and closing stay sound.
    """
    played(request.getfixturevalue(f"furnished_{kind}"), examples=3 if kind == "sqlite" else 2, steps=35)


if LONG:

    @pytest.mark.slow
    @pytest.mark.timeout(3600)
    def test_twenty_thousand_steps(furnished_sqlite: Url) -> None:
        """
        The same for 20,000 steps.
        """
        played(furnished_sqlite, examples=200, steps=100)
