"""What a view holds once somebody has filled it: the state that a submission carries, by the keys of its questions."""

from collections.abc import Mapping
from typing import Any

from tests.support.slack.elements import MANY, Element, elements

Json = dict[str, Any]


def state_of(view: Mapping[str, Any], answers: Mapping[str, str]) -> Json:
    """Each field with its answer, a choice by its value; a field without one holds what it held when it was shown."""
    values: dict[str, Json] = {}
    for element in elements(view):
        if element.input:
            block, action = element.key
            answer = answers.get(block.partition("~")[0])
            held = element.first() if answer is None else _held(element, answer)
            values.setdefault(block, {})[action] = element.state(held)
    return {"values": values}


def _held(element: Element, answer: str) -> Any:
    if element.kind == "external_select":
        return {"text": {"type": "plain_text", "text": answer, "emoji": False}, "value": answer}
    found = next((option for option in element.options() if option["value"] == answer), answer)
    return [found] if element.kind in MANY else found
