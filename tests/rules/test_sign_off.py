"""What decisions come to under each rule, and which declarations of a sign-off are refused on import."""

from dataclasses import replace
from itertools import pairwise, product

import pytest

from conversations.permissions import Capacity
from conversations.procedure import Action, DeclarationError, Procedure, by
from conversations.sign_off import Decision, Needs, Signer, SignOff, Tally, next_level, verdict
from tests.support.vote import sign_off, vote

YES, NO = Decision.APPROVE, Decision.REFUSE

COMES_TO = [
    (Needs.ALL, 0, (3, 2, 0), None), (Needs.ALL, 0, (3, 3, 0), YES), (Needs.ALL, 0, (3, 0, 1), NO),
    (Needs.ALL, 0, (3, 2, 1), NO), (Needs.ANY, 0, (3, 0, 0), None), (Needs.ANY, 0, (3, 1, 0), YES),
    (Needs.ANY, 0, (3, 0, 1), NO), (Needs.MAJORITY, 0, (4, 2, 1), None), (Needs.MAJORITY, 0, (4, 3, 0), YES),
    (Needs.MAJORITY, 0, (4, 1, 2), NO), (Needs.MAJORITY, 0, (5, 2, 2), None), (Needs.MAJORITY, 0, (5, 2, 3), NO),
    (Needs.QUORUM, 4, (6, 3, 0), None), (Needs.QUORUM, 4, (6, 3, 1), YES), (Needs.QUORUM, 4, (6, 2, 2), None),
    (Needs.QUORUM, 4, (6, 1, 3), NO), (Needs.QUORUM, 4, (6, 3, 3), NO), (Needs.QUORUM, 4, (2, 2, 0), YES),
]  # fmt: skip


@pytest.mark.parametrize(("needs", "quorum", "counts", "expected"), COMES_TO)
def test_what_decisions_come_to(
    needs: Needs, quorum: int, counts: tuple[int, int, int], expected: Decision | None
) -> None:
    """
    All, any, majority and quorum: decided as soon as nothing that is still to come could change it, and not before.
    """
    assert verdict(needs, quorum, Tally(*counts)) is expected


@pytest.mark.parametrize("needs", [Needs.ALL, Needs.ANY, Needs.MAJORITY, Needs.QUORUM])
def test_every_order_of_decisions_ends_in_one_verdict(needs: Needs) -> None:
    """
    Whatever six people say in whatever order, there is a verdict at the end, and it never changes on the way to it.
    """
    for said in product((YES, NO), repeat=6):
        tallies = [Tally(6, said[:n].count(YES), said[:n].count(NO)) for n in range(1, 7)]
        verdicts = [verdict(needs, 4 if needs is Needs.QUORUM else 0, tally) for tally in tallies]
        first = next(found for found in verdicts if found is not None)
        assert verdicts[-1] is not None
        if needs in (Needs.ALL, Needs.MAJORITY):
            assert all(later in (first, None) for later in verdicts), said
        assert all(not (before and after is None) for before, after in pairwise(verdicts)) or needs is Needs.QUORUM


BROKEN: list[tuple[SignOff, str]] = [
    (sign_off(signers=()), "nobody is asked"),
    (sign_off(signers=(Signer(role="emperor"),)), "nobody can hold the role emperor"),
    (sign_off(signers=(Signer(role="qa", head_of="PB"),)), "a signer is one of"),
    (sign_off(signers=(Signer(),)), "a signer is one of"),
    (sign_off(needs=Needs.QUORUM), "a quorum is a number"),
    (sign_off(quorum=2), "a quorum is a number"),
    (sign_off(signers=(Signer(person=1),), needs=Needs.QUORUM, quorum=2), "cannot come from 1 people"),
    (replace(sign_off(), shows=()), "shows nothing"),
    (replace(sign_off(), shows=("weather",)), "shows weather, which no form asks"),
    (replace(sign_off(), proposed_by=()), "say in proposed_by"),
    (replace(sign_off(), proposed_by=("dream",)), "unknown action dream"),
    (replace(sign_off(), proposed_by=("yes",)), "unknown action yes"),
    (replace(sign_off(), approved="heaven"), "unknown step heaven"),
    (replace(sign_off(), approved="deciding"), "leads back to itself"),
    (replace(sign_off(), deadline="K9"), "unknown deadline K9"),
]


@pytest.mark.parametrize(("asked", "fault"), BROKEN, ids=[fault for _, fault in BROKEN])
def test_a_sign_off_that_could_lose_a_case_is_refused(asked: SignOff, fault: str) -> None:
    """
    A declaration whose sign-off asks nobody, shows nothing, is due never or leads nowhere stops the import.
    """
    with pytest.raises(DeclarationError, match=fault):
        vote(asked)


def changed(procedure: Procedure, key: str, **what: object) -> Procedure:
    """The same procedure with one action declared otherwise."""
    found = procedure.action[key]
    other = Action(**{**{name: getattr(found, name) for name in Action.__slots__}, **what})
    return replace(procedure, actions=tuple(other if a.key == key else a for a in procedure.actions))


@pytest.mark.parametrize(
    ("key", "what", "fault"),
    [
        ("yes", {"by": by(Capacity.QA)}, "who is asked signs"),
        ("yes", {"leads_to": ("drafting",)}, "sign-off says where it leads"),
        ("yes", {"at": ("deciding", "agreed")}, "sign-off says where it leads"),
        ("yes", {"signs": None, "to": "agreed"}, "exactly one action approves there, not 0"),
        ("amend", {"signs": NO, "by": by(Capacity.SIGNER), "at": ("deciding",), "leads_to": ("drafting",)},
         "exactly one action refuses there, not 2"),
    ],
)  # fmt: skip
def test_the_two_actions_of_a_sign_off_are_checked(key: str, what: dict[str, object], fault: str) -> None:
    """
    One action approves and one refuses, they lead where the step says, and nobody but the signers may do them.
    """
    with pytest.raises(DeclarationError, match=fault):
        changed(vote(), key, **what)


def test_above_every_role_stands_somebody() -> None:
    """
    An approver who proposed it is replaced by the next level, and that chain has no dead end.
    """
    assert [next_level(role) for role in ("qa", "qa_lead", "deputy_gm", "gm")] == [
        "qa_lead", "deputy_gm", "gm", "deputy_gm",
    ]  # fmt: skip
