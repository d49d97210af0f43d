"""What no library checks: ids that meet twice, surfaces, fallback texts, and the limits counted once more."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

BLOCKS = {"message": 50, "modal": 100, "home": 100}
ONLY_MESSAGES = frozenset({"markdown", "plan", "task_card", "context_actions", "container", "file", "video_call"})
NOT_MODALS = frozenset({"table", "data_table", "data_visualization", "carousel"})
ONLY_MODALS = frozenset({"alert"})
TITLES = ("title", "submit", "close")

# code points of a text or string: (type of the part, its key) -> at most
LONGEST = {
    ("section", "text"): 3000, ("header", "text"): 150, ("button", "text"): 75, ("button", "value"): 2000,
    ("button", "url"): 3000, ("option", "text"): 75, ("option", "value"): 150, ("option", "description"): 75,
    ("image", "alt_text"): 2000, ("image", "title"): 2000, ("input", "label"): 2000, ("input", "hint"): 2000,
}  # fmt: skip
COUNTS = {
    ("section", "fields"): 10, ("context", "elements"): 10, ("actions", "elements"): 25, ("overflow", "options"): 5,
    ("radio_buttons", "options"): 10, ("checkboxes", "options"): 10, ("static_select", "options"): 100,
    ("multi_static_select", "options"): 100,
}  # fmt: skip

MESSAGE_CHARACTERS = 13_000
"""Slack refuses whole messages a little above this (bolt-js#2509)."""

VIEW_BYTES = 250_000


def faults(payload: Json, surface: str) -> list[str]:
    """Every rule of ours that the payload breaks."""
    found = [*_whole(payload, surface), *_twice(payload), *_surfaces(payload, surface)]
    for part, role in parts(payload.get("blocks") or []):
        found += _limits(part, role)
    return found


def parts(value: Any, role: str = "") -> Iterator[tuple[Json, str]]:
    """Every object within, and what it is: its type, or "option"."""
    if isinstance(value, list):
        for each in value:
            yield from parts(each, role)
    elif isinstance(value, Mapping):
        yield value, role or str(value.get("type", ""))
        for key, inner in value.items():
            yield from parts(inner, "option" if key in ("options", "initial_option", "initial_options") else "")


def text_of(value: Any) -> str:
    """The characters of a text object or a string."""
    return str(value.get("text", "")) if isinstance(value, Mapping) else str(value)


def _whole(payload: Json, surface: str) -> Iterator[str]:
    blocks = payload.get("blocks") or []
    if len(blocks) > BLOCKS[surface]:
        yield f"{len(blocks)} blocks, at most {BLOCKS[surface]}"
    if surface == "message":
        yield from _message(payload)
        return
    if (size := len(json.dumps(payload, ensure_ascii=False).encode())) > VIEW_BYTES:
        yield f"a view of {size} bytes, at most {VIEW_BYTES}"
    if len(str(payload.get("private_metadata") or "")) > 3000:
        yield "private_metadata longer than 3000"
    for key in TITLES:
        if len(text_of(payload.get(key) or "")) > 24:
            yield f"{key} longer than 24"
    has_input = any(block.get("type") == "input" for block in blocks)
    if surface == "modal" and has_input and not payload.get("submit"):
        yield "inputs without submit"


def _message(payload: Json) -> Iterator[str]:
    blocks, text = payload.get("blocks") or [], str(payload.get("text") or "")
    if blocks and not text.strip():
        yield "blocks without a fallback text"
    if not blocks and not payload.get("attachments") and not text:
        yield "an empty message"
    size = len(text) + sum(len(text_of(part)) for part, _ in parts(blocks) if isinstance(part.get("text"), str))
    if size > MESSAGE_CHARACTERS:
        yield f"a message of {size} characters, at most {MESSAGE_CHARACTERS}"
    if len(text) > 40_000:
        yield "text longer than 40000: Slack cuts it off"


def _twice(payload: Json) -> Iterator[str]:
    blocks = payload.get("blocks") or []
    for name, times in Counter(block.get("block_id") for block in blocks).items():
        if name is not None and times > 1:
            yield f"block_id {name!r} {times} times"
    for block in blocks:
        found = Counter(part["action_id"] for part, _ in parts(block) if part.get("action_id"))
        for name, times in found.items():
            if times > 1:
                yield f"action_id {name!r} {times} times in one block"
    if sum(bool(part.get("focus_on_load")) for part, _ in parts(blocks)) > 1:
        yield "two elements with focus_on_load"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "two tables in one message"


def _surfaces(payload: Json, surface: str) -> Iterator[str]:
    for part, role in parts(payload.get("blocks") or []):
        kind = part.get("type")
        if kind in ONLY_MESSAGES and role == kind and surface != "message":
            yield f"{kind} on a {surface}"
        if kind in NOT_MODALS and surface == "modal":
            yield f"{kind} on a modal"
        if kind in ONLY_MODALS and surface != "modal":
            yield f"{kind} on a {surface}"
        if kind == "file_input" and surface != "modal":
            yield f"file_input on a {surface}"


def _limits(part: Json, role: str) -> Iterator[str]:
    for (kind, key), most in LONGEST.items():
        if kind == role and part.get(key) is not None and len(text_of(part[key])) > most:
            yield f"{role}.{key} of {len(text_of(part[key]))} characters, at most {most}"
    for (kind, key), most in COUNTS.items():
        if kind == role and len(part.get(key) or []) > most:
            yield f"{len(part[key])} {key} in {role}, at most {most}"
    if role == "section":
        for one in part.get("fields") or []:
            if len(text_of(one)) > 2000:
                yield "a field longer than 2000"
