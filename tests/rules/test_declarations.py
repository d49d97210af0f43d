"""A declaration that could lose a case stops the import, and says which procedure and what is wrong."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from conversations.fields import Field, Kind
from conversations.forms import Form
from conversations.procedure import Action, Deadline, DeclarationError, Procedure, Step, by
from conversations.procedures.handbook import HANDBOOK, UnknownProcedureError
from tests.support.samples import SAMPLES

ASKS_TWICE = Form("send", "Send", (Field("parcel", "P", "P?"), Field("parcel", "P", "P?")))
ASKS_OUTCOME = Form("send", "Send", (Field("outcome", "Outcome", "Outcome?"),))
ASKS_NOTHING = Form("send", "Send", (Field("how", "How", "How?", Kind.CHOICE),))
CONFIRMS_NOTHING = Form("send", "Send", (Field("parcel", "P", "P?"),), confirm="weather")


def action(name: str, **what: object) -> Callable[[], Procedure]:
    """The samples' procedure with one action declared otherwise."""
    found = SAMPLES.action[name]
    other = Action(**{**{slot: getattr(found, slot) for slot in Action.__slots__}, **what})
    return lambda: replace(SAMPLES, actions=tuple(other if a.key == name else a for a in SAMPLES.actions))


def deadline(**what: object) -> Callable[[], Procedure]:
    """The samples' procedure with its first deadline declared otherwise."""
    first, *others = SAMPLES.deadlines
    other = Deadline(**{**{name: getattr(first, name) for name in Deadline.__slots__}, **what})
    return lambda: replace(SAMPLES, deadlines=(other, *others))


def but(**what: object) -> Callable[[], Procedure]:
    """The samples' procedure declared otherwise as a whole."""
    return lambda: Procedure(**{**{name: getattr(SAMPLES, name) for name in SAMPLES.__dataclass_fields__}, **what})


LOST = Step(key="lost", label="Lost")
ENDED_EARLIER = tuple(each if each.key != "drop" else replace(each, at=("preparing",)) for each in SAMPLES.actions)

BROKEN: list[tuple[Callable[[], Procedure], str]] = [
    (action("send", to="heaven"), "action send names an unknown step heaven"),
    (action("send", at=("heaven",)), "action send names an unknown step heaven"),
    (action("drop", leads_from=("heaven",)), "action drop names an unknown step heaven"),
    (action("send", to=lambda _facts: "with_customer"), "action send: say in leads_to where its function can lead"),
    (action("send", by=by()), "action send: nobody may do it"),
    (action("send", key="drop"), "action drop stands twice"),
    (action("send", form=ASKS_TWICE), "form send: parcel stands twice"),
    (action("send", form=ASKS_OUTCOME), "a field may not be called outcome"),
    (action("send", form=ASKS_NOTHING), "form send: how offers nothing to choose"),
    (action("send", form=CONFIRMS_NOTHING), "form send confirms at an unknown field weather"),
    (but(intake=ASKS_OUTCOME), "a field may not be called outcome"),
    (but(steps=(*SAMPLES.steps, LOST)), "step lost cannot be reached"),
    (but(steps=(*SAMPLES.steps, LOST), first_steps=("preparing", "lost"), actions=ENDED_EARLIER),
     "step lost leads to no ending"),
    (but(steps=(*SAMPLES.steps, SAMPLES.steps[0])), "step preparing stands twice"),
    (but(first_steps=("heaven",)), "unknown first step heaven"),
    (deadline(rule="samples.Y9"), "deadline Y1 names an unknown rule samples.Y9"),
    (deadline(within="Y9"), "deadline Y1 is within an unknown deadline Y9"),
    (deadline(key="Y2"), "deadline Y2 stands twice"),
    (but(promise=("Y9",)), "it promises an unknown deadline Y9"),
    (but(rules=()), "deadline Y1 names an unknown rule samples.Y1"),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "fault"), BROKEN, ids=[fault for _, fault in BROKEN])
def test_what_could_lose_a_case_is_refused(declared: Callable[[], Procedure], fault: str) -> None:
    """
    An unknown or unreachable step, a dead end, a deadline without its rule, an action for nobody: each by its name.
    """
    with pytest.raises(DeclarationError, match=f"^samples: .*{fault}"):
        declared()


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ({}, "procedure samples is declared twice"),
        ({"key": "other"}, "rule samples.Y1 is declared twice"),
        ({"key": "other", "rules": (), "deadlines": ()}, "number prefix YP is declared twice"),
        ({"key": "other", "rules": (), "deadlines": (), "prefix": "YQ"}, "command 送样 is declared twice"),
    ],
)
def test_procedures_do_not_take_each_others_names(what: dict[str, object], fault: str) -> None:
    """
    Two procedures with one key, rule, number prefix or command could not be told apart: refused together.
    """
    with pytest.raises(DeclarationError, match=fault):
        HANDBOOK.and_also(SAMPLES, but(**what)())


def test_a_procedure_that_is_not_declared_is_named() -> None:
    """
    Asking the handbook for what it does not have says what was asked for.
    """
    with pytest.raises(UnknownProcedureError, match="magic"):
        HANDBOOK["magic"]
