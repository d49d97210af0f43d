"""What stands in a modal that somebody fills in: its fields as Slack reports them, as answers to our questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.slack.translating import files_of
from handlers.events import Upload

Json = Mapping[str, Any]

FIELD = "v"
"""The action_id of every field of a form; its block's id is the key of its question, and perhaps a mark."""

MARK, TYPED = "~", "typed"
"""A block's id is ``key``, ``key~mark``, or ``key~typed`` where an option wants something typed."""

PRESET = "p"
"""The mark of a field that was filled for the person begins so."""

NONE = "~none"
"""The value of the option that stands for no answer. Others that begin with ~ want something typed."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers that stand in a modal, by key; ``chosen`` are the options as they stand, ``ids`` the blocks.

    ``untyped`` want something typed, and have no field for it yet. ``strangers`` are people nobody here knows.
    """

    given: Mapping[str, str]
    files: Mapping[str, tuple[Upload, ...]]
    chosen: Mapping[str, str]
    ids: Mapping[str, str]
    untyped: frozenset[str]
    strangers: frozenset[str]


@dataclass(slots=True)
class _Read:
    given: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[Upload, ...]] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)


def key_of(block_id: str) -> str:
    """The key of the question that a block asks."""
    return block_id.partition(MARK)[0]


def read(view: Json, zone: ZoneInfo, named: Callable[[str], str]) -> Filled:
    """Every field of a form that is shown, with "" for what is empty."""
    values: Mapping[str, Any] = (view.get("state") or {}).get("values") or {}
    found = _Read()
    for block in view.get("blocks") or []:
        block_id = str(block.get("block_id", ""))
        if block.get("type") == "input":
            _take(found, block_id, values.get(block_id, {}).get(FIELD) or {}, (zone, named))
    wants = {key for key, value in found.chosen.items() if value.startswith(MARK) and value != NONE}
    for key in found.chosen:
        if key in wants:
            found.given[key] = found.typed.get(key, "")
    untyped = frozenset(wants - set(found.typed))
    return Filled(found.given, found.files, found.chosen, found.ids, untyped, frozenset(found.strangers))


def touched(view: Json, filled: Filled, block_id: str) -> dict[str, str]:
    """The answers without those that still are as they were filled in for the person; that of one block in any case."""
    there = (view.get("state") or {}).get("values") or {}
    untouched = set()
    for block in view.get("blocks") or []:
        own = str(block.get("block_id", ""))
        mark = own.partition(MARK)[2]
        if mark.startswith(PRESET) and own != block_id and _as_filled(block, there.get(own, {}).get(FIELD) or {}):
            untouched.add(key_of(own))
    return {key: text for key, text in filled.given.items() if key not in untouched | filled.untyped}


def _as_filled(block: Json, state: Json) -> bool:
    """Whether a field holds what it held when it was shown."""
    element = block.get("element") or {}
    for name, first in INITIAL.items():
        if name in state:
            return bool(_bare(state[name]) == _bare(element.get(first)))
    return False


INITIAL = {
    "value": "initial_value", "selected_option": "initial_option", "selected_options": "initial_options",
    "selected_user": "initial_user", "selected_date": "initial_date", "selected_date_time": "initial_date_time",
}  # fmt: skip


def _bare(value: Any) -> Any:
    """A choice by its value: Slack may give its text back in another dress."""
    if isinstance(value, Mapping):
        return value.get("value")
    return [_bare(each) for each in value] if isinstance(value, list) else value or None


def _take(found: _Read, block_id: str, state: Json, how: tuple[ZoneInfo, Callable[[str], str]]) -> None:
    key, _, mark = block_id.partition(MARK)
    zone, named = how
    if mark == TYPED:
        found.typed[key] = _text(state, zone)
        return
    found.ids[key] = block_id
    if "files" in state or state.get("type") == "file_input":
        found.files[key] = files_of(state.get("files") or [])
        found.given[key] = ""
    elif "selected_user" in state:
        user = state["selected_user"] or ""
        found.given[key] = named(user) if user else ""
        if user and not found.given[key]:
            found.strangers.add(key)
    else:
        found.given[key] = _text(state, zone)
        if state.get("type") in ("radio_buttons", "static_select"):
            found.chosen[key] = _bare(state.get("selected_option")) or NONE


def _text(state: Json, zone: ZoneInfo) -> str:
    """What a field holds, as it would be typed."""
    if state.get("selected_date_time"):
        return f"{datetime.fromtimestamp(int(state['selected_date_time']), UTC).astimezone(zone):%Y-%m-%d %H:%M}"
    if "selected_options" in state:
        return ",".join(_bare(state["selected_options"] or []))
    if "selected_option" in state:
        value = _bare(state["selected_option"]) or ""
        return "" if value == NONE else str(value)
    return str(state.get("value") or state.get("selected_date") or "")
