"""Every form of every procedure as a page: small, whole, and untouched it gives nothing back."""

from collections.abc import Iterator

import pytest

from bot.arriving import Arrived
from bot.staff import page, reading
from bot.staff.page import Shown
from conversations.fields import LOOKED_UP, Field, Kind, Lookups
from conversations.words import people
from handlers.filling import Sheet
from handlers.turn import Turn
from handlers.whole import Question, Whole
from storage.unit_of_work import UnitOfWork
from tests.stories.test_slack_forms import forms, value_of
from tests.support.desk import Desk
from tests.support.hostile import PAYLOADS
from tests.support.staff import Fields


def question(field: Field, text: str, look: Lookups) -> Question:
    """A question, answered by its first option or with a text; by its preset where there is none."""
    options = field.choices({}, look)
    first = next((option.key for option in options if option.hint is None), "")
    tapped = first if text and first and field.kind not in (Kind.MULTI_CHOICE, Kind.FILES) else ""
    value = tapped or value_of(field, text) if text else field.preset({}, look) if field.preset else None
    return Question(field, options, value, bool(text), people(text) if text and field.kind in LOOKED_UP else None)


def pages(desk: Desk, text: str, language: str) -> Iterator[tuple[str, str]]:
    """Every form with every question it can ask at once, as its page and as the last look at it."""

    def draw(uow: UnitOfWork) -> list[tuple[str, str]]:
        turn = Turn(uow, desk.company, uow.organisation.person_by_name("程小满"), "page")
        look, drawn = turn.looking(), []
        for form in forms():
            questions = tuple(question(field, text, look) for field in form.fields)
            whole = Whole("a-draft", form, "TS-2026-0082", questions, language, turn.now)
            sheet = Sheet(language, turn.now, whole, tuple((people(each.key), people(text)) for each in form.fields))
            shown = (desk.database, desk.company, sheet, whole, Shown("/f/x", "mark"))
            drawn += [(form.key, page.form(*shown).html), (form.key, page.check(*shown).html)]
        return drawn

    yield from desk.do(draw)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("text", ["", "转向节"])
def test_a_page_that_nobody_touched_gives_nothing_back(desk: Desk, text: str, language: str) -> None:
    """
    Empty or answered, in both languages: at most 30 KB, and what a browser sends of it changes no answer.
    """
    for key, html in pages(desk, text, language):
        values = Fields(html).values
        read = reading.read(Arrived(tuple((name, str(value)) for name, value in values.items())))
        assert read.given == {}, key
        assert len(html.encode()) <= 30 * 1024, key


def test_hostile_answers_stay_text_in_every_form(desk: Desk) -> None:
    """
    Whatever was typed into a form is text when it is shown again.
    """
    for text in PAYLOADS[:6]:
        for _, html in pages(desk, text, "zh"):
            body = html.partition("<main>")[2].partition("</main>")[0].lower()
            assert "<script" not in body
            assert "<img" not in body
            assert "onerror=" not in body or "&lt;" in body
