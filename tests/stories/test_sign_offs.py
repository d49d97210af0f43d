"""Sign-offs: asked in parallel, bound to what was shown, never by the proposer alone, once however many press."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.procedures.handbook import HANDBOOK
from conversations.sign_off import Needs, Signer, SignOff
from storage.cases import Case
from storage.sign_offs import SignOffDecision, content_hash
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk, at
from tests.support.vote import sign_off, vote

NUMBER = "VT-2026-0001"
QUALITY, TECHNOLOGY, PRODUCTION = "沈知衡", "韩立群", "方大勇"
PROPOSER = "方大勇"


def opened(url: str, folder: Path, asked: SignOff | None = None, proposer: str = PROPOSER) -> Desk:
    """A desk at which a plan was proposed and waits for decisions."""
    desk = Desk.open(url, folder, handbook=HANDBOOK.and_also(vote(asked)))
    desk.say(proposer, "表决", "新夹具", f"议案 {NUMBER}", "下周换夹具", "跳过")
    return desk


@pytest.fixture
def voting(url: str, tmp_path: Path) -> Iterator[Desk]:
    """Three heads are asked; one of them proposed it, so his superior is asked in his place."""
    desk = opened(url, tmp_path)
    yield desk
    desk.leave()


def decisions(desk: Desk) -> list[tuple[str, str, str | None]]:
    """Who decided what, and in whose place."""

    def every(uow: UnitOfWork, case: Case) -> list[tuple[str, str, str | None]]:
        rows: list[SignOffDecision] = [d for s in uow.sign_offs.of(case.id) for d in uow.sign_offs.decisions(s)]
        names = {person.id: person.name for person in uow.organisation.people()}
        return [(names[row.by_id], row.decision, names.get(row.on_behalf_of_id or 0)) for row in rows]

    return desk.look(NUMBER, every)


def states(desk: Desk) -> list[str]:
    """How every question that was ever asked stands."""
    return desk.look(NUMBER, lambda uow, case: [asked.state for asked in uow.sign_offs.of(case.id)])


def test_everyone_is_asked_at_once_with_what_is_to_be_decided(voting: Desk) -> None:
    """
    Each signer gets a card with the plan and two buttons; the production VP is asked instead of the proposer.
    """
    voting.until(at(11, 20, 16, 10))
    for name in (QUALITY, TECHNOLOGY, "邱铁成"):
        [card] = voting.heard(name, "请决定")
        assert "下周换夹具" in card.text
        assert "[同意] [退回]" in card.text
    assert voting.heard(PROPOSER, "请决定") == []


def test_all_must_approve(voting: Desk) -> None:
    """
    With the rule all the step is left when the last has approved, and not before; each decision is kept.
    """
    voting.sign(QUALITY, "yes", NUMBER)
    voting.sign(TECHNOLOGY, "yes", NUMBER)
    assert voting.step(NUMBER) == "deciding"
    voting.sign("邱铁成", "yes", NUMBER)

    assert voting.step(NUMBER) == "agreed"
    assert decisions(voting) == [(name, "approve", None) for name in (QUALITY, TECHNOLOGY, "邱铁成")]
    assert states(voting) == ["approved"]


def test_one_refusal_leads_back_with_its_reason(voting: Desk) -> None:
    """
    A refusal asks one line; the plan goes back, the others are not asked any more, and the next proposal asks anew.
    """
    voting.sign(QUALITY, "no", NUMBER, "没有验证数据")

    assert voting.step(NUMBER) == "drafting"
    assert voting.answers(NUMBER)["why"] == "没有验证数据"
    assert "沈知衡 已于 今天16:05 处理:退回" in voting.sign(TECHNOLOGY, "yes", NUMBER)
    voting.say(PROPOSER, f"议案 {NUMBER}", "补充验证后换夹具", "跳过")
    assert states(voting) == ["refused", "open"]


def test_the_first_of_several_may_decide(url: str, tmp_path: Path) -> None:
    """
    Any: the first decision decides. The others are told who did, when and what.
    """
    desk = opened(url, tmp_path, sign_off(needs=Needs.ANY))
    desk.sign(QUALITY, "yes", NUMBER)
    late = desk.sign(TECHNOLOGY, "yes", NUMBER)

    assert desk.step(NUMBER) == "agreed"
    assert "沈知衡 已于 今天16:05 处理:同意" in late
    desk.leave()


def test_nobody_signs_what_they_have_not_been_shown(voting: Desk) -> None:
    """
    Typing the word shows the plan first; the button that comes with it is bound to that very content.
    """
    shown = voting.say(QUALITY, f"赞成 {NUMBER}")

    assert "下周换夹具" in shown
    assert voting.done(NUMBER).count("yes") == 0
    voting.tap(QUALITY, voting.console(QUALITY).reply.buttons[0].action, NUMBER)
    assert decisions(voting) == [(QUALITY, "approve", None)]


def test_a_change_voids_what_was_decided_and_says_so(voting: Desk) -> None:
    """
    The plan is amended: given decisions count for nothing, whoever gave them hears it, and all are asked again.
    """
    voting.sign(QUALITY, "yes", NUMBER)
    voting.say(TECHNOLOGY, f"赞成 {NUMBER}")
    old = voting.console(TECHNOLOGY).reply.buttons[0].action
    voting.say(PROPOSER, f"改案 {NUMBER}", "下下周换夹具")
    stale = voting.tap(TECHNOLOGY, old, NUMBER)
    voting.until(at(11, 20, 16, 10))

    assert "已被修改" in stale
    assert "下下周换夹具" in stale
    assert voting.heard(QUALITY, "您的决定不再有效")
    assert not voting.heard(TECHNOLOGY, "您的决定不再有效")
    assert states(voting) == ["void", "open"]
    for name in (QUALITY, TECHNOLOGY, "邱铁成"):
        voting.sign(name, "yes", NUMBER)
    assert voting.step(NUMBER) == "agreed"


def test_a_change_after_the_approval_needs_it_again(voting: Desk) -> None:
    """
    Amended when it was approved already, the plan goes back to be decided; a remark changes nothing.
    """
    for name in (QUALITY, TECHNOLOGY, "邱铁成"):
        voting.sign(name, "yes", NUMBER)
    voting.say(QUALITY, f"备注 {NUMBER}", "注意节拍")
    assert voting.step(NUMBER) == "agreed"
    voting.say(PROPOSER, f"改案 {NUMBER}", "下下周换夹具")

    assert voting.step(NUMBER) == "deciding"
    assert states(voting) == ["void", "open"]
    for name in (QUALITY, TECHNOLOGY, "邱铁成"):
        voting.sign(name, "yes", NUMBER)
    voting.say(PROPOSER, f"结案 {NUMBER}")
    assert voting.step(NUMBER) == "finished"


def test_what_is_kept_hashes_to_what_was_shown(voting: Desk) -> None:
    """
    The row keeps the content in full, and its SHA-256 stands in every decision.
    """
    voting.sign(QUALITY, "yes", NUMBER)

    def read(uow: UnitOfWork, case: Case) -> tuple[str, str, str, dict[str, object]]:
        [asked] = uow.sign_offs.of(case.id)
        [given] = uow.sign_offs.decisions(asked)
        return content_hash(asked.shown), asked.sha256, given.sha256, asked.shown

    computed, kept, bound, shown = voting.look(NUMBER, read)
    assert computed == kept == bound
    assert shown["lines"] == [{"key": "plan", "label": "Plan", "value": "下周换夹具"}]


def test_the_proposer_decides_nothing(url: str, tmp_path: Path) -> None:
    """
    Whoever proposed it is not asked, is refused when trying, and does not decide in an absent person's place either.
    """
    desk = opened(url, tmp_path, sign_off(signers=(Signer(role="production_lead"), Signer(role="tech_lead"))))
    refused = desk.tap(PROPOSER, "yes", NUMBER)
    assert "此操作需" in refused
    desk.do(lambda uow: setattr(uow.organisation.person_by_name(TECHNOLOGY), "delegate_id", desk_id(uow, PROPOSER)))
    desk.do(lambda uow: leave(uow, TECHNOLOGY))
    still = desk.tap(PROPOSER, "yes", NUMBER)

    assert "自己提出或实施" in still
    assert decisions(desk) == []
    desk.leave()


def desk_id(uow: UnitOfWork, name: str) -> int:
    """The row of a person."""
    person = uow.organisation.person_by_name(name)
    assert person is not None
    return person.id


def leave(uow: UnitOfWork, name: str) -> None:
    """Somebody is away this week and the next."""
    person = uow.organisation.person_by_name(name)
    assert person is not None
    person.leave_from, person.leave_to = at(11, 18).date(), at(11, 30).date()


def test_a_deputy_decides_for_an_absent_person_and_both_are_recorded(voting: Desk) -> None:
    """
    沈知衡 is away: 梁可欣 gets the card, decides in his place, and the record names both.
    """
    voting.do(lambda uow: setattr(uow.organisation.person_by_name(QUALITY), "delegate_id", desk_id(uow, "梁可欣")))
    voting.do(lambda uow: leave(uow, QUALITY))
    assert NUMBER in voting.say("梁可欣", "我的事项")
    voting.sign("梁可欣", "yes", NUMBER)
    twice = voting.sign("梁可欣", "yes", NUMBER)

    assert decisions(voting) == [("梁可欣", "approve", QUALITY)]
    assert "梁可欣 已于 今天16:05 处理:同意" in twice
    assert "梁可欣(代 沈知衡):同意" in voting.say(PROPOSER, NUMBER)


def test_whoever_has_not_decided_is_reminded_and_it_climbs(voting: Desk) -> None:
    """
    Half of two working days later only those who are still asked are reminded; overdue, the head hears as well.
    """
    voting.sign(QUALITY, "yes", NUMBER)
    voting.until(at(11, 23, 16, 30))
    assert voting.heard(TECHNOLOGY, "时限已过半")
    assert not voting.heard(QUALITY, "时限已过半")
    voting.until(at(11, 24, 16, 30))
    assert voting.heard("channel:SC", "超期通知")
    assert voting.heard(TECHNOLOGY, "超期通知")
    assert voting.time("KV", NUMBER).breached


def test_a_decision_can_be_taken_back_for_five_minutes(voting: Desk) -> None:
    """
    撤回 undoes the last decision: the step returns, the question is open again, and the signer may decide anew.
    """
    for name in (QUALITY, TECHNOLOGY, "邱铁成"):
        voting.sign(name, "yes", NUMBER)
    voting.say("邱铁成", "撤回")

    assert voting.step(NUMBER) == "deciding"
    assert states(voting) == ["open"]
    assert [name for name, _, _ in decisions(voting)] == [QUALITY, TECHNOLOGY]
    voting.sign("邱铁成", "no", NUMBER, "看错了")
    assert voting.step(NUMBER) == "drafting"


def test_a_proposal_that_was_taken_back_asks_nobody(voting: Desk) -> None:
    """
    The proposer takes it back: the question is over, and a late tap is told so.
    """
    voting.say(PROPOSER, "撤回")

    assert voting.step(NUMBER) == "drafting"
    assert states(voting) == ["over"]
    assert "不能“同意”" in voting.tap(QUALITY, "yes", NUMBER)


def test_named_people_and_heads_are_asked_too(url: str, tmp_path: Path) -> None:
    """
    A head of department, one person, and everybody whom an answer names, people or departments: each once.
    """
    signers = (Signer(head_of="CW"), Signer(named_in="plan"))
    desk = Desk.open(url, tmp_path, handbook=HANDBOOK.and_also(vote(sign_off(signers=signers))))
    desk.say(PROPOSER, "表决", "新夹具", f"议案 {NUMBER}", "梁可欣、技术部与方大勇参加", "跳过")
    asked = desk.look(NUMBER, lambda uow, case: [r.signer_id for s in uow.sign_offs.of(case.id)
                                                 for r in uow.sign_offs.requests(s)])  # fmt: skip

    assert asked == [desk.person_id(name) for name in ("白素云", "梁可欣", TECHNOLOGY)]
    desk.leave()


def test_signers_see_the_case(voting: Desk) -> None:
    """
    Whoever is asked may look at the case though it belongs to another department; others may not.
    """
    assert "Vote" in voting.say(TECHNOLOGY, NUMBER)
    assert "没有" in voting.say("白素云", NUMBER)
