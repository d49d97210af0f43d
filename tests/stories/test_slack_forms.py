"""Every form of every procedure as a modal of Slack's: what three judges refuse, no phone is shown."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.slack import modals, states
from bot.slack.modals import Shown, View
from conversations.fields import LOOKED_UP, Field, Kind
from conversations.forms import Form
from conversations.personal import PERSONAL
from conversations.procedures.handbook import HANDBOOK
from conversations.words import people
from handlers.turn import Turn
from handlers.whole import Question, Whole
from storage.unit_of_work import UnitOfWork
from tests.support.desk import FRIDAY, ZONE, Desk
from tests.support.hostile import PAYLOADS
from tests.support.slack.judges import judge
from tests.support.slack.pings import pings_and_links


def forms() -> Iterator[Form]:
    """Every form there is."""
    for procedure in HANDBOOK.procedures:
        yield procedure.intake
        yield from (action.form for action in procedure.actions if action.form is not None)
    yield from (personal.form for personal in PERSONAL.values())


def value_of(field: Field, text: str) -> object:
    """An answer to a question, with this text where it takes any."""
    values: dict[Kind, object] = {
        Kind.DATE: date(2026, 12, 1), Kind.DATE_TIME: FRIDAY, Kind.WHOLE: 120, Kind.DECIMAL: Decimal("1.5"),
        Kind.MONEY: Decimal("12.50"), Kind.FILES: ("1", "2"), Kind.MULTI_CHOICE: ("sorting",), Kind.YES_NO: "yes",
    }  # fmt: skip
    return values.get(field.kind, text[: field.longest])


def drawn(desk: Desk, form: Form, language: str, *texts: str) -> View:
    """A form with every question it can ask at once: empty, or answered with these texts in turn."""

    def draw(uow: UnitOfWork) -> View:
        turn = Turn(uow, desk.company, uow.organisation.person_by_name("程小满"), "slack")
        look = turn.looking()
        questions = []
        for number, field in enumerate(form.fields):
            text = texts[number % len(texts)] if texts else ""
            value = value_of(field, text) if text else field.preset({}, look) if field.preset else None
            words = people(text) if text and field.kind in LOOKED_UP else None
            questions.append(Question(field, field.choices({}, look), value, own=bool(text), words=words))
        whole = Whole("a-draft", form, "TS-2026-0082", tuple(questions), language, turn.now)
        return modals.form(Shown(whole, lambda said: desk.company.words.say(said, language, turn.now), {}))

    return desk.database.look(draw)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_is_one_that_slack_takes(desk: Desk, language: str) -> None:
    """
    Empty or answered, in both languages: no judge finds a fault, and nothing depends on which procedure it is.
    """
    faults = {
        (form.key, bool(text)): found
        for form in forms()
        for text in ("", "转向节")
        if (found := judge(drawn(desk, form, language, *filter(None, [text])), "modal"))
    }
    assert faults == {}


def test_hostile_answers_stay_text_in_every_form(desk: Desk) -> None:
    """
    Whatever was typed into a form is text when it is shown again: it calls nobody, links nowhere, breaks nothing.
    """
    intake = HANDBOOK["complaint"].intake
    fields = len(intake.fields)
    for first in range(0, len(PAYLOADS), 4):
        view = drawn(desk, intake, "zh", *(PAYLOADS * fields)[first : first + fields])
        assert judge(view, "modal") == [], first
        assert pings_and_links(view) == [], first


def test_what_was_filled_in_comes_back_as_it_was(desk: Desk) -> None:
    """
    A form that is shown and submitted untouched says what it showed: days and instants in the company's time.
    """
    view = drawn(desk, HANDBOOK["complaint"].intake, "zh", "转向节")
    filled = states.read({**view, "state": untouched(view)}, ZONE, lambda _user: "")
    assert filled.given["quantity"] == "120"
    assert filled.given["received_at"] == "2026-11-20 16:05"
    assert filled.given["description"] == "转向节"
    assert filled.given["remedy_sought"] == "sorting"
    assert filled.given["photos"] == ""
    assert filled.untyped == frozenset()


def untouched(view: View) -> dict[str, Any]:
    """What Slack says of a form that nobody touched."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            first = {name: element[begin] for name, begin in states.INITIAL.items() if begin in element}
            empty = {"selected_option": None} if "select" in element["type"] or "radio" in element["type"] else {}
            values[block["block_id"]] = {"v": {"type": element["type"], **empty, **first}}
    return {"values": values}


def test_a_form_that_asks_the_same_is_not_drawn_anew(desk: Desk) -> None:
    """
    The shape of a form is its questions and what they offer: an answer alone does not change it.
    """
    intake = HANDBOOK["complaint"].intake
    answered, other = drawn(desk, intake, "zh", "转向节"), drawn(desk, intake, "zh", "球头")
    assert modals.shape(answered) == modals.shape(other)
    fewer = {**answered, "blocks": answered["blocks"][3:]}
    assert modals.shape(answered) != modals.shape(fewer)
