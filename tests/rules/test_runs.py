"""Which questions may be answered together: short choices in a row that do not depend on each other."""

from dataclasses import replace

import pytest

from conversations.fields import Answers, Field, Kind, Lookups, Option, UnacceptableError, filled, option
from conversations.forms import Draft, Form
from conversations.procedures.complaint_forms import ACCEPT
from conversations.procedures.complaint_intake import INTAKE
from conversations.runs import run
from conversations.words import said
from tests.rules.test_forms import LOOK

ABC = tuple(option(key, key.upper()) for key in "abc")
A, B, C, D = (Field(key, key, f"{key}?", Kind.CHOICE, ABC) for key in "wxyz")


def together(*fields: Field, given: tuple[str, ...] = (), confirm: str = "") -> str:
    """The keys of the run that begins once the first questions are answered."""
    draft = Draft(Form("f", "F", fields, confirm))
    for key in given:
        draft = draft.take({key: "a"}, LOOK, "test")
    return "".join(field.key for field, _ in run(draft, LOOK))


def test_three_at_most_and_never_one() -> None:
    """
    Choices in a row, three of them; a single one is no run, and those answered or preset already are passed over.
    """
    assert together(A, B, C, D) == "wxy"
    assert together(A, B, C, D, given=("w", "x")) == "yz"
    assert together(A) == ""
    assert together(A, replace(B, preset=filled("a")), C) == "wy"
    assert together(A, B, C, given=("x",)) == "wy"


def test_the_complaint() -> None:
    """
    Of the intake, category and impact; of the acceptance, severity and stage.
    """
    known = Draft(INTAKE).keep("customer", "K01", LOOK.now, "test").keep("product", "P1", LOOK.now, "test")
    assert [field.key for field, _ in run(known, LOOK)] == ["category", "impact"]
    assert [field.key for field, _ in run(Draft(ACCEPT), LOOK)] == ["severity", "stage"]


def of_wishes(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """Options that another answer decides."""
    return ABC[:2] if answers.get("w") == "c" else ABC


def refused(text: str, answers: Answers, look: Lookups) -> object:
    """A reader that does not take every option."""
    raise UnacceptableError(said("not this"))


@pytest.mark.parametrize(
    ("why", "second"),
    [
        ("asked of some only", replace(B, when=lambda answers: answers.get("w") == "a")),
        ("other options for some", replace(B, options=of_wishes)),
        ("may be left out", replace(B, required=False)),
        ("may be typed", replace(B, typed=True)),
        ("a hint asks for typing", replace(B, options=(*ABC, option("d", "D", "type it")))),
        ("too many options", replace(B, options=tuple(option(f"k{n}", str(n)) for n in range(11)))),
        ("an option is no answer", replace(B, read=refused)),
        ("several at once", replace(B, kind=Kind.MULTI_CHOICE)),
        ("words", Field("x", "x", "x?")),
    ],
)
def test_what_ends_a_run(why: str, second: Field) -> None:
    """
    A question that depends on the others, or that a tap alone does not answer, is asked on its own.
    """
    assert together(A, second, C) == "", why
    assert together(A, C, second) == "wy", why


def test_a_question_that_nobody_is_asked_is_passed_over() -> None:
    """
    One that stays hidden whatever is chosen does not end a run; the confirmation is in none.
    """
    assert together(A, replace(B, when=lambda _answers: False), C) == "wy"
    assert together(A, B, C, confirm="y") == "wx"


def test_a_correction_is_asked_alone() -> None:
    """
    修改 asks one question, and an answer that was refused is mended before anything else is asked.
    """
    draft = Draft(Form("f", "F", (A, B, C)))
    assert run(draft.reopen("w", LOOK.now, "test"), LOOK) == ()
    assert run(draft.take({"w": "no such"}, LOOK, "test"), LOOK) == ()
