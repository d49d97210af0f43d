"""What a person presses and chooses on a card, by the words they see or by id."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.wecom.reading import questions
from tests.support.wecom.world import Json

Choice = str | Sequence[str] | Mapping[str, str | Sequence[str]] | None


def button(buttons: list[Json], name: str) -> Json:
    """The button with this label or key; the only one where there is no name."""
    found = [each for each in buttons if not name or name in (each.get("text"), each.get("key"))]
    assert found, f"no button {name!r} among {[each.get('text') for each in buttons]}"
    assert len(found) == 1, f"which of {[each.get('text') for each in found]}?"
    assert found[0].get("type", 0) == 0, f"{found[0]['text']!r} opens a page: use link()"
    return found[0]


def selected(card: Mapping[str, Any], choose: Choice) -> list[Json]:
    """The SelectedItem of every question of a card."""
    asked = questions(card)
    given = _by_question(asked, choose)
    return [
        {"QuestionKey": question["question_key"], "OptionIds": {"OptionId": _ids(card, question, given)}}
        for question in asked
    ]


def _by_question(asked: list[Json], choose: Choice) -> dict[str, list[str]]:
    if choose is None:
        return {}
    if isinstance(choose, Mapping):
        names = {name: each["question_key"] for each in asked for name in (each.get("title"), each["question_key"])}
        return {names[name]: _several(value) for name, value in choose.items()}
    words = _several(choose)
    if len(asked) == 1:
        return {asked[0]["question_key"]: words}
    assert len(words) == len(asked), f"{len(asked)} questions, {len(words)} answers"
    return {question["question_key"]: [word] for question, word in zip(asked, words, strict=True)}


def _several(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _ids(card: Mapping[str, Any], question: Json, given: dict[str, list[str]]) -> list[str]:
    options = question["option_list"]
    key = question["question_key"]
    if key not in given:
        ids = _as_it_came(card, question)
    else:
        assert not question.get("disable"), f"{key} cannot be changed"
        ids = [_id(options, words) for words in given[key]]
    assert ids, f"nothing is chosen for {key}"
    assert len(ids) == 1 or (question == card.get("checkbox") and question.get("mode") == 1), (
        f"one for {key}, not {ids}"
    )
    return ids


def _as_it_came(card: Mapping[str, Any], question: Json) -> list[str]:
    options = question["option_list"]
    if question == card.get("checkbox"):
        return [option["id"] for option in options if option.get("is_checked")]
    # an id that is not there is the first, as WeCom documents
    named = [option["id"] for option in options if option["id"] == question.get("selected_id")]
    return named or [options[0]["id"]]


def _id(options: list[Json], words: str) -> str:
    found = [option["id"] for option in options if words in (option["id"], option["text"])]
    assert found, f"no option {words!r} among {[option['text'] for option in options]}"
    return str(found[0])
