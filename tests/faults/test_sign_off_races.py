"""Two people press at once: one decision, and the other is told who decided and when."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from bot.console import Console
from conversations.procedures.handbook import HANDBOOK
from conversations.sign_off import Needs
from storage.sign_offs import APPROVED, SignOff, SignOffDecision
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.desk import Desk
from tests.support.vote import sign_off, vote

T = TypeVar("T")
NUMBER = "VT-2026-0001"
RACES = 1_000 if LONG else 200
THROUGH_THE_FRONT_DOOR = 15 if LONG else 6
QUALITY, TECHNOLOGY, PRODUCTION = "沈知衡", "韩立群", "方大勇"


def asked(url: str, folder: Path, needs: Needs) -> Desk:
    """A desk at which three heads are asked to decide."""
    Desk.furnished(url, folder).leave()
    desk = Desk.open(url, folder, handbook=HANDBOOK.and_also(vote(sign_off(needs=needs))))
    desk.say(PRODUCTION, "表决", "新夹具", f"议案 {NUMBER}", "下周换夹具", "跳过")
    return desk


def at_once(*jobs: Callable[[], T]) -> list[T]:
    """Let every job start at the same instant, each in a thread of its own; what they gave, in their order."""
    ready, found = threading.Barrier(len(jobs)), dict[int, T]()

    def run(position: int, job: Callable[[], T]) -> None:
        ready.wait(timeout=30)
        found[position] = job()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [found[position] for position in range(len(jobs))]


def press(uow: UnitOfWork, revision: int, person: int) -> tuple[str, int]:
    """Decide it unless somebody has: who did."""
    [question] = list(uow.session.query(SignOff).filter_by(revision=revision))
    waiting = uow.sign_offs.waiting(question)
    if not waiting:
        return "late", uow.sign_offs.decisions(question)[0].by_id
    decision = SignOffDecision(
        request_id=waiting[0].id, decision="approve", by_id=person, sha256=question.sha256, at=uow.now
    )
    uow.sign_offs.decide(decision)
    question.state = APPROVED
    return "first", person


def test_as_many_races_give_as_many_decisions(database_url: str, tmp_path: Path) -> None:
    """
    Two threads decide the same questions at once, 200 and at full length 1,000: each is decided once, and the other
    hears by whom.
    """
    desk = asked(database_url, tmp_path, Needs.ANY)
    first, second = desk.person_id(QUALITY), desk.person_id(TECHNOLOGY)

    def questions(uow: UnitOfWork) -> None:
        case = uow.cases.find(NUMBER)
        assert case is not None
        for revision in range(100, 100 + RACES):
            question = SignOff(
                case_id=case.id, revision=revision, step="deciding", needs="any", shown={}, sha256="x",
                opened_at=uow.now, state="asked",
            )  # fmt: skip
            uow.sign_offs.ask(question, {first: "qa_lead"})

    desk.do(questions)

    def all_of_them(person: int) -> Callable[[], list[tuple[str, int]]]:
        return lambda: [
            desk.database.do(partial(press, revision=revision, person=person)) for revision in range(100, 100 + RACES)
        ]

    ours, theirs = at_once(all_of_them(first), all_of_them(second))
    outcomes = Counter((a[0], b[0]) for a, b in zip(ours, theirs, strict=True))
    standing = desk.do(lambda uow: uow.session.query(SignOffDecision).filter_by(undone_at=None).count())
    desk.leave()

    assert standing == RACES
    assert set(outcomes) <= {("first", "late"), ("late", "first")}
    assert sum(outcomes.values()) == RACES
    assert all(a[1] == b[1] for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("needs", [Needs.ANY, Needs.ALL])
def test_two_buttons_at_once(database_url: str, tmp_path: Path, needs: Needs) -> None:
    """
    Through the front door: any takes one decision and tells the other; all takes both, and neither is lost.
    """
    desk = asked(database_url, tmp_path, needs)
    consoles = {name: Console(desk.database, desk.company, name) for name in (QUALITY, TECHNOLOGY)}
    for race in range(THROUGH_THE_FRONT_DOOR):
        desk.say(PRODUCTION, f"改案 {NUMBER}", f"第 {race} 案")
        bound = {}
        for name, console in consoles.items():
            console.tap("yes", NUMBER)
            bound[name] = next(b.action for b in console.reply.buttons if b.action.startswith("yes:"))
        answers = at_once(*(
            partial(console.tap, bound[name], NUMBER)
            for name, console in consoles.items()
        ))  # fmt: skip
        decided = desk.look(NUMBER, lambda uow, case: len(uow.sign_offs.decisions(uow.sign_offs.of(case.id)[-1])))
        told = [answer for answer in answers if "处理:同意" in answer]

        assert (decided, len(told)) == ((1, 1) if needs is Needs.ANY else (2, 0)), answers
        assert all("已于" in answer for answer in told)
    desk.leave()
