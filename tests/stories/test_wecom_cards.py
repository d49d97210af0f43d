"""WeCom's cards ask what the chat asks: whatever the form, WeCom takes them, and their answers are those of typing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.wecom import cards, composing, texts
from bot.wecom.composing import Way
from bot.wecom.translating import counted, meant, run_of, tap_of, taps_of
from conversations.fields import LOOKED_UP, Field, Kind
from conversations.forms import Draft
from conversations.procedures.handbook import HANDBOOK
from conversations.words import said
from handlers import asking, forms
from handlers.events import Answered
from handlers.outgoing import payload_of
from handlers.turn import Turn
from notifications.gateway import Letter
from notifications.render import render
from storage.outbox_rows import Claimed
from storage.parts import Part
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.desk import Desk
from tests.support.forms_at_random import Asked, form_of, procedure_of
from tests.support.wecom.cards import Place, check
from tests.support.wecom.choosing import selected
from tests.support.wecom.reading import Bubble, questions
from tests.support.wecom.stand import Stand
from tests.support.wecom.world import AGENT, App, World
from tests.support.wecom_office import Office

FORMS = 2000 if LONG else 150
THROUGH_THE_DOOR = (*range(60), 253) if LONG else (22, 34, 253)


@dataclass
class Writer:
    """Somebody who answers forms: on the cards, where there are some, or by typing."""

    turn: Turn
    on_cards: bool
    world: World = field(default_factory=lambda: World("http://x", apps={AGENT: App(AGENT, "s")}))
    kinds: Counter[str] = field(default_factory=Counter)

    def fills(self, asked: Asked) -> Mapping[str, object]:
        """Answer a form to its end; what would be filed."""
        draft, look = Draft(asked.form), self.turn.looking()
        while (question := draft.next(look)) is not None:
            parts = self._sees(draft, question)
            answer = asked.answer(question, draft.settled(look), look)
            if not answer:
                draft = draft.skip(look, "wecom")
                continue
            given = self._given(asked, draft, parts, (question, answer))
            draft = draft.take(given, look, "wecom")
            assert not draft.faults, (asked.seed, question.key, answer, draft.faults)
            assert set(given) <= {each.key for each in draft.asked(look)}, "answered, though nothing asks for it"
        return draft.filed(look)

    def _sees(self, draft: Draft, question: Field) -> Sequence[Part]:
        """What is asked, as WeCom takes and shows it: the text alone is enough to answer."""
        letter = self._letter(draft)
        parts = composing.parts(letter, Way({"touser": "a"}, cards=self.on_cards), self._say, None)
        told = ""
        for part in parts:
            body: Any = part.body
            if "template_card" in body:
                check(Place(self.world, self.world.apps[AGENT]), body["template_card"])
                self.kinds[body["template_card"]["card_type"]] += 1
            else:
                assert texts.size(body["text"]["content"]) <= texts.TEXT
                told += body["text"]["content"] + "\n"
        options = [texts.plain(label) for action, label, _ in letter.buttons if action.startswith("option:")]
        assert all(label in told for label in options), told
        assert question.key == draft.form.confirm or texts.plain(self._say(said(question.prompt))) in told
        return parts

    def _letter(self, draft: Draft) -> Letter:
        key = f"{draft.form.key}/{len(draft.given)}"
        now = self.turn.now
        message = Claimed(
            id=1, key=key, short="A", platform="wecom", address="person:1", topic="reply", case_id=None, subject="",
            level=None, card="", priority=1, payload=payload_of(asking.ask(self.turn, "d", draft, None)), attempts=1,
            next_at=now, leased_until=now, fence=1, created_at=now,
        )  # fmt: skip
        return render(message, self.turn.company.words, "zh", now)

    def _say(self, sentence: Any) -> str:
        return self.turn.company.words.say(sentence, "zh", self.turn.now)

    def _given(
        self, asked: Asked, draft: Draft, parts: Sequence[Part], what: tuple[Field, tuple[str, ...]]
    ) -> Mapping[str, str]:
        question, answer = what
        card = next((part for part in parts if part.task), None)
        if card is None or answer[0] not in self._keys(draft, question):
            return self._typed(draft, parts, what)
        tapped = self._buttons(card, answer[0]) or self._chosen(asked, draft, card, what)
        told = {"MsgType": "event", "Event": "template_card_event", "FromUserName": "U", "TaskId": card.task, **tapped}
        tap = tap_of(told)
        assert tap is not None
        event, _ = meant(tap, told, card)
        assert isinstance(event, Answered)
        assert event.asked == question.key
        return event.given

    def _keys(self, draft: Draft, question: Field) -> list[str]:
        look = self.turn.looking()
        return [option.key for option in question.choices(draft.settled(look), look)]

    def _buttons(self, card: Part, wanted: str) -> dict[str, Any]:
        """What a tap on a button says; nothing where the card has a list to choose from."""
        body: Any = card.body["template_card"]
        meanings = [action for action, _, _ in taps_of(card)]
        if body["card_type"] != "button_interaction":
            return {}
        return {"EventKey": body["button_list"][meanings.index(f"option:{wanted}")]["key"]}

    def _chosen(self, asked: Asked, draft: Draft, card: Part, what: tuple[Field, tuple[str, ...]]) -> dict[str, Any]:
        """What is chosen on a card by the words that are seen there, and sent."""
        body: Any = card.body["template_card"]
        look = self.turn.looking()
        known, choose = draft.settled(look), {}
        names = [name for name, _ in run_of(card)] or [what[0].key]
        for shown, name in zip(questions(body), names, strict=True):
            field = draft.form.by_key[name]
            wanted = what[1] if field is what[0] else asked.answer(field, known, look)
            labels = {option.key: self._say(option.label) for option in field.choices(known, look)}
            choose[shown["question_key"]] = [_seen(shown, labels[each]) for each in wanted]
            known[name] = wanted[0]
        items = selected(body, choose)
        return {"EventKey": "submit", "SelectedItems": {"SelectedItem": items if len(items) > 1 else items[0]}}

    def _typed(self, draft: Draft, parts: Sequence[Part], what: tuple[Field, tuple[str, ...]]) -> Mapping[str, str]:
        """By number where options are counted, else in words."""
        question, answer = what
        keys = self._keys(draft, question)
        part = next((part for part in parts if part.taps.get("choice")), None)
        if part is None or answer[0] not in keys:
            return {question.key: answer[0]}
        numbers = counted("、".join(str(keys.index(each) + 1) for each in answer), part)
        assert numbers is not None
        return numbers


def _seen(shown: Mapping[str, Any], label: str) -> str:
    """The option of a card with the words that a person looks for."""
    [found] = [each["id"] for each in shown["option_list"] if each["text"] == texts.cut(label, cards.OPTION)]
    return str(found)


def _compared(uow: UnitOfWork, desk: Desk, kinds: Counter[str]) -> None:
    turn = Turn(uow, desk.company, uow.organisation.person_by_name("程小满"), "wecom", told=True)
    tapping, typing = Writer(turn, on_cards=True, kinds=kinds), Writer(turn, on_cards=False)
    for seed in range(FORMS):
        asked = form_of(seed)
        assert tapping.fills(asked) == typing.fills(asked), seed
    assert tapping.world.bad == []
    assert tapping.world.cut == []


def test_random_forms_are_answered_alike(desk: Desk) -> None:
    """
    Whatever a form asks: WeCom takes every card of it and shows it whole, the text beside it is enough to answer, and
    taps give what typed numbers and words give. 150 forms; 2,000 at full length.
    """
    kinds: Counter[str] = Counter()
    desk.do(partial(_compared, desk=desk, kinds=kinds))
    assert min(kinds[kind] for kind in ("multiple_interaction", "vote_interaction", "button_interaction")) > 9, kinds


@pytest.fixture
def office(url: str, wecom_stand: Stand, tmp_path: Path) -> Iterator[Office]:
    """The office, whose handbook has procedures more that begin with random forms."""
    more = tuple(procedure_of(form_of(seed)) for seed in THROUGH_THE_DOOR)
    desk = Desk.open(url, tmp_path, handbook=HANDBOOK.and_also(*more))
    office = Office.open(desk, wecom_stand, tmp_path)
    yield office
    office.stop()
    desk.leave()


def _question(office: Office, who: str) -> tuple[Field, tuple[str, ...], list[str]] | None:
    """What somebody is asked now, what they will answer, and the keys of its options; None at the end."""

    def look(uow: UnitOfWork) -> tuple[Field, tuple[str, ...], list[str]] | None:
        person = uow.organisation.person_by_name(who)
        assert person is not None
        row = uow.drafts.active_of(person.id)
        if row is None:
            return None
        turn = Turn(uow, office.desk.company, person)
        draft, looking = forms.draft_of(turn, row), turn.looking()
        asked, question = form_of(int(row.subject.removeprefix("random"))), draft.next(looking)
        assert question is not None
        known = draft.settled(looking)
        keys = [option.key for option in question.choices(known, looking)]
        return question, asked.answer(question, known, looking), keys

    return office.desk.do(look)


def _filled(office: Office, who: str, seed: int, *, on_cards: bool) -> dict[str, object]:
    """Somebody fills in a form to its end, by tapping what can be tapped or by typing; what was filed."""
    hand = office.phone(who)
    hand.say(f"随机{seed}")
    enough = len(hand.messages) + 60
    while (asked := _question(office, who)) is not None:
        question, answer, keys = asked
        card = hand.messages[-1] if on_cards and hand.messages[-1].is_card else None
        if not answer:
            hand.say("跳过")
        elif answer[0] not in keys:
            hand.say(answer[0])
        elif card is None:
            hand.say("、".join(str(keys.index(each) + 1) for each in answer) if _counts(question) else answer[0])
        elif card.body["card_type"] == "vote_interaction":
            hand.tap(card, choose=[str(keys.index(each)) for each in answer])
        elif card.body["card_type"] == "button_interaction":
            hand.tap(card, str(keys.index(answer[0])))
        else:
            hand.tap(card, choose=_several(office, who, card))
        assert len(hand.messages) < enough, "asked for ever"
    return office.desk.answers(f"R{seed}-2026-{2 - on_cards:04}")


def _several(office: Office, who: str, card: Bubble) -> dict[str, str]:
    """The answers to the questions of a card that asks several, by their names."""

    def look(uow: UnitOfWork) -> dict[str, str]:
        person = uow.organisation.person_by_name(who)
        part = uow.parts.by_task(card.body["task_id"])
        row = uow.drafts.active_of(person.id) if person else None
        assert part is not None
        assert row is not None
        turn = Turn(uow, office.desk.company, person)
        draft, looking = forms.draft_of(turn, row), turn.looking()
        asked, known = form_of(int(row.subject.removeprefix("random"))), draft.settled(looking)
        found = {}
        for number, (name, options) in enumerate(run_of(part)):
            [known[name]] = [key] = asked.answer(draft.form.by_key[name], known, looking)
            found[str(number)] = str([each for each, _ in options].index(key))
        return found

    return office.desk.do(look)


def _counts(question: Field) -> bool:
    return question.kind in {Kind.CHOICE, Kind.MULTI_CHOICE, Kind.YES_NO, *LOOKED_UP} and not question.typed


def test_random_forms_through_the_door(office: Office) -> None:
    """
    The same with a phone: somebody fills in a form by tapping and once more by typing, and files the same.
    """
    for seed in THROUGH_THE_DOOR:
        tapped = _filled(office, "程小满", seed, on_cards=True)
        assert tapped == _filled(office, "程小满", seed, on_cards=False), seed
    kinds = Counter(str(each.body["card_type"]) for each in office.phone("程小满").phone.cards())
    assert kinds["multiple_interaction"] > 1, kinds
