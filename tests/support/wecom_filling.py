"""Filling in a form on a phone with WeCom: on the cards where there are some, or by typing what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from conversations.fields import Field
from conversations.forms import Draft
from conversations.words import said
from handlers import forms
from handlers.turn import Turn
from storage.unit_of_work import UnitOfWork
from tests.support.wecom.reading import Bubble
from tests.support.wecom_office import Hand, Office

Answers: TypeAlias = Mapping[str, str | tuple[bytes, ...]]
"""Answers by the keys of their questions: words as they are read, or photos."""


@dataclass(frozen=True)
class Rep:
    """Somebody with a phone who likes cards, or does not."""

    office: Office
    name: str
    on_cards: bool

    @property
    def hand(self) -> Hand:
        """Their phone."""
        return self.office.phone(self.name)

    def does(self, number: str, action: str, word: str, answers: Answers) -> str:
        """Begin an action on a case, by the newest button of that name or by its word, and answer what it asks."""
        cards = [each for each in reversed(self.hand.phone.cards()) if action in each.buttons and number in each.text]
        answer = self.hand.tap(cards[0], action) if self.on_cards and cards else self.hand.say(f"{word} {number}")
        return self.fills(answers) or answer

    def fills(self, answers: Answers) -> str:
        """Answer until nothing more is asked; the last answer."""
        answer = ""
        while (question := self._asked()) is not None:
            before = (question.key, len(self.hand.messages))
            answer = self._answers(question, answers)
            assert len(self.hand.messages) > before[1], f"no answer to {question.key}"
        return answer

    def _answers(self, question: Field, answers: Answers) -> str:
        given = answers.get(question.key, "跳过")
        if isinstance(given, tuple):
            self.hand.photos(*given)
            still = self._asked()
            return self.hand.say("好了") if still is not None and still.key == question.key else ""
        card = self.hand.messages[-1] if self.on_cards and self.hand.messages[-1].is_card else None
        if card is None or given == "跳过" or not self._is_there(card, given):
            return self.hand.say(given)
        if given in card.buttons:
            return self.hand.tap(card, given)
        if card.body["card_type"] == "multiple_interaction":
            return self.hand.tap(card, choose=self._together(card, answers))
        return self.hand.tap(card, choose=given)

    def _is_there(self, card: Bubble, words: str) -> bool:
        return words in card.buttons or f"({words})" in card.text

    def _together(self, card: Bubble, answers: Answers) -> dict[str, str]:
        """What is chosen for each question that stands on a card, by its name."""
        named = self.office.desk.do(self._named)
        return {each["title"]: str(answers[named[each["title"]]]) for each in card.body["select_list"]}

    def _named(self, uow: UnitOfWork) -> dict[str, str]:
        turn, draft = self._draft(uow)
        return {turn.say(said(each.label)): each.key for each in draft.form.fields} if draft else {}

    def _asked(self) -> Field | None:
        def look(uow: UnitOfWork) -> Field | None:
            turn, draft = self._draft(uow)
            return draft.next(turn.looking()) if draft else None

        return self.office.desk.do(look)

    def _draft(self, uow: UnitOfWork) -> tuple[Turn, Draft | None]:
        person = uow.organisation.person_by_name(self.name)
        row = uow.drafts.active_of(person.id) if person else None
        turn = Turn(uow, self.office.app.company, person)
        return turn, forms.draft_of(turn, row) if row else None
