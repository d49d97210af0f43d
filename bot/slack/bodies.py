"""What Slack sends, read once: bodies of the shape that Bolt and the listeners look for, and no others."""

import binascii
import json
from typing import Any

JSON, FORM = KINDS = ("application/json", "application/x-www-form-urlencoded")
DEEPEST = 64

OBJECTS = ("channel", "event", "view", "container", "message")
OBJECTS_OR_NAMES = ("user", "team", "enterprise")


def read(text: str, kind: str) -> dict[str, Any] | None:
    """The object in a body of that kind; None where there is none, or one on which Bolt would stumble."""
    try:
        said = json.loads(text) if kind == JSON or text.startswith("{") else _fields(text)
        said = json.loads(said["payload"]) if kind == FORM and "payload" in said else said
    except (ValueError, RecursionError, TypeError):
        return None
    return said if isinstance(said, dict) and said and _is_flat(said) and _has_objects(said) else None


def _fields(text: str) -> dict[str, str]:
    """The fields of a form; of those that are there twice the last."""
    pairs = (pair.partition("=") for pair in text.split("&"))
    return {_plain(name): _plain(value) for name, _, value in pairs if name}


def _plain(text: str) -> str:
    """
    A value without its percent signs.

    A modal in Chinese is 25 kB of them, which urllib reads one by one, for milliseconds in which nobody else is heard.
    Quoted-printable is the same with another sign, and its decoder is written in C: thirty times as quick.
    """
    return binascii.a2b_qp(text.replace("=", "=3D").replace("+", " ").replace("%", "=")).decode()


def _has_objects(said: dict[str, Any]) -> bool:
    """Whether there are objects where they are looked for."""
    there = {key: value for key, value in said.items() if value is not None}
    return all(isinstance(there.get(key, {}), dict) for key in OBJECTS) and all(
        isinstance(there.get(key, {}), (dict, str)) for key in OBJECTS_OR_NAMES
    )


def _is_flat(said: object) -> bool:
    """Whether it is nested no deeper than anything Slack sends."""
    level = [said]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return True
    return False
